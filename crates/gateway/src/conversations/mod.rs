//! Conversations: one for each user, which is where messages, windows and control are.

pub(crate) mod activity;
pub(crate) mod ops;
pub(crate) mod participants;
pub(crate) mod removal;
pub(crate) mod scene;
pub(crate) mod store;

use crate::apps::store::Doc;
use clock::Micros;
pub(crate) use scene::Scene;
use serde_json::{Value, json};

/// A conversation.
#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) user_id: String,
    pub(crate) participant_id: String,
    /// As the API shows it, but for what follows.
    pub(crate) doc: Doc,
    /// How many messages it has.
    pub(crate) messages: i64,
    /// The newest message's microsecond.
    pub(crate) last_at: Micros,
    /// When its last event was made.
    pub(crate) events_at: Micros,
    /// The person's last action; 0 before the first.
    pub(crate) inbound_at: Micros,
    /// The end of the window that it opened.
    pub(crate) window_until: Micros,
    /// Since when the person waits for an answer; 0 if they do not.
    pub(crate) unanswered_at: Micros,
    /// How many messages the user has not read.
    pub(crate) unread: i64,
    /// When the user last read; 0 if never.
    pub(crate) last_read: Micros,
    /// The switchboard integration that has control.
    pub(crate) active: Option<String>,
    /// The one that control is offered to.
    pub(crate) pending: Option<String>,
}

impl Conversation {
    /// A new one of a user.
    pub(crate) fn new(app_id: &str, user_id: &str, id: String, participant_id: String, now: Micros) -> Self {
        let created = crate::time(now);
        let doc = json!({
            "id": id, "type": "personal", "isDefault": true, "metadata": {},
            "lastUpdatedAt": created, "createdAt": created,
        });
        Self {
            id,
            app_id: app_id.to_owned(),
            user_id: user_id.to_owned(),
            participant_id,
            doc: doc.as_object().cloned().map(Doc).unwrap_or_default(),
            messages: 0,
            last_at: Micros(0),
            events_at: Micros(0),
            inbound_at: Micros(0),
            window_until: Micros(0),
            unanswered_at: Micros(0),
            unread: 0,
            last_read: Micros(0),
            active: None,
            pending: None,
        }
    }

    /// Whether the standard window is open.
    pub(crate) fn is_window_open(&self, now: Micros) -> bool {
        now < self.window_until
    }

    /// The windows, as an answer shows them: a property of our own.
    pub(crate) fn windows(&self) -> Option<Value> {
        let human = self.inbound_at.plus(graph_api::limits::HUMAN_AGENT_WINDOW);
        (self.inbound_at.0 > 0).then(|| {
            json!({
                "lastInteractionAt": crate::time(self.inbound_at),
                "windowUntil": crate::time(self.window_until),
                "humanAgentUntil": crate::time(human),
            })
        })
    }
}
