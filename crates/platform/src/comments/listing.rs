//! Pages of comments and replies (doc: IG Media, comments; IG Comment, replies).

use super::node::{self, Loaded, Through, Under};
use super::store::{self, Which};
use crate::graph::Call;
use crate::graph::paging::{Cursor, Edge, Page};
use crate::publishing::Media;
use graph_api::Result;
use graph_api::fields::Field;
use serde_json::Value;
use storage::Read;

/// A page of comments, with what their fields show.
pub(crate) struct Listed {
    page: Page,
    comments: Vec<Loaded>,
}

impl Listed {
    /// The page of a post's comments, or of the replies to a `parent`; `replies` is what is asked of each one's replies.
    pub(crate) fn read(
        db: &mut impl Read,
        media: &Media,
        parent: Option<i64>,
        page: &Page,
        replies: Option<&Page>,
    ) -> storage::Result<Self> {
        let found = store::page(db, media, (parent, Which::OnPost), page)?;
        let comments = found
            .into_iter()
            .map(|comment| Loaded::read(db, media, comment, replies))
            .collect::<storage::Result<_>>()?;
        Ok(Self { page: page.clone(), comments })
    }

    /// Whether there is none on it.
    pub(crate) fn is_empty(&self) -> bool {
        self.comments.is_empty()
    }
}

/// The page as the edge answers it.
pub(crate) fn answer(
    call: &Call<'_>,
    under: &Under,
    listed: &Listed,
    edge: &Edge,
    asked: &[Field],
) -> Result<Value> {
    let entry = |loaded: &Loaded| {
        let shown = node::show(call, under, loaded, asked, Through::Itself)?;
        Ok((Cursor(loaded.comment.id, 0), shown))
    };
    let entries = listed.comments.iter().map(entry).collect::<Result<Vec<_>>>()?;
    Ok(edge.answer(&listed.page, entries))
}
