//! The listener's limits, as a peer sees them that writes bytes by hand.

use std::sync::Arc;
use std::time::Duration;

use net::{BodyError, Limits, read_body};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::{LONG, Server, soon, text};

/// A peer that writes and reads bytes.
struct Peer(TcpStream);

impl Peer {
    async fn of(server: &Server) -> Self {
        Self(soon(TcpStream::connect(server.address)).await.unwrap())
    }

    async fn write(&mut self, bytes: &str) {
        soon(self.0.write_all(bytes.as_bytes())).await.unwrap();
    }

    /// Everything up to the connection's end, which may be a reset.
    async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        let _ = soon(self.0.read_to_end(&mut bytes)).await;
        String::from_utf8(bytes).unwrap()
    }

    /// One answer whose body ends with `end`.
    async fn answer(&mut self, end: &str) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(end.as_bytes()) {
            assert_ne!(soon(self.0.read_buf(&mut bytes)).await.unwrap(), 0, "{bytes:?}");
        }
        String::from_utf8(bytes).unwrap()
    }
}

fn short(header_ms: u64, idle_ms: u64) -> Limits {
    Limits {
        header_timeout: Duration::from_millis(header_ms),
        idle_timeout: Duration::from_millis(idle_ms),
        ..Limits::default()
    }
}

async fn hello(limits: Limits) -> Server {
    Server::start(limits, |_, peer| async move {
        assert!(peer.ip().is_loopback());
        text("hello")
    })
    .await
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let server = hello(Limits::default()).await;
    let mut peer = Peer::of(&server).await;
    for _ in 0..3 {
        peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert!(peer.answer("hello").await.starts_with("HTTP/1.1 200"));
    }
    server.stop().await;
    assert_eq!(peer.rest().await, "");
}

#[tokio::test]
async fn a_slow_header_is_cut_off() {
    let server = hello(short(50, 60_000)).await;
    let mut silent = Peer::of(&server).await;
    let mut slow = Peer::of(&server).await;
    slow.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    slow.answer("hello").await;
    slow.write("GET / HTTP/1.1\r\nHo").await;
    assert_eq!(slow.rest().await, "");
    assert_eq!(silent.rest().await, "");
    server.stop().await;
}

#[tokio::test]
async fn half_a_pipelined_header_has_its_own_time() {
    let server = hello(short(150, 60_000)).await;
    let mut peer = Peer::of(&server).await;
    peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n").await;
    peer.answer("hello").await;
    peer.write("\r\n").await;
    peer.answer("hello").await;
    server.stop().await;
}

#[tokio::test]
async fn a_resting_connection_is_closed_after_its_time_and_not_before() {
    let server = hello(short(20, 300)).await;
    let mut peer = Peer::of(&server).await;
    peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    peer.answer("hello").await;
    let rests = Instant::now();
    assert_eq!(peer.rest().await, "");
    assert!(rests.elapsed() >= Duration::from_millis(290), "{:?}", rests.elapsed());
    server.stop().await;
}

#[tokio::test]
async fn an_answer_may_take_longer_than_a_header() {
    let go = Arc::new(Notify::new());
    let service_go = Arc::clone(&go);
    let server = Server::start(short(20, 20), move |_, _| {
        let go = Arc::clone(&service_go);
        async move {
            go.notified().await;
            text("at last")
        }
    })
    .await;
    let mut peer = Peer::of(&server).await;
    peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    // Nothing may happen within three times both limits.
    let early = tokio::time::timeout(Duration::from_millis(60), peer.0.readable()).await;
    assert!(early.is_err());
    go.notify_one();
    peer.answer("at last").await;
    server.stop().await;
}

#[tokio::test]
async fn a_peer_that_takes_nothing_of_its_answer_is_cut_off() {
    let big = "x".repeat(64 << 20);
    let server = Server::start(short(10_000, 50), move |_, _| {
        let answer = text(&big);
        async move { answer }
    })
    .await;
    let mut peer = Peer::of(&server).await;
    peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    // Without the limit the shutdown would wait for the peer until the grace period is over.
    soon(peer.0.readable()).await.unwrap();
    let stopping = Instant::now();
    server.stop().await;
    assert!(stopping.elapsed() < Duration::from_secs(5));
    assert!(peer.rest().await.len() < 64 << 20);
}

#[tokio::test]
async fn too_much_header_is_refused() {
    let limits = Limits { max_header_bytes: 1024, max_headers: 10, ..Limits::default() };
    let server = hello(limits).await;
    for header in [format!("A: {}\r\n", "x".repeat(2000)), "A: b\r\n".repeat(11)] {
        let mut peer = Peer::of(&server).await;
        peer.write(&format!("GET / HTTP/1.1\r\nHost: a\r\n{header}\r\n")).await;
        assert!(peer.rest().await.starts_with("HTTP/1.1 431"), "{header}");
    }
    let mut peer = Peer::of(&server).await;
    peer.write("no such thing\r\n\r\n").await;
    assert!(peer.rest().await.starts_with("HTTP/1.1 400"));
    server.stop().await;
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_their_turn() {
    let server = hello(Limits { max_connections: 1, ..Limits::default() }).await;
    let mut first = Peer::of(&server).await;
    first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    first.answer("hello").await;
    let mut second = Peer::of(&server).await;
    second.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let early = tokio::time::timeout(Duration::from_millis(50), second.0.readable()).await;
    assert!(early.is_err());
    drop(first);
    second.answer("hello").await;
    server.stop().await;
}

#[tokio::test]
async fn a_panic_costs_one_connection() {
    let server = Server::start(Limits::default(), |request, _| async move {
        assert_ne!(request.uri().path(), "/panic");
        text("hello")
    })
    .await;
    let mut unlucky = Peer::of(&server).await;
    unlucky.write("GET /panic HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(unlucky.rest().await, "");
    let mut other = Peer::of(&server).await;
    other.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    other.answer("hello").await;
    server.stop().await;
}

#[tokio::test]
async fn the_shutdown_lets_requests_finish_within_the_grace() {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (service_begun, service_go) = (Arc::clone(&begun), Arc::clone(&go));
    let server = Server::start(Limits::default(), move |_, _| {
        let (begun, go) = (Arc::clone(&service_begun), Arc::clone(&service_go));
        async move {
            begun.notify_one();
            go.notified().await;
            text("done")
        }
    })
    .await;
    let mut peer = Peer::of(&server).await;
    peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    soon(begun.notified()).await;
    let address = server.address;
    let stopping = tokio::spawn(server.stop());
    soon(async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    go.notify_one();
    assert!(peer.answer("done").await.contains("connection: close"));
    soon(stopping).await.unwrap();
}

#[tokio::test]
async fn the_shutdown_does_not_wait_longer_than_the_grace() {
    let begun = Arc::new(Notify::new());
    let service_begun = Arc::clone(&begun);
    let limits = Limits { grace: Duration::from_millis(50), ..Limits::default() };
    let server = Server::start(limits, move |_, _| {
        service_begun.notify_one();
        std::future::pending()
    })
    .await;
    let mut peer = Peer::of(&server).await;
    peer.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    soon(begun.notified()).await;
    server.stop().await;
    assert_eq!(peer.rest().await, "");
}

#[tokio::test]
async fn a_body_is_limited_in_size_and_time() {
    let server = Server::start(Limits::default(), |request, _| async move {
        let within = if request.uri().path() == "/slow" { Duration::from_millis(20) } else { LONG };
        match read_body(request.into_body(), 5, within).await {
            Ok(body) => text(&format!("{} bytes.", body.len())),
            Err(error @ BodyError::TooLarge) => text(&format!("{error}.")),
            Err(error) => text(&format!("{error}.")),
        }
    })
    .await;
    for (path, length, body, says) in [
        ("/", 5, "abcde", "5 bytes."),
        ("/", 6, "abcdef", "the body is too large."),
        ("/slow", 5, "abc", "the body did not arrive in time."),
    ] {
        let mut peer = Peer::of(&server).await;
        peer.write(&format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}"))
            .await;
        peer.answer(says).await;
    }
    let mut peer = Peer::of(&server).await;
    peer.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n2\r\nef\r\n")
        .await;
    peer.answer("the body is too large.").await;
    server.stop().await;
}
