//! The nodes of the Conversations API: what is loaded for them, and how they look.

mod attachments;
mod message;

use super::{Attachment, Conversation, Message, ReplyTo, store};
use crate::assets::{self, Asset};
use crate::conversation_routing;
use crate::graph::Call;
use crate::graph::node::{FieldValue, NodeType, choose_known, select};
use crate::graph::paging::{Cursor, Edge, Page};
use crate::people::{self, Person};
use clock::Micros;
use graph_api::fields::{self, Field};
use graph_api::{Host, Result, time};
pub(super) use message::message;
use serde_json::{Value, json};
use storage::Read;

/// What a list of messages shows of each if nothing is asked. Cap: the Instagram host adds `is_unsupported`.
pub(super) const MESSAGE_DEFAULTS: &str = "id,created_time,is_unsupported";

/// What of a conversation is to be loaded.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    messages: Option<Page>,
    /// Whether the files of messages are shown.
    files: bool,
}

impl Wanted {
    /// What the fields of a conversation need.
    pub(super) fn of_conversation(asked: &[Field]) -> Result<Self> {
        let Some(field) = asked.iter().find(|field| field.name == "messages") else {
            return Ok(Self::default());
        };
        Ok(Self::of_messages(Page::of_field(field)?, field.fields.as_deref().unwrap_or_default()))
    }

    /// What a page of messages with these fields needs.
    pub(super) fn of_messages(page: Page, asked: &[Field]) -> Self {
        let files =
            asked.iter().any(|field| matches!(field.name.as_str(), "attachments" | "shares" | "story"));
        Self { messages: Some(page), files }
    }
}

/// A conversation with what its fields show.
pub(super) struct Loaded {
    pub(super) conversation: Conversation,
    person: Person,
    messages: Vec<LoadedMessage>,
    /// The oldest message that can be read.
    readable_from: Micros,
}

impl Loaded {
    pub(super) fn load(
        db: &mut impl Read,
        conversation: Conversation,
        wanted: &Wanted,
    ) -> storage::Result<Self> {
        let key = conversation.key;
        let person = people::store::with_number(db, conversation.user_no)?
            .ok_or_else(|| storage::Error::Engine("a conversation's person is not there".to_owned()))?;
        let messages = match &wanted.messages {
            Some(page) => store::messages_page(db, key, page)?,
            None => Vec::new(),
        };
        let messages = messages
            .into_iter()
            .map(|message| LoadedMessage::load(db, key.account, message, wanted.files))
            .collect::<storage::Result<_>>()?;
        let readable_from = store::oldest_readable(db, key)?;
        Ok(Self { conversation, person, messages, readable_from })
    }

    /// Whether a message is among the newest, of which the details can be read.
    pub(super) fn is_readable(&self, message: &Message) -> bool {
        message.at >= self.readable_from
    }
}

/// A message with its files.
pub(super) struct LoadedMessage {
    message: Message,
    files: Vec<Asset>,
}

impl LoadedMessage {
    pub(super) fn load(
        db: &mut impl Read,
        account: i64,
        message: Message,
        with_files: bool,
    ) -> storage::Result<Self> {
        let mut files = Vec::new();
        for attachment in message.attachments().iter().filter(|_| with_files) {
            if let Attachment::Media { asset, .. } = attachment {
                files.extend(assets::store::find(db, account, *asset)?);
            }
        }
        Ok(Self { message, files })
    }

    fn file(&self, id: i64) -> Option<&Asset> {
        self.files.iter().find(|file| file.id == id)
    }

    fn story_reply(&self) -> Option<&super::Shared> {
        match self.message.content.as_ref()?.reply_to.as_ref()? {
            ReplyTo::Story { story, .. } => Some(story),
            ReplyTo::Message { .. } => None,
        }
    }
}

/// One side of a conversation. Messenger's have the last three, which have no value here; programs for both ask for them.
const PARTY: (&str, &[&str]) = ("User", &["id", "username", "name", "email", "user_id"]);

/// What Messenger's conversations have besides: known names, of which Instagram's have no value (unconfirmed).
const OF_MESSENGER: &[&str] = &[
    "link",
    "name",
    "snippet",
    "unread_count",
    "message_count",
    "can_reply",
    "senders",
    "former_participants",
    "is_subscribed",
    "scoped_thread_key",
    "subject",
    "wallpaper",
];

/// A conversation.
pub(super) fn conversation(call: &Call<'_>, loaded: &Loaded, asked: &[Field]) -> Result<Value> {
    let id = loaded.conversation.key.id();
    select(NodeType::Conversation, id.clone(), asked, |field| {
        Ok(match field.name.as_str() {
            "updated_time" => FieldValue::Is(time::graph(loaded.conversation.updated_at).into()),
            "participants" => {
                // The account comes first: programs in the field take the second one as the person.
                let both = [account_party(call, loaded), person_party(loaded)];
                let both = both.iter().map(|party| choose_known(PARTY, party, field.fields.as_deref()));
                FieldValue::Is(json!({ "data": both.collect::<Result<Vec<Value>>>()? }))
            }
            "messages" => {
                let defaults = fields::parse(MESSAGE_DEFAULTS)?;
                let asked = field.fields.as_deref().unwrap_or(&defaults);
                let edge = Edge::of_field(call, &id, field);
                FieldValue::Is(messages(call, loaded, asked, &Page::of_field(field)?, &edge)?)
            }
            // Only conversation routing gives it a value (doc: Conversation Routing).
            "is_owner" => is_owner(call, &loaded.conversation).map(Value::from).into(),
            name if call.host == Host::Facebook && OF_MESSENGER.contains(&name) => FieldValue::Absent,
            _ => FieldValue::Unknown,
        })
    })
}

/// A page of a conversation's messages, the newest first. All ids are listed, details only of the twenty newest
/// (unconfirmed: what the older ones show in a list).
pub(super) fn messages(
    call: &Call<'_>,
    loaded: &Loaded,
    asked: &[Field],
    page: &Page,
    edge: &Edge,
) -> Result<Value> {
    let old = fields::parse("id,created_time")?;
    let entries = loaded.messages.iter().map(|entry| {
        let asked = if loaded.is_readable(&entry.message) { asked } else { &old };
        Ok((Cursor(entry.message.at.0, 0), message(call, loaded, entry, asked)?))
    });
    Ok(edge.answer(page, entries.collect::<Result<Vec<_>>>()?))
}

/// Whether the caller's app has the conversation, if the account has a default app.
fn is_owner(call: &Call<'_>, conversation: &Conversation) -> Option<bool> {
    let view = call.node.account()?;
    view.routing.default_app?;
    let owner = conversation_routing::rules::owner(conversation.control, call.platform.clock.now());
    Some(owner == Some(call.caller.app.id))
}

fn account_party(call: &Call<'_>, loaded: &Loaded) -> Value {
    let username = call.node.account().map_or("", |view| view.account.username.as_str());
    json!({ "username": username, "id": loaded.conversation.key.account.to_string() })
}

fn person_party(loaded: &Loaded) -> Value {
    json!({ "username": loaded.person.username, "id": loaded.conversation.key.igsid.to_string() })
}
