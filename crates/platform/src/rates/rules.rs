//! Which limit a call falls under (reference, section 10).

use crate::directory::{Caller, Identity};
use crate::graph::node::NodeType;
use crate::graph::operations::UseCase;
use graph_api::limits::{self, Rate};
use graph_api::{ErrorName, Host};

/// What is counted together, for each app and each account, page or user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bucket {
    /// Sends of text, links, reactions, stickers; and of what is in no other bucket.
    Text,
    /// Sends of audio or video.
    Media,
    /// Private replies to comments on posts and reels.
    PrivateReplies,
    /// Private replies to comments on broadcasts.
    LivePrivateReplies,
    /// Reads of the Conversations API.
    Conversations,
    /// All calls with the app's own token.
    App,
    /// Calls with a user's token about the user.
    User,
    /// Calls with a user's token about a page or its account.
    PageByUser,
    /// Calls about a page.
    Page,
    /// Calls of the messenger use case.
    Messenger,
    /// All other calls about an Instagram account.
    Instagram,
}

impl Bucket {
    /// The bucket of a call; `sent` tells what a send sends. `None`: the call counts nowhere, for nobody is known yet.
    pub(crate) fn of(caller: &Caller, case: UseCase, node: NodeType, sent: Sent) -> Option<Self> {
        Some(match (case, &caller.identity) {
            (UseCase::Login, _) => return None,
            (_, Identity::App) => Self::App,
            (UseCase::Send, _) => match sent {
                Sent::Text => Self::Text,
                Sent::Media => Self::Media,
                Sent::PrivateReply => Self::PrivateReplies,
                Sent::LivePrivateReply => Self::LivePrivateReplies,
            },
            (UseCase::Conversations, _) => Self::Conversations,
            (_, Identity::User(_)) if node == NodeType::User || node == NodeType::Root => Self::User,
            (_, Identity::User(_)) => Self::PageByUser,
            (UseCase::Messenger | UseCase::Profiles, Identity::Page(_)) => Self::Messenger,
            (_, Identity::Page(_)) if node == NodeType::Page => Self::Page,
            _ => Self::Instagram,
        })
    }

    /// Its limit on a host; the quotas grow with `people`: users, engaged people or impressions.
    pub(crate) const fn rate(self, host: Host, people: u32) -> Rate {
        match (self, host) {
            (Self::Text, Host::Instagram) => limits::SEND_RATE_INSTAGRAM,
            (Self::Text, Host::Facebook) => limits::SEND_RATE_FACEBOOK,
            (Self::Media, _) => limits::SEND_MEDIA_RATE,
            (Self::PrivateReplies, _) => limits::PRIVATE_REPLY_RATE,
            (Self::LivePrivateReplies, _) => limits::LIVE_PRIVATE_REPLY_RATE,
            (Self::Conversations, _) => limits::CONVERSATIONS_RATE,
            // What a user or a page may take with user tokens is not published; the app's figure (unconfirmed).
            (Self::App | Self::User | Self::PageByUser, _) => limits::PLATFORM_RATE.times(people),
            (Self::Page, _) => limits::PAGE_RATE.times(people),
            (Self::Messenger, _) => limits::MESSENGER_RATE.times(people),
            (Self::Instagram, _) => limits::INSTAGRAM_RATE.times(people),
        }
    }

    /// The error when it is full.
    pub(crate) const fn error(self) -> ErrorName {
        match self {
            Self::Text
            | Self::Media
            | Self::PrivateReplies
            | Self::LivePrivateReplies
            | Self::Conversations => ErrorName::SendLimitReached,
            Self::App => ErrorName::AppLimitReached,
            Self::User => ErrorName::UserLimitReached,
            Self::PageByUser => ErrorName::PageLimitReached,
            Self::Page => ErrorName::PageQuotaUsed,
            Self::Messenger => ErrorName::MessengerQuotaUsed,
            Self::Instagram => ErrorName::InstagramQuotaUsed,
        }
    }

    /// Whether it is a limit by the second; each host has its own.
    pub(crate) const fn is_by_second(self) -> bool {
        matches!(self, Self::Text | Self::Media | Self::LivePrivateReplies | Self::Conversations)
    }

    /// Whether it is a platform limit, told in `x-app-usage`; the others are told in `x-business-use-case-usage`.
    pub(crate) const fn is_platform(self) -> bool {
        matches!(self, Self::App | Self::User | Self::PageByUser)
    }
}

/// What a send sends, as far as limits go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Text, or anything that counts as text.
    Text,
    /// Audio or video.
    Media,
    /// A private reply to a comment on a post or reel.
    PrivateReply,
    /// A private reply to a comment on a broadcast.
    LivePrivateReply,
}
