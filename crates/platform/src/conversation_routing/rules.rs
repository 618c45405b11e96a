//! Who may have a conversation, and who may change that.

use super::{Control, INSTAGRAM_INBOX, PAGE_INBOX, Routing};
use clock::Micros;
use graph_api::send::Tag;
use graph_api::{ErrorName, GraphError, Result, limits};

/// The app that has the conversation now.
pub(crate) fn owner(control: Control, now: Micros) -> Option<i64> {
    (control.app_id != 0 && now < control.until).then_some(control.app_id)
}

/// The app that hears of the conversation now, while the others are on standby; `None`: every app hears everything.
pub(crate) fn hearer(routing: &Routing, control: Control, now: Micros) -> Option<i64> {
    owner(control, now).or(routing.default_app)
}

/// What a send does to the control of its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// Nothing.
    AsItIs,
    /// The app takes control with it.
    Taken,
}

/// Whether the app may write in the conversation now: who has it may, and while nobody has it the default app; without a
/// default app, everybody (doc: Conversation Routing, thread owner states). With the tag HUMAN_AGENT an app that may take
/// control does (doc: as above, take thread control).
pub(crate) fn may_send(
    routing: &Routing,
    control: Control,
    app_id: i64,
    tag: Option<Tag>,
    now: Micros,
) -> Result<Leave> {
    match hearer(routing, control, now) {
        Some(hearer) if hearer != app_id => {
            let takes = routing.default_app.is_some()
                && tag == Some(Tag::HumanAgent)
                && routing.take_control.contains(&app_id);
            if takes { Ok(Leave::Taken) } else { Err(ErrorName::NotThreadOwner.into()) }
        }
        _ => Ok(Leave::AsItIs),
    }
}

/// To whom control goes: the app that is named, if it is connected, or the default app. Who has the conversation passes
/// it, and while nobody has it anybody; not to themselves if they have it.
pub(crate) fn may_pass(
    routing: &Routing,
    control: Control,
    by: i64,
    target: Target,
    now: Micros,
) -> Result<i64> {
    let owner = owner(control, now);
    if owner.is_some_and(|owner| owner != by) {
        return Err(ErrorName::NotThreadOwner.into());
    }
    let target = match (target, routing.default_app) {
        (Target::Default, None) => return Err(GraphError::required("target_app_id")),
        (Target::Default, Some(default)) => default,
        (Target::Unknown, _) => return Err(ErrorName::IncorrectAppId.into()),
        (Target::App(id), _) => id,
    };
    match owner == Some(target) {
        true => Err(ErrorName::AlreadyThreadOwner.into()),
        false => Ok(target),
    }
}

/// The app that a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// None: the default app.
    Default,
    /// This one.
    App(i64),
    /// One that is not connected to the account.
    Unknown,
}

/// Only who has the conversation may release or extend control.
pub(crate) fn is_owner(control: Control, by: i64, now: Micros) -> Result<()> {
    match owner(control, now) == Some(by) {
        true => Ok(()),
        false => Err(ErrorName::NotThreadOwner.into()),
    }
}

/// Taking needs a default app, the owner's leave, and that somebody else has the conversation, or nobody.
pub(crate) fn may_take(routing: &Routing, control: Control, by: i64, now: Micros) -> Result<()> {
    if routing.default_app.is_none() {
        return Err(GraphError::with(ErrorName::RoutingNotEnabled, ["Take thread control"]));
    }
    if !routing.take_control.contains(&by) {
        return Err(ErrorName::TakeControlNotAllowed.into());
    }
    match owner(control, now) == Some(by) {
        true => Err(ErrorName::AlreadyThreadOwner.into()),
        false => Ok(()),
    }
}

/// Whom a request for control goes to; `None`: nobody has the conversation, so that control is given at once.
pub(crate) fn may_request(routing: &Routing, control: Control, by: i64, now: Micros) -> Result<Option<i64>> {
    if routing.default_app.is_some() {
        return Err(ErrorName::RoutingEnabled.into());
    }
    match owner(control, now) {
        Some(owner) if owner == by => Err(ErrorName::AlreadyThreadOwner.into()),
        owner => Ok(owner),
    }
}

/// Control after it was passed, taken or given: a day, whatever it was before (doc: any control action resets the window).
pub(crate) fn given(app_id: i64, now: Micros) -> Control {
    Control { app_id, until: now.plus(limits::CONTROL), seconds: 0 }
}

/// How the person came to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    /// By an ad whose flow names an app, for so many days.
    Campaign {
        /// The app.
        app_id: i64,
        /// The days.
        days: u32,
    },
    /// By an ig.me link with that `ref`.
    Link(&'a str),
    /// In any other way.
    Organic,
}

/// Control after the person wrote: who has the conversation keeps it so much longer; if nobody has it, the entry point
/// decides (doc: Conversation Routing, entry point routing). An ad begins a conversation of its own, whoever had it.
pub(crate) fn person_wrote(routing: &Routing, control: Control, entry: Entry<'_>, now: Micros) -> Control {
    if let Entry::Campaign { app_id, days } = entry {
        let seconds = i64::from(days) * 24 * 3600;
        let control = Control { app_id, until: now, seconds };
        return Control { until: now.plus(control.window()), ..control };
    }
    if owner(control, now).is_some() {
        return Control { until: control.until.max(now.plus(control.window())), ..control };
    }
    let linked = match entry {
        Entry::Link(reference) => routing.links.get(reference).copied(),
        _ => None,
    };
    match routing.default_app {
        Some(default) => given(linked.unwrap_or(default), now),
        // Links are routed only where there is a default app (doc: zero config behavior).
        None => Control::default(),
    }
}

/// Whether that is an inbox of Meta's own, in which a human answers.
pub(crate) const fn is_inbox(app_id: i64) -> bool {
    app_id == INSTAGRAM_INBOX || app_id == PAGE_INBOX
}
