//! Fetching files: redirects, limits of size and time, and what can go wrong on the way.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use bytes::Bytes;
use http::header::{LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use net::{AddressPolicy, Client, ClientError, Fetch, FetchError, Fetched, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::{LONG, Server, soon};

const MAX: u64 = 1000;

fn fetch(url: &str) -> Fetch<'_> {
    Fetch { url, headers: HeaderMap::new(), redirects: 2, within: LONG, max_bytes: MAX }
}

async fn whole(mut fetched: Fetched) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    while let Some(piece) = fetched.piece().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

async fn got(url: &str) -> Result<Vec<u8>, FetchError> {
    whole(Client::new(AddressPolicy::AllowPrivate).fetch(fetch(url)).await?).await
}

/// Paths tell what is answered: `/to/<status>/<where>` redirects, `/status/<status>`, `/size/<bytes>`.
async fn server() -> Server {
    Server::start(Limits { grace: Duration::ZERO, ..Limits::default() }, |request, _| async move {
        let path = request.uri().path().to_owned();
        let mut parts = path.trim_start_matches('/').splitn(3, '/');
        let (what, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let mut response = Response::new(Full::new(Bytes::from(path.clone())));
        match what {
            "to" => {
                *response.status_mut() = StatusCode::from_bytes(value.as_bytes()).unwrap();
                let target = request.uri().query().unwrap_or_default();
                if !target.is_empty() {
                    response.headers_mut().insert(LOCATION, HeaderValue::from_str(target).unwrap());
                }
            }
            "status" => *response.status_mut() = StatusCode::from_bytes(value.as_bytes()).unwrap(),
            "size" => *response.body_mut() = Full::new(vec![b'x'; value.parse().unwrap()].into()),
            _ => {}
        }
        response
    })
    .await
}

/// A server that gives these bytes to the first connection, and then keeps it open or closes it.
async fn raw(answer: &'static str, keep: bool) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a.png", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        stream.read_buf(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        if keep {
            std::future::pending::<()>().await;
        }
        String::from_utf8_lossy(&request).into_owned()
    });
    (url, serving)
}

#[tokio::test]
async fn a_file_comes_with_its_header_and_is_asked_for_as_told() {
    let (url, serving) =
        raw("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 3\r\n\r\nabc", false).await;
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static("facebookexternalua"));
    let asked = url.replace("http://", "http://user:secret@") + "?q=1#part";
    let fetched =
        Client::new(AddressPolicy::AllowPrivate).fetch(Fetch { headers, ..fetch(&asked) }).await.unwrap();
    assert_eq!(fetched.headers["content-type"], "image/png");
    assert_eq!(fetched.url.path(), "/a.png");
    assert_eq!(whole(fetched).await.unwrap(), b"abc");
    let request = soon(serving).await.unwrap();
    assert!(request.starts_with("GET /a.png?q=1 HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nUser-Agent: facebookexternalua\r\n"), "{request}");
    assert!(!request.contains("secret") && !request.contains("Authorization"), "{request}");
}

#[tokio::test]
async fn a_few_redirects_are_followed() {
    let server = server().await;
    for status in [301, 302, 303, 307, 308] {
        assert_eq!(got(&server.url(&format!("/to/{status}?/found"))).await.unwrap(), b"/found", "{status}");
    }
    assert_eq!(got(&server.url("/to/302?../found")).await.unwrap(), b"/found", "relative to the path");
    let absolute = server.url("/found");
    assert_eq!(got(&server.url(&format!("/to/302?{absolute}"))).await.unwrap(), b"/found");
    assert_eq!(got(&server.url("/to/302?/to/302?/found")).await.unwrap(), b"/found");
    for wrong in ["/to/302?/to/302?/to/302?/found", "/to/302", "/to/302?http://"] {
        let refused = got(&server.url(wrong)).await.unwrap_err();
        assert!(matches!(refused, FetchError::Redirect(_)), "{wrong}: {refused:?}");
    }
    let elsewhere = got(&server.url("/to/302?ftp://127.0.0.1/")).await.unwrap_err();
    assert!(matches!(elsewhere, FetchError::Client(ClientError::BadUrl(_))), "{elsewhere:?}");
    let found = Client::new(AddressPolicy::AllowPrivate).fetch(fetch(&server.url("/to/302?/b/c.png"))).await;
    assert_eq!(found.unwrap().url.path(), "/b/c.png");
    server.stop().await;
}

/// The first address is allowed; where it leads is not.
#[tokio::test]
async fn a_redirect_does_not_lead_inside() {
    let server = server().await;
    let client = Client::new(AddressPolicy::PublicAnd(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let allowed = client.fetch(fetch(&server.url("/a"))).await.unwrap();
    assert_eq!(whole(allowed).await.unwrap(), b"/a");
    for inside in [
        "http://127.0.0.2:1/",
        "http://[::1]:1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://0x7f.3/",
    ] {
        let refused = client.fetch(fetch(&server.url(&format!("/to/302?{inside}")))).await.unwrap_err();
        assert!(matches!(refused, FetchError::Client(ClientError::Refused { .. })), "{inside}: {refused:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_file_may_have_the_limit_and_no_byte_more() {
    let server = server().await;
    assert_eq!(got(&server.url("/size/1000")).await.unwrap().len(), 1000);
    assert_eq!(got(&server.url("/size/0")).await.unwrap().len(), 0);
    // The announced length is enough.
    let refused = Client::new(AddressPolicy::AllowPrivate).fetch(fetch(&server.url("/size/1001"))).await;
    assert_eq!(refused.unwrap_err(), FetchError::TooLarge(MAX));
    server.stop().await;
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n";
    for (rest, whole) in [("0\r\n\r\n", true), ("1\r\nx\r\n0\r\n\r\n", false)] {
        let answer = format!("{chunked}{}\r\n{rest}", "x".repeat(1000));
        let (url, serving) = raw(answer.leak(), false).await;
        let got = got(&url).await.map(|bytes| bytes.len());
        assert_eq!(got, if whole { Ok(1000) } else { Err(FetchError::TooLarge(MAX)) });
        soon(serving).await.unwrap();
    }
}

#[tokio::test]
async fn other_answers_are_no_files() {
    let server = server().await;
    for status in [304, 400, 403, 404, 500] {
        let refused = got(&server.url(&format!("/status/{status}"))).await.unwrap_err();
        assert_eq!(refused, FetchError::Status(StatusCode::from_u16(status).unwrap()));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_file_that_breaks_off_is_no_file() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n",
        "",
    ] {
        let (url, serving) = raw(answer, false).await;
        let broken = got(&url).await.unwrap_err();
        assert!(matches!(broken, FetchError::Client(ClientError::Protocol(_))), "{answer}: {broken:?}");
        soon(serving).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_apart() {
    let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = refusing.local_addr().unwrap();
    drop(refusing);
    let refused = got(&format!("http://{address}/")).await.unwrap_err();
    assert_eq!(refused, FetchError::Client(ClientError::Connect(format!("connection refused ({address})"))));
    for url in
        ["", "picture.png", "//host/a", "http://", "http://[", "file:///etc/passwd", "data:image/png,x"]
    {
        let refused = got(url).await.unwrap_err();
        assert!(matches!(refused, FetchError::Client(ClientError::BadUrl(_))), "{url}: {refused:?}");
    }
    let (url, serving) = raw("HTTP/1.1 400 Bad Request\r\n\r\n", false).await;
    let refused = got(&url.replace("http:", "https:")).await.unwrap_err();
    assert!(matches!(refused, FetchError::Client(ClientError::Tls(_))), "{refused:?}");
    soon(serving).await.unwrap();
}

/// The time is that of the whole: a server that has begun to answer has no more of it than one that has not.
#[tokio::test]
async fn a_slow_file_is_left_in_time() {
    let client = Client::new(AddressPolicy::AllowPrivate);
    let (url, serving) = raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", true).await;
    let within = Duration::from_secs(75);
    let mut fetched = client.fetch(Fetch { within, ..fetch(&url) }).await.unwrap();
    assert_eq!(fetched.piece().await.unwrap().unwrap(), "abc");
    let before = tokio::time::Instant::now();
    tokio::time::pause();
    assert_eq!(fetched.piece().await.unwrap_err(), FetchError::Client(ClientError::TimedOut));
    // The clock of a paused runtime moves in whole milliseconds.
    assert!(before.elapsed() < within + Duration::from_millis(10), "{:?}", before.elapsed());
    tokio::time::resume();
    serving.abort();
    let (url, serving) = raw("", true).await;
    let waiting = Fetch { within: Duration::from_millis(30), ..fetch(&url) };
    assert_eq!(client.fetch(waiting).await.unwrap_err(), FetchError::Client(ClientError::TimedOut));
    serving.abort();
}
