//! Making and changing people.

use super::input::Input;
use super::making::{taken, username};
use super::world::World;
use super::{SimError, SimResult};
use crate::Platform;
use crate::assets::{self, Owner, Purpose};
use crate::people::{self, Person};
use graph_api::media::AttachmentKind;
use graph_api::profile;
use std::sync::Arc;

/// `POST /sim/people {"username","name"?,"locale"?}`.
pub(super) async fn make(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let username = username(&mut input)?;
    let name = input.text("name")?.unwrap_or_else(|| username.clone());
    let locale = locale(&mut input)?;
    input.done()?;
    let person = platform
        .db
        .write(move |tx| {
            if people::store::taken(tx, &username)? {
                return Ok(None);
            }
            let mut person = people::store::create(tx, &username, &name)?;
            if let Some(locale) = &locale {
                person.locale.clone_from(locale);
                people::store::update(tx, &person)?;
            }
            Ok::<_, storage::Error>(Some(person))
        })
        .await?
        .ok_or_else(taken)?;
    Ok(World::read(platform).await?.person(platform, &person))
}

fn locale(input: &mut Input) -> Result<Option<String>, SimError> {
    match input.text("locale")? {
        Some(locale) if !profile::is_locale(&locale) => {
            Err(SimError::bad("locale", "must be a language and a country, such as \"en_GB\""))
        }
        locale => Ok(locale),
    }
}

/// `PATCH /sim/people/{u} {"name"?,"picture"?,"private"?,"verified"?,"follower_count"?,"locale"?}`; `null` takes name or
/// picture away. A picture is fetched from its URL.
pub(super) async fn change(platform: &Arc<Platform>, name: &str, mut input: Input) -> SimResult {
    let (new_name, picture) = (input.nullable("name")?, input.nullable("picture")?);
    let (private, verified) = (input.flag("private")?, input.flag("verified")?);
    let (followers, locale) = (input.number("follower_count")?, locale(&mut input)?);
    input.done()?;
    let user_no = super::people::person(platform, name).await?.user_no;
    let picture = match picture {
        None => None,
        Some(None) => Some(None),
        Some(Some(url)) => {
            let fetched = assets::fetch(platform, &url, AttachmentKind::Image).await;
            Some(Some(fetched.map_err(|failure| super::people::not_had(failure, "picture"))?))
        }
    };
    let this = Arc::clone(platform);
    let changed = platform
        .db
        .write(move |tx| {
            let Some(mut person) = people::store::lock(tx, user_no)? else { return Ok(None) };
            if let Some(picture) = &picture {
                if let Some(old) = person.picture.take() {
                    assets::store::delete(tx, &this, user_no, old)?;
                }
                if let Some(file) = picture {
                    let owner = Owner { account: user_no, app: 0 };
                    person.picture = Some(assets::store::add(tx, file, owner, Purpose::Picture)?.id);
                }
            }
            person.name = new_name.clone().map_or(person.name, Option::unwrap_or_default);
            person.is_private = private.unwrap_or(person.is_private);
            person.is_verified = verified.unwrap_or(person.is_verified);
            person.locale = locale.clone().unwrap_or(person.locale);
            person.follower_count =
                followers.map_or(person.follower_count, |n| i64::try_from(n).unwrap_or(i64::MAX));
            people::store::update(tx, &person)?;
            crate::directory::forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(Some(person))
        })
        .await?;
    let person: Person = changed.ok_or_else(|| SimError::not_found(&format!("person {name}")))?;
    Ok(World::read(platform).await?.person(platform, &person))
}
