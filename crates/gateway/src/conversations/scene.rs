//! A conversation at hand, its row locked, with everything that events say of it.

use super::{Conversation, store};
use crate::Gateway;
use crate::apps::store::{self as apps, Doc};
use crate::hooks::events::{self, Detail};
use crate::hooks::{self, Webhook};
use crate::integrations::{self, Integration};
use crate::messages::{self, Message};
use crate::switchboards::Board;
use crate::users::{self, Client, User};
use clock::Micros;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::{Result, Tx};

/// A locked conversation.
pub(crate) struct Scene {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) app: Doc,
    pub(crate) conversation: Conversation,
    pub(crate) user: User,
    /// The user's clients, the primary one first.
    pub(crate) clients: Vec<Client>,
    /// The app's switchboard, if it is enabled.
    pub(crate) board: Option<Board>,
    webhooks: Option<Arc<Vec<Webhook>>>,
}

impl Scene {
    /// Locks a conversation; `None` if it, or its user, is not there.
    pub(crate) fn lock(
        tx: &mut Tx<'_>,
        gateway: &Arc<Gateway>,
        app_id: &str,
        id: &str,
    ) -> Result<Option<Self>> {
        let Some(conversation) = store::lock(tx, id)?.filter(|found| found.app_id == app_id) else {
            return Ok(None);
        };
        let Some(user) = users::store::by_id(tx, app_id, &conversation.user_id)? else { return Ok(None) };
        Self::of(tx, gateway, conversation, user).map(Some)
    }

    /// The scene of a conversation that is locked, or new.
    pub(crate) fn of(
        tx: &mut Tx<'_>,
        gateway: &Arc<Gateway>,
        conversation: Conversation,
        user: User,
    ) -> Result<Self> {
        let app = apps::app(tx, &conversation.app_id)?.unwrap_or_default();
        let mut clients = users::store::clients(tx, &user.id)?;
        clients.sort_by(|a, b| b.doc.text("lastSeen").cmp(a.doc.text("lastSeen")));
        let board = Board::enabled(tx, &conversation.app_id)?;
        Ok(Self { gateway: Arc::clone(gateway), app, conversation, user, clients, board, webhooks: None })
    }

    pub(crate) fn webhooks(&mut self, tx: &mut Tx<'_>) -> Result<Arc<Vec<Webhook>>> {
        if let Some(known) = &self.webhooks {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(hooks::store::of_app(tx, &self.conversation.app_id)?);
        self.webhooks = Some(Arc::clone(&found));
        Ok(found)
    }

    /// A setting of the app.
    pub(crate) fn setting(&self, name: &str) -> bool {
        self.app.0.get("settings").and_then(|all| all.get(name)).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Announces what happened, to all.
    pub(crate) fn emit(
        &mut self,
        tx: &mut Tx<'_>,
        kind: &str,
        payload: impl Fn(&Self, Detail) -> Value,
    ) -> Result<()> {
        events::of_conversation(tx, self, kind, None, payload)
    }

    /// Keeps what has changed.
    pub(crate) fn save(&self, tx: &mut Tx<'_>) -> Result<()> {
        store::update(tx, &self.conversation)
    }

    /// As events show it: cut short (spec).
    pub(crate) fn in_event(&self) -> Value {
        let mut shown = Map::new();
        for name in ["id", "type", "metadata"] {
            let value = self.conversation.doc.0.get(name).filter(|value| **value != json!({}));
            shown.extend(value.map(|value| (name.to_owned(), value.clone())));
        }
        self.show_control(&mut shown);
        Value::Object(shown)
    }

    /// As the API shows it.
    pub(crate) fn shown(&self) -> Value {
        shown(&self.gateway, &self.conversation, self.board.as_ref())
    }

    fn show_control(&self, shown: &mut Map<String, Value>) {
        show_control(&self.conversation, self.board.as_ref(), shown);
    }

    /// The user as events show it.
    pub(crate) fn user_in_event(&self, detail: Detail) -> Value {
        self.user.in_event(detail.user)
    }

    /// The source of what a person did on a client's channel.
    pub(crate) fn source(&self, client: &Client, original: Option<(&str, Micros)>, detail: Detail) -> Value {
        let mut source = json!({ "type": "instagram", "integrationId": client.integration_id });
        if let Some((mid, at)) = original {
            source["originalMessageId"] = mid.into();
            source["originalMessageTimestamp"] = crate::time(at).into();
        }
        if detail.source {
            source["client"] = client.doc.value();
        }
        source
    }

    /// Where the client's channel is.
    pub(crate) fn integration(&self, tx: &mut Tx<'_>, client: &Client) -> Result<Option<Integration>> {
        integrations::store::find(tx, &client.app_id, &client.integration_id)
    }

    /// Stores a message that belongs at `at`, or right after what is there already, and announces it.
    pub(crate) fn add_message(&mut self, tx: &mut Tx<'_>, mut message: Message) -> Result<Message> {
        while messages::store::is_taken(tx, &self.conversation.id, message.at, &message.id)? {
            message.at = Micros(message.at.0 + 1);
        }
        messages::store::add(tx, &message)?;
        let conversation = &mut self.conversation;
        conversation.messages += 1;
        conversation.last_at = Micros(conversation.last_at.0.max(message.at.0));
        conversation.doc.set("lastUpdatedAt", Some(crate::time(tx.now()).into()));
        self.announce(tx, &message)?;
        Ok(message)
    }

    fn announce(&mut self, tx: &mut Tx<'_>, message: &Message) -> Result<()> {
        self.emit(tx, "conversation:message", |scene, detail| {
            let mut shown = message.doc.clone();
            if shown.0.get("author").is_some_and(|author| author["type"] == "user")
                && let Some(author) = shown.0.get_mut("author")
            {
                author["user"] = scene.user_in_event(detail);
            }
            if detail.source
                && let Some(source) = shown.0.get_mut("source")
                && let Some(client) =
                    scene.clients.iter().find(|client| source["integrationId"] == client.integration_id)
            {
                source["client"] = client.doc.value();
            }
            json!({ "conversation": scene.in_event(), "message": shown.value() })
        })
    }
}

fn show_control(conversation: &Conversation, board: Option<&Board>, shown: &mut Map<String, Value>) {
    let Some(board) = board else { return };
    for (name, id) in [
        ("activeSwitchboardIntegration", &conversation.active),
        ("pendingSwitchboardIntegration", &conversation.pending),
    ] {
        let entry = id.as_ref().and_then(|id| board.by_id(id));
        shown.extend(entry.map(|entry| (name.to_owned(), entry.in_event())));
    }
}

/// A conversation as the API shows it.
pub(crate) fn shown(gateway: &Gateway, conversation: &Conversation, board: Option<&Board>) -> Value {
    let mut shown = conversation.doc.0.clone();
    show_control(conversation, board, &mut shown);
    if !gateway.settings.strict
        && let Some(windows) = conversation.windows()
    {
        shown.insert("instagram".to_owned(), windows);
    }
    Value::Object(shown)
}
