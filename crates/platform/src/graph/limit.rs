//! The limits of rates on a call, once they are switched on.

use super::answer::Reply;
use super::node::Node;
use super::operations::{Operation, UseCase};
use crate::Platform;
use crate::directory::{Caller, Identity};
use crate::rates::rules::{Bucket, Sent};
use crate::{comments, send_api};
use graph_api::{GraphError, Host, Params};

/// Counts the call, and refuses it if it is too much. What is left is told in the answer's headers.
pub(super) async fn count(
    platform: &Platform,
    (caller, host): (&Caller, Host),
    operation: &Operation,
    node: &Node,
    params: &Params,
    reply: &mut Reply,
) -> crate::failure::Result<()> {
    let sent = sent(platform, operation, node, params).await?;
    let Some(bucket) = Bucket::of(caller, operation.use_case, node.kind(), sent) else { return Ok(()) };
    let rate = bucket.rate(host, platform.settings.rate_multiplier());
    let subject = subject(caller, node);
    let (used, is_full) =
        platform.rates.count((caller.app.id, subject, host), bucket, rate, platform.clock.now());
    let page = || node.account().or(caller.account_view()).and_then(|view| view.account.page.as_ref());
    let business = match bucket {
        Bucket::App | Bucket::User | Bucket::PageByUser => None,
        Bucket::Instagram => Some((subject, "instagram")),
        Bucket::Page => page().map(|page| (page.id, "pages")),
        Bucket::Messenger => page().map(|page| (page.id, "messenger")),
        // What is limited by the second is told of as the use case that it belongs to.
        Bucket::Text
        | Bucket::Media
        | Bucket::PrivateReplies
        | Bucket::LivePrivateReplies
        | Bucket::Conversations => match host {
            Host::Instagram => Some((subject, "instagram")),
            Host::Facebook => page().map(|page| (page.id, "messenger")),
        },
    };
    reply.tell(used, business);
    if is_full { Err(GraphError::new(bucket.error()).into()) } else { Ok(()) }
}

/// What the call would send. A private reply's limit depends on what the comment stands under.
async fn sent(
    platform: &Platform,
    operation: &Operation,
    node: &Node,
    params: &Params,
) -> storage::Result<Sent> {
    let sent = match operation.use_case {
        UseCase::Send => send_api::rules::sent(params),
        _ => Sent::Text,
    };
    let account = node.account().map(|view| view.account.id);
    match (sent, account, send_api::private_reply::comment_of(params)) {
        (Sent::PrivateReply, Some(account), Some(id)) => {
            let comment = platform.db.read(move |db| comments::store::find(db, account, id)).await?;
            let is_live = comment.is_some_and(|comment| comment.is_live);
            Ok(if is_live { Sent::LivePrivateReply } else { sent })
        }
        _ => Ok(sent),
    }
}

/// Whose calls are counted together: an account's, whichever of its nodes is called, a user's, or the app's.
fn subject(caller: &Caller, node: &Node) -> i64 {
    match (&caller.identity, node.account()) {
        (Identity::App, _) => 0,
        (_, Some(view)) => view.account.id,
        (Identity::Account(view) | Identity::Page(view), None) => view.account.id,
        (Identity::User(user), None) => user.id,
    }
}
