//! A typed client of Meta's Graph API for Instagram messaging, both variants: the real hosts, or any server that is
//! wire-compatible with them. Its errors say what a sender must know: whether the call can have had an effect, and
//! whether it is worth another try.

mod answers;
mod calls;
mod failure;

pub use answers::{Business, Seen};
pub use failure::{Failure, Kind};

use bytes::Bytes;
use graph_api::Host;
use graph_api::signature::appsecret_proof;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request};
use serde_json::{Map, Value};
use std::fmt;
use std::time::Duration;

/// The version of the API that is spoken.
pub const VERSION: &str = "v25.0";
/// The largest answer that is read.
const ANSWER_BYTES: usize = 4 << 20;

/// Where the two hosts are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// The base address of `graph.instagram.com`, no slash at the end.
    pub instagram: String,
    /// The base address of `graph.facebook.com`, no slash at the end.
    pub facebook: String,
}

impl Default for Hosts {
    /// The real ones.
    fn default() -> Self {
        let real = |host: Host| format!("https://{}", host.name());
        Self { instagram: real(Host::Instagram), facebook: real(Host::Facebook) }
    }
}

impl Hosts {
    /// Both at one address, such as a sandbox's: it tells them apart by the `Host` header.
    pub fn at(base: &str) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { instagram: base.clone(), facebook: base }
    }

    fn base(&self, host: Host) -> &str {
        match host {
            Host::Instagram => &self.instagram,
            Host::Facebook => &self.facebook,
        }
    }
}

/// How an account is reached: a token of one of the variants.
#[derive(Clone, PartialEq, Eq)]
pub struct Access {
    /// The variant: a page token belongs to `graph.facebook.com`, an Instagram Login token to `graph.instagram.com`.
    pub host: Host,
    /// The token.
    pub token: String,
    /// The secret of the app that the token was made for. On `graph.facebook.com` each call carries the
    /// `appsecret_proof` that follows from it (doc: Securing Graph API Requests).
    pub app_secret: String,
}

/// Neither token nor secret is shown.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("host", &self.host).finish_non_exhaustive()
    }
}

/// The client. A clone shares the connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: net::Client,
    hosts: Hosts,
    /// How long one call may take.
    pub within: Duration,
}

impl Client {
    /// A client over these connections.
    pub fn new(http: net::Client, hosts: Hosts) -> Self {
        Self { http, hosts, within: Duration::from_secs(30) }
    }

    /// A call with an account's token.
    async fn call(
        &self,
        access: &Access,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Map<String, Value>, Failure> {
        let mut query = query.to_vec();
        let proof;
        if access.host == Host::Facebook {
            proof = appsecret_proof(&access.app_secret, &access.token, None);
            query.push(("appsecret_proof", &proof));
        }
        self.exchange(access.host, &access.token, method, path, &query, body).await
    }

    async fn exchange(
        &self,
        host: Host,
        token: &str,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Map<String, Value>, Failure> {
        let mut address = format!("{}/{VERSION}/{path}", self.hosts.base(host));
        if !query.is_empty() {
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
            address.push('?');
            address.push_str(&query);
        }
        let mut request = Request::new(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default());
        *request.method_mut() = method;
        *request.uri_mut() =
            address.parse().map_err(|_| Failure::unsent("the host's address cannot be read"))?;
        let headers = request.headers_mut();
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| Failure::unsent("the token holds characters that no token has"))?;
        headers.insert(AUTHORIZATION, bearer);
        // Where both hosts are at one address, this is what tells them apart.
        headers.insert(HOST, HeaderValue::from_static(host.name()));
        if body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let answer = self
            .http
            .send(request, self.within, ANSWER_BYTES)
            .await
            .map_err(|error| Failure::of_client(&error))?;
        if answer.status.is_success()
            && let Ok(Value::Object(found)) = serde_json::from_slice(&answer.body)
        {
            return Ok(found);
        }
        Err(Failure::of_answer(answer.status, &answer.body))
    }
}
