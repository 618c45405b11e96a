//! Comments as everybody but the API sees them, and what an account's owner does with them in the Instagram app.

use super::input::{Input, Query};
use super::people::account;
use super::{SimError, SimResult};
use crate::Platform;
use crate::comments::Comment;
use crate::comments::moderation::{Moderation, moderate as do_moderate};
use crate::comments::store::{self, Which};
use crate::graph::paging::{Bound, Cursor, Page};
use crate::people;
use crate::publishing;
use graph_api::ids::{MessageKey, NodeKind, decimal};
use graph_api::time;
use serde_json::{Value, json};
use std::sync::Arc;

/// Replies that are shown of a comment.
const REPLIES: u32 = 1000;

/// `GET /sim/media/{id}/comments?limit=&before=`: `{"comments":[…],"before"?}`, the newest first, each with its replies.
pub(super) async fn list(platform: &Arc<Platform>, named: &str, query: &Query) -> SimResult {
    let limit = u32::try_from(query.limit(100, 1000)?).unwrap_or(100);
    let from = match query.text("before") {
        None => Bound::Start,
        Some(id) => {
            let id = decimal(id).ok_or_else(|| SimError::bad("before", "must be a comment's id"))?;
            Bound::After(Cursor(id, 0))
        }
    };
    let missing = || SimError::not_found(&format!("media {named}"));
    let id = decimal(named).ok_or_else(missing)?;
    let found = platform
        .db
        .read(move |db| {
            let Some(media) = publishing::store::by_id(db, id)? else { return Ok(None) };
            let mut shown = Vec::new();
            let page = Page { limit, from: from.clone() };
            for comment in store::page(db, &media, (None, Which::All), &page)? {
                let all = Page { limit: REPLIES, from: Bound::Start };
                let replies = store::page(db, &media, (Some(comment.id), Which::All), &all)?;
                shown.push((comment, replies));
            }
            Ok::<_, storage::Error>(Some(shown))
        })
        .await?;
    let mut found = found.ok_or_else(missing)?;
    let is_cut = found.len() > limit as usize;
    found.truncate(limit as usize);
    let before = found.last().filter(|_| is_cut).map(|(comment, _)| comment.id.to_string());
    let comments = found.iter().map(|(comment, replies)| {
        let mut shown = one(comment);
        shown["replies"] = replies.iter().map(one).collect();
        shown
    });
    let mut answer = json!({ "comments": comments.collect::<Vec<Value>>() });
    if let Some(before) = before {
        answer["before"] = before.into();
    }
    Ok(answer)
}

fn one(comment: &Comment) -> Value {
    let mut shown = json!({
        "id": comment.id.to_string(),
        "from": comment.username,
        "text": comment.text,
        "timestamp": time::rfc3339(comment.created_at),
        "hidden": comment.is_hidden,
        "like_count": comment.likes,
        "app_id": (comment.app != 0).then(|| comment.app.to_string()),
    });
    if let Some(ad) = comment.ad {
        shown["ad_id"] = ad.to_string().into();
    }
    if let Some(at) = comment.private_reply_at {
        let account = comment.owner;
        let key = MessageKey { account, igsid: people::igsid(account, comment.author), at };
        shown["private_reply"] = key.mid().into();
    }
    shown
}

/// `POST /sim/accounts/{u}/comments/{id}/hide`, `/unhide` or `/delete`.
pub(super) async fn moderate(
    platform: &Arc<Platform>,
    name: &str,
    id: &str,
    act: &str,
    input: Input,
) -> SimResult {
    input.done()?;
    let what = match act {
        "hide" => Moderation::Hide,
        "unhide" => Moderation::Show,
        "delete" => Moderation::Delete,
        _ => return Err(SimError::not_found(&format!("act {act}"))),
    };
    let missing = || SimError::not_found(&format!("comment {id} under a post of @{name}"));
    let comment =
        decimal(id).filter(|id| NodeKind::of(*id) == Some(NodeKind::Comment)).ok_or_else(missing)?;
    let account = account(platform, name).await?.account.id;
    let this = Arc::clone(platform);
    let done = platform.db.write(move |tx| do_moderate(tx, &this, (account, comment), what)).await?;
    if done { Ok(json!({})) } else { Err(missing()) }
}
