//! The one decoder: query, JSON, form (plain, with JSON inside, in brackets) and multipart become one bag.

use super::operations;
use super::server::bearer;
use crate::Platform;
use crate::assets::Upload;
use crate::multipart::{self, Reading, Trust, trust};
use bytes::Bytes;
use graph_api::{FilePart, GraphError, Params, Result};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts as Head;
use net::BodyError;
use std::fmt::Write as _;
use std::sync::Arc;

/// What a request says.
pub(super) struct Decoded {
    /// The parameters, and what was wrong with them. What could be read before an error is in the bag: the token, which
    /// is looked at first, may be there.
    pub(super) params: (Params, Result<()>),
    /// The file that came with it.
    pub(super) upload: Option<Upload>,
    /// The body as the log shows it: without the file.
    pub(super) logged: Bytes,
}

/// Reads the parameters of a query and a body. `edge` is the last segment of the path.
pub(super) async fn read<B>(
    platform: &Arc<Platform>,
    trace_id: &str,
    head: &Head,
    edge: Option<&str>,
    body: B,
) -> Result<Decoded, BodyError>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    let mut params = Params::default();
    let mut outcome = head.uri.query().map_or(Ok(()), |query| params.add_form(query.as_bytes()));
    let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("multipart/form-data") {
        let body = net::read_body(body, crate::MAX_BODY, crate::BODY_TIME).await?;
        if outcome.is_ok() && !body.is_empty() {
            outcome = add_body(&mut params, essence, &body);
        }
        return Ok(Decoded { params: (params, outcome), upload: None, logged: body });
    }
    let takes_file = edge.is_some_and(|edge| operations::may_take_file(&head.method, edge));
    let (trust, token_may_come) = match takes_file {
        true => known(platform, &params, head).await,
        false => (Trust::Unknown, false),
    };
    let parts = multipart::read(platform, kind, Reading { takes_file, trust, token_may_come }, body).await?;
    let logged = described(&parts);
    if outcome.is_ok() {
        outcome = params.add_parts(parts.texts);
    }
    if outcome.is_ok() {
        outcome = parts.outcome.map_err(|failure| failure.into_graph(trace_id));
    }
    if let Some(upload) = &parts.upload {
        let (name, file_name) = (upload.part.clone(), upload.file_name.clone());
        params.add_file(FilePart { name, file_name, size: upload.size() });
    }
    Ok(Decoded { params: (params, outcome), upload: parts.upload, logged })
}

/// What query and header tell of the caller, and whether the body can still tell more. The query's token wins over the
/// body's, and that over the header's.
async fn known(platform: &Platform, params: &Params, head: &Head) -> (Trust, bool) {
    if let Some(token) = params.text("access_token").ok().flatten().filter(|token| !token.is_empty()) {
        return (trust(platform, &token).await, false);
    }
    let header = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
    match header.filter(|token| !token.is_empty()) {
        Some(token) => (trust(platform, &token).await, true),
        None => (Trust::Unknown, true),
    }
}

/// Adds what a body holds, by its type, or by what it looks like.
pub(super) fn add_body(params: &mut Params, essence: &str, body: &[u8]) -> Result<(), GraphError> {
    // Without a type that says otherwise, a body that begins like an object is one: some clients send JSON as text.
    let looks_like_json = body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let is_json = essence.len() >= 4 && essence.as_bytes()[essence.len() - 4..].eq_ignore_ascii_case(b"json");
    if is_json || (!is_form && looks_like_json) { params.add_json(body) } else { params.add_form(body) }
}

/// A multipart body for the log: a line for each text, and one that tells of the file.
fn described(parts: &multipart::Parts) -> Bytes {
    let mut text = String::new();
    for (name, value) in &parts.texts {
        let _ = writeln!(text, "{name}={value}");
    }
    if let Some(upload) = &parts.upload {
        let _ = writeln!(text, "{}=@{} ({} bytes)", upload.part, upload.file_name, upload.size());
    }
    text.into()
}
