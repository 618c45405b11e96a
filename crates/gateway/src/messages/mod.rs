//! Messages.

pub(crate) mod ops;
pub(crate) mod store;

use crate::apps::store::Doc;
use clock::Micros;
use serde_json::{Value, json};

/// A message.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) conversation_id: String,
    /// Where it stands in its conversation.
    pub(crate) at: Micros,
    pub(crate) id: String,
    /// Instagram's id, of what came from there.
    pub(crate) mid: Option<String>,
    /// As the API shows it.
    pub(crate) doc: Doc,
}

impl Message {
    /// A new one; what it says of itself besides is set afterwards.
    pub(crate) fn new(
        conversation_id: &str,
        id: String,
        (at, received): (Micros, Micros),
        author: &Value,
        content: &Value,
        source: &Value,
    ) -> Self {
        let mid = source["originalMessageId"].as_str().map(str::to_owned);
        let doc = json!({
            "id": id, "received": crate::time(received), "author": author, "content": content, "source": source,
        });
        let doc = doc.as_object().cloned().map(Doc).unwrap_or_default();
        Self { conversation_id: conversation_id.to_owned(), at, id, mid, doc }
    }
}
