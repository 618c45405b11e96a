//! Faults of webhooks: what events say, or how they are delivered.

use super::super::SimError;
use super::super::input::Input;
use super::{after, share, something, status};
use crate::faults::content::{Alteration, Beside, Escapes, Phantom, Stamp};
use crate::faults::deliveries::{Answer, Deliveries, Signing};
use crate::faults::{Only, Share, What};
use serde_json::Value;
use std::ops::RangeInclusive;

/// More copies than this are not sent.
const COPIES: u64 = 20;
/// How many events can be gathered into one POST.
const GATHERED: RangeInclusive<usize> = 2..=100;
/// The keys of an event that can be missing.
const KEYS: &[&str] = &[
    "sender",
    "recipient",
    "timestamp",
    "mid",
    "text",
    "title",
    "payload",
    "attachments",
    "type",
    "from",
    "media",
    "parent_id",
];

/// What events say: `{"phantom_edit":"before"/"after"/"instead","missing"?}`, or
/// `{"missing"?:[…],"timestamp"?:"string"/"seconds"/"iso","attachment_type"?,"kind"?,"escapes"?:"legacy"/"utf8"}`.
///
/// How they are delivered: `{"drop"?,"delay"?,"reorder"?,"duplicate"?,"restamp"?,"status"?,"apply"?,"bad_signature"?,
/// "envelope"?:"array","batch"?}`.
pub(super) fn read(input: &mut Input, only: &Only) -> Result<What, SimError> {
    if let Some(phantom) = phantom(input)? {
        if only.endpoints.is_some() || only.field.is_some() || only.echo.is_some() {
            let why = "a phantom edit is narrowed by account and person only";
            return Err(SimError::bad("phantom_edit", why));
        }
        return Ok(What::Phantom(phantom));
    }
    let alteration = alteration(input)?;
    let deliveries = deliveries(input, only)?;
    match (alteration.is_empty(), deliveries.is_empty()) {
        (false, true) => Ok(What::Content(alteration)),
        (true, is_empty) => something(
            What::Deliveries(deliveries),
            !is_empty,
            "drop, delay, duplicate, status or bad_signature",
        ),
        (false, false) => {
            let why = "a fault changes what an event says or how it is delivered, not both: set two";
            Err(SimError::bad("on", why))
        }
    }
}

fn phantom(input: &mut Input) -> Result<Option<Phantom>, SimError> {
    let place = match input.text("phantom_edit")?.as_deref() {
        None => return Ok(None),
        Some("before") => Beside::Before,
        Some("after") => Beside::After,
        Some("instead") => Beside::Instead,
        Some(_) => {
            return Err(SimError::bad("phantom_edit", "must be \"before\", \"after\" or \"instead\""));
        }
    };
    Ok(Some(Phantom { place, missing: missing(input)? }))
}

fn missing(input: &mut Input) -> Result<Vec<String>, SimError> {
    let missing = input.words("missing")?.unwrap_or_default();
    match missing.iter().all(|key| KEYS.contains(&key.as_str())) {
        true => Ok(missing),
        false => Err(SimError::bad("missing", format!("must be a list of {}", KEYS.join(", ")))),
    }
}

fn alteration(input: &mut Input) -> Result<Alteration, SimError> {
    let missing = missing(input)?;
    let timestamp = match input.text("timestamp")?.as_deref() {
        None => None,
        Some("string") => Some(Stamp::Text),
        Some("seconds") => Some(Stamp::Seconds),
        Some("iso") => Some(Stamp::Iso),
        Some(_) => return Err(SimError::bad("timestamp", "must be \"string\", \"seconds\" or \"iso\"")),
    };
    let escapes = match input.text("escapes")?.as_deref() {
        None => None,
        Some("legacy") => Some(Escapes::Legacy),
        Some("utf8") => Some(Escapes::Utf8),
        Some(_) => return Err(SimError::bad("escapes", "must be \"legacy\" or \"utf8\"")),
    };
    let (attachment, kind) = (input.text("attachment_type")?, input.text("kind")?);
    Ok(Alteration { missing, timestamp, attachment, kind, escapes })
}

fn deliveries(input: &mut Input, only: &Only) -> Result<Deliveries, SimError> {
    let (duplicate, copies) = duplicate(input)?;
    let (signing, badly_signed) = signing(input)?;
    let restamp = input.flag("restamp")?;
    let array = match input.text("envelope")?.as_deref() {
        None => false,
        Some("array") => true,
        Some(_) => return Err(SimError::bad("envelope", "must be \"array\"")),
    };
    let gather = match input.position("batch")? {
        None => 0,
        Some(events) if GATHERED.contains(&events) => events,
        Some(_) => return Err(SimError::bad("batch", "must be 2 to 100")),
    };
    if gather > 0 && (only.account.is_some() || only.person.is_some() || only.field.is_some()) {
        return Err(SimError::bad("batch", "a batch is of all events of an endpoint: narrow it by endpoint"));
    }
    let (answer, after) = (answer(input)?, after(input)?);
    if after.is_some() && answer.is_none() {
        return Err(SimError::bad("apply", "says whether a POST with a status of the fault's is made"));
    }
    if restamp.is_some() && copies == 0 {
        return Err(SimError::bad("restamp", "is for duplicates"));
    }
    Ok(Deliveries {
        drop: share(input, "drop")?.unwrap_or(Share::NEVER),
        delay: input.span("delay")?,
        reorder: share(input, "reorder")?.unwrap_or(Share::NEVER),
        duplicate,
        copies,
        restamp: restamp.unwrap_or(false),
        answer,
        after: after.unwrap_or(false),
        signing,
        badly_signed,
        array,
        gather,
    })
}

/// A share, or how many copies.
fn duplicate(input: &mut Input) -> Result<(Share, usize), SimError> {
    let copies = input.peek("duplicate").and_then(Value::as_u64).filter(|copies| *copies > 1);
    match copies {
        Some(copies) if copies > COPIES => {
            Err(SimError::bad("duplicate", format!("must not be more than {COPIES}")))
        }
        Some(copies) => {
            input.take("duplicate");
            Ok((Share::ALWAYS, usize::try_from(copies).unwrap_or(1)))
        }
        None => {
            let duplicate = share(input, "duplicate")?.unwrap_or(Share::NEVER);
            Ok((duplicate, usize::from(duplicate.is_possible())))
        }
    }
}

/// A share, or the name of a wrong way to sign.
fn signing(input: &mut Input) -> Result<(Option<Signing>, Share), SimError> {
    let Some(Value::String(name)) = input.peek("bad_signature") else {
        let badly = share(input, "bad_signature")?.unwrap_or(Share::NEVER);
        return Ok((badly.is_possible().then_some(Signing::WrongSecret), badly));
    };
    let known = Signing::ALL.iter().find(|(known, _)| known == name).map(|(_, signing)| *signing);
    input.take("bad_signature");
    let names: Vec<&str> = Signing::ALL.iter().map(|(name, _)| *name).collect();
    let wrong = || {
        SimError::bad(
            "bad_signature",
            format!("must be a number between 0 and 1, or one of {}", names.join(", ")),
        )
    };
    known.map(|signing| (Some(signing), Share::ALWAYS)).ok_or_else(wrong)
}

fn answer(input: &mut Input) -> Result<Option<Answer>, SimError> {
    let Some(value) = input.take("status") else { return Ok(None) };
    let answer = match value.as_str() {
        Some("timeout") => Some(Answer::TimedOut),
        Some("reset") => Some(Answer::Reset),
        _ => status(&value).map(Answer::Status),
    };
    let wrong = "must be an HTTP status such as 500, \"timeout\" or \"reset\"";
    answer.map(Some).ok_or_else(|| SimError::bad("status", wrong))
}
