//! People, and accounts as people see them: everyone on Instagram has a number and a username.

pub(crate) mod acts;
pub(crate) mod store;

use graph_api::ids::{self, NodeKind};

/// Someone on Instagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    /// The number that IGSIDs are made from. Never shown.
    pub user_no: i64,
    /// The username, unique among people and accounts.
    pub username: String,
    /// The name; may be empty.
    pub name: String,
}

/// The id by which an account knows a user.
pub(crate) fn igsid(account_id: i64, user_no: i64) -> i64 {
    ids::scoped(NodeKind::Person, account_id, user_no)
}
