//! People, and accounts as people see them: everyone on Instagram has a number and a username.

pub(crate) mod acts;
pub(crate) mod files;
pub(crate) mod store;

use graph_api::ids::{self, ConversationKey, NodeKind};
use storage::{Read, Result};

/// Someone on Instagram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The number that IGSIDs are made from. Never shown.
    pub user_no: i64,
    /// The username, unique among people and accounts.
    pub username: String,
    /// The name; may be empty.
    pub name: String,
    /// The picture: an asset whose owner is the user's number; none if there is none.
    pub picture: Option<i64>,
    /// The language of the person's app, such as `en_US`.
    pub locale: String,
    /// Only followers see what the person posts.
    pub is_private: bool,
    /// The person has the blue tick.
    pub is_verified: bool,
    /// How many follow the person, besides those who are here.
    pub follower_count: i64,
}

/// The user whom an account knows by an id; `None` if nobody has it.
pub(crate) fn with_igsid(db: &mut impl Read, key: ConversationKey) -> Result<Option<Person>> {
    match ids::unscoped(NodeKind::Person, key.account, key.igsid) {
        Some(user_no) => store::with_number(db, user_no),
        None => Ok(None),
    }
}

/// The id by which an account knows a user.
pub(crate) fn igsid(account_id: i64, user_no: i64) -> i64 {
    ids::scoped(NodeKind::Person, account_id, user_no)
}
