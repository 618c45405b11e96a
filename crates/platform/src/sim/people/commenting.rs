//! What people do with comments, and mentions.

use super::sending::{UNHEARD, hears_of_story, not_had};
use super::{Input, SimError, SimResult, account, person, play, scene_to};
use crate::Platform;
use crate::assets;
use crate::comments::acts;
use crate::comments::writing::{Author, Writing};
use crate::conversations::{Attachment, Content, Product};
use crate::mentions;
use crate::people::acts::Writing as Message;
use crate::people::files::Files;
use crate::publishing::{self, Media};
use graph_api::ids::{NodeKind, decimal};
use graph_api::limits;
use graph_api::media::AttachmentKind;
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /sim/people/{u}/comment {"media_id","text","parent_id"?,"live"?,"ad"?}`: `{"id"}`. `live` says that the media must be
/// a broadcast, `ad` that it is seen as an ad of the account's.
pub(in crate::sim) async fn comment(platform: &Arc<Platform>, who: &str, mut input: Input) -> SimResult {
    let (media, text) = (input.required("media_id")?, text(&mut input)?);
    let text = text.ok_or_else(|| SimError::bad("text", "text is required"))?;
    let (parent, live, ad) = (input.text("parent_id")?, input.flag("live")?, input.text("ad")?);
    input.done()?;
    if ad.is_some() && parent.is_some() {
        return Err(SimError::bad("ad", "a reply is where its comment is"));
    }
    let ad = ad.map(|id| {
        let missing = || SimError::bad("ad", "there is no such ad").with_status(StatusCode::NOT_FOUND);
        decimal(&id).ok_or_else(missing)
    });
    let ad = ad.transpose()?;
    let parent = parent.map(|id| comment_id("parent_id", &id)).transpose()?;
    let media = media_of(platform, &media).await?;
    if live.is_some_and(|live| live != (media.product == Product::Live)) {
        return Err(SimError::bad("live", "must tell whether the media is a broadcast"));
    }
    let writing = Writing { ad, ..writing(platform, who, &media, text, false).await? };
    write(platform, writing, &media, parent).await
}

async fn write(platform: &Arc<Platform>, writing: Writing, media: &Media, parent: Option<i64>) -> SimResult {
    let place = (media.account, media.id);
    let written = platform.db.write(move |tx| acts::comment(tx, &writing, place, parent)).await?;
    Ok(json!({ "id": written.id.to_string() }))
}

/// `POST /sim/people/{u}/like {"comment_id"}`, `/unlike`, and `/uncomment`, which takes a comment of one's own back.
pub(in crate::sim) async fn on_comment(
    platform: &Arc<Platform>,
    who: &str,
    act: &str,
    mut input: Input,
) -> SimResult {
    let id = comment_id("comment_id", &input.required("comment_id")?)?;
    input.done()?;
    let user_no = person(platform, who).await?.user_no;
    let (this, act) = (Arc::clone(platform), act.to_owned());
    platform
        .db
        .write(move |tx| match act.as_str() {
            "uncomment" => acts::take_back(tx, &this, user_no, id),
            act => acts::like(tx, &this, user_no, id, act == "like"),
        })
        .await?;
    Ok(json!({}))
}

/// `POST /sim/people/{u}/mention {"to","text"?,"media_id"?,"story"?,"url"?}`: `{"id"}` of the comment under `media_id`, of the
/// person's own post, or, for a story, of the message that it arrives as. Both logins are told. `url` is the picture of
/// the post or story.
pub(in crate::sim) async fn mention(platform: &Arc<Platform>, who: &str, mut input: Input) -> SimResult {
    let (to, text) = (input.required("to")?, text(&mut input)?);
    let (media, url) = (input.text("media_id")?, input.text("url")?);
    let story = input.flag("story")?.unwrap_or(false);
    input.done()?;
    if story && (media.is_some() || text.is_some()) {
        return Err(SimError::bad("story", "a story's mention has neither text nor media_id"));
    }
    if media.is_some() && url.is_some() {
        return Err(SimError::bad("url", "a comment has no picture"));
    }
    if story {
        return in_story(platform, who, &to, url).await;
    }
    let username = account(platform, &to).await?.account.username.clone();
    let text = match text {
        None => format!("@{username}"),
        Some(text) if mentions::text::names(&text).contains(&username.to_ascii_lowercase()) => text,
        Some(text) => format!("{text} @{username}"),
    };
    match media {
        Some(media) => {
            let media = media_of(platform, &media).await?;
            let writing = writing(platform, who, &media, text, true).await?;
            write(platform, writing, &media, None).await
        }
        None => in_post(platform, who, text, url).await,
    }
}

async fn in_story(platform: &Arc<Platform>, who: &str, to: &str, url: Option<String>) -> SimResult {
    let scene = scene_to(platform, who, to).await?;
    let files = match &url {
        Some(url) => Files::bring_story(&scene, url).await.map_err(|failure| not_had(failure, "url"))?,
        None => Files::stand_in(&scene).await?,
    };
    if !hears_of_story(&scene).await? {
        return Ok(json!({ "id": null, "unheard": UNHEARD }));
    }
    let written = play(scene, move |scene, tx| {
        let story = files.story(tx, scene.key().account)?;
        let content = Content { attachments: vec![Attachment::StoryMention(story)], ..Content::default() };
        scene.write(tx, &Message { content, ..Message::default() })
    });
    Ok(json!({ "id": written.await?.mid() }))
}

async fn in_post(platform: &Arc<Platform>, who: &str, text: String, url: Option<String>) -> SimResult {
    let picture = match &url {
        Some(url) => {
            let fetched = assets::fetch(platform, url, AttachmentKind::Image).await;
            Some(fetched.map_err(|failure| not_had(failure, "url"))?)
        }
        None => None,
    };
    let person = person(platform, who).await?;
    let name = person.username.clone();
    let own = platform.db.read(move |db| crate::accounts::store::by_username(db, &name)).await?;
    // Posts of an account are its own, those of others the person's.
    let place = own.map_or(person.user_no, |account| account.id);
    let writing = Writing {
        platform: Arc::clone(platform),
        owner: platform.directory.account(place).await?,
        mentioned: mentions::mentioned(platform, &text).await?,
        tells_every_login: true,
        author: Author::person(&person),
        ad: None,
        app: 0,
        text,
    };
    let published =
        platform.db.write(move |tx| mentions::acts::publish(tx, &writing, place, picture.as_ref())).await?;
    Ok::<Value, SimError>(json!({ "id": published.id.to_string() }))
}

async fn writing(
    platform: &Arc<Platform>,
    who: &str,
    media: &Media,
    text: String,
    tells_every_login: bool,
) -> Result<Writing, SimError> {
    let author = person(platform, who).await?;
    Ok(Writing {
        platform: Arc::clone(platform),
        owner: platform.directory.account(media.account).await?,
        mentioned: mentions::mentioned(platform, &text).await?,
        tells_every_login,
        author: Author::person(&author),
        ad: None,
        app: 0,
        text,
    })
}

/// `text`, within the app's limit.
fn text(input: &mut Input) -> Result<Option<String>, SimError> {
    let Some(text) = input.text("text")? else { return Ok(None) };
    if text.trim().is_empty() {
        return Err(SimError::bad("text", "must not be blank"));
    }
    if text.chars().count() > limits::COMMENT_TEXT {
        let most = limits::COMMENT_TEXT;
        return Err(SimError::bad("text", format!("must have at most {most} characters")));
    }
    Ok(Some(text))
}

fn comment_id(parameter: &str, id: &str) -> Result<i64, SimError> {
    let id = decimal(id).filter(|id| NodeKind::of(*id) == Some(NodeKind::Comment));
    id.ok_or_else(|| SimError::bad(parameter, "there is no such comment").with_status(StatusCode::NOT_FOUND))
}

async fn media_of(platform: &Arc<Platform>, id: &str) -> Result<Media, SimError> {
    let missing = || SimError::bad("media_id", "there is no such media").with_status(StatusCode::NOT_FOUND);
    let id = decimal(id).ok_or_else(missing)?;
    platform.db.read(move |db| publishing::store::by_id(db, id)).await?.ok_or_else(missing)
}
