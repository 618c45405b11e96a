//! A hashtag, and the media that have it (doc: IG Hashtag; its recent and top media).

use super::search::account;
use super::store;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{FieldValue, Node, NodeType, asked, select};
use crate::graph::paging::{Edge, Page};
use crate::publishing::node::{self as publishing_node, DEFAULT, Shown, Through};
use crate::publishing::{ALBUM, edges};
use clock::Micros;
use graph_api::{ErrorName, GraphError, limits};
use serde_json::Value;

/// Entries of a page, at most (doc: IG Hashtag Recent Media).
const MOST: u32 = 50;

/// `GET /{hashtag-id}?fields=id,name`.
pub(super) async fn node(call: &Call<'_>) -> Result<Value> {
    let Node::Hashtag(hashtag) = call.node else { return Err(ErrorName::Unknown.into()) };
    let asked = asked(call.params, "id")?;
    Ok(select(NodeType::Hashtag, hashtag.id.to_string(), &asked, |field| {
        Ok(match field.name.as_str() {
            "name" => FieldValue::Is(hashtag.name.as_str().into()),
            _ => FieldValue::Unknown,
        })
    })?)
}

/// `GET /{hashtag-id}/recent_media?user_id=`: of the last 24 hours.
pub(super) async fn recent(call: &Call<'_>) -> Result<Value> {
    let since = call.platform.clock.now().minus(limits::HASHTAG_RECENT);
    list(call, since).await
}

/// `GET /{hashtag-id}/top_media?user_id=`: of all time. Which are the most popular, nobody can say here: the newest come
/// first.
pub(super) async fn top(call: &Call<'_>) -> Result<Value> {
    list(call, Micros(0)).await
}

async fn list(call: &Call<'_>, since: Micros) -> Result<Value> {
    let Node::Hashtag(hashtag) = call.node else { return Err(ErrorName::Unknown.into()) };
    account(call).await?;
    let asked = asked(call.params, DEFAULT)?;
    let page = Page::of_request(call.params)?;
    let page = Page { limit: page.limit.min(MOST), ..page };
    let (id, wanted, fields) = (hashtag.id, page.clone(), asked.clone());
    let mut shown = call
        .platform
        .db
        .read(move |db| {
            let found = store::media(db, id, since, &wanted)?;
            // Whose they are is not told (doc): no name is needed.
            let shown = found.into_iter().map(|media| Shown::read(db, media, "", &fields));
            shown.collect::<storage::Result<Vec<_>>>()
        })
        .await?;
    publishing_node::comment(call, &mut shown, &asked, Through::Hashtag).await?;
    // The pictures of albums have one way only: `children` (doc: no media_url for albums).
    if asked.iter().any(|field| field.name == "thumbnail_url") {
        let kind = NodeType::Media.name();
        return Err(GraphError::with(ErrorName::UnknownField, ["thumbnail_url", kind]).into());
    }
    let edge = Edge::of_request(call);
    let mut answer = edges::listed(call, &edge, &page, &shown, &asked, Through::Hashtag)?;
    for (entry, shown) in answer["data"].as_array_mut().into_iter().flatten().zip(&shown) {
        if shown.media.media_type == ALBUM
            && let Some(entry) = entry.as_object_mut()
        {
            entry.remove("media_url");
        }
    }
    Ok(answer)
}
