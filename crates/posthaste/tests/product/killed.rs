//! `kill -9` under load: nothing acknowledged is lost or doubled, every event is delivered, order holds.

use crate::postgres_server::PostgresServer;
use crate::process::{Folder, Running};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use testkit::{Call, Receiver};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Conversations that are written to at the same time.
const CONVERSATIONS: usize = 8;

/// How often the process is killed: 20 times, or as `POSTHASTE_KILLS` says.
fn kills() -> usize {
    let asked = std::env::var_os("POSTHASTE_KILLS").and_then(|n| n.to_str()?.parse().ok());
    asked.unwrap_or(20)
}

/// What is killed in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Process,
    /// The database's server: the process lives on.
    Server,
    Both,
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    nothing_acknowledged_is_lost(None).await;
}

/// The server is one of this test's own: it is killed, too. It runs without fsync, as all in the tests: what a machine
/// that loses its power keeps is PostgreSQL's business, and not shown here.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_postgresql() {
    if let Some(server) = PostgresServer::start() {
        nothing_acknowledged_is_lost(Some(server)).await;
    }
}

async fn nothing_acknowledged_is_lost(server: Option<PostgresServer>) {
    let folder = Folder::new();
    let url = server.as_ref().map(PostgresServer::url);
    let database: Vec<&str> = url.iter().flat_map(|url| ["--database", url]).collect();
    let receiver = Receiver::start("t").await;
    let mut sandbox = Running::start(&folder.0, &database);
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
        let victim = match (&server, round % 4) {
            (None, _) | (_, 0 | 1) => Victim::Process,
            (_, 2) => Victim::Server,
            _ => Victim::Both,
        };
        // Another number each time, so that the kill falls into another moment of the commit.
        let enough = 30 + round * 7 % 50;
        let load = Load::start(&sandbox, &igsids, round, victim != Victim::Process);
        load.reaches(enough).await;
        if let Some(server) = server.as_ref().filter(|_| victim != Victim::Process) {
            server.crash(round % 8 < 4);
        }
        let lives_on = if victim == Victim::Server {
            Some(sandbox)
        } else {
            sandbox.program.kill();
            None
        };
        if let Some(server) = server.as_ref().filter(|_| victim != Victim::Process) {
            server.start_again();
        }
        if victim == Victim::Server {
            load.reaches(enough + 30).await;
        }
        for (all, new) in acknowledged.iter_mut().zip(load.end().await) {
            all.extend(new);
        }
        sandbox = lives_on.unwrap_or_else(|| Running::start(&folder.0, &database));
        let mut stored = HashSet::new();
        for (n, acknowledged) in acknowledged.iter().enumerate() {
            let texts = inbox(&sandbox, n).await;
            for (mid, text) in &texts {
                assert!(stored.insert(mid.clone()), "round {round}, {victim:?}: {text} twice");
            }
            for mid in acknowledged {
                assert!(stored.contains(mid), "round {round}, {victim:?}: an acknowledged message is gone");
            }
            let numbers: Vec<usize> = texts.iter().filter_map(|(_, text)| text.parse().ok()).collect();
            assert!(numbers.is_sorted(), "round {round}, {victim:?}: out of order: {numbers:?}");
        }
        heard.all_of(&receiver, stored).await;
    }
    for numbers in heard.order.values() {
        assert!(numbers.is_sorted(), "delivered out of order: {numbers:?}");
    }
    assert!(acknowledged.iter().map(Vec::len).sum::<usize>() >= kills() * 30);
}

/// Numbered texts that are sent to all conversations at once, in each one after the other.
struct Load {
    senders: Vec<JoinHandle<Vec<String>>>,
    acknowledged: watch::Receiver<usize>,
    is_over: Arc<AtomicBool>,
}

impl Load {
    /// Begins to send. If the server `may_fail`, a send may be answered with an error: it is then not acknowledged.
    fn start(sandbox: &Running, igsids: &[String], round: usize, may_fail: bool) -> Self {
        let (count, acknowledged) = watch::channel(0);
        let (count, is_over) = (Arc::new(count), Arc::new(AtomicBool::new(false)));
        let senders = igsids.iter().map(|igsid| {
            let (count, is_over, igsid) = (Arc::clone(&count), Arc::clone(&is_over), igsid.clone());
            let (base, token) =
                (sandbox.env("POSTHASTE_URL").to_owned(), sandbox.env("IG_ACCESS_TOKEN").to_owned());
            tokio::spawn(async move {
                let client = net::Client::new(net::AddressPolicy::AllowPrivate);
                let mut mids = Vec::new();
                for number in 0.. {
                    if is_over.load(Ordering::SeqCst) {
                        break;
                    }
                    let text = (round * 100_000 + number).to_string();
                    let body = json!({"recipient": {"id": igsid}, "message": {"text": text}});
                    let call =
                        Call::over_http(client.clone(), &base, http::Method::POST, "/v25.0/me/messages");
                    // The last sends meet a dead process.
                    let Ok(answer) = call.token(&token).json(&body).try_send().await else { break };
                    if answer.status != 200 && may_fail {
                        continue;
                    }
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    mids.push(answer.json()["message_id"].as_str().unwrap().to_owned());
                    count.send_modify(|count| *count += 1);
                }
                mids
            })
        });
        Self { senders: senders.collect(), acknowledged, is_over }
    }

    /// Waits until so many are acknowledged. Sends are still under way then.
    async fn reaches(&self, enough: usize) {
        let mut acknowledged = self.acknowledged.clone();
        let reached = acknowledged.wait_for(|count| *count >= enough);
        tokio::time::timeout(Duration::from_secs(30), reached).await.unwrap().unwrap();
    }

    /// Waits until every send that is under way has its answer. The mids of those that were acknowledged, by
    /// conversation.
    async fn end(self) -> Vec<Vec<String>> {
        self.is_over.store(true, Ordering::SeqCst);
        let mut mids = Vec::new();
        for sender in self.senders {
            mids.push(sender.await.unwrap());
        }
        mids
    }
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
