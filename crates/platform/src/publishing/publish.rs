//! `POST /{ig-id}/media_publish`, and how much of that is left: `GET /{ig-id}/content_publishing_limit`.

use super::rules::{self, Status};
use super::settings::Setting;
use super::store::{self, New, containers, tags};
use super::{ALBUM, Container, IMAGE, Media, VIDEO};
use crate::conversations::Product;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{FieldValue, NodeType, asked};
use crate::{Platform, accounts, hashtags, people};
use clock::Micros;
use graph_api::ids::{NodeKind, decimal};
use graph_api::publish::Shape;
use graph_api::{ErrorName, GraphError, limits, time};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::Tx;

/// Publishes a container: `{"id"}` of the medium, which is another id than the container's.
pub(super) async fn publish(call: &Call<'_>) -> Result<Value> {
    let named = call.params.required_text("creation_id")?.trim().to_owned();
    let (this, app) = (Arc::clone(call.platform), call.caller.app.id);
    let account = call.node.account().ok_or(ErrorName::Unknown)?.account.id;
    let id = call.platform.db.write(move |tx| of_container(tx, &this, (account, app), &named)).await?;
    Ok(json!({ "id": id.to_string() }))
}

fn of_container(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    (account, app): (i64, i64),
    named: &str,
) -> Result<i64> {
    accounts::store::lock(tx, account)?;
    let unknown = || GraphError::with(ErrorName::ContainerUnknown, [named]);
    let id =
        decimal(named).filter(|id| NodeKind::of(*id) == Some(NodeKind::Container)).ok_or_else(unknown)?;
    let container =
        containers::lock(tx, account, id)?.filter(|found| found.app == app).ok_or_else(unknown)?;
    if container.shape.is_item() {
        return Err(GraphError::invalid(
            "creation_id",
            "the id of a container that is no item of a carousel",
        )
        .into());
    }
    let children = containers::children(tx, &container)?;
    let settings = &platform.settings.publishing;
    match rules::status(&container, &children, tx.now()) {
        Status::Finished => {}
        Status::Published => {
            return match container.published.filter(|_| settings.is_on(Setting::LenientRepublishing)) {
                Some((_, media)) => Ok(media),
                None => Err(GraphError::with(ErrorName::ContainerPublished, [named]).into()),
            };
        }
        Status::Expired => return Err(ErrorName::ContainerExpired.into()),
        // What is wrong with it, its status tells.
        Status::InProgress | Status::Error(_) => return Err(ErrorName::MediaNotReady.into()),
    }
    let since = tx.now().minus(limits::PUBLISHING_DAY);
    if containers::published_since(tx, account, since)? >= settings.get(Setting::Publications) {
        return Err(ErrorName::PublicationsUsed.into());
    }
    let media = bring_out(tx, &container, &children)?;
    super::tell(tx, platform, &media, "published");
    Ok(media.id)
}

/// Makes the medium of a container, with its parts.
fn bring_out(tx: &mut Tx<'_>, container: &Container, children: &[Container]) -> Result<Media> {
    let product = match container.shape {
        Shape::Reel => Product::Reels,
        shape if shape.is_story() => Product::Story,
        _ => Product::Feed,
    };
    let first = children.first();
    let asset = container.asset.or(first.and_then(|child| child.asset)).ok_or(ErrorName::MediaNotReady)?;
    let new = New {
        account: container.account,
        parent: None,
        product,
        media_type: media_type(container.shape),
        caption: &container.caption,
        asset,
        thumbnail: container.thumbnail,
        link_sticker_url: None,
        details: container.details.clone(),
    };
    let media = one(tx, container, &new)?;
    for child in children {
        let part = New {
            parent: Some(media.id),
            media_type: media_type(child.shape),
            caption: "",
            asset: child.asset.ok_or(ErrorName::MediaNotReady)?,
            thumbnail: child.thumbnail,
            details: child.details.clone(),
            ..New { details: Default::default(), ..new }
        };
        one(tx, child, &part)?;
    }
    if product != Product::Story {
        hashtags::store::note(tx, &media)?;
    }
    Ok(media)
}

fn one(tx: &mut Tx<'_>, container: &Container, new: &New<'_>) -> Result<Media> {
    let media = store::create(tx, new)?;
    for tag in &container.details.user_tags {
        if let Some(person) = people::store::with_username(tx, &tag.username)? {
            // Who is tagged in a part of an album is tagged in the album.
            let shown = Media { id: media.parent.unwrap_or(media.id), ..media.clone() };
            tags::add(tx, &shown, person.user_no)?;
        }
    }
    containers::set_published(tx, container, media.id)?;
    Ok(media)
}

const fn media_type(shape: Shape) -> &'static str {
    match shape {
        Shape::Carousel => ALBUM,
        shape if shape.is_video() => VIDEO,
        _ => IMAGE,
    }
}

/// `{"data":[{"quota_usage","config"}]}` (doc: Content Publishing Limit): a list of one. Without `fields`, the usage alone.
pub(super) async fn limit(call: &Call<'_>) -> Result<Value> {
    let asked = asked(call.params, "quota_usage")?;
    let now = call.platform.clock.now();
    let since = since(call, now)?;
    let account = call.node.account().ok_or(ErrorName::Unknown)?.account.id;
    let usage = call.platform.db.read(move |db| containers::published_since(db, account, since)).await?;
    let total = call.platform.settings.publishing.get(Setting::Publications);
    let mut limit = Map::new();
    for field in &asked {
        let value = match field.name.as_str() {
            "quota_usage" => FieldValue::Is(usage.into()),
            "config" => {
                let duration = limits::PUBLISHING_DAY.as_secs();
                FieldValue::Is(json!({ "quota_total": total, "quota_duration": duration }))
            }
            _ => FieldValue::Unknown,
        };
        match value {
            FieldValue::Is(value) => drop(limit.insert(field.name.clone(), value)),
            FieldValue::Absent => {}
            FieldValue::Unknown => {
                let kind = NodeType::PublishingLimit.name();
                return Err(GraphError::with(ErrorName::UnknownField, [&field.name, kind]).into());
            }
        }
    }
    Ok(json!({ "data": [limit] }))
}

/// Since when publications are counted: no longer than a day ago (doc; the error is unconfirmed).
fn since(call: &Call<'_>, now: Micros) -> Result<Micros> {
    let day = now.minus(limits::PUBLISHING_DAY);
    let Some(text) = call.params.text("since")?.filter(|text| !text.is_empty()) else { return Ok(day) };
    let since = time::parse(text.trim()).filter(|since| *since >= Micros(day.0 / 1_000_000 * 1_000_000));
    Ok(since.ok_or_else(|| GraphError::invalid("since", "a Unix timestamp within the last 24 hours"))?)
}
