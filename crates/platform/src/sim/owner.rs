//! Playing an account's owner inside the Instagram app.

use super::input::Input;
use super::people::{account, person, text};
use super::routing;
use super::world::World;
use super::{SimError, SimResult};
use crate::Platform;
use crate::accounts::acts::Desk;
use crate::accounts::{self};
use crate::assets::Links;
use crate::conversations::Folder;
use crate::directory::forget_after_commit;
use crate::insights;
use crate::people;
use crate::people::acts::Refused;
use graph_api::ids::ConversationKey;
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /sim/accounts/{u}/inbox/{conversation_id}/accept {"folder"?}`, `/decline`, `/move {"folder"}`, `/send {"text"}`,
/// `/take_control`, `/pass_control {"app"?}`, `/release_control`.
pub(super) async fn in_inbox(
    platform: &Arc<Platform>,
    name: &str,
    conversation: &str,
    act: &str,
    mut input: Input,
) -> SimResult {
    let folder = input.text("folder")?.map(|folder| match folder.as_str() {
        "primary" => Ok(Folder::Primary),
        "general" => Ok(Folder::General),
        _ => Err(SimError::bad("folder", "must be \"primary\" or \"general\"")),
    });
    let (folder, text) = (folder.transpose()?, text(&mut input)?);
    let to = input.text("app")?;
    input.done()?;
    let missing = || SimError::not_found(&format!("conversation {conversation}"));
    let key = ConversationKey::parse(conversation).ok_or_else(missing)?;
    let account = account(platform, name).await?;
    if key.account != account.account.id {
        return Err(missing());
    }
    let to = to.map(|id| routing::connected_app(&account, "app", &id)).transpose()?;
    let desk = Desk { platform: Arc::clone(platform), account, key };
    if to.is_some() && act != "pass_control" {
        return Err(SimError::bad("app", "the act takes no such parameter"));
    }
    let done = match (act, folder, text) {
        ("accept", folder, None) => {
            let folder = folder.unwrap_or(Folder::Primary);
            platform.db.write(move |tx| desk.accept(tx, folder).map(|()| None)).await
        }
        ("decline", None, None) => platform.db.write(move |tx| desk.decline(tx).map(|()| None)).await,
        ("move", Some(folder), None) => {
            platform.db.write(move |tx| desk.move_to(tx, folder).map(|()| None)).await
        }
        ("send", None, Some(text)) => platform.db.write(move |tx| desk.write(tx, &text).map(Some)).await,
        ("take_control", None, None) => {
            platform.db.write(move |tx| desk.take_control(tx).map(|()| None)).await
        }
        ("pass_control", None, None) => {
            platform.db.write(move |tx| desk.pass_control(tx, to).map(|()| None)).await
        }
        ("release_control", None, None) => {
            platform.db.write(move |tx| desk.release_control(tx).map(|()| None)).await
        }
        ("move", None, _) => return Err(SimError::bad("folder", "folder is required")),
        ("send", _, None) => return Err(SimError::bad("text", "text is required")),
        (
            "accept" | "decline" | "move" | "send" | "take_control" | "pass_control" | "release_control",
            ..,
        ) => {
            return Err(SimError::bad("", "the act takes no such parameter"));
        }
        _ => return Err(SimError::not_found(&format!("act {act}"))),
    };
    Ok(match done? {
        Some(message) => json!({ "mid": message.mid() }),
        None => json!({}),
    })
}

/// `POST /sim/accounts/{u}/follow {"person"}` and `/unfollow`.
pub(super) async fn follow(
    platform: &Arc<Platform>,
    name: &str,
    follows: bool,
    mut input: Input,
) -> SimResult {
    let who = input.required("person")?;
    input.done()?;
    let account = account(platform, name).await?;
    let person = person(platform, &who).await?;
    let (follower, followed) = (account.account.user_no, person.user_no);
    platform
        .db
        .write(move |tx| {
            if people::store::set_follows(tx, follower, followed, follows)? {
                insights::follow(tx, (follower, followed), follows, None)?;
            }
            Ok::<_, Refused>(())
        })
        .await?;
    Ok(json!({}))
}

/// `PATCH /sim/accounts/{u} {"name"?,"kind"?,"message_access"?,"eligible"?,"followers_count"?,"automated"?,"biography"?,
/// "website"?,"professional_since"?}`: the account as in the world.
pub(super) async fn change(
    platform: &Arc<Platform>,
    name: &str,
    mut input: Input,
    links: &Links<'_>,
) -> SimResult {
    let kind = input.text("kind")?.map(|kind| match kind.as_str() {
        "business" => Ok("BUSINESS"),
        "creator" => Ok("MEDIA_CREATOR"),
        _ => Err(SimError::bad("kind", "must be \"business\" or \"creator\"")),
    });
    let (kind, new_name) = (kind.transpose()?, input.text("name")?);
    let (access, eligible) = (input.flag("message_access")?, input.flag("eligible")?);
    let (followers, automated) = (input.number("followers_count")?, input.flag("automated")?);
    let (biography, website) = (input.text("biography")?, input.text("website")?);
    let since = input.instant("professional_since")?;
    input.done()?;
    let id = account(platform, name).await?.account.id;
    let this = Arc::clone(platform);
    let changed = platform
        .db
        .write(move |tx| {
            let Some(mut account) = accounts::store::find(tx, id)? else { return Ok(None) };
            account.kind = kind.map_or(account.kind, str::to_owned);
            account.name = new_name.clone().unwrap_or(account.name);
            account.message_access = access.unwrap_or(account.message_access);
            account.eligible = eligible.unwrap_or(account.eligible);
            account.is_automated = automated.unwrap_or(account.is_automated);
            account.biography = biography.clone().unwrap_or(account.biography);
            account.website = website.clone().unwrap_or(account.website);
            if let Some(followers) = followers {
                // Those who are here count as well.
                let here = people::store::followers(tx, account.user_no)?;
                account.more_followers =
                    i64::try_from(followers).unwrap_or(i64::MAX).saturating_sub(here).max(0);
            }
            accounts::store::update(tx, &account)?;
            if let Some(since) = since {
                insights::store::set_professional_since(tx, id, since)?;
            }
            forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(Some(account))
        })
        .await?
        .ok_or_else(|| SimError::not_found(&format!("account {name}")))?;
    let world = World::read(platform).await?;
    let shown: Value = world.account(platform, &changed, links);
    Ok(shown)
}
