//! How the API shows a comment (doc: IG Comment).

use super::events::product_name;
use super::listing::{self, Listed};
use super::{Comment, of_media, store};
use crate::directory::AccountView;
use crate::graph::Call;
use crate::graph::node::{FieldValue, NodeType, select};
use crate::graph::paging::{Edge, Page};
use crate::insights::{self, OfMedia, Totals};
use crate::mentions;
use crate::people;
use crate::publishing::{self, Media};
use graph_api::fields::{self, Field};
use graph_api::{Result, limits, time};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Read;

/// What is shown of a comment if nothing is asked.
pub(crate) const DEFAULT: &str = "timestamp,text,id";

/// Through what a comment is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Through {
    /// As one under one's own post, or one's own.
    Itself,
    /// As one that mentions the account.
    Mention,
}

/// Under which post, and before whom.
#[derive(Clone)]
pub(crate) struct Under {
    /// The account that looks.
    pub view: Arc<AccountView>,
    /// The post.
    pub media: Media,
    /// The username of whose post it is.
    pub owner_name: String,
    /// How many comments the post has.
    pub count: i64,
    /// What else was counted of it.
    pub totals: Totals,
}

impl Under {
    /// The post as that account sees it.
    pub(crate) fn read(db: &mut impl Read, view: &Arc<AccountView>, media: Media) -> storage::Result<Self> {
        let owner_name = match media.account == view.account.id {
            true => view.account.username.clone(),
            false => mentions::owner_name(db, media.account)?,
        };
        let count = store::count(db, &media)?;
        let totals = insights::totals(db, media.account, media.id)?;
        Ok(Self { view: Arc::clone(view), media, owner_name, count, totals })
    }
}

/// A comment with what its fields show.
pub(crate) struct Loaded {
    pub(crate) comment: Comment,
    /// The replies, if they are asked for.
    replies: Option<Listed>,
}

impl Loaded {
    /// With everything that the fields need.
    pub(crate) fn read(
        db: &mut impl Read,
        media: &Media,
        comment: Comment,
        replies: Option<&Page>,
    ) -> storage::Result<Self> {
        let replies = match replies {
            Some(page) => Some(Listed::read(db, media, Some(comment.id), page, None)?),
            None => None,
        };
        Ok(Self { comment, replies })
    }
}

/// The page of replies that the fields ask for.
pub(crate) fn replies_asked(asked: &[Field]) -> Result<Option<Page>> {
    let field = asked.iter().find(|field| field.name == "replies");
    field.map(|field| Page::of_field_within(field, limits::COMMENTS_PAGE)).transpose()
}

/// A comment as an object of the asked fields. What does not apply is left out.
pub(crate) fn show(
    call: &Call<'_>,
    under: &Under,
    loaded: &Loaded,
    asked: &[Field],
    through: Through,
) -> Result<Value> {
    let comment = &loaded.comment;
    let account = &under.view.account;
    let is_own = comment.author == account.user_no;
    select(NodeType::Comment, comment.id.to_string(), asked, |field| {
        let inner = field.fields.as_deref();
        Ok(match (field.name.as_str(), through) {
            // Of what others write about the account, the sign of mentions is gone (doc: Mentions).
            ("text", Through::Mention) if !is_own => {
                FieldValue::Is(mentions::text::without_signs(&comment.text).into())
            }
            ("text", _) => FieldValue::Is(comment.text.as_str().into()),
            ("timestamp", _) => FieldValue::Is(time::graph(comment.created_at).into()),
            ("like_count", _) => FieldValue::Is(comment.likes.into()),
            ("media", _) => FieldValue::Is(media(call, under, comment, inner)?),
            (_, Through::Mention) => FieldValue::Unknown,
            ("username", _) => FieldValue::Is(comment.username.as_str().into()),
            ("from", _) => FieldValue::Is(crate::graph::node::choose(&from(under, comment), inner)),
            // Doc: only of what the app's user wrote.
            ("user", _) if !is_own => FieldValue::Absent,
            ("user", _) => FieldValue::Is(json!({ "id": account.id.to_string() })),
            ("hidden", _) => FieldValue::Is(comment.is_hidden.into()),
            ("parent_id", _) => comment.parent.map(|id| Value::from(id.to_string())).into(),
            // Replies have none of their own.
            ("replies", _) if comment.parent.is_some() => FieldValue::Absent,
            ("replies", _) => match &loaded.replies {
                Some(listed) if !listed.is_empty() => {
                    let default = fields::parse(DEFAULT)?;
                    let edge = Edge::of_field(call, &comment.id.to_string(), field).with_both_cursors();
                    FieldValue::Is(listing::answer(call, under, listed, &edge, inner.unwrap_or(&default))?)
                }
                _ => FieldValue::Absent,
            },
            // An id of the older numbering, which nothing here takes.
            ("legacy_instagram_comment_id", _) => FieldValue::Absent,
            _ => FieldValue::Unknown,
        })
    })
}

/// `from`: by the id by which the account knows the person; of its own comments, with the id by which it knows itself.
fn from(under: &Under, comment: &Comment) -> Value {
    let account = &under.view.account;
    let scoped = people::igsid(account.id, comment.author).to_string();
    match comment.author == account.user_no {
        true => json!({
            "id": account.id.to_string(), "username": comment.username, "self_ig_scoped_id": scoped,
        }),
        false => json!({ "id": scoped, "username": comment.username }),
    }
}

/// `media`: an object, also if nothing of it is asked (doc: IG Comment).
fn media(call: &Call<'_>, under: &Under, comment: &Comment, asked: Option<&[Field]>) -> Result<Value> {
    match asked {
        None => Ok(json!({
            "id": under.media.id.to_string(), "media_product_type": product_name(comment, &under.media),
        })),
        Some(asked) => {
            let comments = of_media::Comments { count: under.count, listed: None };
            let counted = OfMedia { totals: under.totals, listed: None };
            let known = (&comments, &counted);
            publishing::node::show_commented(call, &under.media, &under.owner_name, known, asked)
        }
    }
}
