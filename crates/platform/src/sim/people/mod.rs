//! Playing the people.

mod acting;
mod commenting;
mod engaging;
mod inbox;
mod sending;
mod tapping;

use super::{Input, SimError, SimResult};
use crate::Platform;
use crate::accounts;
use crate::directory::AccountView;
use crate::people::acts::{Refused, Scene};
use crate::people::{self, Person};
pub(super) use acting::{Act, act};
pub(super) use commenting::{comment, mention, on_comment};
pub(super) use engaging::engage;
use graph_api::ids::{MessageKey, NodeKind, decimal, unscoped};
use http::StatusCode;
pub(super) use inbox::inbox;
pub(super) use sending::{not_had, send, text};
use std::sync::Arc;
use storage::Tx;
pub(super) use tapping::tap;

impl From<Refused> for SimError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Missing(parameter, why) => Self::bad(parameter, why).with_status(StatusCode::NOT_FOUND),
            Refused::Conflict(parameter, why) => Self::bad(parameter, why).with_status(StatusCode::CONFLICT),
            Refused::Storage(error) => error.into(),
        }
    }
}

/// The person that a username, or an id by which some account knows them, names. Accounts are people too: they write to
/// each other, and to themselves.
pub(in crate::sim) async fn person(platform: &Platform, named: &str) -> Result<Person, SimError> {
    let name = named.to_owned();
    let person = platform
        .db
        .read(move |db| {
            if let Some(person) = people::store::with_username(db, &name)? {
                return Ok(Some(person));
            }
            let Some(id) = decimal(&name) else { return Ok(None) };
            for account in accounts::store::all(db)? {
                if account.id == id {
                    return people::store::with_number(db, account.user_no);
                }
                let number = unscoped(NodeKind::Person, account.id, id);
                if let Some(number) = number
                    && let Some(person) = people::store::with_number(db, number)?
                {
                    return Ok(Some(person));
                }
            }
            Ok::<_, storage::Error>(None)
        })
        .await?;
    person.ok_or_else(|| SimError::not_found(&format!("person {named}")))
}

pub(in crate::sim) async fn account(platform: &Platform, named: &str) -> Result<Arc<AccountView>, SimError> {
    let id = match decimal(named) {
        Some(id) => Some(id),
        None => {
            let name = named.to_owned();
            let found = platform.db.read(move |db| accounts::store::by_username(db, &name)).await?;
            found.map(|account| account.id)
        }
    };
    let view = match id {
        Some(id) => platform.directory.account(id).await?,
        None => None,
    };
    view.ok_or_else(|| SimError::bad("to", format!("there is no account {named}")))
}

/// The person before the account that `to` names.
async fn scene_to(platform: &Arc<Platform>, who: &str, to: &str) -> Result<Scene, SimError> {
    let person = person(platform, who).await?;
    let account = account(platform, to).await?;
    Ok(Scene { platform: Arc::clone(platform), account, person })
}

/// The person before the account of the thread that a `mid` belongs to.
async fn scene_of(platform: &Arc<Platform>, who: &str, mid: &str) -> Result<(Scene, MessageKey), SimError> {
    let person = person(platform, who).await?;
    let missing = || SimError::bad("mid", "there is no such message").with_status(StatusCode::NOT_FOUND);
    let key = MessageKey::parse(mid).ok_or_else(missing)?;
    if people::igsid(key.account, person.user_no) != key.igsid {
        return Err(missing());
    }
    let account = platform.directory.account(key.account).await?.ok_or_else(missing)?;
    Ok((Scene { platform: Arc::clone(platform), account, person }, key))
}

/// Does something in the scene, in one unit of work.
async fn play<T: Send + 'static>(
    scene: Scene,
    act: impl Fn(&Scene, &mut Tx<'_>) -> Result<T, Refused> + Send + 'static,
) -> Result<T, SimError> {
    let db = scene.platform.db.clone();
    Ok(db.write(move |tx| act(&scene, tx)).await?)
}

/// What an act that wrote a message answers.
fn wrote(message: MessageKey) -> serde_json::Value {
    let conversation = graph_api::ids::ConversationKey { account: message.account, igsid: message.igsid };
    serde_json::json!({
        "igsid": message.igsid.to_string(),
        "conversation_id": conversation.id(),
        "mid": message.mid(),
    })
}
