//! The pages of both logins, as a person clicks through them: plain HTML forms that work without scripts (doc: Business
//! Login for Instagram; Facebook Login). Also the page where access is revoked, and the JavaScript SDK.
//!
//! They belong to the sandbox: whoever may use it may be any of its test users.

mod answer;
mod apps_page;
pub(crate) mod codes;
mod consent;
mod facebook;
mod form;
mod html;
mod instagram;
mod invitations;
mod professional;
mod redirect;
mod request;
mod sdk;
mod session;
mod unlock;

#[cfg(test)]
mod tests;

use crate::address::CallerAddress;
use crate::failure::Failure;
use crate::sim::Sandbox;
use crate::sim::guard::is_ours;
use crate::{Body, Platform};
use answer::Problem;
use bytes::Bytes;
use form::Fields;
use graph_api::{Host, Version};
use http::header::{HOST, HeaderMap, ORIGIN};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use session::Session;
use std::sync::Arc;

/// What is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `www.instagram.com/oauth/authorize`
    InstagramDialog,
    /// `www.facebook.com/dialog/oauth`
    FacebookDialog,
    /// `www.facebook.com/settings?tab=business_tools`
    BusinessTools,
    /// `www.instagram.com/accounts/manage_access/`
    Invitations,
    /// `connect.facebook.net/en_US/sdk.js`
    Sdk,
    /// The SDK asks whether the user is signed in.
    Status,
    /// The SDK signs the user out.
    Logout,
    /// The page that hands a login's outcome to the SDK.
    Arbiter,
    /// Its script.
    ArbiterScript,
    /// How the pages look.
    Style,
    /// The picture of whoever has none.
    Silhouette,
}

const STYLE: &str = "/rsrc/login.css";
/// Where the picture of users and pages without one is served.
pub(crate) const SILHOUETTE: &str = "/rsrc/silhouette.png";
const ARBITER_SCRIPT: &str = "/x/connect/xd_arbiter.js";

impl Page {
    /// The page that a request is for, if it is for one: the Graph hosts have none.
    pub(crate) fn of(head: &Parts) -> Option<Self> {
        let page = Self::at(head.uri.path())?;
        let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let name = host.split(':').next().unwrap_or_default();
        let is_graph = Host::BOTH.iter().any(|host| host.name().eq_ignore_ascii_case(name));
        (!is_graph).then_some(page)
    }

    fn at(path: &str) -> Option<Self> {
        Some(match path {
            "/oauth/authorize" | "/oauth/authorize/" => Self::InstagramDialog,
            "/dialog/oauth" | "/dialog/oauth/" => Self::FacebookDialog,
            "/settings" | "/settings/" => Self::BusinessTools,
            "/accounts/manage_access" | "/accounts/manage_access/" => Self::Invitations,
            "/x/oauth/status" => Self::Status,
            "/x/oauth/logout" => Self::Logout,
            redirect::ARBITER => Self::Arbiter,
            ARBITER_SCRIPT => Self::ArbiterScript,
            STYLE => Self::Style,
            SILHOUETTE => Self::Silhouette,
            path if path.ends_with("/dialog/oauth") => {
                let version = path.strip_prefix('/')?.strip_suffix("/dialog/oauth")?;
                return matches!(Version::parse(version), Ok(Some(_))).then_some(Self::FacebookDialog);
            }
            // `/en_US/sdk.js`: a locale, then the script.
            path if path.ends_with("/sdk.js") => {
                let locale = path.strip_prefix('/')?.strip_suffix("/sdk.js")?;
                let is_locale = locale.len() == 5 && locale.as_bytes()[2] == b'_';
                return is_locale.then_some(Self::Sdk);
            }
            _ => return None,
        })
    }
}

/// A request of a browser.
pub(crate) struct Visit<'a> {
    platform: &'a Arc<Platform>,
    /// Whether it sends a form.
    is_post: bool,
    path: &'a str,
    query_text: &'a str,
    query: Fields,
    form: Fields,
    headers: &'a HeaderMap,
    /// At which address the browser reached us, without a slash at the end.
    own: String,
    session: Session,
}

type Answer = Result<Response<Body>, Problem>;

impl Visit<'_> {
    /// The address that the page's forms go to: the same, with everything that the login was asked for.
    fn here(&self) -> String {
        match self.query_text {
            "" => self.path.to_owned(),
            query => format!("{}?{query}", self.path),
        }
    }

    /// Which form was sent: the value of its field `step`.
    fn step(&self) -> Option<&str> {
        self.form.text("step").filter(|_| self.is_post)
    }
}

/// Answers a request for one of the pages.
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
    let Some(page) = Page::of(&head) else { return answer::problem(&Problem::no_page()) };
    match page {
        Page::Silhouette => return sdk::file("image/png", include_bytes!("silhouette.png")),
        Page::Style => return sdk::file("text/css; charset=utf-8", include_bytes!("login.css")),
        Page::Sdk => return sdk::file("application/x-javascript; charset=utf-8", include_bytes!("sdk.js")),
        Page::ArbiterScript => {
            return sdk::file("application/x-javascript; charset=utf-8", include_bytes!("xd_arbiter.js"));
        }
        _ => {}
    }
    let is_post = head.method == Method::POST;
    if !is_post && head.method != Method::GET && head.method != Method::HEAD {
        let why = "This page is read with GET, and its forms are sent with POST.";
        return answer::problem(&Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", why));
    }
    if let Err(problem) = guard(sandbox, platform.public_url(), &head.headers, page) {
        return answer::problem(&problem);
    }
    let form = match is_post {
        false => Fields::default(),
        true => match net::read_body(body, crate::MAX_BODY, crate::BODY_TIME).await {
            Ok(body) => Fields::read(&body),
            Err(error) => {
                let why = error.to_string();
                return answer::problem(&Problem::new(StatusCode::BAD_REQUEST, "Bad request", &why));
            }
        },
    };
    let query_text = head.uri.query().unwrap_or_default();
    let mut visit = Visit {
        platform,
        is_post,
        path: head.uri.path(),
        query_text,
        query: Fields::read(query_text.as_bytes()),
        form,
        headers: &head.headers,
        own: CallerAddress::of(&head.headers).base(platform.public_url()),
        session: Session::of(&head.headers, &platform.key, &*platform.chance, sandbox.token.as_deref()),
    };
    let answered = visited(&mut visit, sandbox, page).await;
    let mut response = answered.unwrap_or_else(|problem| answer::problem(&problem));
    if head.method == Method::HEAD {
        *response.body_mut() = Body::full(http_body_util::Full::default());
    }
    response
}

async fn visited(visit: &mut Visit<'_>, sandbox: &Sandbox, page: Page) -> Answer {
    match page {
        // The token that the SDK shows is what lets these in.
        Page::Status => return sdk::status(visit).await,
        Page::Logout => return sdk::logout(visit).await,
        Page::Arbiter => return Ok(sdk::arbiter(visit)),
        _ => {}
    }
    if visit.is_post && !visit.session.sent(visit) {
        let why = "This form was not sent from a page of this browser, or it is too old. Open the page again. \
                   (Cookies must be allowed; a program sends back the cookie and the hidden field csrf.)";
        return Err(Problem::new(StatusCode::FORBIDDEN, "The form cannot be accepted", why));
    }
    if let Some(token) = &sandbox.token
        && !visit.session.unlocked
    {
        let Some(shown) = unlock::unlocked(visit, token)? else { return Ok(unlock::page(visit)) };
        visit.session.unlocked = shown;
    }
    match page {
        Page::InstagramDialog => instagram::dialog(visit).await,
        Page::FacebookDialog => facebook::dialog(visit).await,
        Page::BusinessTools => apps_page::show(visit).await,
        Page::Invitations => invitations::show(visit).await,
        _ => Err(Problem::no_page()),
    }
}

/// No name that leads here by somebody else's DNS, and no form that another site sends.
fn guard(sandbox: &Sandbox, public_url: &str, headers: &HeaderMap, page: Page) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let is_known = |host: &str| is_ours(public_url, host) || is_meta(host);
    let forbidden = |why: &str| Err(Problem::new(StatusCode::FORBIDDEN, "Forbidden", why));
    if sandbox.token.is_none()
        && let Some(host) = text(HOST)
        && !is_known(host)
    {
        return forbidden("The login pages answer only at a loopback address, or at Meta's names (Host).");
    }
    // The SDK calls from the app's pages: who they are is checked against the app.
    let is_sdk = matches!(page, Page::Status | Page::Logout | Page::Arbiter);
    if !is_sdk && let Some(origin) = text(ORIGIN) {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let is_same = text(HOST).is_some_and(|own| own.eq_ignore_ascii_case(host));
        if !is_same {
            return forbidden("The login pages take no forms of other sites (Origin).");
        }
    }
    Ok(())
}

fn is_meta(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "www.instagram.com"
            | "api.instagram.com"
            | "www.facebook.com"
            | "m.facebook.com"
            | "connect.facebook.net"
    )
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Graph(error) => {
                Self::new(StatusCode::BAD_REQUEST, "Something is wrong", &error.message(Host::Instagram))
            }
            Failure::Storage(error) => error.into(),
        }
    }
}

impl From<storage::Error> for Problem {
    fn from(error: storage::Error) -> Self {
        tracing::error!(%error, "a page of the logins failed inside");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong",
            "The database failed. Try again.",
        )
    }
}
