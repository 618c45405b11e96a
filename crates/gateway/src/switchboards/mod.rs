//! Switchboards: which of an app's integrations has control of a conversation, such as a bot before a human.

pub(crate) mod control;
pub(crate) mod ops;
pub(crate) mod store;

use crate::apps::store::Doc;
use crate::conversations::Conversation;
use serde_json::{Map, Value};
use storage::{Read, Result};

/// A switchboard integration.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    /// As the API shows it.
    pub(crate) doc: Doc,
}

impl Entry {
    /// As events show it.
    pub(crate) fn in_event(&self) -> Value {
        let mut shown = Map::new();
        for name in ["id", "name", "integrationId", "integrationType"] {
            shown.extend(self.doc.0.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        Value::Object(shown)
    }
}

/// An app's switchboard with its integrations.
#[derive(Clone, Debug)]
pub(crate) struct Board {
    /// Who has control at first.
    pub(crate) default: Option<String>,
    /// In the order of their making.
    pub(crate) entries: Vec<Entry>,
}

impl Board {
    /// The app's switchboard, if it has one that is enabled.
    pub(crate) fn enabled(db: &mut impl Read, app_id: &str) -> Result<Option<Self>> {
        let Some(doc) = store::find(db, app_id)?.filter(|doc| doc.flag("enabled", false)) else {
            return Ok(None);
        };
        let default = doc.0.get("defaultSwitchboardIntegrationId").and_then(Value::as_str).map(str::to_owned);
        Ok(Some(Self { default, entries: store::entries(db, app_id)? }))
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Whether an integration hears of an event of a conversation: the one that has control, and those on standby that
    /// want to. What is no part of the switchboard hears everything (unconfirmed).
    pub(crate) fn hears(&self, integration_id: &str, conversation: &Conversation, kind: &str) -> bool {
        let mut own =
            self.entries.iter().filter(|entry| entry.doc.text("integrationId") == integration_id).peekable();
        own.peek().is_none()
            || own.any(|entry| {
                let id = Some(&entry.id);
                id == conversation.active.as_ref()
                    // Whom control is offered to must hear of it to accept it.
                    || (id == conversation.pending.as_ref() && kind.starts_with("switchboard:"))
                    || entry.doc.flag("deliverStandbyEvents", true)
            })
    }
}
