//! An Instagram bot that says back what it hears. With the values of `sandbox.env`: `cargo run --example echo`.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods, reason = "kept short")]
use bytes::Bytes;
use graph_api::signature;
use http::{Request, Response};
use http_body_util::Full;
use serde_json::{Value, json};
use std::{env::var, time::Duration};

#[tokio::main]
async fn main() {
    let port = var("PORT").map_or(3000, |port| port.parse().unwrap());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    println!("listening on http://{}/webhook", listener.local_addr().unwrap());
    net::serve(listener, net::Limits::default(), |request, _| hear(request), std::future::pending()).await;
}

async fn hear(request: Request<hyper::body::Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if let Some(query) = head.uri.query() {
        let value = |name| query.split('&').find_map(|p| p.strip_prefix(name)).unwrap_or_default().to_owned();
        let known = value("hub.verify_token=") == var("VERIFY_TOKEN").unwrap();
        return Response::new(Full::from(if known { value("hub.challenge=") } else { "no".to_owned() }));
    }
    let body = net::read_body(body, 1 << 20, Duration::from_secs(10)).await.unwrap();
    let signed = head.headers.get(signature::SHA256_HEADER).map_or("", |value| value.to_str().unwrap());
    if signature::verify(&var("INSTAGRAM_APP_SECRET").unwrap(), &body, signed) {
        tokio::spawn(answer(serde_json::from_slice(&body).unwrap())); // answered at once: the work comes after
    }
    Response::new(Full::from("EVENT_RECEIVED"))
}

async fn answer(heard: Value) {
    let event = &heard["entry"][0]["messaging"][0];
    let (Some(text), false) = (event["message"]["text"].as_str(), event["message"]["is_echo"] == true) else { return };
    let body = json!({"recipient": event["sender"], "message": {"text": format!("You said: {text}")}}).to_string();
    let url = format!("{}/v25.0/me/messages?access_token={}", var("POSTHASTE_URL").unwrap(), var("IG_ACCESS_TOKEN").unwrap());
    let request = Request::post(url).header("content-type", "application/json").body(body.into()).unwrap();
    net::Client::new(net::AddressPolicy::AllowPrivate).send(request, Duration::from_secs(10), 65536).await.unwrap();
}
