//! `messaging_handover`: events of one app's own, in the lane of the conversation.

use super::control::Who;
use super::{Routing, store};
use crate::conversations::Conversation;
use crate::log::feed::Happening;
use crate::subscriptions::{self, About, Audience, Notice, OfFault};
use clock::Micros;
use graph_api::webhook::{EventKind, MessagingEvent, Party};
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::{Result, Tx};

/// Tells one app of a conversation's control. Takes a microsecond of the conversation's, which is saved by the caller.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    who: Who<'_>,
    conversation: &mut Conversation,
    app_id: i64,
    kind: EventKind<'_>,
) -> Result<()> {
    let at = conversation.take_at(tx.now());
    let act = match kind {
        EventKind::PassThreadControl(_) => "pass_thread_control",
        EventKind::TakeThreadControl(_) => "take_thread_control",
        _ => "request_thread_control",
    };
    let key = conversation.key;
    let event = MessagingEvent {
        sender: Some(Party::new(key.igsid)),
        recipient: Party::new(key.account),
        timestamp: at.millis(),
        is_self: false,
        kind,
    };
    let (field, body) = (event.field(), event.to_bytes());
    let about = About::Conversation(Audience::Only(app_id));
    let notice = Notice { about, lane: key.igsid, at, field, body, fault: OfFault::None };
    subscriptions::publish(tx, who.0, who.1, notice)?;
    let owner = match act {
        "request_thread_control" => app_id,
        _ => conversation.control.app_id,
    };
    note(tx, who, conversation, act, (owner, Some(at)));
    Ok(())
}

/// Tells the feed: who has the conversation now, and the microsecond of the webhook event, if one tells of it too.
pub(super) fn note(
    tx: &mut Tx<'_>,
    (platform, _): Who<'_>,
    conversation: &Conversation,
    act: &'static str,
    (owner, event): (i64, Option<Micros>),
) {
    let feed = Arc::clone(&platform.log.feed);
    let (now, cause) = (tx.now(), tx.cause());
    let happening = Happening::control(conversation.key, act, owner).within(conversation, event);
    tx.after_commit(move || feed.push_caused(now, cause, happening));
}

/// Tells each app whose role the owner has changed, in the account's locked settings (doc: Webhooks, messaging_handovers,
/// app_roles; that routing still sends it is unconfirmed).
pub(crate) fn roles_changed(tx: &mut Tx<'_>, who: Who<'_>, before: &Routing, after: &Routing) -> Result<()> {
    let (platform, view) = who;
    let account = view.account.id;
    let mut apps: Vec<i64> =
        view.routes.iter().filter(|route| route.subscribed).map(|route| route.app_id).collect();
    apps.dedup();
    for app_id in apps {
        let new = roles(after, app_id);
        if new == roles(before, app_id) {
            continue;
        }
        let at = store::take_at(tx, account)?;
        let event = MessagingEvent {
            sender: None,
            recipient: Party::new(account),
            timestamp: at.millis(),
            is_self: false,
            kind: EventKind::AppRoles(BTreeMap::from([(app_id.to_string(), new)])),
        };
        let (field, body) = (event.field(), event.to_bytes());
        // The lane is the account's own: no person has this number.
        let (fault, audience) = (OfFault::None, Audience::Only(app_id));
        subscriptions::publish(
            tx,
            platform,
            view,
            Notice { about: About::Conversation(audience), lane: account, at, field, body, fault },
        )?;
    }
    Ok(())
}

fn roles(routing: &Routing, app_id: i64) -> Vec<&'static str> {
    match routing.default_app {
        None => Vec::new(),
        Some(default) if default == app_id => vec!["primary_receiver"],
        Some(_) => vec!["secondary_receiver"],
    }
}
