//! Faults of requests.

use super::super::SimError;
use super::super::input::Input;
use super::{after, error, share, something, status};
use crate::faults::requests::{Files, Requests};
use crate::faults::{Pattern, Share, What};
use http::HeaderValue;

/// `{"on":"POST /*/messages","error"?,"latency"?,"apply"?,"drop"?,"reorder"?}`: an error is answered, the answer comes
/// later, the connection breaks without one, or the webhooks of the request come before it.
pub(super) fn read(input: &mut Input, pattern: &str) -> Result<What, SimError> {
    let requests = Requests {
        pattern: Pattern::parse(pattern).map_err(|why| SimError::bad("on", why))?,
        error: error::read(input)?,
        latency: input.span("latency")?,
        after: after(input)?.unwrap_or(false),
        lost: share(input, "drop")?.unwrap_or(Share::NEVER),
        webhooks_first: share(input, "reorder")?.unwrap_or(Share::NEVER),
    };
    if requests.webhooks_first.is_possible() && !requests.after && requests.error.is_some() {
        let why = "a request that is not done has no webhooks: with an error, apply must be \"after\"";
        return Err(SimError::bad("reorder", why));
    }
    let does = requests.error.is_some()
        || requests.latency.is_some()
        || requests.lost.is_possible()
        || requests.webhooks_first.is_possible();
    something(What::Requests(Box::new(requests)), does, "error, latency, drop or reorder")
}

/// `{"on":"file","status"?,"latency"?,"drop"?,"content_type"?}`: attachments, pictures and media.
pub(super) fn read_file(input: &mut Input) -> Result<What, SimError> {
    let answered = input.take("status").map(|value| {
        status(&value).ok_or_else(|| SimError::bad("status", "must be an HTTP status such as 404"))
    });
    let kind = input.text("content_type")?.map(|kind| {
        HeaderValue::from_str(&kind).map_err(|_| SimError::bad("content_type", "must be a media type"))
    });
    let files = Files {
        status: answered.transpose()?,
        latency: input.span("latency")?,
        lost: share(input, "drop")?.unwrap_or(Share::NEVER),
        kind: kind.transpose()?,
    };
    let does =
        files.status.is_some() || files.latency.is_some() || files.lost.is_possible() || files.kind.is_some();
    something(What::Files(files), does, "status, latency, drop or content_type")
}
