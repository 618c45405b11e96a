//! Who may drive the sim: programs on this machine, or whoever has the sim's token. No web page of another site.

use super::{Sandbox, SimError};
use http::header::{ACCEPT, AUTHORIZATION, HOST, HeaderMap, ORIGIN};
use http::{StatusCode, Uri};
use subtle::ConstantTimeEq;

/// Checks token, `Host` and `Origin`.
pub(crate) fn check(sandbox: &Sandbox, public_url: &str, headers: &HeaderMap) -> Result<(), SimError> {
    let text = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let forbidden = |why: &str| Err(SimError::bad("", why).with_status(StatusCode::FORBIDDEN));
    if let Some(token) = &sandbox.token {
        let given = text(AUTHORIZATION).and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default();
        if !bool::from(token.as_bytes().ct_eq(given.as_bytes())) {
            return Err(SimError::bad(
                "",
                "the sim needs the header Authorization: Bearer <the --sim-token>",
            )
            .with_status(StatusCode::UNAUTHORIZED));
        }
    } else if let Some(host) = text(HOST)
        // A name that leads to this machine by somebody else's DNS is somebody else's page (DNS rebinding).
        && !is_ours(public_url, host)
    {
        return forbidden("the sim answers only at a loopback address (Host)");
    }
    if let Some(origin) = text(ORIGIN) {
        let host = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
        if !host.is_some_and(|host| is_ours(public_url, &host)) {
            return forbidden("the sim does not answer pages of other sites (Origin)");
        }
    }
    Ok(())
}

pub(crate) fn is_ours(public_url: &str, host: &str) -> bool {
    let name = |host: &str| {
        host.rsplit_once(':')
            .filter(|(_, p)| p.bytes().all(|b| b.is_ascii_digit()))
            .map_or_else(|| host.to_owned(), |(name, _)| name.to_owned())
            .to_ascii_lowercase()
    };
    let public = public_url.parse::<Uri>().ok();
    let public = public.as_ref().and_then(|uri| uri.authority()).map(|a| name(a.as_str()));
    let host = name(host);
    let loopback_v4 = host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback());
    loopback_v4
        || host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || Some(host) == public
}

/// Whether the caller asks for server-sent events.
pub(super) fn wants_stream(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|v| v.contains("text/event-stream"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn status(sandbox: &Sandbox, pairs: &[(HeaderName, &'static str)]) -> Option<StatusCode> {
        let headers =
            pairs.iter().map(|(n, v)| (n.clone(), http::HeaderValue::from_static(v))).collect::<HeaderMap>();
        check(sandbox, "https://tunnel.example", &headers).err().map(|e| e.status)
    }

    #[test]
    fn only_this_machine_and_no_foreign_page() {
        let sandbox = Sandbox { token: None, rate_limits: false };
        for host in
            ["127.0.0.1:8430", "localhost", "LOCALHOST:1", "[::1]:8430", "ci.localhost:8430", "127.1.2.3"]
        {
            assert_eq!(status(&sandbox, &[(HOST, host)]), None, "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:8430", "notlocalhost", "[::2]"] {
            assert_eq!(status(&sandbox, &[(HOST, host)]), Some(StatusCode::FORBIDDEN), "{host}");
        }
        let local = (HOST, "127.0.0.1:8430");
        assert_eq!(status(&sandbox, &[local.clone(), (ORIGIN, "http://127.0.0.1:8430")]), None);
        assert_eq!(status(&sandbox, &[local.clone(), (ORIGIN, "https://tunnel.example")]), None);
        for origin in ["https://evil.example", "null", "http://127.0.0.1.evil.example"] {
            assert_eq!(
                status(&sandbox, &[local.clone(), (ORIGIN, origin)]),
                Some(StatusCode::FORBIDDEN),
                "{origin}"
            );
        }
    }

    #[test]
    fn with_a_token_the_token_decides() {
        let sandbox = Sandbox { token: Some("secret".into()), rate_limits: false };
        let host = (HOST, "10.0.0.5:8430");
        assert_eq!(status(&sandbox, std::slice::from_ref(&host)), Some(StatusCode::UNAUTHORIZED));
        assert_eq!(
            status(&sandbox, &[host.clone(), (AUTHORIZATION, "Bearer wrong")]),
            Some(StatusCode::UNAUTHORIZED)
        );
        assert_eq!(status(&sandbox, &[host, (AUTHORIZATION, "Bearer secret")]), None);
    }
}
