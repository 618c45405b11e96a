//! Professional accounts and the pages that they are linked to: the nodes `/me`, `/{ig-id}` and `/{page-id}`.

pub(crate) mod acts;
mod discovery;
pub(crate) mod ops;
pub(crate) mod pages;
pub(crate) mod store;

#[cfg(test)]
mod tests;

use graph_api::ids::{self, NodeKind};
use graph_api::tasks::TaskSet;

/// An Instagram professional account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// The professional account's id, which webhooks carry: `user_id`.
    pub id: i64,
    /// Its number among all Instagram users.
    pub user_no: i64,
    /// Its username.
    pub username: String,
    /// Its name.
    pub name: String,
    /// `BUSINESS` or `MEDIA_CREATOR`.
    pub kind: String,
    /// The owner lets connected tools see messages ("Allow access to messages" in the Instagram app).
    pub message_access: bool,
    /// Instagram Messaging is available for it.
    pub eligible: bool,
    /// How many follow it besides the people who are here.
    pub more_followers: i64,
    /// What it says of itself; empty if nothing.
    pub biography: String,
    /// Its website; empty if it has none.
    pub website: String,
    /// It declares itself an automated experience: the app shows people so.
    pub is_automated: bool,
    /// The page it is linked to.
    pub page: Option<Page>,
}

/// A Facebook page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// What a Facebook user may do on a page, which is linked to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageRole {
    /// The user.
    pub user_id: i64,
    /// The page.
    pub page_id: i64,
    /// The page's account.
    pub account_id: i64,
    /// What for.
    pub tasks: TaskSet,
}

/// A Facebook user: a person who manages pages, or a system user of a business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FacebookUser {
    /// The user's id.
    pub id: i64,
    /// The user's name.
    pub name: String,
    /// No person: a business's server, which logs in nowhere and whose tokens do not expire (doc: System Users).
    pub is_system: bool,
}

impl Account {
    /// The app-scoped `id` that `/me?fields=id` shows on the Instagram host: another number than the account's id, and
    /// another one for each app (rep: two integrators took it for the id of webhooks).
    pub(crate) fn scoped_id(&self, app_id: i64) -> i64 {
        ids::scoped(NodeKind::ScopedAccount, app_id, self.user_no)
    }
}
