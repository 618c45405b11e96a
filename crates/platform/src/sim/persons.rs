//! Making and changing people.

use super::input::Input;
use super::making::{taken, username};
use super::world::World;
use super::{SimError, SimResult};
use crate::Platform;
use crate::assets::{self, Owner, Purpose};
use crate::insights::{self, Traits};
use crate::people::{self, Person};
use graph_api::media::AttachmentKind;
use graph_api::profile;
use std::sync::Arc;
use storage::Tx;

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

/// `PATCH /sim/people/{u} {"name"?,"picture"?,"private"?,"verified"?,"follower_count"?,"locale"?,"age"?,
/// "city"?,"country"?,"gender"?}`; `null` takes name or picture away. A picture is fetched from its URL.
pub(super) async fn change(platform: &Arc<Platform>, name: &str, mut input: Input) -> SimResult {
    let (new_name, picture) = (input.nullable("name")?, input.nullable("picture")?);
    let (private, verified) = (input.flag("private")?, input.flag("verified")?);
    let (followers, locale) = (input.number("follower_count")?, locale(&mut input)?);
    let traits = Known::read(&mut input)?;
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
            traits.change(tx, user_no)?;
            crate::directory::forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(Some(person))
        })
        .await?;
    let person: Person = changed.ok_or_else(|| SimError::not_found(&format!("person {name}")))?;
    Ok(World::read(platform).await?.person(platform, &person))
}

/// What demographics count of a person.
#[derive(Clone, Debug, Default)]
struct Known {
    age: Option<&'static str>,
    city: Option<String>,
    country: Option<String>,
    gender: Option<String>,
}

impl Known {
    /// `{"age"?:years,"city"?,"country"?,"gender"?}`.
    fn read(input: &mut Input) -> Result<Self, SimError> {
        let age = input.number("age")?.map(|years| {
            let why = "must be a number of years from 13 to 120";
            Traits::age_group(years).ok_or_else(|| SimError::bad("age", why))
        });
        let of = |input: &mut Input, name: &str, fits: fn(&str) -> bool, why: &str| match input.text(name)? {
            Some(text) if !fits(&text) => Err(SimError::bad(name, why)),
            text => Ok(text),
        };
        let is_country = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        let is_city = |text: &str| !text.trim().is_empty() && text.len() <= 100 && !text.contains('|');
        Ok(Self {
            age: age.transpose()?,
            city: of(input, "city", is_city, "must be a name such as \"Lisbon, Lisboa\"")?,
            country: of(input, "country", is_country, "must be two letters such as \"PT\"")?,
            gender: of(input, "gender", |g| matches!(g, "F" | "M" | "U"), "must be \"F\", \"M\" or \"U\"")?,
        })
    }

    /// Changes what is given.
    fn change(&self, tx: &mut Tx<'_>, user_no: i64) -> storage::Result<()> {
        if self.age.is_none() && self.city.is_none() && self.country.is_none() && self.gender.is_none() {
            return Ok(());
        }
        let mut traits = insights::traits_of(tx, user_no)?;
        let set = |known: &mut String, new: Option<&str>| {
            if let Some(new) = new {
                new.clone_into(known);
            }
        };
        set(&mut traits.age, self.age);
        set(&mut traits.city, self.city.as_deref());
        set(&mut traits.country, self.country.as_deref());
        set(&mut traits.gender, self.gender.as_deref());
        insights::change_traits(tx, user_no, &traits)
    }
}
