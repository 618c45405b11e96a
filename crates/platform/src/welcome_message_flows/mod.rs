//! Welcome message flows: what a person who taps a click-to-Direct ad is shown (doc: Welcome Message Flows, both
//! variants). A flow belongs to an account and to the app that made it, its partner app.

pub(crate) mod ops;
mod rules;
pub(crate) mod store;

#[cfg(test)]
mod tests;

use crate::conversations::{Attachment, Content, Message};
use crate::people::acts::Greeting;
use clock::Micros;
use graph_api::flow;
use serde::{Deserialize, Serialize};

/// A flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flow {
    /// The account's id.
    pub account: i64,
    /// Its own id.
    pub id: i64,
    /// The app that made it.
    pub app: i64,
    /// Its name.
    pub name: String,
    /// The platforms, in capitals.
    pub platforms: Vec<String>,
    /// The messages as answers have them: JSON.
    pub text: String,
    /// The messages as threads have them.
    pub messages: Vec<Shown>,
    /// When it was last changed.
    pub updated_at: Micros,
}

/// A message of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// Its text; empty if it has none.
    pub text: String,
    /// What it holds besides. Files are the flow's own.
    pub content: Content,
}

impl Flow {
    /// What a person is shown.
    pub(crate) fn greeting(&self) -> Greeting {
        let message =
            |shown: &Shown| Message::by_account(self.app, shown.text.as_str(), shown.content.clone());
        let receiving = flow::receiving(&self.text).map(|to| (to.app_id, to.days));
        Greeting { app_id: self.app, messages: self.messages.iter().map(message).collect(), receiving }
    }

    /// The files of its messages.
    fn files(&self) -> impl Iterator<Item = i64> + '_ {
        self.messages.iter().flat_map(|shown| &shown.content.attachments).filter_map(|attachment| {
            match attachment {
                Attachment::Media { asset, .. } => Some(*asset),
                _ => None,
            }
        })
    }
}
