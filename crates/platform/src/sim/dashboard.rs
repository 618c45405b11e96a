//! The "Test" buttons of the app dashboard.

#[cfg(test)]
mod tests;

use super::input::Input;
use super::{SimError, SimResult};
use crate::Platform;
use crate::apps;
use crate::log::deliveries::attempt_json;
use crate::subscriptions::{CHANGES, MESSAGING, store};
use graph_api::Host;
use graph_api::ids::decimal;
use graph_api::webhook::{DashboardTest, dashboard_test, normal_field};
use http::StatusCode;
use std::sync::Arc;
use webhooks::Event;

/// `POST /sim/apps/{id}/test {"field","product"?:"instagram"/"facebook"}` → the attempt. Sends the test of a field to the
/// product's callback, whatever the app's mode and the callback's fields are (rep: the button passes every gate). Without
/// `product`, to the only callback that there is.
pub(super) async fn test(platform: &Arc<Platform>, id: &str, mut input: Input) -> SimResult {
    let field = normal_field(&input.required("field")?).to_owned();
    let product = match input.text("product")?.as_deref() {
        None => None,
        Some("instagram") => Some(Host::Instagram),
        Some("facebook") => Some(Host::Facebook),
        Some(_) => return Err(SimError::bad("product", "must be \"instagram\" or \"facebook\"")),
    };
    input.done()?;
    let unknown = || SimError::not_found(&format!("app {id}"));
    let (id, key) = (decimal(id).ok_or_else(unknown)?, platform.key.clone());
    let callbacks = platform
        .db
        .read(move |db| {
            let Some(app) = apps::store::find(db, &key, id)? else { return Ok(None) };
            let mut callbacks = Vec::new();
            for login in Host::BOTH.iter().filter(|login| product.is_none_or(|only| only == **login)) {
                callbacks.extend(store::callback(db, app.id, *login)?);
            }
            Ok::<_, storage::Error>(Some(callbacks))
        })
        .await?
        .ok_or_else(unknown)?;
    let [callback] = &callbacks[..] else {
        let why = match callbacks.is_empty() {
            true => "the app has no such callback: POST /{id}/subscriptions sets one",
            false => "the app has two callbacks: which product?",
        };
        return Err(SimError::bad("product", why).with_status(StatusCode::CONFLICT));
    };
    let test = dashboard_test(&field, callback.login == Host::Instagram)
        .ok_or_else(|| SimError::bad("field", "no test of this field is known"))?;
    let (channel, body) = match test {
        DashboardTest::Messaging(body) => (MESSAGING, body),
        DashboardTest::Change(body) => (CHANGES, body),
    };
    let (endpoint, at) = (callback.endpoint, platform.clock.now());
    let event = Event { endpoint, at, lane: 0, subject: 0, channel, topic: field, body: body.into() };
    Ok(attempt_json(&platform.outbox().replay_event(event).await))
}
