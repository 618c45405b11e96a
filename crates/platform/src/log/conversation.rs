//! What happens in conversations, as the feed shows it.

use super::feed::Happening;
use crate::conversations::{Attachment, Conversation, Folder, Message};
use clock::Micros;
use graph_api::ids::{ConversationKey, MessageKey};
use graph_api::send::Reaction;
use graph_api::time;
use serde_json::{Map, Value, json};

/// Something in a conversation. What does not apply is left out of the feed's entry.
pub(crate) struct InConversation {
    /// The entry's type: `message`, `edit`, `unsend`, `reaction`, `seen`, `typing`, `referral`, `flow_shown`,
    /// `thread_control`.
    pub(super) kind: &'static str,
    key: ConversationKey,
    /// The message that it is about.
    at: Option<Micros>,
    from_account: bool,
    /// The text, for `message` and `edit`; the `ref`, for `referral`.
    pub(super) text: Option<String>,
    /// The emoji, for `reaction`; none: it was taken back.
    emoji: Option<String>,
    /// The kinds of what a message carries.
    attachments: Vec<&'static str>,
    /// For `typing`: whether it began.
    is_on: Option<bool>,
    /// The microsecond of the webhook event that tells of it.
    event: Option<Micros>,
    /// Where the conversation lies now, and when its window shuts.
    state: Option<(Folder, Micros)>,
    /// For `thread_control`: the app that has the conversation now; 0: none.
    owner: Option<i64>,
}

impl InConversation {
    const fn new(kind: &'static str, key: ConversationKey, from_account: bool) -> Self {
        Self {
            kind,
            key,
            at: None,
            from_account,
            text: None,
            emoji: None,
            attachments: Vec::new(),
            is_on: None,
            event: None,
            state: None,
            owner: None,
        }
    }

    pub(super) fn details(&self) -> Value {
        let ConversationKey { account, igsid } = self.key;
        let mut details = Map::new();
        if let Some(at) = self.at {
            details.insert("mid".into(), MessageKey { account, igsid, at }.mid().into());
        }
        details.insert("conversation_id".into(), self.key.id().into());
        details.insert("account_id".into(), account.to_string().into());
        details.insert("igsid".into(), igsid.to_string().into());
        details.insert("from".into(), if self.from_account { "account" } else { "person" }.into());
        if let Some(text) = &self.text {
            details.insert("text".into(), text.as_str().into());
        }
        if !self.attachments.is_empty() {
            details.insert("attachments".into(), json!(self.attachments));
        }
        if self.kind == "reaction" {
            details.insert("reaction".into(), json!(self.emoji));
        }
        if let Some(owner) = self.owner {
            details.insert("owner_app_id".into(), json!((owner != 0).then(|| owner.to_string())));
        }
        if let Some(is_on) = self.is_on {
            details.insert("on".into(), is_on.into());
        }
        // By these two, and the endpoint, the deliveries of the event are named.
        if let Some(at) = self.event {
            details.insert("event".into(), format!("{}.{igsid}", at.0).into());
        }
        if let Some((folder, window_until)) = self.state {
            details.insert("folder".into(), folder.name().into());
            let until = (window_until > Micros(0)).then(|| time::rfc3339(window_until));
            details.insert("window_until".into(), json!(until));
        }
        Value::Object(details)
    }
}

impl From<InConversation> for Happening {
    fn from(what: InConversation) -> Self {
        Self::Conversation(Box::new(what))
    }
}

impl Happening {
    /// Of something in a conversation: what the conversation is like now, and the microsecond of the webhook event, if
    /// there is one.
    pub(crate) fn within(mut self, conversation: &Conversation, event: Option<Micros>) -> Self {
        if let Self::Conversation(what) = &mut self {
            what.event = event;
            what.state = Some((conversation.folder, conversation.window_until));
        }
        self
    }

    /// A message was stored.
    pub(crate) fn message(key: ConversationKey, message: &Message) -> Self {
        let text = Some(message.text.clone());
        InConversation {
            at: Some(message.at),
            text,
            attachments: message.attachments().iter().map(Attachment::kind_name).collect(),
            ..InConversation::new("message", key, message.from_account)
        }
        .into()
    }

    /// Its text was changed.
    pub(crate) fn edit(key: ConversationKey, message: &Message) -> Self {
        let text = Some(message.text.clone());
        InConversation {
            at: Some(message.at),
            text,
            ..InConversation::new("edit", key, message.from_account)
        }
        .into()
    }

    /// It was taken back.
    pub(crate) fn unsend(key: ConversationKey, message: &Message) -> Self {
        InConversation { at: Some(message.at), ..InConversation::new("unsend", key, message.from_account) }
            .into()
    }

    /// Somebody reacted to the message of that microsecond (`None`: took that back).
    pub(crate) fn reaction(
        key: ConversationKey,
        at: Micros,
        from_account: bool,
        reaction: Option<&Reaction>,
    ) -> Self {
        let emoji = reaction.map(|reaction| reaction.emoji().to_owned());
        InConversation { at: Some(at), emoji, ..InConversation::new("reaction", key, from_account) }.into()
    }

    /// Somebody has seen everything up to the message of that microsecond.
    pub(crate) fn seen(key: ConversationKey, at: Micros, from_account: bool) -> Self {
        InConversation { at: Some(at), ..InConversation::new("seen", key, from_account) }.into()
    }

    /// The person opened an ig.me link.
    pub(crate) fn referral(key: ConversationKey, reference: &str) -> Self {
        let text = Some(reference.to_owned());
        InConversation { text, ..InConversation::new("referral", key, false) }.into()
    }

    /// The person is shown the messages of a welcome message flow.
    pub(crate) fn flow_shown(key: ConversationKey) -> Self {
        InConversation::new("flow_shown", key, true).into()
    }

    /// An app or the owner changed who has the conversation, or asked for it: `act` is the webhook's or edge's name.
    pub(crate) fn control(key: ConversationKey, act: &str, owner: i64) -> Self {
        let text = Some(act.to_owned());
        InConversation { text, owner: Some(owner), ..InConversation::new("thread_control", key, true) }.into()
    }

    /// Somebody types, or stopped.
    pub(crate) fn typing(key: ConversationKey, from_account: bool, is_on: bool) -> Self {
        InConversation { is_on: Some(is_on), ..InConversation::new("typing", key, from_account) }.into()
    }
}
