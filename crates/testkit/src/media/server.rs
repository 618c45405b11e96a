//! A server of files on loopback, which can also misbehave.

use super::files;
use super::movies::Movie;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::header::{CONTENT_LENGTH, LOCATION};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, oneshot};

/// What is served at a path.
#[derive(Clone, Debug)]
pub enum Served {
    /// A file, its length announced.
    File(Bytes),
    /// A file in chunks of unknown number.
    Chunked(Bytes),
    /// A redirect.
    Redirect(String),
    /// A status without a file.
    Status(u16),
    /// The first half of a file; then the connection breaks.
    BreaksOff(Bytes),
    /// The first half of a file; the rest never comes.
    Stalls(Bytes),
}

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub target: String,
    /// The header fields.
    pub headers: HeaderMap,
}

type Catalogue = Arc<Mutex<HashMap<String, Served>>>;
type ServedBody = UnsyncBoxBody<Bytes, std::io::Error>;

/// The server. It ends when it is dropped. Besides what [`serve`](MediaServer::serve) puts there, it has
///
/// - `/a.png`, `/a.mp4`, …: a file of each type ([`files::NAMES`]);
/// - `/sized/SIZE/a.png`, …: the same, of exactly so many bytes;
/// - `/status/STATUS`: an answer of that status;
/// - `/moved?URL`: a redirect;
/// - `/picture/WIDTHxHEIGHT/a.jpg`, and `a.png`, `a.gif`: a picture of that size;
/// - `/movie/SECONDS/WIDTHxHEIGHT/a.mp4`: a movie that can be published, if its length and size can;
/// - `/stalls/a.mp4`, …: 100000 bytes of it are announced, of which only the first half comes.
pub struct MediaServer {
    /// Where it listens: no slash at the end.
    pub url: String,
    catalogue: Catalogue,
    asked: Mutex<mpsc::UnboundedReceiver<Asked>>,
    stalled: tokio::sync::Mutex<mpsc::UnboundedReceiver<()>>,
    _ends: oneshot::Sender<()>,
}

impl MediaServer {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let catalogue = Catalogue::default();
        let (asking, asked) = mpsc::unbounded_channel();
        let (stalling, stalled) = mpsc::unbounded_channel();
        let (ends, ended) = oneshot::channel::<()>();
        let served = Arc::clone(&catalogue);
        let service = move |request: http::Request<hyper::body::Incoming>, _peer: std::net::SocketAddr| {
            let what = served.lock().unwrap().get(request.uri().path()).cloned();
            let what = what.or_else(|| always(request.uri()));
            let (head, _) = request.into_parts();
            // Nobody looks any more when the test is over.
            let _ = asking.send(Asked { target: head.uri.to_string(), headers: head.headers });
            let stalling = stalling.clone();
            async move { answer(what.unwrap_or(Served::Status(404)), stalling) }
        };
        let limits = net::Limits { grace: std::time::Duration::ZERO, ..net::Limits::default() };
        tokio::spawn(net::serve(listener, limits, service, async move {
            let _ = ended.await;
        }));
        let (asked, stalled) = (Mutex::new(asked), tokio::sync::Mutex::new(stalled));
        Self { url, catalogue, asked, stalled, _ends: ends }
    }

    /// Serves something at a path, from now on; answers its URL.
    pub fn serve(&self, path: &str, what: Served) -> String {
        self.catalogue.lock().unwrap().insert(path.to_owned(), what);
        self.url(path)
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The file at a path that is there without being put there.
    pub fn file(&self, path: &str) -> Option<Bytes> {
        match always(&path.parse().ok()?)? {
            Served::File(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// What was asked for since the last call.
    pub fn asked(&self) -> Vec<Asked> {
        let mut asked = self.asked.lock().unwrap();
        std::iter::from_fn(|| asked.try_recv().ok()).collect()
    }

    /// Waits until the first half of a file that stalls has been taken by a connection.
    pub async fn stalled(&self) {
        self.stalled.lock().await.recv().await.expect("the server runs");
    }
}

/// What is there without being put there.
fn always(target: &http::Uri) -> Option<Served> {
    let segments: Vec<&str> = target.path().split('/').skip(1).collect();
    Some(match segments[..] {
        [name] if files::NAMES.contains(&name) => Served::File(files::named(name)?),
        ["sized", size, name] => Served::File(files::sized(&files::named(name)?, size.parse().ok()?)),
        ["status", status] => Served::Status(status.parse().ok()?),
        ["stalls", name] => Served::Stalls(files::sized(&files::named(name)?, 100_000)),
        ["picture", size, name] => {
            let (width, height) = size_of(size)?;
            let (wide, high) = (width.into(), height.into());
            Served::File(match name.rsplit_once('.')?.1 {
                "jpg" => files::jpeg(width, height),
                "png" => files::png(wide, high),
                "gif" => files::gif(width, height),
                _ => return None,
            })
        }
        ["movie", seconds, size, _] => {
            let ((width, height), seconds) = (size_of(size)?, seconds.parse().ok()?);
            Served::File(Movie { seconds, width, height, ..Movie::default() }.file())
        }
        ["moved"] => Served::Redirect(target.query()?.to_owned()),
        _ => return None,
    })
}

fn size_of(text: &str) -> Option<(u16, u16)> {
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

fn answer(what: Served, stalling: mpsc::UnboundedSender<()>) -> Response<ServedBody> {
    let full = |bytes: Bytes| Full::new(bytes).map_err(|never| match never {}).boxed_unsync();
    let half = |bytes: &Bytes| Ok(Frame::data(bytes.slice(..bytes.len() / 2)));
    let mut response = Response::new(full(Bytes::new()));
    match what {
        Served::File(bytes) => *response.body_mut() = full(bytes),
        Served::Chunked(bytes) => {
            let pieces: Vec<_> =
                bytes.chunks(60_000).map(Bytes::copy_from_slice).map(Frame::data).map(Ok).collect();
            *response.body_mut() = StreamBody::new(stream::iter(pieces)).boxed_unsync();
        }
        Served::Redirect(to) => {
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert(LOCATION, HeaderValue::from_str(&to).unwrap());
        }
        Served::Status(status) => *response.status_mut() = StatusCode::from_u16(status).unwrap(),
        Served::BreaksOff(bytes) => {
            announce(&mut response, &bytes);
            // A turn later, when the first half is on its way.
            let broken = stream::once(async {
                tokio::task::yield_now().await;
                Err(std::io::Error::other("breaks off"))
            });
            *response.body_mut() = StreamBody::new(stream::iter([half(&bytes)]).chain(broken)).boxed_unsync();
        }
        Served::Stalls(bytes) => {
            announce(&mut response, &bytes);
            // Asked for the second half, the connection has taken the first.
            let never = stream::once(async move {
                let _ = stalling.send(());
                std::future::pending().await
            });
            *response.body_mut() = StreamBody::new(stream::iter([half(&bytes)]).chain(never)).boxed_unsync();
        }
    }
    response
}

fn announce(response: &mut Response<ServedBody>, bytes: &Bytes) {
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
}
