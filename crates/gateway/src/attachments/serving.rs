//! Files as they are fetched: by Instagram, or by whoever shows a message.

use super::store;
use crate::Gateway;
use crate::api::body::Body;
use crate::api::server::{json, refuse};
use crate::messages;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response};
use net::{Fetch, FetchError};
use std::sync::Arc;
use std::time::Duration;
use sunco_api::ApiError;
use sunco_api::error::Missing;

/// The largest file that is streamed from Instagram, and the time for it.
const MEDIA: (u64, Duration) = (64 << 20, Duration::from_secs(120));

/// A file, if the path is that of one: `/attachments/v2/{id}/{name}`, `/media/{id}`.
pub(crate) async fn answer(gateway: &Arc<Gateway>, path: &str) -> Option<Response<Body>> {
    if let Some(id) = store::id_of(path) {
        return Some(uploaded(gateway, id).await);
    }
    let id = path.strip_prefix("/media/")?;
    Some(of_instagram(gateway, id).await)
}

fn not_found() -> Response<Body> {
    let error = ApiError::not_found(Missing::Resource);
    json(error.status, &error.body())
}

async fn uploaded(gateway: &Arc<Gateway>, id: &str) -> Response<Body> {
    let wanted = id.to_owned();
    let found = match gateway.db.read(move |db| store::find(db, &wanted)).await {
        Ok(Some(found)) => found,
        Ok(None) => return not_found(),
        Err(error) => return refuse(&error.into()),
    };
    let size = u64::try_from(found.size).unwrap_or_default();
    match gateway.blobs.get(&found.id, 0..size).await {
        Ok(Some(bytes)) => {
            let pieces = bytes.map(|piece| piece.map_err(|error| error.to_string()));
            let mut response = Response::new(Body::stream(pieces));
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, harmless(&found.media_type));
            headers.insert(CONTENT_LENGTH, size.into());
            response
        }
        Ok(None) => not_found(),
        Err(error) => refuse(&error.into()),
    }
}

/// Streams a file from Instagram: it is not kept (Meta's rule for media). Gone there, it is gone here: 410.
async fn of_instagram(gateway: &Arc<Gateway>, id: &str) -> Response<Body> {
    let wanted = id.to_owned();
    let url = match gateway.db.read(move |db| messages::store::media(db, &wanted)).await {
        Ok(Some(url)) => url,
        Ok(None) => return not_found(),
        Err(error) => return refuse(&error.into()),
    };
    let (max_bytes, within) = MEDIA;
    let fetch = Fetch { url: &url, headers: HeaderMap::new(), redirects: 5, within, max_bytes };
    let fetched = match gateway.client.fetch(fetch).await {
        Ok(fetched) => fetched,
        Err(FetchError::Status(status)) if status.is_client_error() => {
            let error = ApiError::new(410, "gone", "The media is no longer available on Instagram");
            return json(error.status, &error.body());
        }
        Err(error) => {
            tracing::warn!(%error, "a file could not be fetched from Instagram");
            let error = ApiError::new(502, "bad_gateway", "Instagram cannot be asked for the media now");
            return json(error.status, &error.body());
        }
    };
    let kind =
        fetched.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let length = fetched.headers.get(CONTENT_LENGTH).cloned();
    let pieces = stream::unfold(Some(fetched), |fetched| async move {
        let mut fetched = fetched?;
        match fetched.piece().await {
            Ok(Some(piece)) => Some((Ok::<Bytes, String>(piece), Some(fetched))),
            Ok(None) => None,
            Err(error) => Some((Err(error.to_string()), None)),
        }
    });
    let mut response = Response::new(Body::stream(pieces));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, harmless(&kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, length);
    }
    response
}

/// The type of a file that others made: what a browser would run has none.
fn harmless(kind: &str) -> HeaderValue {
    let shown = ["image/", "video/", "audio/", "application/pdf", "text/plain"];
    let is_harmless = shown.iter().any(|start| kind.starts_with(start)) && !kind.starts_with("image/svg");
    let kind = if is_harmless { kind } else { "application/octet-stream" };
    HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}
