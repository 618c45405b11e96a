//! Conversations: the one thread between an account and a person, its window and its messages.

pub(crate) mod events;
mod message;
mod node;
pub(crate) mod ops;
mod pending;
pub(crate) mod rules;
pub(crate) mod store;
mod writing;

#[cfg(test)]
mod tests;

use clock::Micros;
use graph_api::ids::{ConversationKey, MessageKey};
pub(crate) use message::{Attachment, Commented, Content, Message, Product, ReplyTo, Shared};
pub(crate) use pending::{AdSeen, Referral, ShownFlow, ShownMessage};
pub(crate) use writing::write;

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
    /// Until when the person sees that the account types; 0: not at all.
    pub typing_until: Micros,
    /// The person has seen what was written up to then.
    pub person_seen_at: Micros,
    /// The account has seen what was written up to then.
    pub account_seen_at: Micros,
    /// The minute of the last change that the index of the account's list holds.
    pub active_minute: i64,
    /// When the person first wrote or tapped an ice breaker, a menu or a button; 0: not yet. Since then their profile can
    /// be read (doc: User Profile API, consent).
    pub consented_at: Micros,
    /// The ig.me link or ad that opened the thread, until something is written in it.
    pub pending_referral: Option<Referral>,
    /// The messages of a welcome message flow that the person is shown, until something is written in the thread.
    pub pending_flow: Option<ShownFlow>,
    /// The account's owner has declined it and sees it no more, until the person writes again.
    pub is_declined: bool,
}

impl Conversation {
    /// The microsecond of the next message or event, now or just after the last one; no later one gets it.
    pub(crate) fn take_at(&mut self, now: Micros) -> Micros {
        self.last_at = Micros(now.0.max(self.last_at.0.saturating_add(1)));
        self.last_at
    }

    /// The id of the message of that microsecond.
    pub(crate) const fn message(&self, at: Micros) -> MessageKey {
        MessageKey { account: self.key.account, igsid: self.key.igsid, at }
    }
}
