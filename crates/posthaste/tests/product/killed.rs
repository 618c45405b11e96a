//! `kill -9` under load: nothing acknowledged is lost or doubled, every event is delivered, order holds.

use crate::process::{Folder, Running};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use testkit::{Call, Receiver};
use tokio::sync::Mutex;

/// Conversations that are written to at the same time.
const CONVERSATIONS: usize = 8;

/// How often the process is killed: 20 times, or as `POSTHASTE_KILLS` says.
fn kills() -> usize {
    let asked = std::env::var_os("POSTHASTE_KILLS").and_then(|n| n.to_str()?.parse().ok());
    asked.unwrap_or(20)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost() {
    let folder = Folder::new();
    let receiver = Receiver::start("t").await;
    let mut sandbox = Running::start(&folder.0, &[]);
    let path = format!("/{}/subscriptions", sandbox.env("INSTAGRAM_APP_ID"));
    let callback = json!({"object": "instagram", "callback_url": receiver.url, "verify_token": "t"});
    sandbox.call("POST", &path).token(sandbox.env("APP_ACCESS_TOKEN")).json(&callback).ok().await;
    let mut igsids = Vec::new();
    for n in 0..CONVERSATIONS {
        sandbox.call("POST", "/sim/people").json(&json!({"username": format!("person{n}")})).ok().await;
        let wrote = json!({"to": "posthaste.shop", "text": "hi"});
        let sent =
            sandbox.call("POST", &format!("/sim/people/person{n}/send")).json(&wrote).ok().await.json();
        igsids.push(sent["igsid"].as_str().unwrap().to_owned());
    }
    let mut acknowledged: Vec<Vec<String>> = vec![Vec::new(); CONVERSATIONS];
    let mut heard = Heard::default();
    for round in 0..kills() {
        // Another number each time, so that the kill falls into another moment of the group commit.
        let enough = 30 + round * 7 % 50;
        let acks = load(&sandbox, &igsids, round, enough).await;
        for (all, new) in acknowledged.iter_mut().zip(acks) {
            all.extend(new);
        }
        sandbox.program.kill();
        sandbox = Running::start(&folder.0, &[]);
        let mut stored = HashSet::new();
        for (n, acknowledged) in acknowledged.iter().enumerate() {
            let texts = inbox(&sandbox, n).await;
            for (mid, text) in &texts {
                assert!(stored.insert(mid.clone()), "round {round}: {text} twice");
            }
            for mid in acknowledged {
                assert!(stored.contains(mid), "round {round}: an acknowledged message is gone");
            }
            let numbers: Vec<usize> = texts.iter().filter_map(|(_, text)| text.parse().ok()).collect();
            assert!(numbers.is_sorted(), "round {round}: out of order: {numbers:?}");
        }
        heard.all_of(&receiver, stored).await;
    }
    for numbers in heard.order.values() {
        assert!(numbers.is_sorted(), "delivered out of order: {numbers:?}");
    }
    assert!(acknowledged.iter().map(Vec::len).sum::<usize>() >= kills() * 30);
}

/// Sends numbered texts to all conversations at once until `enough` are acknowledged; answers the mids of those, by
/// conversation. Sends are still under way when it returns.
async fn load(sandbox: &Running, igsids: &[String], round: usize, enough: usize) -> Vec<Vec<String>> {
    let count = Arc::new(AtomicUsize::new(0));
    let reached = Arc::new(tokio::sync::Notify::new());
    let acks: Vec<_> = igsids.iter().map(|_| Arc::new(Mutex::new(Vec::new()))).collect();
    for (n, igsid) in igsids.iter().enumerate() {
        let (count, reached, acks) = (Arc::clone(&count), Arc::clone(&reached), Arc::clone(&acks[n]));
        let (base, token) =
            (sandbox.env("POSTHASTE_URL").to_owned(), sandbox.env("IG_ACCESS_TOKEN").to_owned());
        let igsid = igsid.clone();
        tokio::spawn(async move {
            let client = net::Client::new(net::AddressPolicy::AllowPrivate);
            for number in 0.. {
                let text = (round * 100_000 + number).to_string();
                let body = json!({"recipient": {"id": igsid}, "message": {"text": text}});
                let call = Call::over_http(client.clone(), &base, http::Method::POST, "/v25.0/me/messages");
                // The last sends meet a dead process.
                let Ok(answer) = call.token(&token).json(&body).try_send().await else { return };
                assert_eq!(answer.status, 200, "{}", answer.text());
                acks.lock().await.push(answer.json()["message_id"].as_str().unwrap().to_owned());
                if count.fetch_add(1, Ordering::SeqCst) + 1 == enough {
                    reached.notify_one();
                }
            }
        });
    }
    tokio::time::timeout(Duration::from_secs(30), reached.notified()).await.unwrap();
    let mut all = Vec::new();
    for acks in acks {
        all.push(acks.lock().await.clone());
    }
    all
}

/// The account's messages in a conversation, `(mid, text)`, the oldest first.
async fn inbox(sandbox: &Running, person: usize) -> Vec<(String, String)> {
    let path = format!("/sim/people/person{person}/inbox?limit=10000");
    let inbox = sandbox.call("GET", &path).ok().await.json();
    let messages = inbox["conversations"][0]["messages"].as_array().unwrap().clone();
    let own = messages.iter().filter(|m| m["from"] == "posthaste.shop");
    own.map(|m| (m["mid"].as_str().unwrap().to_owned(), m["text"].as_str().unwrap().to_owned())).collect()
}

/// The echoes that were delivered.
#[derive(Default)]
struct Heard {
    mids: HashSet<String>,
    /// The numbers of the texts by conversation, in the order of their first delivery.
    order: HashMap<String, Vec<usize>>,
}

impl Heard {
    /// Waits until the echo of every stored message has been delivered at least once.
    async fn all_of(&mut self, receiver: &Receiver, stored: HashSet<String>) {
        let mut missing: HashSet<String> = stored.difference(&self.mids).cloned().collect();
        while !missing.is_empty() {
            let event = receiver.next().await.event();
            if event["message"]["is_echo"] != Value::Bool(true) {
                continue;
            }
            let mid = event["message"]["mid"].as_str().unwrap().to_owned();
            missing.remove(&mid);
            if self.mids.insert(mid) {
                let person = event["recipient"]["id"].as_str().unwrap().to_owned();
                let number = event["message"]["text"].as_str().unwrap().parse().unwrap();
                self.order.entry(person).or_default().push(number);
            }
        }
    }
}
