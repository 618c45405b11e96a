//! What is done to requests: of the Graph API, and for files.

use super::error::About;
use super::{Chosen, Fault, Faults, Pattern, Share, What};
use crate::directory::Caller;
use crate::graph::operations::Verb;
use crate::{Body, Platform};
use clock::Micros;
use graph_api::errors::WireError;
use graph_api::locale::Locale;
use graph_api::{ErrorName, Host, Version};
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use std::sync::Arc;
use std::time::Duration;

/// How long an answer waits for the webhooks of its request. An endpoint that is being asked itself can only be told
/// once it has answered.
const WEBHOOKS: Duration = Duration::from_secs(5);

/// What a fault does to requests of the Graph API.
#[derive(Clone, Debug)]
pub(crate) struct Requests {
    /// Which ones.
    pub(crate) pattern: Pattern,
    /// What is answered.
    pub(crate) error: Option<Chosen>,
    /// How much later.
    pub(crate) latency: Option<Duration>,
    /// Once the request was done, and only then: the effect is there.
    pub(crate) after: bool,
    /// The connection breaks instead of an answer.
    pub(crate) lost: Share,
    /// The webhooks of the request go before its answer.
    pub(crate) webhooks_first: Share,
}

/// A request, as faults see it.
pub(crate) struct Seen<'a> {
    /// The method, or why there is none.
    pub(crate) verb: Option<Verb>,
    pub(crate) version: Option<Version>,
    pub(crate) segments: &'a [String],
    pub(crate) host: Host,
    /// `None` if the token is not good.
    pub(crate) caller: Option<&'a Caller>,
    pub(crate) now: Micros,
    /// The language in which errors are told.
    pub(crate) locale: Option<Locale>,
}

/// What a fault does to this request.
pub(crate) struct Struck {
    /// In words, with the fault's number.
    pub(crate) did: String,
    pub(crate) error: Option<(Option<ErrorName>, WireError)>,
    pub(crate) is_lost: bool,
    latency: Option<Duration>,
    webhooks_first: bool,
}

impl Faults {
    /// Whether anything is done to requests of the Graph API.
    pub(crate) fn on_requests(&self) -> bool {
        self.are_set(What::REQUESTS)
    }

    /// What is done to a request before it is looked at, or after it was done.
    pub(crate) fn of_request(&self, seen: &Seen<'_>, after: bool) -> Option<Struck> {
        let method = seen.verb.map_or("", Verb::name);
        let (fault, struck) = self.strike(What::REQUESTS, |fault| {
            let What::Requests(what) = &fault.what else { return None };
            let fits = what.after == after
                && what.pattern.fits(method, seen.version, seen.segments)
                && fault.only.fits_caller(seen.host, seen.caller)
                && fault.is_likely();
            fits.then(|| what.strike(fault, seen, method)).flatten()
        })?;
        self.tell(&fault, &struck.did);
        Some(struck)
    }

    /// Whether anything is done to requests for files.
    pub(crate) fn on_files(&self) -> bool {
        self.are_set(What::FILES)
    }

    fn of_file(&self) -> Option<(Files, bool)> {
        let (fault, struck) = self.strike(What::FILES, |fault| {
            let What::Files(what) = &fault.what else { return None };
            let is_lost = fault.happens(what.lost);
            let does = is_lost || what.status.is_some() || what.latency.is_some() || what.kind.is_some();
            (does && fault.is_likely()).then(|| (what.clone(), is_lost))
        })?;
        self.tell(&fault, "struck a file");
        Some(struck)
    }
}

impl Requests {
    fn strike(&self, fault: &Fault, seen: &Seen<'_>, method: &str) -> Option<Struck> {
        let (is_lost, webhooks_first) = (fault.happens(self.lost), fault.happens(self.webhooks_first));
        if self.error.is_none() && self.latency.is_none() && !is_lost && !webhooks_first {
            return None;
        }
        let Seen { segments, caller, now, locale, .. } = *seen;
        let about = About { method, segments, caller, now, locale };
        let error = self.error.as_ref().filter(|_| !is_lost).map(|error| error.on(seen.host, &about));
        let moment = if self.after { "after it was done" } else { "without doing it" };
        let mut did = Vec::new();
        if webhooks_first {
            did.push("its webhooks first".to_owned());
        }
        if let Some(latency) = self.latency {
            did.push(format!("{} ms later", latency.as_millis()));
        }
        match &error {
            Some((Some(name), _)) => did.push(format!("answered {name:?} {moment}")),
            Some((None, error)) => did.push(format!("answered code {} {moment}", error.code)),
            None => {}
        }
        if is_lost {
            did.push(format!("broke the connection {moment}"));
        }
        let did = format!("fault {}: {}", fault.id, did.join(", "));
        Some(Struck { did, error, is_lost, latency: self.latency, webhooks_first })
    }
}

impl Struck {
    /// Waits as long as the fault says.
    pub(crate) async fn wait(&self, platform: &Platform) {
        if self.webhooks_first {
            // Whatever is not out by then comes after the answer.
            let _ = tokio::time::timeout(WEBHOOKS, platform.outbox().run_due()).await;
        }
        if let Some(latency) = self.latency {
            super::until(platform, platform.clock.now().plus(latency)).await;
        }
    }
}

/// What a fault does to requests for files.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    /// What is answered.
    pub(crate) status: Option<StatusCode>,
    /// How much later.
    pub(crate) latency: Option<Duration>,
    /// The file breaks off.
    pub(crate) lost: Share,
    /// What it is said to be.
    pub(crate) kind: Option<HeaderValue>,
}

/// What a fault makes of the answer to a request for a file.
pub(crate) async fn of_file(platform: &Arc<Platform>, response: Response<Body>) -> Response<Body> {
    let Some((files, is_lost)) = platform.faults.of_file() else { return response };
    if let Some(latency) = files.latency {
        super::until(platform, platform.clock.now().plus(latency)).await;
    }
    if is_lost {
        return response.map(|_| Body::broken());
    }
    let mut response = match files.status {
        None => response,
        Some(status) => {
            let mut failed = Response::new(Body::full(Full::from("The file is not available")));
            *failed.status_mut() = status;
            failed.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
            failed
        }
    };
    if let Some(kind) = files.kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}
