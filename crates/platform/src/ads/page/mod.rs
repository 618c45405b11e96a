//! The page on which an advertiser makes an ad of a partner app's welcome message flow, as in Ads Manager (doc: Welcome
//! Message Flows): message template, partner app, flow, preview. Plain HTML that works without scripts; sandbox only.

mod chosen;
mod view;

use super::{Boost, boost, set_status};
use crate::address::CallerAddress;
use crate::assets::Links;
use crate::sim::guard;
use crate::{Body, Failure, Platform, Sandbox, accounts};
use bytes::Bytes;
use chosen::Choices;
use graph_api::ads::{AdStatus, Seen};
use graph_api::ids::decimal;
use graph_api::{Host, limits};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use std::collections::HashMap;
use std::sync::Arc;

/// Where it is, as Ads Manager is at Meta's.
const PATH: &str = "/adsmanager";

/// Nothing is loaded but the page's own style and the flows' pictures, and forms go nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Whether the path is one of the page's.
pub(crate) fn is_page(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a form or query says.
type Fields = HashMap<String, String>;

fn fields(encoded: &[u8]) -> Fields {
    form_urlencoded::parse(encoded).into_owned().filter(|(_, value)| !value.trim().is_empty()).collect()
}

/// Why the page cannot do it, for the advertiser.
struct Refusal(StatusCode, String);

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Graph(error) => Self(StatusCode::BAD_REQUEST, error.message(Host::Instagram)),
            Failure::Storage(error) => error.into(),
        }
    }
}

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        tracing::error!(%error, "the advertiser's page failed inside");
        Self(StatusCode::INTERNAL_SERVER_ERROR, "The database failed.".to_owned())
    }
}

/// Answers a request for the page. It is for those who may drive the sim.
pub(crate) async fn answer<B>(
    platform: &Arc<Platform>,
    sandbox: &Sandbox,
    head: Parts,
    body: B,
) -> Response<Body>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    if let Err(error) = guard::check(sandbox, platform.public_url(), &head.headers) {
        return page(error.status(), view::refusal(error.message()));
    }
    let path = head.uri.path().strip_prefix(PATH).unwrap_or_default().trim_end_matches('/');
    let sent = match head.method {
        Method::POST => match net::read_body(body, crate::MAX_BODY, crate::BODY_TIME).await {
            Ok(body) => fields(&body),
            Err(error) => return page(StatusCode::BAD_REQUEST, view::refusal(&error.to_string())),
        },
        _ => Fields::new(),
    };
    let is_read = matches!(head.method, Method::GET | Method::HEAD);
    let done = match (path, path.strip_prefix("/ads/")) {
        ("", _) if is_read => {
            let links = Links::new(platform, &CallerAddress::of(&head.headers));
            show(platform, &fields(head.uri.query().unwrap_or_default().as_bytes()), &links).await
        }
        ("/style.css", _) if is_read => Ok(style()),
        ("/ads", _) if head.method == Method::POST => publish(platform, &sent).await,
        (_, Some(id)) if head.method == Method::POST => change(platform, id, &sent).await,
        _ => Err(Refusal(StatusCode::NOT_FOUND, "There is no such page.".to_owned())),
    };
    done.unwrap_or_else(|Refusal(status, why)| page(status, view::refusal(&why)))
}

async fn show(
    platform: &Arc<Platform>,
    asked: &Fields,
    links: &Links<'_>,
) -> Result<Response<Body>, Refusal> {
    let choices = Choices::read(platform, asked).await?;
    Ok(page(StatusCode::OK, view::page(&choices, links)))
}

/// Makes the ad, and shows it in the list.
async fn publish(platform: &Arc<Platform>, sent: &Fields) -> Result<Response<Body>, Refusal> {
    let bad = |why: &str| Refusal(StatusCode::BAD_REQUEST, why.to_owned());
    let id = |name: &str| sent.get(name).map(|id| decimal(id.trim()).ok_or_else(|| bad("This is no id.")));
    let account = id("account").transpose()?.ok_or_else(|| bad("An account is needed."))?;
    let photo_url = sent.get("photo_url").map(|url| url.trim().to_owned());
    if photo_url.as_deref().is_some_and(|url| !limits::is_web_address(url)) {
        return Err(bad("The picture's address is no URL."));
    }
    let title = sent.get("title").cloned().unwrap_or_else(|| "Ad".to_owned());
    let wanted = Boost {
        flow: id("flow").transpose()?,
        seen: Seen { title, photo_url, video_url: None },
        reference: sent.get("ref").cloned().unwrap_or_default(),
    };
    let ad = platform
        .db
        .write(move |tx| match accounts::store::find(tx, account)? {
            Some(account) => boost(tx, &account, &wanted).map(Some),
            None => Ok(None),
        })
        .await?;
    let ad = ad.ok_or_else(|| bad("There is no such account."))?;
    Ok(see(&format!("{PATH}?account={}&made={}", ad.account, ad.id)))
}

/// Starts, pauses or deletes an ad.
async fn change(platform: &Arc<Platform>, id: &str, sent: &Fields) -> Result<Response<Body>, Refusal> {
    let missing = || Refusal(StatusCode::NOT_FOUND, "There is no such ad.".to_owned());
    let status = sent.get("status").and_then(|name| AdStatus::parse(name));
    let status = status.ok_or_else(|| Refusal(StatusCode::BAD_REQUEST, "A status is needed.".to_owned()))?;
    let id = decimal(id).ok_or_else(missing)?;
    let ad = platform.db.write(move |tx| set_status(tx, id, status)).await?.ok_or_else(missing)?;
    Ok(see(&format!("{PATH}?account={}", ad.account)))
}

/// Sends the browser on, so that a reload does nothing twice.
fn see(target: &str) -> Response<Body> {
    let mut response = respond(StatusCode::SEE_OTHER, "text/html; charset=utf-8", Bytes::new());
    if let Ok(target) = HeaderValue::from_str(target) {
        response.headers_mut().insert(LOCATION, target);
    }
    response
}

fn style() -> Response<Body> {
    respond(StatusCode::OK, "text/css; charset=utf-8", Bytes::from_static(include_bytes!("style.css")))
}

fn page(status: StatusCode, html: String) -> Response<Body> {
    respond(status, "text/html; charset=utf-8", html.into())
}

fn respond(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::full(Full::new(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // With a stricter one, browsers would not say in Origin where the forms come from.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
