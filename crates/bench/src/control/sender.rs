//! The bare sender: signed POSTs over a pool of kept-alive connections. Nothing is read, nothing is marked.

use super::{SECRET, message_id, now_ms};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;
use tokio::time::Instant;

pub(super) type Sender = Client<HttpConnector, Full<Bytes>>;

/// A client that keeps its connections.
pub(super) fn client() -> Sender {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(1024).build(connector)
}

/// A webhook body of about 500 bytes.
pub(super) fn body(mid: &str) -> String {
    let (now, text) = (now_ms(), "lorem ipsum ".repeat(21));
    format!(
        r#"{{"object":"instagram","entry":[{{"id":"17841400000000001","time":{now},"messaging":[{{"sender":{{"id":"1234567890123456"}},"recipient":{{"id":"17841400000000001"}},"timestamp":{now},"message":{{"mid":"{mid}","text":"{text}"}}}}]}}]}}"#
    )
}

/// Signs and sends; whether it was accepted.
pub(super) async fn deliver(client: &Sender, url: &Uri, body: String) -> bool {
    let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(SECRET) else { return false };
    mac.update(body.as_bytes());
    let mut signature = String::with_capacity(71);
    signature.push_str("sha256=");
    for byte in mac.finalize().into_bytes() {
        signature.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        signature.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    let request = Request::post(url.clone())
        .header("content-type", "application/json")
        .header("x-hub-signature-256", signature)
        .body(Full::new(Bytes::from(body)));
    let Ok(request) = request else { return false };
    match client.request(request).await {
        Ok(answer) => {
            let accepted = answer.status().is_success();
            answer.into_body().collect().await.is_ok() && accepted
        }
        Err(_) => false,
    }
}

/// Sends to `url` over and over, `at_once` at a time, until the time is over. Answers how many were accepted.
pub(crate) async fn run(url: Uri, at_once: usize, time: Duration) -> Result<u64, String> {
    let client = client();
    let end = Instant::now() + time;
    let lanes: Vec<_> = (0..at_once)
        .map(|_| {
            let (client, url) = (client.clone(), url.clone());
            tokio::spawn(async move {
                let mut sent = 0_u64;
                while Instant::now() < end {
                    if !deliver(&client, &url, body(&message_id())).await {
                        return Err("a delivery failed".to_owned());
                    }
                    sent += 1;
                }
                Ok(sent)
            })
        })
        .collect();
    let mut sent = 0;
    for lane in lanes {
        sent += lane.await.map_err(|e| e.to_string())??;
    }
    Ok(sent)
}
