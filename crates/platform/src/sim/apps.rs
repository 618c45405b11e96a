//! Making and changing apps.

use super::input::Input;
use super::world::World;
use super::{SimError, SimResult};
use crate::apps::roles::{Member, Role, RoleName};
use crate::apps::{self, App, AppSettings};
use crate::directory::forget_after_commit;
use crate::grants::giving;
use crate::{Platform, accounts, people};
use graph_api::ids::decimal;
use http::Uri;
use serde_json::{Map, Value};
use std::sync::Arc;
use storage::{Read, Result};

/// What a call says of an app's settings: `None` where it says nothing.
#[derive(Clone, Default)]
struct Change {
    name: Option<String>,
    live: Option<bool>,
    advanced: Option<bool>,
    human_agent: Option<bool>,
    require_proof: Option<bool>,
    deauthorize_callback: Option<Option<String>>,
    data_deletion_callback: Option<Option<String>>,
    redirect_uris: Option<Vec<String>>,
    roles: Option<Vec<NamedRole>>,
}

/// A role of somebody who is named: by username, or a Facebook user by id.
#[derive(Clone)]
struct NamedRole {
    user: String,
    name: RoleName,
    accepted: bool,
}

impl Change {
    fn read(input: &mut Input) -> Result<Self, SimError> {
        let one_of = |name: &str, value: Option<String>, yes: &str, no: &str| match value.as_deref() {
            None => Ok(None),
            Some(word) if word == yes => Ok(Some(true)),
            Some(word) if word == no => Ok(Some(false)),
            Some(_) => Err(SimError::bad(name, format!("must be \"{yes}\" or \"{no}\""))),
        };
        let (mode, access) = (input.text("mode")?, input.text("access")?);
        let roles = input.values("roles")?;
        let uris = input.words("redirect_uris")?;
        if let Some(wrong) = uris.iter().flatten().find(|uri| !is_absolute(uri)) {
            return Err(SimError::bad("redirect_uris", format!("{wrong} is no absolute URL")));
        }
        Ok(Self {
            name: input.text("name")?,
            live: one_of("mode", mode, "live", "development")?,
            advanced: one_of("access", access, "advanced", "standard")?,
            human_agent: input.flag("human_agent")?,
            require_proof: input.flag("require_appsecret_proof")?,
            deauthorize_callback: address(input, "deauthorize_callback")?,
            data_deletion_callback: address(input, "data_deletion_callback")?,
            redirect_uris: uris,
            roles: roles.map(|roles| roles.into_iter().map(role).collect()).transpose()?,
        })
    }

    fn apply(&self, settings: &mut AppSettings) {
        let set = |to: &mut bool, value: Option<bool>| *to = value.unwrap_or(*to);
        set(&mut settings.live, self.live);
        set(&mut settings.advanced, self.advanced);
        set(&mut settings.human_agent, self.human_agent);
        set(&mut settings.require_proof, self.require_proof);
        if let Some(callback) = &self.deauthorize_callback {
            settings.deauthorize_callback.clone_from(callback);
        }
        if let Some(callback) = &self.data_deletion_callback {
            settings.data_deletion_callback.clone_from(callback);
        }
        if let Some(uris) = &self.redirect_uris {
            settings.redirect_uris.clone_from(uris);
        }
    }
}

/// An absolute URL of any scheme but those that a browser would run.
fn is_absolute(uri: &str) -> bool {
    uri.parse::<Uri>().is_ok_and(|uri| {
        let scheme = uri.scheme_str().unwrap_or_default().to_ascii_lowercase();
        !matches!(scheme.as_str(), "" | "javascript" | "data" | "vbscript") && uri.authority().is_some()
    })
}

/// An address, or `null`, which takes it away.
fn address(input: &mut Input, name: &str) -> Result<Option<Option<String>>, SimError> {
    let address = input.nullable(name)?;
    if let Some(Some(url)) = &address
        && !graph_api::limits::is_web_address(url)
    {
        return Err(SimError::bad(name, "must be an http or https URL, or null"));
    }
    Ok(address)
}

/// `{"user","role"?,"accepted"?}`, or the name of a user who is a tester.
fn role(value: Value) -> Result<NamedRole, SimError> {
    let members = match value {
        Value::String(user) => return Ok(NamedRole { user, name: RoleName::Tester, accepted: true }),
        Value::Object(members) => members,
        _ => return Err(SimError::bad("roles", "must be a list of objects with user and role")),
    };
    let mut input = Input::of_object(members);
    let user = input.required("user")?;
    let name = match input.text("role")? {
        None => RoleName::Tester,
        Some(name) => RoleName::parse(&name)
            .filter(|role| *role != RoleName::Owner)
            .ok_or_else(|| SimError::bad("role", format!("there is no role {name}")))?,
    };
    let accepted = input.flag("accepted")?.unwrap_or(true);
    input.done()?;
    Ok(NamedRole { user, name, accepted })
}

/// The member that a name or id means.
pub(super) fn member(db: &mut impl Read, named: &str) -> Result<Option<Member>> {
    if let Some(user) = people::store::with_username(db, named)? {
        return Ok(Some(Member::Instagram(user.user_no)));
    }
    let Some(id) = decimal(named) else { return Ok(None) };
    if let Some(user) = accounts::store::user(db, id)? {
        return Ok(Some(Member::Facebook(user.id)));
    }
    Ok(accounts::store::find(db, id)?.map(|account| Member::Instagram(account.user_no)))
}

/// Why an app could not be changed.
enum Refused {
    NoApp,
    NoUser(String),
    Storage(storage::Error),
}

impl From<storage::Error> for Refused {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

fn write_roles(tx: &mut storage::Tx<'_>, app_id: i64, named: Option<&Vec<NamedRole>>) -> Result<(), Refused> {
    let Some(named) = named else { return Ok(()) };
    let mut roles = Vec::with_capacity(named.len());
    for NamedRole { user, name, accepted } in named {
        let member = member(tx, user)?.ok_or_else(|| Refused::NoUser(user.clone()))?;
        roles.push(Role { member, name: *name, accepted: *accepted });
    }
    Ok(apps::store::set_roles(tx, app_id, &roles)?)
}

fn refused(refused: Refused, id: &str) -> SimError {
    match refused {
        Refused::NoApp => SimError::not_found(&format!("app {id}")),
        Refused::NoUser(user) => SimError::bad("roles", format!("there is no user {user}")),
        Refused::Storage(error) => error.into(),
    }
}

/// `POST /sim/apps {"name","mode"?,…}`: an app that is granted to every existing account and Facebook user.
pub(super) async fn create(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let name = input.required("name")?;
    let change = Change::read(&mut input)?;
    input.done()?;
    let this = Arc::clone(platform);
    let written = platform
        .db
        .write(move |tx| -> Result<App, Refused> {
            let mut settings = AppSettings::default();
            change.apply(&mut settings);
            let app = apps::store::create(tx, &this.key, &name, settings)?;
            for account in accounts::store::all(tx)? {
                giving::account(tx, &this.key, &app, &account)?;
            }
            for user in accounts::store::users(tx)? {
                giving::user(tx, &this.key, &app, &user)?;
            }
            write_roles(tx, app.id, change.roles.as_ref())?;
            forget_after_commit(tx, &this);
            apps::store::find(tx, &this.key, app.id)?.ok_or(Refused::NoApp)
        })
        .await;
    let app = written.map_err(|why| refused(why, ""))?;
    let world = World::read(platform).await?;
    let mut shown = world.app(&app);
    let tokens = world
        .accounts
        .iter()
        .map(|account| (account.username.clone(), world.tokens_of(platform, &app, account)));
    shown["tokens"] = Value::Object(tokens.collect::<Map<_, _>>());
    Ok(shown)
}

/// `PATCH /sim/apps/{id}`: the app as in the world.
pub(super) async fn change(platform: &Arc<Platform>, id: &str, mut input: Input) -> SimResult {
    let change = Change::read(&mut input)?;
    input.done()?;
    let number = decimal(id).ok_or_else(|| SimError::not_found(&format!("app {id}")))?;
    let this = Arc::clone(platform);
    let written = platform
        .db
        .write(move |tx| -> Result<App, Refused> {
            let mut app = apps::store::find(tx, &this.key, number)?.ok_or(Refused::NoApp)?;
            app.name = change.name.clone().unwrap_or(app.name);
            change.apply(&mut app.settings);
            apps::store::update(tx, &app)?;
            write_roles(tx, app.id, change.roles.as_ref())?;
            forget_after_commit(tx, &this);
            apps::store::find(tx, &this.key, app.id)?.ok_or(Refused::NoApp)
        })
        .await;
    let app = written.map_err(|why| refused(why, id))?;
    Ok(World::read(platform).await?.app(&app))
}
