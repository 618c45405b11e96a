//! What accounts publish, as the sim shows it: in the world, as a list, and as a person sees it in the app.

use super::SimResult;
use super::input::Query;
use super::people::{account, person};
use crate::Platform;
use crate::accounts::Account;
use crate::assets::Links;
use crate::conversations::Product;
use crate::publishing::store::{self, containers};
use crate::publishing::{ALBUM, Container, Media, node, rules};
use clock::Micros;
use graph_api::time;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The containers of an account that are shown.
const CONTAINERS: u32 = 100;

/// Where pages and files are.
#[derive(Clone, Copy)]
struct Addresses<'a> {
    /// The address of the sandbox, without a slash at the end.
    base: &'a str,
    /// Makes the address of a medium's file.
    file: &'a dyn Fn(&Media, i64) -> String,
}

/// A medium with the parts of an album.
fn media(media: &Media, parts: &[Media], username: &str, at: Addresses<'_>) -> Value {
    let details = &media.details;
    let mut shown = json!({
        "id": media.id.to_string(),
        "media_product_type": media.product.name(),
        "media_type": media.media_type,
        "caption": media.caption,
        "timestamp": time::rfc3339(media.created_at),
        "permalink": node::permalink(at.base, media, username),
        "comments_enabled": media.comments_enabled,
    });
    if media.asset != 0 {
        shown["url"] = (at.file)(media, media.asset).into();
    }
    if let Some(thumbnail) = media.thumbnail {
        shown["thumbnail_url"] = (at.file)(media, thumbnail).into();
    }
    if let Some(end) = media.expires_at {
        shown["expires_at"] = time::rfc3339(end).into();
    }
    // Alternative text, tags and the like, as they are stored.
    if let Ok(Value::Object(details)) = serde_json::to_value(details)
        && !details.is_empty()
    {
        shown["details"] = details.into();
    }
    if media.media_type == ALBUM {
        let parts = parts.iter().filter(|part| part.parent == Some(media.id));
        // The album's own order is that of its ids; the list has the newest first.
        let mut children: Vec<&Media> = parts.collect();
        children.sort_by_key(|part| part.id);
        let children = children.into_iter().map(|part| self::media(part, &[], username, at));
        shown["children"] = children.collect();
    }
    shown
}

/// A container, with the reason why it failed.
pub(super) fn container(container: &Container, children: &[Container], now: Micros) -> Value {
    let status = rules::status(container, children, now);
    let mut shown = json!({
        "id": container.id.to_string(),
        "app_id": container.app.to_string(),
        "shape": container.shape.name(),
        "caption": container.caption,
        "status_code": status.code(),
        "status": status.text(),
        "created_at": time::rfc3339(container.created_at),
        "ready_at": container.ready_at.map(time::rfc3339),
        "expires_at": time::rfc3339(container.expires_at),
        "children": container.children.iter().map(i64::to_string).collect::<Vec<_>>(),
        "awaits_upload": container.is_upload && container.ready_at.is_none(),
    });
    if !container.reason.is_empty() {
        shown["reason"] = container.reason.as_str().into();
    }
    if let Some((at, media)) = container.published {
        shown["published_at"] = time::rfc3339(at).into();
        shown["media_id"] = media.to_string().into();
    }
    shown
}

/// `GET /sim/accounts/{u}/containers`: the newest ones, with what is wrong with those that failed.
pub(super) async fn containers(platform: &Arc<Platform>, name: &str) -> SimResult {
    let id = account(platform, name).await?.account.id;
    let found = platform
        .db
        .read(move |db| {
            let mut found = Vec::new();
            for container in containers::newest(db, id, CONTAINERS)? {
                let children = containers::children(db, &container)?;
                found.push((container, children));
            }
            Ok::<_, storage::Error>(found)
        })
        .await?;
    let now = platform.clock.now();
    let shown = found.iter().map(|(one, children)| container(one, children, now));
    Ok(json!({ "containers": shown.collect::<Vec<_>>() }))
}

/// `GET /sim/people/{u}/feed`: the stories, posts, reels and broadcasts of all accounts, the newest first; `limit` (100).
pub(super) async fn feed(platform: &Arc<Platform>, who: &str, query: &Query, links: &Links<'_>) -> SimResult {
    let limit = query.limit(100, 1000)?;
    let user_no = person(platform, who).await?.user_no;
    let (all, accounts, follows) = platform
        .db
        .read(move |db| {
            let accounts = crate::accounts::store::all(db)?;
            let mut follows = Vec::new();
            for account in &accounts {
                follows.push(crate::people::store::follows(db, user_no, account.user_no)?);
            }
            Ok::<_, storage::Error>((store::all(db)?, accounts, follows))
        })
        .await?;
    let now = platform.clock.now();
    let (mut stories, mut posts) = (Vec::new(), Vec::new());
    let file = |media: &Media, asset: i64| links.asset(media.account, asset, media.expires_at);
    let at = Addresses { base: links.base(), file: &file };
    let seen = all.iter().filter(|media| media.parent.is_none() && media.is_live(now));
    for one in seen {
        let owner = accounts.iter().zip(&follows).find(|(account, _)| account.id == one.account);
        let Some((account, follows)) = owner else { continue };
        let mut shown = media(one, &all, &account.username, at);
        shown["account"] = account.username.as_str().into();
        shown["followed"] = (*follows).into();
        let list = if one.product == Product::Story { &mut stories } else { &mut posts };
        if list.len() < limit {
            list.push(shown);
        }
    }
    Ok(json!({ "stories": stories, "posts": posts }))
}

/// The media of an account in the world that are of these products.
pub(super) fn of_account(
    all: &[Media],
    account: &Account,
    products: &[Product],
    (links, now): (&Links<'_>, Micros),
) -> Vec<Value> {
    let file = |media: &Media, asset: i64| links.asset(media.account, asset, media.expires_at);
    let at = Addresses { base: links.base(), file: &file };
    all.iter()
        .filter(|one| one.account == account.id && one.parent.is_none() && one.is_live(now))
        .filter(|one| products.contains(&one.product))
        .map(|one| media(one, all, &account.username, at))
        .collect()
}

/// The containers of an account in the world. Those of a carousel are found among the others.
pub(super) fn in_world(all: &[Container], now: Micros) -> Vec<Value> {
    let children = |one: &Container| -> Vec<Container> {
        let found = one.children.iter().filter_map(|id| all.iter().find(|child| child.id == *id));
        found.cloned().collect()
    };
    all.iter().map(|one| container(one, &children(one), now)).collect()
}

/// The settings of publishing.
pub(super) fn settings(platform: &Platform, shown: &mut Map<String, Value>) {
    use crate::publishing::settings::{Kind, Setting};
    for setting in Setting::ALL {
        let value = platform.settings.publishing.get(setting);
        let value = match setting.kind() {
            Kind::Flag => Value::from(value != 0),
            Kind::Number(_) => value.into(),
            // Seconds, as they may be given.
            Kind::Span(_) if value % 1000 == 0 => (value / 1000).into(),
            Kind::Span(_) => (value as f64 / 1000.0).into(),
        };
        shown.insert(setting.name().to_owned(), value);
    }
}
