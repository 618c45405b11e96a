//! What a post's node shows of its comments: their number, and the field `comments`.

use super::listing::{self, Listed};
use super::node::{self, Under};
use super::store;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::paging::{Edge, Page};
use crate::publishing::Media;
use graph_api::fields::{self, Field};
use graph_api::{ErrorName, limits};
use serde_json::Value;
use std::sync::Arc;

/// A post's comments, as far as its fields ask for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comments {
    /// How many there are, replies and all (doc: IG Media).
    pub count: i64,
    /// The field `comments`; `None` if there are none, or it is not asked for.
    pub listed: Option<Value>,
}

/// Whether the field is the number of comments, under either of its names.
pub(crate) fn is_count(field: &Field) -> bool {
    matches!(field.name.as_str(), "comments_count" | "total_comments_count")
}

/// What the fields of the caller's own post need.
pub(crate) async fn read(call: &Call<'_>, media: &Media, asked: &[Field]) -> Result<Comments> {
    let Some(field) = asked.iter().find(|field| field.name == "comments") else {
        if !asked.iter().any(is_count) {
            return Ok(Comments::default());
        }
        let media = media.clone();
        let count = call.platform.db.read(move |db| store::count(db, &media)).await?;
        return Ok(Comments { count, listed: None });
    };
    let view = Arc::clone(call.node.account().ok_or(ErrorName::Unknown)?);
    let default = fields::parse(node::DEFAULT)?;
    let inner = field.fields.as_deref().unwrap_or(&default);
    let (page, replies) = (Page::of_field_within(field, limits::COMMENTS_PAGE)?, node::replies_asked(inner)?);
    let wanted = media.clone();
    let (under, listed) = call
        .platform
        .db
        .read(move |db| {
            let listed = Listed::read(db, &wanted, None, &page, replies.as_ref())?;
            Ok::<_, storage::Error>((Under::read(db, &view, wanted.clone())?, listed))
        })
        .await?;
    let edge = Edge::of_field(call, &media.id.to_string(), field).with_both_cursors();
    let shown = listing::answer(call, &under, &listed, &edge, inner)?;
    Ok(Comments { count: under.count, listed: (!listed.is_empty()).then_some(shown) })
}
