//! Making and changing Facebook users: who manages pages, and for what.

use super::input::Input;
use super::world::World;
use super::{SimError, SimResult};
use crate::directory::forget_after_commit;
use crate::grants::giving;
use crate::{Platform, accounts, apps};
use graph_api::ids::decimal;
use graph_api::tasks::{Task, TaskSet};
use std::sync::Arc;
use storage::{Result, Tx};

/// A role on the page of an account that is named.
#[derive(Clone)]
struct NamedRole {
    account: String,
    tasks: TaskSet,
}

/// `"pages":[{"account","tasks"?}]`: no tasks means all of them, an empty list none.
fn roles(input: &mut Input) -> Result<Vec<NamedRole>, SimError> {
    let read = |mut role: Input| {
        let account = role.required("account")?;
        let tasks = match role.words("tasks")? {
            None => TaskSet::ALL,
            Some(names) => {
                let task = |name: &String| {
                    Task::parse(name)
                        .ok_or_else(|| SimError::bad("tasks", format!("there is no task {name}")))
                };
                names.iter().map(task).collect::<Result<TaskSet, SimError>>()?
            }
        };
        role.done()?;
        Ok(NamedRole { account, tasks })
    };
    input.list("pages")?.unwrap_or_default().into_iter().map(read).collect()
}

/// Why nothing was changed: an account that does not exist or has no page.
enum Refused {
    NoPage(String),
    NoUser,
    Storage(storage::Error),
}

impl From<storage::Error> for Refused {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

fn refused(refused: Refused, id: &str) -> SimError {
    match refused {
        Refused::NoPage(account) => {
            SimError::bad("pages", format!("there is no account {account} with a page"))
        }
        Refused::NoUser => SimError::not_found(&format!("user {id}")),
        Refused::Storage(error) => error.into(),
    }
}

fn set_roles(tx: &mut Tx<'_>, user_id: i64, roles: &[NamedRole]) -> Result<(), Refused> {
    for NamedRole { account, tasks } in roles {
        let found = match decimal(account) {
            Some(id) => accounts::store::find(tx, id)?,
            None => accounts::store::by_username(tx, account)?,
        };
        let page = found.and_then(|account| account.page);
        let page = page.ok_or_else(|| Refused::NoPage(account.clone()))?;
        accounts::store::set_page_role(tx, user_id, page.id, *tasks)?;
    }
    Ok(())
}

/// `POST /sim/users {"name","system"?,"pages"?:[{"account","tasks"?}]}`: a Facebook user, with a token for each app.
pub(super) async fn create(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let name = input.required("name")?;
    let is_system = input.flag("system")?.unwrap_or(false);
    let roles = roles(&mut input)?;
    input.done()?;
    let this = Arc::clone(platform);
    let written = platform
        .db
        .write(move |tx| -> Result<_, Refused> {
            let user = accounts::store::create_user(tx, &name, is_system)?;
            set_roles(tx, user.id, &roles)?;
            for app in apps::store::all(tx, &this.key)? {
                giving::user(tx, &this.key, &app, &user)?;
            }
            forget_after_commit(tx, &this);
            Ok(user)
        })
        .await;
    let user = written.map_err(|why| refused(why, ""))?;
    Ok(World::read(platform).await?.user(platform, &user))
}

/// `PATCH /sim/users/{id} {"pages":[{"account","tasks"?}]}`: the user. Roles on other pages stay; no tasks at all take
/// the role away.
pub(super) async fn change(platform: &Arc<Platform>, id: &str, mut input: Input) -> SimResult {
    let roles = roles(&mut input)?;
    input.done()?;
    let number = decimal(id).ok_or_else(|| SimError::not_found(&format!("user {id}")))?;
    let this = Arc::clone(platform);
    let written = platform
        .db
        .write(move |tx| -> Result<_, Refused> {
            let user = accounts::store::user(tx, number)?.ok_or(Refused::NoUser)?;
            set_roles(tx, user.id, &roles)?;
            forget_after_commit(tx, &this);
            Ok(user)
        })
        .await;
    let user = written.map_err(|why| refused(why, id))?;
    Ok(World::read(platform).await?.user(platform, &user))
}
