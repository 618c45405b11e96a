//! What calls answer.

use clock::Micros;
use serde_json::Value;

/// An account, as its token shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    /// The account's id, as webhooks name it (`17841…`).
    pub id: String,
    /// Its username.
    pub username: String,
    /// Its name.
    pub name: String,
    /// The page that it is linked to; none with an Instagram Login token.
    pub page_id: Option<String>,
}

/// A message of a conversation, as the Conversations API shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub mid: String,
    /// When it was written, in whole seconds.
    pub at: Micros,
    /// Whether the account wrote it.
    pub from_account: bool,
    /// Its text; empty if it has none.
    pub text: String,
    /// How many attachments it shows.
    pub attachments: usize,
    /// Its files: `image`, `video`, `audio` or `file`, and the address.
    pub files: Vec<(&'static str, String)>,
}

pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
