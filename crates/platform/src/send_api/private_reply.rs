//! Private replies (doc: Private Replies; reference, 4.4): a message to who wrote a comment, in answer to it.
//!
//! A private reply opens nothing: until the person answers, no window is open and their profile cannot be read.

use super::media;
use super::message::answered;
use super::stored::Stored;
use crate::Platform;
use crate::accounts::Account;
use crate::apps::App;
use crate::assets::{Owner, Purpose};
use crate::comments::{self, Comment};
use crate::conversations::{self, Commented, Message};
use crate::directory::{AccountView, Caller, Identity};
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::graph::operations::{Operation, UseCase};
use crate::{people, publishing};
use graph_api::ids::{ConversationKey, NodeKind, decimal};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::{ErrorName, GraphError, Host, Params, send};
use serde_json::Value;
use std::sync::Arc;
use storage::{Read, Tx};

/// What it needs besides what a send needs.
const fn scopes(host: Host) -> ScopeSet {
    match host {
        Host::Instagram => ScopeSet::of(&[Scope::InstagramBusinessManageComments]),
        Host::Facebook => ScopeSet::of(&[Scope::InstagramManageComments, Scope::PagesMessaging]),
    }
}

/// Sends it.
///
/// Errors, in this order: a missing permission (200/2534066) or, on the Facebook host, the feature (3); a comment that the
/// account has not (100/2534014); one that is too old, gone or answered (100/2534025, or -1/2534023 if the app was not
/// told that it had answered); the author's role (200/2534048); a block (551); the content.
pub(super) async fn send(
    call: &Call<'_>,
    account: &Arc<AccountView>,
    comment: &str,
    message: send::Message,
) -> Result<Value> {
    permitted(call)?;
    let id = decimal(comment.trim()).filter(|id| NodeKind::of(*id) == Some(NodeKind::Comment));
    let id = id.ok_or(ErrorName::RecipientUnknown)?;
    let owner = Owner { account: account.account.id, app: call.caller.app.id };
    let brought = match &message {
        send::Message::Media(attachments) => {
            // Nothing is fetched for a message that would be refused; what may have changed by then is asked again.
            let (app, account, message) =
                (Arc::clone(&call.caller.app), Arc::clone(account), message.clone());
            let look = move |db: &mut storage::ReadTx<'_>| {
                let found = comments::store::find(db, account.account.id, id)?;
                let found = found.ok_or(ErrorName::RecipientUnknown)?;
                let conversation = conversations::store::read(db, thread(&account.account, &found))?;
                may_reply(db, (&app, &account.account), &found, conversation.is_some_and(|c| c.blocked))?;
                Ok::<_, Failure>(message.check()?)
            };
            call.platform.db.read(look).await?;
            media::bring(call, owner, attachments).await?
        }
        _ => media::Brought::default(),
    };
    let (platform, account, app) =
        (Arc::clone(call.platform), Arc::clone(account), Arc::clone(&call.caller.app));
    let (igsid, mid, reusable) = call
        .platform
        .db
        .write(move |tx| {
            let found = comments::store::lock(tx, owner.account, id)?.ok_or(ErrorName::RecipientUnknown)?;
            let key = thread(&account.account, &found);
            let mut conversation = conversations::store::lock_or_begin(tx, key, found.author)?;
            may_reply(tx, (&app, &account.account), &found, conversation.blocked)?;
            message.check()?;
            let Stored { text, mut content, reusable } =
                Stored::store(tx, &message, &brought, owner, Purpose::Message)?;
            content.comment = Some(Commented { id, text: found.text.clone(), media: found.media });
            // It stays in its folder (reference: only answers to messages move a conversation), but is there again.
            conversation.is_declined = false;
            let mut message = Message::by_account(app.id, text, content);
            let mid = conversations::write(tx, (&platform, &account), &mut conversation, &mut message)?;
            comments::store::set_private_reply(tx, &found, message.at)?;
            Ok::<_, Failure>((key.igsid, mid, reusable))
        })
        .await?;
    Ok(answered(igsid, &mid, reusable))
}

/// Whether the app may reply privately at all.
fn permitted(call: &Call<'_>) -> Result<(), GraphError> {
    if call.caller.scopes.lacks(scopes(call.host)).is_some() {
        return Err(GraphError::new(ErrorName::PrivateReplyPermissionMissing));
    }
    if call.host == Host::Facebook && !call.caller.app.settings.human_agent {
        return Err(GraphError::new(ErrorName::CapabilityMissing)
            .explain("Private replies over Facebook Login need the Human Agent feature."));
    }
    Ok(())
}

fn thread(account: &Account, comment: &Comment) -> ConversationKey {
    ConversationKey { account: account.id, igsid: people::igsid(account.id, comment.author) }
}

fn may_reply(
    db: &mut impl Read,
    (app, account): (&App, &Account),
    comment: &Comment,
    is_blocked: bool,
) -> Result<()> {
    let (media, now) = (publishing::store::find(db, account.id, comment.media)?, db.now());
    comments::rules::may_reply_privately(comment, media.as_ref(), account.user_no, now)?;
    conversations::rules::in_reach(app, comment.author)?;
    if is_blocked { Err(ErrorName::PersonUnavailable.into()) } else { Ok(()) }
}

/// The comment that a request would reply to privately.
pub(crate) fn comment_of(params: &Params) -> Option<i64> {
    let recipient = params.object("recipient").ok().flatten()?;
    let id = recipient.get("comment_id")?;
    id.as_i64().or_else(|| decimal(id.as_str()?.trim()))
}

/// A private reply was sent, and the caller told that it failed, or nothing: from now on another one is answered as the
/// real service is reported to answer it ([`ErrorName::PrivateReplySent`]).
pub(crate) async fn answer_was_lost(
    platform: &Platform,
    (caller, operation): (Option<&Caller>, Option<&'static Operation>),
    params: &Params,
) {
    let is_send = operation.is_some_and(|operation| operation.use_case == UseCase::Send);
    let account = caller.and_then(|caller| match &caller.identity {
        Identity::Account(view) | Identity::Page(view) => Some(view.account.id),
        Identity::User(_) | Identity::App => None,
    });
    let (true, Some(account), Some(id)) = (is_send, account, comment_of(params)) else { return };
    let lose = move |tx: &mut Tx<'_>| {
        comments::store::lock(tx, account, id)?;
        comments::store::set_answer_lost(tx, account, id)
    };
    if let Err(error) = platform.db.write(lose).await {
        tracing::error!(%error, "a fault could not be remembered");
    }
}
