//! Reading an upload: the part `source` streams into a blob.

use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::attachments::store::{self, Attachment};
use crate::conversations;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use std::time::Duration;
use sunco_api::error::Missing;
use sunco_api::{ApiError, content, limits};

/// How long a caller may take to send a file.
const TIME: Duration = Duration::from_secs(120);

/// Takes an upload in and answers the attachment.
pub(crate) async fn take<B>(call: &Call, content_type: &str, body: B) -> Outcome
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    match call.query.text("access") {
        Some("public") => {}
        _ => return Err(ApiError::bad("access should be equal to one of the allowed values: public").into()),
    }
    let for_message = match call.query.text("for") {
        None => false,
        Some("message") => true,
        Some(_) => {
            return Err(ApiError::bad("for should be equal to one of the allowed values: message").into());
        }
    };
    let conversation_id = call.query.text("conversationId").unwrap_or_default().to_owned();
    if for_message && conversation_id.is_empty() {
        return Err(ApiError::required("", "conversationId").into());
    }
    if !conversation_id.is_empty() {
        let (app_id, id) = (call.app_id(), conversation_id.clone());
        let found = call.gateway.db.read(move |db| conversations::store::find(db, &app_id, &id)).await?;
        found.ok_or_else(|| ApiError::not_found(Missing::Conversation))?;
    }
    let id = call.gateway.new_id();
    let reading = store_source(call, &id, content_type, body);
    let (name, media_type, size) = tokio::time::timeout(TIME, reading)
        .await
        .unwrap_or_else(|_| Err(ApiError::bad("The body did not arrive in time").into()))?;
    let attachment = Attachment {
        id,
        app_id: call.app_id(),
        conversation_id,
        for_message,
        name: name.clone(),
        media_type: media_type.clone(),
        size,
    };
    let key = attachment.id.clone();
    let stored = call.gateway.db.write(move |tx| store::add(tx, &attachment)).await;
    if let Err(error) = stored {
        conversations::removal::drop_blobs(&call.gateway, vec![key]).await;
        return Err(error.into());
    }
    let name =
        utf8_percent_encode(&name, NON_ALPHANUMERIC).to_string().replace("%2E", ".").replace("%5F", "_");
    let url = format!("{}/sc/attachments/v2/{key}/{name}", call.gateway.public_url);
    Answer::created(json!({ "attachment": { "mediaUrl": url, "mediaType": media_type } }))
}

/// Writes the part `source` to the blob; answers its name, its type and its size.
async fn store_source<B>(
    call: &Call,
    key: &str,
    content_type: &str,
    body: B,
) -> Outcome<(String, String, i64)>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    let unreadable = |error: &multer::Error| ApiError::bad(format!("The body cannot be read: {error}"));
    let boundary = multer::parse_boundary(content_type).map_err(|e| unreadable(&e))?;
    let most = limits::ATTACHMENT_BYTES;
    if body.size_hint().lower() > most + (64 << 10) {
        return Err(ApiError::too_large().into());
    }
    let pieces = body.into_data_stream().map(|piece| piece.map_err(|e| std::io::Error::other(e.to_string())));
    let mut parts = multer::Multipart::new(pieces, boundary);
    while let Some(mut part) = parts.next_field().await.map_err(|e| unreadable(&e))? {
        if part.name() != Some("source") {
            while part.chunk().await.map_err(|e| unreadable(&e))?.is_some() {}
            continue;
        }
        let name = part.file_name().unwrap_or("file").rsplit(['/', '\\']).next().unwrap_or("file").to_owned();
        let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
        let name = if name.is_empty() { "file".to_owned() } else { name };
        let given =
            part.content_type().map(ToString::to_string).filter(|kind| kind != "application/octet-stream");
        let media_type = given
            .or_else(|| content::media_type(&name).map(str::to_owned))
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        let mut upload = call.gateway.blobs.put(key).await?;
        loop {
            let piece = match part.chunk().await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => {
                    upload.abandon().await?;
                    return Err(unreadable(&error).into());
                }
            };
            if upload.size() + piece.len() as u64 > most {
                upload.abandon().await?;
                return Err(ApiError::too_large().into());
            }
            upload.write(piece).await?;
        }
        let size = upload.finish().await?;
        return Ok((name, media_type, i64::try_from(size).unwrap_or(i64::MAX)));
    }
    Err(Failure::Api(ApiError::required("", "source")))
}
