//! An Instagram bot that says back what it hears. With the values of `sandbox.env`: `cargo run --example echo`.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods, reason = "kept short")]
use graph_api::signature;
use http::{Request, Response};
use http_body_util::Full;
use std::{env::var, time::Duration};
#[tokio::main]
async fn main() {
    let port = var("PORT").map_or(3000, |port| port.parse().unwrap());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    println!("listening on http://{}/webhook", listener.local_addr().unwrap());
    net::serve(listener, net::Limits::default(), |request, _| hear(request), std::future::pending()).await;
}

async fn hear(request: Request<hyper::body::Incoming>) -> Response<Full<bytes::Bytes>> {
    let (head, body) = request.into_parts();
    let value = |name| head.uri.query()?.split('&').find_map(|p| p.strip_prefix(name)).map(str::to_owned);
    if value("hub.verify_token=") == var("VERIFY_TOKEN").ok() {
        return Response::new(Full::from(value("hub.challenge=").unwrap_or_default()));
    }
    let body = net::read_body(body, 1 << 20, Duration::from_secs(10)).await.unwrap();
    let signed = head.headers.get(signature::SHA256_HEADER).map_or("", |value| value.to_str().unwrap());
    if signature::verify(&var("INSTAGRAM_APP_SECRET").unwrap(), &body, signed) {
        tokio::spawn(answer(serde_json::from_slice(&body).unwrap())); // answered at once: the work comes after
    }
    Response::new(Full::from("EVENT_RECEIVED"))
}

async fn answer(heard: serde_json::Value) {
    let event = &heard["entry"][0]["messaging"][0];
    if let (Some(text), true) = (event["message"]["text"].as_str(), event["message"]["is_echo"].is_null()) {
        let message = serde_json::json!({"text": format!("You said: {text}")});
        let body = format!(r#"{{"recipient":{},"message":{message}}}"#, event["sender"]);
        let (host, token) = (var("POSTHASTE_URL").unwrap(), var("IG_ACCESS_TOKEN").unwrap());
        let url = format!("{host}/v25.0/me/messages?access_token={token}");
        let request = Request::post(url).body(body.into()).unwrap();
        let client = net::Client::new(net::AddressPolicy::AllowPrivate);
        client.send(request, Duration::from_secs(10), 65536).await.unwrap();
    }
}
