//! Control goes from one app to another, and those concerned are told.

use super::{Control, events, rules, store};
use crate::Platform;
use crate::conversations::{self, Conversation};
use crate::directory::AccountView;
use crate::people::acts::Refused;
use graph_api::webhook::{ControlMoved, ControlRequested, EventKind};
use std::sync::Arc;
use storage::{Result, Tx};

/// The platform, and the account whose conversation it is.
pub(crate) type Who<'a> = (&'a Arc<Platform>, &'a Arc<AccountView>);

/// Gives control to an app, which is told (doc: pass thread control).
pub(crate) fn pass(
    tx: &mut Tx<'_>,
    who: Who<'_>,
    conversation: &mut Conversation,
    to: i64,
    metadata: Option<&str>,
) -> Result<()> {
    let moved = give(tx, conversation, to, metadata);
    events::tell(tx, who, conversation, to, EventKind::PassThreadControl(moved))?;
    save(tx, conversation)
}

/// An app takes control. Who had it is told; if nobody had, nobody is (doc: take thread control).
pub(crate) fn take(
    tx: &mut Tx<'_>,
    who: Who<'_>,
    conversation: &mut Conversation,
    by: i64,
    metadata: Option<&str>,
) -> Result<()> {
    let before = rules::owner(conversation.control, tx.now());
    let moved = give(tx, conversation, by, metadata);
    match before {
        Some(before) => {
            events::tell(tx, who, conversation, before, EventKind::TakeThreadControl(moved))?;
        }
        None => events::note(tx, who, conversation, "take_thread_control", (by, None)),
    }
    save(tx, conversation)
}

/// Nobody has the conversation any more. No webhook tells of it (doc: release thread control).
pub(crate) fn release(tx: &mut Tx<'_>, who: Who<'_>, conversation: &mut Conversation) -> Result<()> {
    conversation.control = Control::default();
    events::note(tx, who, conversation, "release_thread_control", (0, None));
    save(tx, conversation)
}

/// An app asks who has the conversation for it (doc: request thread control).
pub(crate) fn request(
    tx: &mut Tx<'_>,
    who: Who<'_>,
    conversation: &mut Conversation,
    (owner, by): (i64, i64),
    metadata: Option<&str>,
) -> Result<()> {
    let asked = ControlRequested { requested_owner_app_id: by.to_string(), metadata };
    events::tell(tx, who, conversation, owner, EventKind::RequestThreadControl(asked))?;
    save(tx, conversation)
}

fn give<'a>(
    tx: &Tx<'_>,
    conversation: &mut Conversation,
    to: i64,
    metadata: Option<&'a str>,
) -> ControlMoved<'a> {
    let now = tx.now();
    let before = rules::owner(conversation.control, now);
    conversation.control = rules::given(to, now);
    ControlMoved {
        previous_owner_app_id: before.map(|id| id.to_string()),
        new_owner_app_id: to.to_string(),
        metadata,
    }
}

fn save(tx: &mut Tx<'_>, conversation: &Conversation) -> Result<()> {
    conversations::store::save(tx, conversation)?;
    store::save_control(tx, conversation.key, conversation.control)
}

/// The person wrote: the conversation gets, or keeps, its owner. Before anybody is told of the message.
pub(crate) fn person_wrote(
    tx: &mut Tx<'_>,
    view: &AccountView,
    conversation: &mut Conversation,
    entry: rules::Entry<'_>,
) -> Result<(), Refused> {
    let control = rules::person_wrote(&view.routing, conversation.control, entry, tx.now());
    if control != conversation.control {
        conversation.control = control;
        store::save_control(tx, conversation.key, control)?;
    }
    Ok(())
}

/// Who has the conversation has it until then.
pub(crate) fn extend(
    tx: &mut Tx<'_>,
    who: Who<'_>,
    conversation: &mut Conversation,
    until: clock::Micros,
) -> Result<()> {
    conversation.control = Control { until, seconds: 0, ..conversation.control };
    events::note(tx, who, conversation, "extend_thread_control", (conversation.control.app_id, None));
    save(tx, conversation)
}
