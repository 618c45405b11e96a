//! What the node of a medium shows of what was counted.

use super::{answer, store};
use crate::failure;
use crate::graph::Call;
use crate::publishing::Media;
use graph_api::fields::Field;
use serde_json::Value;
use storage::{Read, Result};

/// The counters of a medium.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Likes that stand.
    pub likes: i64,
    /// Saves that stand.
    pub saved: i64,
    /// Shares.
    pub shares: i64,
    /// Reposts that stand.
    pub reposts: i64,
    /// Views.
    pub views: i64,
}

/// The counters of a medium.
pub(crate) fn totals(db: &mut impl Read, account: i64, media: i64) -> Result<Totals> {
    let parts = store::of_media(db, account, media)?;
    Ok(Totals {
        likes: parts.get("likes"),
        saved: parts.get("saved"),
        shares: parts.get("shares"),
        reposts: parts.get("reposts"),
        views: parts.get("views"),
    })
}

/// What the fields of a medium need of what was counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfMedia {
    /// The counters.
    pub totals: Totals,
    /// The field `insights`, if it is asked for.
    pub listed: Option<Value>,
}

/// What the asked fields of the caller's own medium need.
pub(crate) async fn of_node(call: &Call<'_>, media: &Media, asked: &[Field]) -> failure::Result<OfMedia> {
    let mut found = of_others(call, media, asked).await?;
    if let Some(field) = asked.iter().find(|field| field.name == "insights") {
        found.listed = Some(answer::of_medium(call, media, field).await?);
    }
    Ok(found)
}

/// The same of anybody's medium: no more than the counters.
pub(crate) async fn of_others(call: &Call<'_>, media: &Media, asked: &[Field]) -> failure::Result<OfMedia> {
    let mut found = OfMedia::default();
    if asked.iter().any(|field| field.name.ends_with("_count")) {
        let (account, id) = (media.account, media.id);
        found.totals = call.platform.db.read(move |db| totals(db, account, id)).await?;
    }
    Ok(found)
}
