//! What people do inside the Instagram app.

use super::Person;
use crate::Platform;
use crate::conversations::{self, Message};
use crate::directory::AccountView;
use graph_api::ids::{ConversationKey, MessageKey};
use std::sync::Arc;
use storage::{Result, Tx};

/// The person writes to the account: the window opens, subscribed apps are told. `None` if the person has blocked the
/// account: the app offers no way to write to somebody whom one has blocked.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    account: &Arc<AccountView>,
    person: &Person,
    text: &str,
) -> Result<Option<MessageKey>> {
    let now = tx.now();
    let mut conversation = conversations::store::lock_or_begin(tx, key(account, person), person.user_no)?;
    if conversation.blocked {
        return Ok(None);
    }
    let at = conversation.next_at(now);
    let message = Message { at, from_account: false, app_id: 0, text: text.to_owned() };
    conversation.last_at = at;
    conversation.updated_at = at;
    conversations::rules::opened_by_person(&mut conversation, at);
    conversations::store::add(tx, conversation.key, &message)?;
    conversations::store::save(tx, &conversation)?;
    conversations::events::message(tx, platform, account, &conversation, &message)?;
    Ok(Some(conversation.message(at)))
}

/// The person blocks the account, or takes that back.
pub(crate) fn block(tx: &mut Tx<'_>, account: &AccountView, person: &Person, blocked: bool) -> Result<()> {
    let mut conversation = conversations::store::lock_or_begin(tx, key(account, person), person.user_no)?;
    conversation.blocked = blocked;
    conversations::store::save(tx, &conversation)
}

fn key(account: &AccountView, person: &Person) -> ConversationKey {
    ConversationKey { account: account.account.id, igsid: super::igsid(account.account.id, person.user_no) }
}
