//! The one decoder: query, JSON, form (plain, with JSON inside, in brackets) and multipart become one bag.

use bytes::Bytes;
use graph_api::{ErrorName, GraphError, Params, Result};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use std::convert::Infallible;

/// Reads the parameters of a query and a body. What could be read before an error is in the bag: the token, which is
/// looked at first, may be there.
pub(super) async fn params(query: Option<&str>, headers: &HeaderMap, body: Bytes) -> (Params, Result<()>) {
    let mut params = Params::default();
    let mut outcome = query.map_or(Ok(()), |query| params.add_form(query.as_bytes()));
    if outcome.is_ok() && !body.is_empty() {
        outcome = add_body(&mut params, headers, body).await;
    }
    (params, outcome)
}

async fn add_body(params: &mut Params, headers: &HeaderMap, body: Bytes) -> Result<()> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "multipart/form-data" {
        return params.add_parts(parts(kind, body).await?);
    }
    // Without a type that says otherwise, a body that begins like an object is one: some clients send JSON as text.
    let looks_like_json = body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    if essence.ends_with("json") || (essence != "application/x-www-form-urlencoded" && looks_like_json) {
        params.add_json(&body)
    } else {
        params.add_form(&body)
    }
}

/// The text parts of a multipart body. Parts with a file name are files; no operation of this version takes one.
async fn parts(content_type: &str, body: Bytes) -> Result<Vec<(String, String)>> {
    let unreadable = |e: multer::Error| {
        GraphError::with(ErrorName::MalformedRequest, [&format!("The multipart body cannot be read: {e}")])
    };
    let boundary = multer::parse_boundary(content_type).map_err(unreadable)?;
    let whole = futures_util::stream::once(std::future::ready(Ok::<_, Infallible>(body)));
    let mut multipart = multer::Multipart::new(whole, boundary);
    let mut parts = Vec::new();
    while let Some(part) = multipart.next_field().await.map_err(unreadable)? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(unreadable)?;
        if is_file {
            continue;
        }
        let text = String::from_utf8(bytes.into()).map_err(|_| GraphError::invalid(&name, "valid UTF-8"))?;
        parts.push((name, text));
    }
    Ok(parts)
}
