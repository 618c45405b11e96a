//! What becomes of a message that an app gives: what the thread or a flow holds of it.

use super::media::Brought;
use crate::assets::{Owner, Purpose};
use crate::conversations::{Attachment, Content};
use crate::failure::Result;
use crate::publishing;
use graph_api::send::Message;
use storage::Tx;

/// A message as it is stored.
pub(crate) struct Stored {
    /// Its text; empty if it has none.
    pub text: String,
    /// What it holds besides.
    pub content: Content,
    /// The id under which its file can be sent again.
    pub reusable: Option<i64>,
}

impl Stored {
    /// Stores the message's files, for that purpose.
    ///
    /// Errors: a post that is not the account's own, or an attachment that is not the owner's (2018074), or one of another
    /// kind than the request says (2018047).
    pub(crate) fn store(
        tx: &mut Tx<'_>,
        message: &Message,
        media: &Brought,
        owner: Owner,
        purpose: Purpose,
    ) -> Result<Self> {
        let text_only = |text: &String, content| Self { text: text.clone(), content, reusable: None };
        Ok(match message {
            // Most messages are a text and nothing else.
            Message::Text { text, quick_replies } if quick_replies.is_empty() => {
                text_only(text, Content::default())
            }
            Message::Text { text, quick_replies } => {
                text_only(text, Content { quick_replies: quick_replies.clone(), ..Content::default() })
            }
            Message::LikeHeart => Self::holding(vec![Attachment::LikeHeart], None),
            Message::Template(template) => Self::holding(vec![Attachment::Template(template.clone())], None),
            Message::Post(id) => {
                let post = publishing::store::own_post(tx, owner.account, id)?;
                Self::holding(vec![Attachment::Share(post.shared())], None)
            }
            Message::Media(_) => {
                let (attachments, reusable) = media.attach(tx, owner, purpose)?;
                Self::holding(attachments, reusable)
            }
        })
    }

    fn holding(attachments: Vec<Attachment>, reusable: Option<i64>) -> Self {
        Self { text: String::new(), content: Content { attachments, ..Content::default() }, reusable }
    }
}
