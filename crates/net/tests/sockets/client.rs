//! The client's answers, errors and address policy.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use net::{AddressPolicy, Client, ClientError, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::{LONG, Server, soon, text};

fn post(url: &str, body: &'static str) -> Request<Bytes> {
    let request = Request::builder().method(Method::POST).uri(url).header("x-hub-signature", "s");
    request.body(Bytes::from(body)).unwrap()
}

async fn error(policy: AddressPolicy, url: &str) -> ClientError {
    Client::new(policy).send(post(url, ""), LONG, 10).await.unwrap_err()
}

/// A server that gives these bytes to the first connection and closes it. Returns its URL and what it was sent.
async fn raw(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        stream.read_buf(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request).into_owned()
    });
    (url, serving)
}

#[tokio::test]
async fn an_answer_of_any_status_is_an_answer() {
    let server = Server::start(Limits::default(), |request, _| async move {
        assert_eq!(request.headers()["x-hub-signature"], "s");
        let body = net::read_body(request.into_body(), 100, LONG).await.unwrap();
        Response::builder().status(500).header("x-a", "b").body(Full::new(body)).unwrap()
    })
    .await;
    let client = Client::new(AddressPolicy::AllowPrivate);
    let answer = client.send(post(&server.url("/hook?a=b"), "0123456789"), LONG, 10).await.unwrap();
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!((&answer.body[..], answer.truncated), (&b"0123456789"[..], false));
    assert_eq!(answer.headers["x-a"], "b");
    let cut = client.send(post(&server.url("/"), "0123456789"), LONG, 9).await.unwrap();
    assert_eq!((&cut.body[..], cut.truncated), (&b"012345678"[..], true));
    server.stop().await;
}

#[tokio::test]
async fn connections_are_kept_and_shared_by_clones() {
    let peers = Arc::new(std::sync::Mutex::new(std::collections::HashSet::new()));
    let seen = Arc::clone(&peers);
    let server = Server::start(Limits::default(), move |_, peer| {
        seen.lock().unwrap().insert(peer);
        async { text("ok") }
    })
    .await;
    let client = Client::new(AddressPolicy::AllowPrivate);
    for _ in 0..5 {
        client.clone().send(post(&server.url("/"), "x"), LONG, 10).await.unwrap();
    }
    assert_eq!(peers.lock().unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let server = Server::start(Limits::default(), move |_, _| {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Response::builder().status(302).header("location", "/b").body(Full::default()).unwrap() }
    })
    .await;
    let client = Client::new(AddressPolicy::AllowPrivate);
    let answer = client.send(post(&server.url("/a"), ""), LONG, 10).await.unwrap();
    assert_eq!((answer.status, calls.load(Ordering::Relaxed)), (StatusCode::FOUND, 1));
    server.stop().await;
}

#[tokio::test]
async fn header_names_are_written_as_usual() {
    let (url, serving) = raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    Client::new(AddressPolicy::AllowPrivate).send(post(&url, "x"), LONG, 10).await.unwrap();
    let request = soon(serving).await.unwrap();
    assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nX-Hub-Signature: s\r\n"), "{request}");
    assert!(request.contains("\r\nHost: 127.0.0.1:"), "{request}");
}

#[tokio::test]
async fn under_the_public_policy_no_spelling_leads_inside() {
    for url in [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://[::ffff:7f00:1]:1/",
        "http://[64:ff9b::7f00:1]:1/",
        "http://2130706433:1/",
        "http://0x7f000001:1/",
        "http://0x7f.1:1/",
        "http://0177.0.0.1:1/",
        "http://127.1:1/",
        "http://0:1/",
        "http://user@127.0.0.1:1/",
        "http://1.1.1.1@127.0.0.1:1/",
        "https://127.0.0.1:1/",
        "http://10.0.0.1:1/",
        "http://169.254.169.254/",
    ] {
        let refused = error(AddressPolicy::Public, url).await;
        assert!(matches!(refused, ClientError::Refused { .. }), "{url}: {refused:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_reached_says_why() {
    let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = refusing.local_addr().unwrap();
    drop(refusing);
    let refused = error(AddressPolicy::AllowPrivate, &format!("http://{address}/")).await;
    assert_eq!(refused.to_string(), format!("connection refused ({address})"));
    let unknown = error(AddressPolicy::AllowPrivate, "http://no-such-host.invalid/").await;
    assert!(unknown.to_string().starts_with("no-such-host.invalid cannot be resolved: "), "{unknown}");
    for url in ["/relative", "ftp://127.0.0.1/", "unix:/socket"] {
        let request = Request::builder().uri(url).body(Bytes::new());
        let Ok(request) = request else { continue };
        let bad = Client::new(AddressPolicy::AllowPrivate).send(request, LONG, 10).await.unwrap_err();
        assert!(matches!(bad, ClientError::BadUrl(_)), "{url}: {bad:?}");
    }
}

#[tokio::test]
async fn a_server_that_breaks_off_or_talks_nonsense_is_an_error_of_protocol() {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "hello\r\n\r\n"] {
        let (url, serving) = raw(answer).await;
        let broken = error(AddressPolicy::AllowPrivate, &url).await;
        assert!(matches!(broken, ClientError::Protocol(_)), "{answer}: {broken:?}");
        soon(serving).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_without_tls_is_an_error_of_tls() {
    let (url, serving) = raw("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let failed = error(AddressPolicy::AllowPrivate, &url.replace("http:", "https:")).await;
    assert!(matches!(failed, ClientError::Tls(_)), "{failed:?}");
    soon(serving).await.unwrap();
}

#[tokio::test]
async fn a_server_that_hangs_is_left_in_time() {
    let server =
        Server::start(Limits { grace: Duration::ZERO, ..Limits::default() }, |_, _| std::future::pending())
            .await;
    let client = Client::new(AddressPolicy::AllowPrivate);
    let hung = client.send(post(&server.url("/"), ""), Duration::from_millis(30), 10).await.unwrap_err();
    assert_eq!(hung, ClientError::TimedOut);
    server.stop().await;
}
