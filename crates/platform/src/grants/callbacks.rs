//! What an app is told when somebody removes it or wants their data deleted: a POST of a `signed_request` to an address
//! that the app has set (doc: Facebook Login, deauthorize callback; Data Deletion Request Callback).
//!
//! The real service tries once, and so does this.

use super::{Giver, store};
use crate::Platform;
use crate::accounts;
use crate::apps::App;
use crate::directory::forget_after_commit;
use crate::log::feed::Happening;
use bytes::Bytes;
use clock::Micros;
use graph_api::signature::signed_request;
use http::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use storage::{Result, Tx};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// How long an app may take to answer (unconfirmed: the figure of webhooks).
const WITHIN: Duration = Duration::from_secs(20);

/// The callbacks under way.
pub(crate) struct Callbacks {
    runtime: Handle,
    going: watch::Sender<usize>,
}

/// What an app is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Somebody has removed it.
    Deauthorize,
    /// Somebody wants their data deleted.
    DataDeletion,
}

impl Told {
    const fn name(self) -> &'static str {
        match self {
            Self::Deauthorize => "deauthorize",
            Self::DataDeletion => "data_deletion",
        }
    }
}

impl Callbacks {
    /// Callbacks that go out on the current runtime.
    pub(crate) fn new() -> Self {
        Self { runtime: Handle::current(), going: watch::Sender::new(0) }
    }

    /// Waits until none is under way.
    pub(crate) async fn settled(&self) {
        // The sender lives as long as this call: the channel cannot be closed.
        let _ = self.going.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// Removes an app for a giver: everything that was given is revoked, and the app hears of it once that is on disk.
/// `false` if the app has been given nothing.
pub(crate) fn remove(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    app: &Arc<App>,
    giver: Giver,
) -> Result<bool> {
    let shown = shown_id(tx, app, giver)?;
    let was_given = store::revoke(tx, app.id, giver)?;
    forget_after_commit(tx, platform);
    if was_given && app.settings.deauthorize_callback.is_some() {
        let (platform, app) = (Arc::clone(platform), Arc::clone(app));
        tx.after_commit(move || {
            platform.callbacks.going.send_modify(|count| *count += 1);
            platform.callbacks.runtime.clone().spawn(async move {
                tell(&platform, &app, giver, shown, Told::Deauthorize).await;
                platform.callbacks.going.send_modify(|count| *count -= 1);
            });
        });
    }
    Ok(was_given)
}

/// The id by which the app knows the giver: an account's is its own for each app.
pub(crate) fn shown_id(db: &mut impl storage::Read, app: &App, giver: Giver) -> Result<i64> {
    Ok(match giver {
        Giver::User(id) => id,
        Giver::Account(id) => accounts::store::find(db, id)?.map_or(id, |account| account.scoped_id(app.id)),
    })
}

/// POSTs to the app's callback, if it has one, and tells the feed how it went. The answer: status and beginning of the
/// body; `Err`: in words, why there is none.
pub(crate) async fn tell(
    platform: &Platform,
    app: &App,
    giver: Giver,
    shown_id: i64,
    what: Told,
) -> Option<Result<(u16, Bytes), String>> {
    let url = match what {
        Told::Deauthorize => app.settings.deauthorize_callback.as_deref()?,
        Told::DataDeletion => app.settings.data_deletion_callback.as_deref()?,
    };
    let now = platform.clock.now();
    let outcome = post(platform, url, &body(app, giver, shown_id, now)).await;
    let detail = match &outcome {
        Ok((status, _)) => format!("answered {status}"),
        Err(why) => why.clone(),
    };
    let app_id = app.id_of(giver.login());
    platform.log.feed.push(now, Happening::Callback { kind: what.name(), app_id, shown_id, detail });
    Some(outcome)
}

fn body(app: &App, giver: Giver, shown_id: i64, now: Micros) -> String {
    let payload = json!({
        "user_id": shown_id.to_string(), "algorithm": "HMAC-SHA256", "issued_at": now.secs(),
    });
    let signed = signed_request(app.secret_of(giver.login()), &payload);
    // Base64url and a full stop: nothing in it needs escaping.
    format!("signed_request={signed}")
}

async fn post(platform: &Platform, url: &str, body: &str) -> Result<(u16, Bytes), String> {
    let mut request = Request::new(Bytes::copy_from_slice(body.as_bytes()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.parse().map_err(|_| format!("{url} is no URL"))?;
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    headers.insert(
        USER_AGENT,
        HeaderValue::from_static("facebookplatform/1.0 (+http://developers.facebook.com)"),
    );
    let answer = platform.client.send(request, WITHIN, 64 * 1024).await.map_err(|error| error.to_string())?;
    Ok((answer.status.as_u16(), answer.body))
}
