//! Playing the people.

use super::input::{Input, Query};
use super::{SimError, SimResult};
use crate::Platform;
use crate::accounts::{self, Account};
use crate::conversations;
use crate::directory::AccountView;
use crate::people::{self, Person};
use clock::Micros;
use graph_api::ids::{NodeKind, decimal, unscoped};
use graph_api::time;
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// The longest text that the app lets a person send (assumed: the app's own limit is not published).
const TEXT_CHARS: usize = 1000;

/// The person that a username, or an id by which some account knows them, names.
async fn person(platform: &Platform, named: &str) -> Result<Person, SimError> {
    let name = named.to_owned();
    let (person, is_account) = platform
        .db
        .read(move |db| {
            if let Some(person) = people::store::by_username(db, &name)? {
                return Ok((Some(person), false));
            }
            let igsid = decimal(&name);
            for account in accounts::store::all(db)? {
                if account.username == name {
                    return Ok((None, true));
                }
                let number = igsid.and_then(|igsid| unscoped(NodeKind::Person, account.id, igsid));
                if let Some(number) = number
                    && let Some(person) = people::store::by_number(db, number)?
                {
                    return Ok((Some(person), false));
                }
            }
            Ok::<_, storage::Error>((None, false))
        })
        .await?;
    match person {
        Some(person) => Ok(person),
        None if is_account => {
            Err(SimError::bad("", format!("{named} is an account: accounts cannot write yet")))
        }
        None => Err(SimError::not_found(&format!("person {named}"))),
    }
}

async fn account(platform: &Platform, named: &str) -> Result<Arc<AccountView>, SimError> {
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

/// `POST /sim/people/{username}/send {"to","text"}` → `{"igsid","conversation_id","mid"}`.
pub(super) async fn send(platform: &Arc<Platform>, who: &str, mut input: Input) -> SimResult {
    let (to, text) = (input.required("to")?, input.required("text")?);
    input.done()?;
    if text.chars().count() > TEXT_CHARS {
        return Err(SimError::bad("text", format!("must have at most {TEXT_CHARS} characters")));
    }
    let person = person(platform, who).await?;
    let account = account(platform, &to).await?;
    let this = Arc::clone(platform);
    let message = platform
        .db
        .write(move |tx| people::acts::write(tx, &this, &account, &person, &text))
        .await?
        .ok_or_else(|| {
            SimError::bad("to", "the person has blocked this account").with_status(StatusCode::CONFLICT)
        })?;
    let conversation = graph_api::ids::ConversationKey { account: message.account, igsid: message.igsid };
    Ok(json!({
        "igsid": message.igsid.to_string(),
        "conversation_id": conversation.id(),
        "mid": message.mid(),
    }))
}

/// `POST /sim/people/{username}/block {"to"}` and `/unblock`.
pub(super) async fn block(platform: &Arc<Platform>, who: &str, mut input: Input, blocked: bool) -> SimResult {
    let to = input.required("to")?;
    input.done()?;
    let person = person(platform, who).await?;
    let account = account(platform, &to).await?;
    platform.db.write(move |tx| people::acts::block(tx, &account, &person, blocked)).await?;
    Ok(json!({}))
}

/// `GET /sim/people/{username}/inbox?limit=`: what the person sees, conversations newest first, messages oldest first;
/// of each conversation the newest `limit` messages (1000).
pub(super) async fn inbox(platform: &Arc<Platform>, who: &str, query: &Query) -> SimResult {
    let limit = u32::try_from(query.limit(1000, 10_000)?).unwrap_or(1000);
    let person = person(platform, who).await?;
    let user_no = person.user_no;
    let (conversations, accounts) = platform
        .db
        .read(move |db| {
            let mut conversations = Vec::new();
            for conversation in conversations::store::of_user(db, user_no)? {
                let messages = conversations::store::newest(db, conversation.key, Micros(i64::MAX), limit)?;
                conversations.push((conversation, messages));
            }
            Ok::<_, storage::Error>((conversations, accounts::store::all(db)?))
        })
        .await?;
    let accounts: HashMap<i64, Account> = accounts.into_iter().map(|a| (a.id, a)).collect();
    let shown = conversations.iter().map(|(conversation, messages)| {
        let with = accounts.get(&conversation.key.account).map_or("", |account| &account.username);
        let messages = messages.iter().rev().map(|message| {
            json!({
                "mid": conversation.message(message.at).mid(),
                "from": if message.from_account { with } else { &person.username },
                "timestamp": time::rfc3339(message.at),
                "text": message.text,
                "attachments": [],
                "reactions": [],
            })
        });
        json!({
            "id": conversation.key.id(),
            "with": with,
            "folder": conversation.folder.name(),
            "messages": messages.collect::<Vec<Value>>(),
        })
    });
    Ok(json!({ "conversations": shown.collect::<Vec<Value>>() }))
}
