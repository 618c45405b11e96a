//! `POST /{ig-id}/media`: containers.

use super::files::{self, Flaw, Video};
use super::settings::Setting;
use super::store::containers;
use super::{Container, rules};
use crate::accounts;
use crate::assets::{self, NewAsset, Owner, Purpose};
use crate::failure::Result;
use crate::graph::Call;
use crate::{Platform, people};
use clock::Micros;
use graph_api::ids::{NodeKind, decimal};
use graph_api::publish::{self, NewContainer, Shape, Source};
use graph_api::{ErrorName, GraphError, Host, limits};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Tx;

/// Makes a container: `{"id"}`, and for a video that is to be uploaded `"uri"`.
pub(super) async fn create(call: &Call<'_>) -> Result<Value> {
    let settings = &call.platform.settings.publishing;
    let takes_upload = call.host == Host::Facebook || settings.is_on(Setting::UploadsEverywhere);
    let new = publish::read(call.params, call.host, takes_upload)?;
    let view = call.node.account().ok_or(ErrorName::Unknown)?;
    let is_creator = view.account.kind == accounts::store::CREATOR;
    if new.shape.is_story() && is_creator && settings.is_on(Setting::BusinessStories) {
        // That stories are for business accounts is documented for Facebook Login; the error is unconfirmed.
        return Err(GraphError::invalid(
            "media_type",
            "REELS or CAROUSEL: stories are for business accounts",
        )
        .into());
    }
    let files = Files::bring(call.platform, &new).await?;
    let is_upload = new.source == Source::Upload;
    let (this, app, account) = (Arc::clone(call.platform), call.caller.app.id, view.account.id);
    let id = call.platform.db.write(move |tx| store(tx, &this, (account, app), &new, &files)).await?;
    let mut answer = json!({ "id": id.to_string() });
    if is_upload {
        answer["uri"] = super::upload::uri(call, id).into();
    }
    Ok(answer)
}

/// What was fetched for a container.
#[derive(Clone)]
struct Files {
    picture: Option<NewAsset>,
    video: Option<Result<Video, Flaw>>,
    cover: Option<NewAsset>,
}

impl Files {
    async fn bring(platform: &Arc<Platform>, new: &NewContainer) -> Result<Self> {
        let (mut picture, mut video) = (None, None);
        match &new.source {
            Source::Url(url) if new.shape.is_video() => {
                files::fetchable(url)?;
                let found = files::video(platform, url, new.shape).await?;
                if let (Ok(video), Some(offset)) = (&found, new.thumb_offset)
                    && !is_within(offset, video.millis)
                {
                    let length = video.millis.to_string();
                    return Err(GraphError::with(ErrorName::ThumbOffsetInvalid, [&length]).into());
                }
                video = Some(found);
            }
            Source::Url(url) => picture = Some(files::picture(platform, url, Some(new.shape)).await?),
            Source::Upload | Source::Children(_) => {}
        }
        let cover = match &new.cover_url {
            Some(url) => Some(files::picture(platform, url, None).await?),
            None => None,
        };
        Ok(Self { picture, video, cover })
    }
}

/// Whether an instant lies within a video.
pub(super) fn is_within(offset: i64, millis: u64) -> bool {
    u64::try_from(offset).is_ok_and(|offset| offset < millis)
}

fn store(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    (account, app): (i64, i64),
    new: &NewContainer,
    files: &Files,
) -> Result<i64> {
    accounts::store::lock(tx, account)?;
    let now = tx.now();
    let settings = &platform.settings.publishing;
    containers::clear_expired(tx, platform, account)?;
    let since = now.minus(limits::PUBLISHING_DAY);
    if containers::made_since(tx, account, since)? >= settings.get(Setting::Containers) {
        return Err(ErrorName::ContainersUsed.into());
    }
    people(tx, new)?;
    place(tx, new)?;
    let (children, waits) = children(tx, (account, app), new, now)?;
    let owner = Owner { account, app };
    let mut add = |file: &NewAsset| assets::store::add(tx, file, owner, Purpose::Media).map(|asset| asset.id);
    let (mut error, mut reason, mut asset, mut thumbnail) = (None, String::new(), None, None);
    match &files.video {
        Some(Ok(video)) => {
            asset = Some(add(&video.file)?);
            if files.cover.is_none() {
                thumbnail = Some(add(&video.thumbnail)?);
            }
        }
        Some(Err(flaw)) => (error, reason) = (Some(flaw.subcode), flaw.reason.clone()),
        None => {}
    }
    if let Some(picture) = &files.picture {
        asset = Some(add(picture)?);
    }
    if let Some(cover) = &files.cover {
        thumbnail = Some(add(cover)?);
    }
    let is_upload = new.source == Source::Upload;
    let ready_at = (!is_upload).then(|| ready_at(platform, new.shape, now).max(waits));
    let mut container = Container {
        account,
        id: 0,
        app,
        shape: new.shape,
        caption: new.caption.clone(),
        asset,
        thumbnail,
        thumb_offset: new.thumb_offset.unwrap_or(0),
        details: new.details.clone(),
        children,
        is_upload,
        created_at: now,
        ready_at,
        expires_at: now.plus(settings.span(Setting::ContainerLife)),
        published: None,
        error,
        reason,
    };
    containers::create(tx, &mut container)?;
    Ok(container.id)
}

/// When what is there now will be processed.
pub(super) fn ready_at(platform: &Platform, shape: Shape, now: Micros) -> Micros {
    let processing = if shape.is_video() { Setting::VideoProcessing } else { Setting::ImageProcessing };
    now.plus(platform.settings.publishing.span(processing))
}

/// Only those who exist, and are not private, can be tagged or asked (doc: IG User Media; the errors are unconfirmed).
fn people(tx: &mut Tx<'_>, new: &NewContainer) -> Result<()> {
    let tagged = new.details.user_tags.iter().map(|tag| ("user_tags[username]", &tag.username));
    let asked = new.details.collaborators.iter().map(|name| ("collaborators", name));
    for (parameter, name) in tagged.chain(asked) {
        let person = people::store::with_username(tx, name)?;
        if person.is_none_or(|person| person.is_private) {
            let told = "the username of a public Instagram account";
            return Err(GraphError::invalid(parameter, told).explain(format!("There is no {name}.")).into());
        }
    }
    Ok(())
}

/// A place is a page; which pages have an address is not known here, so any that exists will do.
fn place(tx: &mut Tx<'_>, new: &NewContainer) -> Result<()> {
    let Some(place) = &new.details.location_id else { return Ok(()) };
    let page = decimal(place).filter(|id| NodeKind::of(*id) == Some(NodeKind::Page));
    let found = match page {
        Some(id) => accounts::store::by_page(tx, id)?,
        None => None,
    };
    found.map(drop).ok_or_else(|| ErrorName::LocationInvalid.into())
}

/// The containers of a carousel, and when all of them are processed.
fn children(
    tx: &mut Tx<'_>,
    (account, app): (i64, i64),
    new: &NewContainer,
    now: Micros,
) -> Result<(Vec<i64>, Micros)> {
    let Source::Children(named) = &new.source else { return Ok((Vec::new(), now)) };
    let mut children = Vec::with_capacity(named.len());
    let mut waits = now;
    for name in named {
        let id = decimal(name).filter(|id| NodeKind::of(*id) == Some(NodeKind::Container));
        let child = match id {
            Some(id) => containers::find(tx, account, id)?,
            None => None,
        };
        let refused = || {
            let told = "a list of containers that were made with is_carousel_item";
            GraphError::invalid("children", told).explain(format!("{name} is none, or is gone."))
        };
        let child = child.filter(|child| child.app == app && child.shape.is_item()).ok_or_else(refused)?;
        let is_gone =
            matches!(rules::status(&child, &[], now), rules::Status::Published | rules::Status::Expired);
        if is_gone || children.contains(&child.id) {
            return Err(refused().into());
        }
        waits = waits.max(child.ready_at.unwrap_or(now));
        children.push(child.id);
    }
    Ok((children, waits))
}
