//! The bare server: HTTP and JSON, in and out. Nothing is stored.

use super::{Send, Sent, message_id, server};
use bytes::Bytes;
use std::net::SocketAddr;

/// Runs it.
pub(crate) async fn run(address: SocketAddr) -> Result<(), String> {
    server::serve(address, |request| async move {
        match serde_json::from_slice::<Send>(request.body()) {
            Ok(send) => {
                std::hint::black_box(send.message.text);
                answer(send.recipient.id, message_id())
            }
            Err(error) => (400, error.to_string().into()),
        }
    })
    .await
}

/// The answer to a send.
pub(super) fn answer(recipient_id: String, message_id: String) -> (u16, Bytes) {
    match serde_json::to_vec(&Sent { recipient_id, message_id }) {
        Ok(body) => (200, body.into()),
        Err(error) => (500, error.to_string().into()),
    }
}
