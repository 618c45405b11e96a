//! Conversations: the one thread between an account and a person, its window and its messages.

pub(crate) mod events;
pub(crate) mod rules;
pub(crate) mod store;

use clock::Micros;
use graph_api::ids::{ConversationKey, MessageKey};

/// The folder of the account's inbox that a conversation lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folder {
    /// New conversations of followers.
    Primary,
    /// What an app has answered.
    General,
    /// New conversations of people who do not follow the account.
    Requests,
}

impl Folder {
    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::General => "general",
            Self::Requests => "requests",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Primary, Self::General, Self::Requests].into_iter().find(|folder| folder.name() == name)
    }
}

/// A conversation, as its locked row tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conversation {
    /// Which one.
    pub key: ConversationKey,
    /// The person's number.
    pub user_no: i64,
    /// Where it lies.
    pub folder: Folder,
    /// The microsecond of the newest message or event; the next one's is larger, whatever the clock says.
    pub last_at: Micros,
    /// When somebody last wrote; 0: nobody yet.
    pub updated_at: Micros,
    /// The person's last act that opens a window; 0: none yet.
    pub wrote_at: Micros,
    /// When the standard window shuts.
    pub window_until: Micros,
    /// The person has blocked the account.
    pub blocked: bool,
}

impl Conversation {
    /// The microsecond of the next message: now, or just after the last one.
    pub(crate) fn next_at(&self, now: Micros) -> Micros {
        Micros(now.0.max(self.last_at.0.saturating_add(1)))
    }

    /// The id of the message of that microsecond.
    pub(crate) const fn message(&self, at: Micros) -> MessageKey {
        MessageKey { account: self.key.account, igsid: self.key.igsid, at }
    }
}

/// A stored message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its microsecond, which its `mid` holds.
    pub at: Micros,
    /// Written by the account (over the API or in the app) and not by the person.
    pub from_account: bool,
    /// The app that sent it; 0: written in the Instagram app.
    pub app_id: i64,
    /// Its text.
    pub text: String,
}
