//! The reads whose cost is watched. What the product does not serve yet has no requests: it shows as "not served yet"
//! until it is, and is measured and judged from then on.

use super::subject::get;
use crate::candidate::Candidate;
use crate::seed::{self, Seeded};
use crate::wire;
use bytes::Bytes;
use graph_api::ids::ConversationKey;
use std::collections::HashMap;

/// Conversations that are read, of all.
const SAMPLE: usize = 300;
/// How far down the deep page lies.
const DEEP: usize = 100;

/// Requests of each kind.
pub(super) struct Reads {
    /// The newest page of random conversations.
    pub(super) pages: Vec<Bytes>,
    /// The newest page of the largest conversation.
    pub(super) largest: Vec<Bytes>,
    /// A page of it far down, by cursor.
    pub(super) deep: Vec<Bytes>,
    /// Messages by their ids.
    pub(super) mids: Vec<Bytes>,
    /// The newest page of an account's list of conversations.
    pub(super) list: Vec<Bytes>,
}

impl Reads {
    pub(super) fn of(
        candidate: &Candidate,
        seeded: &Seeded,
        tokens: &HashMap<i64, String>,
    ) -> Result<Self, String> {
        let token = |account: i64| tokens.get(&account).map_or("", String::as_str);
        let keep = |paths: Vec<(String, i64)>| -> Vec<Bytes> {
            let requests: Vec<Bytes> =
                paths.iter().map(|(path, account)| get(candidate, path, token(*account))).collect();
            match requests.first() {
                Some(first) if is_served(candidate, first) => requests,
                _ => Vec::new(),
            }
        };
        let messages = |key: &ConversationKey| {
            (
                format!("/v25.0/{}/messages?fields=id,created_time,from,message&limit=20", key.id()),
                key.account,
            )
        };
        let all = &seeded.conversations;
        let step = (all.len() / SAMPLE).max(1);
        let mut pages = keep(all.iter().skip(1).step_by(step).map(messages).collect());
        let mut largest = keep(all.first().iter().map(|key| messages(key)).collect());
        let deep = match (all.first(), largest.is_empty()) {
            (Some(key), false) => deep(candidate, &messages(key).0, token(key.account)),
            _ => None,
        };
        if pages.is_empty() {
            // The person's side of it: what the sim shows.
            let inbox = |place: usize| format!("/sim/people/{}/inbox?limit=20", seed::username(place));
            pages = keep((1..all.len()).step_by(step).map(|place| (inbox(place), 0)).collect());
            largest = keep(vec![(inbox(0), 0)]);
        }
        let mids = seeded
            .messages
            .iter()
            .map(|key| (format!("/v25.0/{}?fields=id,created_time,from,message", key.mid()), key.account));
        let list = "/v25.0/me/conversations?platform=instagram&fields=id,updated_time&limit=20";
        let accounts = all.iter().step_by(step).map(|key| (list.to_owned(), key.account));
        Ok(Self {
            pages,
            largest,
            deep: deep.map(|path| keep(vec![(path, all[0].account)])).unwrap_or_default(),
            mids: keep(mids.collect()),
            list: keep(accounts.collect()),
        })
    }
}

fn is_served(candidate: &Candidate, request: &Bytes) -> bool {
    matches!(wire::call(candidate.address(), request), Ok((200, _)))
}

/// The path of a page a hundred pages down, by the cursors that the product gives. `None` if there are no cursors.
fn deep(candidate: &Candidate, first: &str, token: &str) -> Option<String> {
    let mut path = first.to_owned();
    for _ in 0..DEEP {
        let (200, body) = wire::call(candidate.address(), &get(candidate, &path, token)).ok()? else {
            return None;
        };
        let page: serde_json::Value = serde_json::from_str(&body).ok()?;
        match page["paging"]["cursors"]["after"].as_str() {
            Some(after) if page["paging"]["next"].is_string() => path = format!("{first}&after={after}"),
            _ => break,
        }
    }
    (path != first).then_some(path)
}
