//! The edges of an account that list media: `media`, `stories`, `live_media` and `tags`; also as fields of its node.

use super::node::{DEFAULT, Shown, Through, show};
use super::settings::Setting;
use super::store::{self, Span, Which, tags};
use super::{Media, node};
use crate::accounts::{self, Account};
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{Node, NodeType, asked};
use crate::graph::paging::{Cursor, Edge, Page};
use clock::Micros;
use graph_api::fields::{self, Field};
use graph_api::{ErrorName, GraphError, Host, Params, time};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /{ig-id}/media`: posts and reels, the newest first; `since`, `until`, `limit`, `after`, `before`.
pub(super) async fn media(call: &Call<'_>) -> Result<Value> {
    in_path(call, Which::Posts).await
}

/// `GET /{ig-id}/stories`: those that have not ended.
pub(super) async fn stories(call: &Call<'_>) -> Result<Value> {
    in_path(call, Which::Stories).await
}

/// `GET /{ig-id}/live_media`: the broadcast, while it lasts.
pub(super) async fn live_media(call: &Call<'_>) -> Result<Value> {
    in_path(call, Which::Broadcasts).await
}

async fn in_path(call: &Call<'_>, which: Which) -> Result<Value> {
    let Node::Account(view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let asked = asked(call.params, DEFAULT)?;
    let (page, span) = (Page::of_request(call.params)?, span(call.params)?);
    let mut shown = read(call, &view.account, which, &page, span, &asked).await?;
    node::comment(call, &mut shown, &asked, Through::Itself).await?;
    let edge = Edge::of_request(call).with_both_cursors();
    Ok(listed(call, &edge, &page, &shown, &asked, Through::Itself)?)
}

/// One of these edges as a field of an account's node; `None`: the field is none of them. Of another account than the
/// caller's, only its posts can be seen.
pub(crate) async fn as_field(
    call: &Call<'_>,
    account: &Account,
    field: &Field,
    through: Through,
) -> Result<Option<Value>> {
    let which = match field.name.as_str() {
        "media" => Which::Posts,
        "stories" if through == Through::Itself => Which::Stories,
        "live_media" if through == Through::Itself => Which::Broadcasts,
        _ => return Ok(None),
    };
    let default = fields::parse(DEFAULT)?;
    let asked = field.fields.clone().unwrap_or(default);
    let page = Page::of_field(field)?;
    let mut shown = read(call, account, which, &page, EVER, &asked).await?;
    node::comment(call, &mut shown, &asked, through).await?;
    let node = account.id.to_string();
    let edge = match through {
        // Nested cursors of others come without links (doc: Business Discovery).
        Through::Discovery => Edge::of_field(call, &node, field).without_links(),
        _ => Edge::of_field(call, &node, field),
    };
    Ok(Some(listed(call, &edge.with_both_cursors(), &page, &shown, &asked, through)?))
}

async fn read(
    call: &Call<'_>,
    account: &Account,
    which: Which,
    page: &Page,
    span: Span,
    asked: &[Field],
) -> Result<Vec<Shown>> {
    let (id, username) = (account.id, account.username.clone());
    let (page, asked) = (page.clone(), asked.to_vec());
    let read = move |db: &mut storage::ReadTx<'_>| {
        let found = store::page(db, id, which, &page, span)?;
        found.into_iter().map(|media| Shown::read(db, media, &username, &asked)).collect()
    };
    Ok(call.platform.db.read::<Vec<Shown>, storage::Error>(read).await?)
}

/// A page of media as it is answered.
pub(crate) fn listed(
    call: &Call<'_>,
    edge: &Edge,
    page: &Page,
    shown: &[Shown],
    asked: &[Field],
    through: Through,
) -> graph_api::Result<Value> {
    let entry = |shown: &Shown| Ok((Cursor(shown.media.id, 0), show(call, shown, asked, through)?));
    let entries = shown.iter().map(entry).collect::<graph_api::Result<Vec<_>>>()?;
    Ok(edge.answer(page, entries))
}

/// `GET /{ig-id}/tags`: the posts of others in which the account is tagged. Cursors come without links (doc: IG User, tags).
pub(super) async fn tagged(call: &Call<'_>) -> Result<Value> {
    let Node::Account(view) = call.node else { return Err(ErrorName::Unknown.into()) };
    if call.host == Host::Instagram && !call.platform.settings.publishing.is_on(Setting::TagsEverywhere) {
        return Err(GraphError::with(ErrorName::UnknownField, ["tags", NodeType::Account.name()]).into());
    }
    let asked = asked(call.params, DEFAULT)?;
    let page = Page::of_request(call.params)?;
    let (user_no, wanted, asked_for) = (view.account.user_no, page.clone(), asked.clone());
    let read = move |db: &mut storage::ReadTx<'_>| {
        let mut shown = Vec::new();
        for media in tags::page(db, user_no, &wanted)? {
            let Some(owner) = accounts::store::find(db, media.account)? else { continue };
            shown.push(Shown::read(db, media, &owner.username, &asked_for)?);
        }
        Ok::<_, storage::Error>(shown)
    };
    let mut shown = call.platform.db.read(read).await?;
    // Others' comments are counted, and not shown.
    node::comment(call, &mut shown, &asked, Through::Discovery).await?;
    let edge = Edge::of_request(call).with_both_cursors().without_links();
    Ok(listed(call, &edge, &page, &shown, &asked, Through::Itself)?)
}

/// All time.
const EVER: Span = (Micros(0), Micros(i64::MAX));

/// The span that `since` and `until` name: seconds since 1970, or an instant or day in words (doc: IG User Media).
fn span(params: &Params) -> graph_api::Result<Span> {
    let read = |name: &str| -> graph_api::Result<Option<Micros>> {
        let Some(text) = params.text(name)?.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        let refused = || GraphError::invalid(name, "a Unix timestamp, or a date such as 2026-01-31");
        time::parse_day(text.trim()).map(Some).ok_or_else(refused)
    };
    Ok((read("since")?.unwrap_or(EVER.0), read("until")?.unwrap_or(EVER.1)))
}

/// `POST /{media-id}?comment_enabled=true|false`.
pub(super) async fn set_comments(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, _) = call.node else { return Err(ErrorName::Unknown.into()) };
    let enabled =
        call.params.flag("comment_enabled")?.ok_or_else(|| GraphError::required("comment_enabled"))?;
    if media.product == crate::conversations::Product::Live {
        let told = GraphError::with(ErrorName::UnknownObject, ["post", &media.id.to_string()]);
        return Err(told.into());
    }
    let (account, id) = (media.account, media.id);
    call.platform
        .db
        .write(move |tx| {
            let media = store::lock(tx, account, id)?.ok_or_else(|| gone("post", id))?;
            Ok::<_, crate::Failure>(store::set_comments(tx, &media, enabled)?)
        })
        .await?;
    Ok(json!({ "success": true }))
}

/// `DELETE /{media-id}`: posts, whole albums, reels and stories (doc: IG Media, since 2025-12-03).
pub(super) async fn delete(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, _) = call.node else { return Err(ErrorName::Unknown.into()) };
    if !node::is_deletable(media) {
        return Err(ErrorName::MediaTypeNotDeletable.into());
    }
    let (this, account, id) = (Arc::clone(call.platform), media.account, media.id);
    call.platform
        .db
        .write(move |tx| {
            let media: Media = store::lock(tx, account, id)?.ok_or_else(|| gone("delete", id))?;
            store::delete(tx, &this, &media)?;
            super::tell(tx, &this, &media, "deleted");
            Ok::<_, crate::Failure>(())
        })
        .await?;
    Ok(json!({ "success": true, "deleted_id": id.to_string() }))
}

/// It was there when the path was looked at.
fn gone(verb: &str, id: i64) -> crate::Failure {
    GraphError::with(ErrorName::UnknownObject, [verb, &id.to_string()]).into()
}
