//! `/sim/faults`: what goes wrong on purpose.

mod deliveries;
mod error;
mod named;
mod requests;

use super::input::Input;
use super::people::{account, person};
use super::watching::endpoints;
use super::{SimError, SimResult};
use crate::Platform;
use crate::faults::{Fault, Only, Share, What};
use graph_api::Host;
use graph_api::ids::decimal;
use graph_api::webhook::{APP_FIELDS, normal_field};
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /sim/faults` → `{"faults":[…the oldest first]}`.
pub(super) fn list(platform: &Platform) -> Value {
    json!({ "faults": platform.faults.all().iter().map(|fault| fault.to_json()).collect::<Vec<_>>() })
}

/// `GET /sim/faults/{id}`.
pub(super) fn show(platform: &Platform, id: &str) -> SimResult {
    let fault = platform.faults.all().into_iter().find(|fault| fault.id.to_string() == id);
    fault.map(|fault| fault.to_json()).ok_or_else(|| SimError::not_found(&format!("fault {id}")))
}

/// `DELETE /sim/faults`, `DELETE /sim/faults/{id}` → `{}`. What waits to be gathered goes; what is late already stays so.
pub(super) async fn remove(platform: &Platform, id: Option<&str>) -> SimResult {
    match id {
        None => platform.faults.clear(),
        Some(text) => {
            let was_there = text.parse().is_ok_and(|id| platform.faults.remove(id));
            if !was_there {
                return Err(SimError::not_found(&format!("fault {text}")));
            }
        }
    }
    platform.outbox().clock_moved().await;
    Ok(json!({}))
}

/// `POST /sim/faults` → the fault with its id. `on` says what it strikes: a method and a path such as
/// `POST /*/messages`, `webhook`, or `file`; `name` stands for a fault that is known by it. `times` is how often it
/// strikes, `probability` how often of the times that it could. The rest depends on `on`: [`requests`], [`deliveries`].
pub(super) async fn set(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let asked = input.members().clone();
    named::fill(&mut input)?;
    let on = input.required("on")?;
    let times = input.number("times")?;
    if times == Some(0) {
        return Err(SimError::bad("times", "must be at least 1"));
    }
    let probability = share(&mut input, "probability")?.unwrap_or(Share::ALWAYS);
    let only = only(platform, &mut input, &on).await?;
    let what = match on.as_str() {
        "webhook" => deliveries::read(&mut input, &only)?,
        "file" => requests::read_file(&mut input)?,
        pattern => requests::read(&mut input, pattern)?,
    };
    input.done()?;
    if !platform.faults.has_room() {
        return Err(SimError::bad("", "there are too many faults").with_status(StatusCode::CONFLICT));
    }
    // Chance of its own, so that what else happens in the world does not matter to it.
    let seed = platform.chance.number();
    let fault = platform.faults.add(|id| Fault::new(id, (what, only), (probability, times), seed, asked));
    Ok(fault.to_json())
}

/// What the fault is narrowed to.
async fn only(platform: &Platform, input: &mut Input, on: &str) -> Result<Only, SimError> {
    let mut only = Only::default();
    if on == "file" {
        return Ok(only);
    }
    if let Some(name) = input.text("account")? {
        let named = account(platform, &name).await.map_err(|_| no("account", &name))?;
        only.account = Some(named.account.id);
    }
    if on != "webhook" {
        if let Some(app) = input.text("app")? {
            only.app = Some(decimal(&app).ok_or_else(|| SimError::bad("app", "must be an app's id"))?);
        }
        only.host = match input.text("host")?.as_deref() {
            None => None,
            Some("instagram" | "graph.instagram.com") => Some(Host::Instagram),
            Some("facebook" | "graph.facebook.com") => Some(Host::Facebook),
            Some(_) => return Err(SimError::bad("host", "must be \"instagram\" or \"facebook\"")),
        };
        return Ok(only);
    }
    if let Some(name) = input.text("person")? {
        only.person = Some(person(platform, &name).await.map_err(|_| no("person", &name))?.user_no);
    }
    if let Some(field) = input.text("field")? {
        let field = normal_field(&field).to_owned();
        if !APP_FIELDS.contains(&field.as_str()) {
            return Err(SimError::bad("field", format!("must be one of {}", APP_FIELDS.join(", "))));
        }
        only.field = Some(field);
    }
    if let Some(named) = input.text("endpoint")? {
        let found = endpoints(platform, Some(&named)).await?.unwrap_or_default();
        if found.is_empty() {
            return Err(no("endpoint", &named));
        }
        only.endpoints = Some(found);
    }
    only.echo = input.flag("echo")?;
    Ok(only)
}

fn no(what: &str, named: &str) -> SimError {
    SimError::bad(what, format!("there is no {what} {named}"))
}

/// How often something happens: a number between 0 and 1, where 1 means always, or true or false.
fn share(input: &mut Input, name: &str) -> Result<Option<Share>, SimError> {
    let share = match input.take(name) {
        None => return Ok(None),
        Some(Value::Bool(true)) => Some(Share::ALWAYS),
        Some(Value::Bool(false)) => Some(Share::NEVER),
        Some(value) => value.as_f64().and_then(Share::new),
    };
    share.map(Some).ok_or_else(|| SimError::bad(name, "must be a number between 0 and 1, or true"))
}

/// An HTTP status.
fn status(value: &Value) -> Option<StatusCode> {
    value.as_u64().and_then(|status| u16::try_from(status).ok()).and_then(|status| {
        StatusCode::from_u16(status).ok().filter(|status| (200..600).contains(&status.as_u16()))
    })
}

/// A fault that does nothing is a misunderstanding.
fn nothing(such_as: &str) -> SimError {
    SimError::bad("on", format!("the fault does nothing: give it something such as {such_as}"))
}

/// When it strikes: before what it strikes is done (the default), or after.
fn after(input: &mut Input) -> Result<Option<bool>, SimError> {
    match input.text("apply")?.as_deref() {
        None => Ok(None),
        Some("before") => Ok(Some(false)),
        Some("after") => Ok(Some(true)),
        Some(_) => Err(SimError::bad("apply", "must be \"before\" or \"after\"")),
    }
}

/// What a fault does, or that it does nothing.
fn something(what: What, is_something: bool, such_as: &str) -> Result<What, SimError> {
    if is_something { Ok(what) } else { Err(nothing(such_as)) }
}
