//! At which address a caller reaches the platform: URLs in an answer must lead back there.

use graph_api::Host;
use http::HeaderMap;
use http::header::{HOST, HeaderName, HeaderValue};
use http::uri::Authority;

/// What a tunnel or proxy adds that ends TLS in front of us.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The address as the request tells it. Cheap to make; the text is made when somebody needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallerAddress {
    host: Option<HeaderValue>,
    is_https: bool,
}

impl CallerAddress {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let is_https = headers.get(FORWARDED_PROTO).is_some_and(|proto| proto == "https");
        Self { host: headers.get(HOST).cloned(), is_https }
    }

    /// Scheme and authority, without a slash at the end: as the `Host` header has it. Where that names one of Meta's hosts
    /// (or nothing that is an authority), the caller came by another way than that name's address: then it is the
    /// platform's public one.
    pub(crate) fn base(&self, public_url: &str) -> String {
        let host = self.host.as_ref().and_then(|host| host.to_str().ok());
        let host = host.filter(|host| {
            Host::from_header(host).is_none()
                && host.parse::<Authority>().is_ok_and(|a| !a.as_str().contains('@'))
        });
        match host {
            Some(host) => format!("{}://{host}", if self.is_https { "https" } else { "http" }),
            None => public_url.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lead_back_to_where_the_caller_came_from() {
        let base = |pairs: &[(HeaderName, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
            CallerAddress::of(&pairs.collect()).base("http://127.0.0.1:8430")
        };
        assert_eq!(base(&[(HOST, "localhost:9000")]), "http://localhost:9000");
        assert_eq!(base(&[(HOST, "[::1]:9000")]), "http://[::1]:9000");
        let tunnel = [(HOST, "t.example"), (FORWARDED_PROTO, "https")];
        assert_eq!(base(&tunnel), "https://t.example");
        for elsewhere in ["graph.instagram.com", "graph.facebook.com:443", "", "a b", "x@y", "a/b"] {
            assert_eq!(base(&[(HOST, elsewhere)]), "http://127.0.0.1:8430", "{elsewhere}");
        }
        assert_eq!(base(&[]), "http://127.0.0.1:8430");
    }
}
