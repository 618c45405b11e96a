//! What the JavaScript SDK needs: its files, whether the user is signed in, signing out, and the page that hands a login's
//! outcome to the app's window (doc: Facebook SDK for JavaScript).

use super::answer::{Forms, Problem, strict};
use super::html::Html;
use super::redirect::may_hear;
use super::{ARBITER_SCRIPT, Answer, Visit, consent};
use crate::Body;
use crate::directory::forget_after_commit;
use crate::grants::{self, Giver, Grant};
use crate::tokens::{Token, client, store};
use clock::Micros;
use graph_api::{Host, limits};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderName,
    HeaderValue, ORIGIN, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// A token that a page is given must live at least this much longer.
const LEFT: Duration = Duration::from_secs(10 * 60);

/// A file of ours: the same for everybody.
pub(super) fn file(kind: &'static str, bytes: &'static [u8]) -> Response<Body> {
    let mut response = Response::new(Body::full(Full::new(bytes.into())));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=1200"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Meta's own snippet loads the SDK with `crossorigin="anonymous"`.
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// The page at which a login of the SDK ends. It tells nobody but windows of the origin in its address, which the dialog
/// has checked and signed.
pub(super) fn arbiter(visit: &Visit<'_>) -> Response<Body> {
    let text = |name| visit.query.text(name).unwrap_or_default();
    let right = visit.platform.key.arbiter_signature(text("origin"), text("cb"));
    let is_ours = bool::from(right.as_bytes().ct_eq(text("sig").as_bytes()));
    let document = Html::of(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Done</title>\n",
    )
    .raw("</head>\n<body data-origin=\"")
    .text(if is_ours { text("origin") } else { "" })
    .raw("\" data-cb=\"")
    .text(text("cb"))
    .raw("\">\n<p>You can close this window.</p>\n<script src=\"")
    .raw(ARBITER_SCRIPT)
    .raw("\"></script>\n</body>\n</html>\n");
    let mut response = Response::new(Body::full(Full::new(document.into_string().into())));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    strict(&mut response, Forms::Here, true);
    response
}

/// `GET /x/oauth/status?client_id=` with the browser's cookie: `{"status","authResponse"}`. A page of an origin that the
/// app has nothing to do with is told nothing.
pub(super) async fn status(visit: &mut Visit<'_>) -> Answer {
    let id = visit.query.text("client_id").unwrap_or_default();
    let refused = |why: &str| Problem::new(StatusCode::FORBIDDEN, "Forbidden", why);
    let app = client::find(visit.platform, Host::Facebook, id).await?;
    let app = app.ok_or_else(|| refused("There is no such app."))?;
    let origin = origin(visit).filter(|origin| may_hear(&app, origin));
    let origin = origin.ok_or_else(|| refused("This origin is none of the app's."))?;
    let Some(user_id) = visit.session.facebook else {
        return Ok(told(&origin, &json!({ "status": "unknown", "authResponse": null })));
    };
    let (app_id, giver) = (app.id, Giver::User(user_id));
    let platform = Arc::clone(visit.platform);
    let found: Option<Token> = visit
        .platform
        .db
        .write(move |tx| {
            let Some(grant) = grants::store::find(tx, app_id, giver)? else { return Ok(None) };
            match usable(tx, &grant, user_id)? {
                Some(token) => Ok(Some(token)),
                None => consent::short_token(tx, &platform, &grant).map(Some),
            }
        })
        .await?;
    let answer = match found {
        None => json!({ "status": "not_authorized", "authResponse": null }),
        Some(token) => {
            let now = visit.platform.clock.now();
            let issued = token.issued_at;
            json!({ "status": "connected", "authResponse": {
                "accessToken": token.text(&visit.platform.key),
                "userID": user_id.to_string(),
                "expiresIn": token.made.expires_at.map_or(0, |expiry| expiry.since(now).as_secs()),
                "signedRequest": consent::signed(&app, user_id, now.secs()),
                "graphDomain": "facebook",
                "data_access_expiration_time": issued.plus(limits::DATA_ACCESS).secs(),
            } })
        }
    };
    Ok(told(&origin, &answer))
}

/// A token of an earlier login that still does what the user grants.
fn usable(tx: &mut storage::Tx<'_>, grant: &Grant, user_id: i64) -> storage::Result<Option<Token>> {
    let until: Micros = tx.now().plus(LEFT);
    let token = store::newest_short(tx, grant.app_id, user_id, until)?;
    Ok(token.filter(|token| token.made.scopes == grant.granted))
}

/// `POST /x/oauth/logout` with `access_token`: ends the session of that token, and signs the browser out.
pub(super) async fn logout(visit: &mut Visit<'_>) -> Answer {
    let token = visit.form.text("access_token").unwrap_or_default().to_owned();
    let refused = |why: &str| Problem::new(StatusCode::FORBIDDEN, "Forbidden", why);
    let caller = visit.platform.directory.caller(&token).await?;
    let caller = caller.ok_or_else(|| refused("There is no such token."))?;
    let origin = origin(visit).filter(|origin| may_hear(&caller.app, origin));
    let origin = origin.ok_or_else(|| refused("This origin is none of the app's."))?;
    let (hash, platform) = (visit.platform.key.token_hash(&token), Arc::clone(visit.platform));
    visit
        .platform
        .db
        .write(move |tx| {
            if let Some(token) = store::find(tx, &hash)? {
                store::end_session(tx, &hash, token.serial)?;
            }
            forget_after_commit(tx, &platform);
            Ok::<_, storage::Error>(())
        })
        .await?;
    visit.session.facebook = None;
    let mut response = told(&origin, &json!({ "status": "unknown", "authResponse": null }));
    if let Some(cookie) = visit.session.cookie(&visit.platform.key) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Where the calling page is from.
fn origin(visit: &Visit<'_>) -> Option<String> {
    let sent = visit.headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).map(str::to_owned);
    // A page of the sandbox's own address calls without the header.
    sent.or_else(|| Some(visit.own.clone()).filter(|_| !visit.is_post))
}

fn told(origin: &str, value: &Value) -> Response<Body> {
    let mut response = crate::json_response(StatusCode::OK, value);
    let headers = response.headers_mut();
    if let Ok(origin) = HeaderValue::from_str(origin) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(VARY, HeaderValue::from_static("Origin, Cookie"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
