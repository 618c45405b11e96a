//! Conversation routing: which of an account's apps has a conversation, and how it goes from one to another (doc:
//! Conversation Routing for Instagram; Conversation Control APIs).
//!
//! Without a default app nobody has a conversation: every app hears everything, and every app may answer, until one is
//! given control. With a default app each conversation has an owner while it is active; the others are on standby. Time
//! alone ends an ownership: nothing is written when it does.

pub(crate) mod control;
pub(crate) mod events;
pub(crate) mod ops;
pub(crate) mod rules;
pub(crate) mod store;

#[cfg(test)]
mod tests;

use crate::directory::AccountView;
use clock::Micros;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// The inbox of the Instagram app, as an app (doc: Conversation Control APIs).
pub(crate) const INSTAGRAM_INBOX: i64 = 1_217_981_644_879_628;
/// That of the page, which shows the same conversations (doc: as above).
pub(crate) const PAGE_INBOX: i64 = 263_902_037_430_900;

/// What an account's owner has set in the dashboard. Apps are named by the id of the Meta app, or of an inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Routing {
    /// The app that gets every conversation which nobody has; none: routing is not enabled.
    pub default_app: Option<i64>,
    /// The apps that may take control of conversations.
    pub take_control: Vec<i64>,
    /// The apps that ig.me links lead to, by the link's `ref`.
    pub links: BTreeMap<String, i64>,
}

/// Who has a conversation, as its row tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Control {
    /// The app; 0: none ever had it, or the last one released it.
    pub app_id: i64,
    /// Until when.
    pub until: Micros,
    /// How many seconds after the person's next message it ends; 0: a day.
    pub seconds: i64,
}

impl Control {
    /// For how long after the person's message the app has the conversation.
    fn window(self) -> Duration {
        u64::try_from(self.seconds)
            .ok()
            .filter(|seconds| *seconds > 0)
            .map_or(graph_api::limits::CONTROL, Duration::from_secs)
    }
}

/// The app that the id names at an account: one that has subscribed it, by the id of either of its products, or an inbox.
pub(crate) fn connected(view: &AccountView, id: i64) -> Option<i64> {
    if id == INSTAGRAM_INBOX || id == PAGE_INBOX {
        return Some(id);
    }
    let mut apps = view.routes.iter().filter(|route| route.subscribed);
    apps.find(|route| route.app_id == id || route.product_id == id).map(|route| route.app_id)
}
