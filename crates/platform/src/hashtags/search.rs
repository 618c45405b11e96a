//! `GET /ig_hashtag_search`, and what an account has looked for.

use super::store;
use crate::accounts;
use crate::directory::{AccountView, Identity};
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::Node;
use crate::graph::paging::{Cursor, Edge, Page};
use graph_api::ids::decimal;
use graph_api::{ErrorName, GraphError, limits};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /ig_hashtag_search?user_id=&q=`: `{"data":[{"id"}]}`, a list of one.
///
/// Errors: 24 for a hashtag that nobody has used, 18 for the thirty-first within seven days, 100/33 for an account that the
/// token was not given for.
pub(super) async fn search(call: &Call<'_>) -> Result<Value> {
    let view = account(call).await?;
    let asked = call.params.required_text("q")?.trim().trim_start_matches('#').to_lowercase();
    if asked.is_empty() || asked.contains(char::is_whitespace) {
        return Err(GraphError::invalid("q", "a hashtag").into());
    }
    let account = view.account.id;
    let found = call
        .platform
        .db
        .write(move |tx| {
            accounts::store::lock(tx, account)?;
            let hashtag = store::by_name(tx, &asked)?;
            let hashtag = hashtag.ok_or_else(|| GraphError::with(ErrorName::HashtagUnknown, [&asked]))?;
            let since = tx.now().minus(limits::HASHTAG_SPAN);
            let searched = store::searched_since(tx, account, since)?;
            // The same one again counts once.
            if !searched.contains(&hashtag.id) {
                if searched.len() >= limits::HASHTAGS as usize {
                    return Err(ErrorName::HashtagsUsed.into());
                }
                store::note_search(tx, account, hashtag.id)?;
            }
            Ok::<_, crate::Failure>(hashtag.id)
        })
        .await?;
    Ok(json!({ "data": [{ "id": found.to_string() }] }))
}

/// The account that `user_id` names, if the token was given for it.
pub(super) async fn account(call: &Call<'_>) -> Result<Arc<AccountView>> {
    let named = call.params.required_text("user_id")?;
    let unknown = || GraphError::with(ErrorName::UnknownObject, ["get", &named]);
    let id = decimal(named.trim()).ok_or_else(unknown)?;
    let view = match &call.caller.identity {
        Identity::Page(view) if view.account.id == id => Some(Arc::clone(view)),
        Identity::User(_) if call.caller.account(id).is_some() => call.platform.directory.account(id).await?,
        _ => None,
    };
    Ok(view.ok_or_else(unknown)?)
}

/// `GET /{ig-id}/recently_searched_hashtags`: within seven days; 25 of them, or up to 30.
pub(super) async fn recently(call: &Call<'_>) -> Result<Value> {
    let Node::Account(view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let page = Page::of_request(call.params)?;
    let page = Page { limit: page.limit.min(limits::HASHTAGS), ..page };
    let (account, wanted) = (view.account.id, page.clone());
    let found = call
        .platform
        .db
        .read(move |db| {
            let since = db.now().minus(limits::HASHTAG_SPAN);
            store::searched_page(db, account, since, &wanted)
        })
        .await?;
    let entries = found.iter().map(|tag| (Cursor(*tag, 0), json!({ "id": tag.to_string() })));
    Ok(Edge::of_request(call).with_both_cursors().answer(&page, entries.collect()))
}
