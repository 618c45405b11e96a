//! The verification of a callback, each time it is set (doc: Webhooks, Getting Started).

use crate::Platform;
use crate::log::feed::Happening;
use crate::log::handshake::Handshake;
use bytes::Bytes;
use graph_api::{ErrorName, GraphError};
use http::header::{ACCEPT, HeaderValue, USER_AGENT};
use http::{Request, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::Duration;

/// Everything but the characters that a query may always hold as they are.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Asks the callback to repeat a challenge: `GET url?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`. Success
/// is status 200 and a body that is the challenge and nothing else.
pub(super) async fn verify(platform: &Platform, url: &Uri, verify_token: &str) -> Result<(), GraphError> {
    let challenge = (platform.chance.number() % 2_000_000_000).to_string();
    let token = utf8_percent_encode(verify_token, ESCAPED);
    let joint = if url.query().is_some() { '&' } else { '?' };
    let target = format!("{url}{joint}hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}");
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = target.parse().map_err(|_| GraphError::invalid("callback_url", "a valid URL"))?;
    let headers = request.headers_mut();
    headers.insert(
        USER_AGENT,
        HeaderValue::from_static("facebookplatform/1.0 (+http://developers.facebook.com)"),
    );
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    let sent = platform.client.send(request, Duration::from_secs(20), 64 * 1024).await;
    let error = match &sent {
        Err(net::ClientError::TimedOut) => {
            Some("curl_errno = 28; curl_error = Operation timed out; HTTP Status Code = 0".to_owned())
        }
        Err(other) => Some(format!("curl_errno = 7; curl_error = {other}; HTTP Status Code = 0")),
        Ok(answer) => {
            let reason = answer.status.canonical_reason().unwrap_or_default();
            let status = format!("HTTP Status Code = {}; HTTP Message = {reason}", answer.status.as_u16());
            match answer.body == challenge.as_bytes() {
                _ if answer.status != http::StatusCode::OK => Some(status),
                true => None,
                // The text for this case is unconfirmed; only the beginning and the code are contract.
                false => Some(format!("{status}; challenge mismatch")),
            }
        }
    };
    let answer = sent.ok().map(|answer| (answer.status, answer.body));
    let told = Handshake { url: target, challenge, answer, error: error.clone() };
    platform.log.feed.push_caused(
        platform.clock.now(),
        storage::cause(),
        Happening::Handshake(Box::new(told)),
    );
    error.map_or(Ok(()), |how| Err(GraphError::with(ErrorName::CallbackFailed, [&how])))
}
