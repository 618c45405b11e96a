//! Multipart bodies: texts are gathered, a file streams to disk.
//!
//! The parts come in any order, and the body has no announced length. So a file may come before anybody knows whether the
//! caller may send one, and what it is for. What that can cost is bounded:
//!
//! - Only requests whose operation takes a file have more room than any other body; and of that room, all but the file's
//!   own bytes is as small as for other bodies.
//! - A file is written to disk only if the token that came first is good. If none has come yet, it is written too, but of
//!   such uploads only a few are written at a time.
//! - What is written and not taken by an operation is removed with the request.

use crate::Platform;
use crate::assets::{Upload, Writing};
use crate::failure::Failure;
use bytes::Bytes;
use futures_util::Stream;
use graph_api::{ErrorName, GraphError, limits};
use multer::Field;
use net::BodyError;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

/// How long a caller may take to send a body with a file.
const TIME: Duration = Duration::from_secs(120);
/// The largest file that is written.
const FILE: u64 = limits::MEDIA_BYTES;
/// The largest body that is read to its end, so that who sends too large a file is told so.
const BODY: u64 = 64 << 20;
/// How much of the body is handed on at a time.
const PIECE: usize = 64 << 10;

/// What is known of the caller before the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// May send files.
    Good,
    /// No token has come yet.
    Unknown,
    /// The token is none that is good: the request will be refused.
    Bad,
}

/// How a body is to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Files are taken; else they are passed over.
    pub takes_file: bool,
    /// What is known of the caller.
    pub trust: Trust,
    /// The token may come as the part `access_token`.
    pub token_may_come: bool,
}

/// The parts of a body.
pub(crate) struct Parts {
    /// The texts, in their order.
    pub texts: Vec<(String, String)>,
    /// The file, if one was taken.
    pub upload: Option<Upload>,
    /// Why it was not all read or taken. What came before is there all the same.
    pub outcome: Result<(), Failure>,
}

/// Reads a multipart body. [`BodyError`] if it is too large, too slow, or breaks off.
pub(crate) async fn read<B>(
    platform: &Arc<Platform>,
    content_type: &str,
    reading: Reading,
    body: B,
) -> Result<Parts, BodyError>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    let mut parts = Parts { texts: Vec::new(), upload: None, outcome: Ok(()) };
    let boundary = match multer::parse_boundary(content_type) {
        Ok(boundary) => boundary,
        Err(error) => {
            parts.outcome = Err(unreadable(&error));
            return Ok(parts);
        }
    };
    let meter = Arc::new(Meter::new(reading.takes_file));
    if body.size_hint().lower() > if reading.takes_file { BODY } else { crate::MAX_BODY as u64 } {
        return Err(BodyError::TooLarge);
    }
    let body = Pieces { body: pin!(body), rest: Bytes::new(), rests: false, meter: Arc::clone(&meter) };
    let multipart = multer::Multipart::new(body, boundary);
    let time = if reading.takes_file { TIME } else { crate::BODY_TIME };
    let reader = Reader { platform, reading, meter: &meter, parts: &mut parts };
    let read = tokio::time::timeout(time, reader.run(multipart)).await.map_err(|_| BodyError::TimedOut)?;
    match read {
        Ok(()) => Ok(parts),
        Err(_) if meter.is_over() => Err(BodyError::TooLarge),
        Err(multer::Error::StreamReadFailed(_)) => Err(BodyError::Broken),
        Err(error) => {
            parts.outcome = Err(unreadable(&error));
            Ok(parts)
        }
    }
}

fn unreadable(error: &multer::Error) -> Failure {
    GraphError::with(ErrorName::MalformedRequest, [&format!("The multipart body cannot be read: {error}")])
        .into()
}

struct Reader<'a> {
    platform: &'a Arc<Platform>,
    reading: Reading,
    meter: &'a Meter,
    parts: &'a mut Parts,
}

impl Reader<'_> {
    async fn run(mut self, mut multipart: multer::Multipart<'_>) -> Result<(), multer::Error> {
        while let Some(part) = self.next_part(&mut multipart).await? {
            let Some(name) = part.name().map(str::to_owned) else { continue };
            if is_file(&part) {
                self.file(name, part).await?;
            } else {
                self.text(name, part).await?;
            }
        }
        Ok(())
    }

    async fn next_part<'f>(
        &self,
        multipart: &mut multer::Multipart<'f>,
    ) -> Result<Option<Field<'f>>, multer::Error> {
        self.meter.asked_anew();
        multipart.next_field().await
    }

    async fn chunk(&self, part: &mut Field<'_>) -> Result<Option<Bytes>, multer::Error> {
        self.meter.asked_anew();
        part.chunk().await
    }

    async fn text(&mut self, name: String, mut part: Field<'_>) -> Result<(), multer::Error> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut part).await? {
            bytes.extend_from_slice(&chunk);
        }
        let Ok(text) = String::from_utf8(bytes) else {
            self.fail(GraphError::invalid(&name, "valid UTF-8"));
            return Ok(());
        };
        if self.reading.token_may_come && name == "access_token" && !text.is_empty() {
            // A parameter wins over the header; the query's, which wins over this one, is not looked for any more.
            self.reading.trust = trust(self.platform, &text).await;
            self.reading.token_may_come = false;
        }
        self.parts.texts.push((name, text));
        Ok(())
    }

    async fn file(&mut self, name: String, mut part: Field<'_>) -> Result<(), multer::Error> {
        if !self.reading.takes_file {
            // Passed over, within the room that any other body has.
            while self.chunk(&mut part).await?.is_some() {}
            return Ok(());
        }
        if self.parts.upload.is_some() {
            self.fail(GraphError::invalid(&name, "the only file of the request"));
        }
        let wanted = self.reading.trust != Trust::Bad && self.parts.outcome.is_ok();
        let slots = self.platform.files.uploads(self.reading.trust == Trust::Unknown);
        // An error means that there are no slots any more, which never happens.
        let _slot = if wanted { slots.acquire().await.ok() } else { None };
        let file_name = part.file_name().unwrap_or_default().to_owned();
        let mut writing = if wanted { self.kept(Writing::begin(self.platform).await) } else { None };
        while let Some(bytes) = self.chunk(&mut part).await? {
            self.meter.pass(bytes.len());
            let Some(open) = &mut writing else { continue };
            if open.size() + bytes.len() as u64 > FILE {
                // Read on, so that the caller hears of it; but nothing of it stays.
                writing = None;
                let told = format!("No file may have more than {} MB.", FILE >> 20);
                self.fail(GraphError::new(ErrorName::MediaTooLarge).explain(told));
                continue;
            }
            let written = open.write(bytes).await;
            if self.kept(written).is_none() {
                writing = None;
            }
        }
        if let Some(writing) = writing {
            self.parts.upload = self.kept(writing.finish(self.platform, &name, &file_name).await);
        }
        Ok(())
    }

    /// Notes the first failure.
    fn fail(&mut self, failure: impl Into<Failure>) {
        if self.parts.outcome.is_ok() {
            self.parts.outcome = Err(failure.into());
        }
    }

    fn kept<T>(&mut self, result: storage::Result<T>) -> Option<T> {
        result.map_err(|error| self.fail(error)).ok()
    }
}

/// Whether a token is somebody's and alive.
pub(crate) async fn trust(platform: &Platform, token: &str) -> Trust {
    match platform.directory.caller(token).await {
        Ok(Some(caller)) if caller.is_good(platform.clock.now()) => Trust::Good,
        Ok(_) => Trust::Bad,
        // The request itself will tell what is wrong inside.
        Err(_) => Trust::Bad,
    }
}

/// Whether a part is a file: it has a file's name, or a type that no text has.
fn is_file(part: &Field<'_>) -> bool {
    let typed = part.content_type().is_some_and(|mime| mime.type_() != "text" && mime.subtype() != "json");
    part.file_name().is_some() || typed
}

/// How much has been read, and how much of that were bytes of a file.
struct Meter {
    /// What may be read besides the file's bytes. Of these, the last may have been read and not passed yet.
    most: u64,
    read: AtomicU64,
    passed: AtomicU64,
    /// Set whenever the parser is asked for something new, which it may have in its memory already.
    is_anew: AtomicBool,
}

impl Meter {
    fn new(takes_file: bool) -> Self {
        let unpassed = if takes_file { PIECE } else { 0 };
        let most = (crate::MAX_BODY + unpassed) as u64;
        Self { most, read: AtomicU64::new(0), passed: AtomicU64::new(0), is_anew: AtomicBool::new(false) }
    }

    fn read(&self, bytes: usize) {
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn asked_anew(&self) {
        self.is_anew.store(true, Ordering::Relaxed);
    }

    fn pass(&self, bytes: usize) {
        self.passed.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn has_read(&self) -> bool {
        self.read.load(Ordering::Relaxed) > 0
    }

    /// Whether the body is larger than it may be: as a whole, or without its file.
    fn is_over(&self) -> bool {
        let (read, passed) = (self.read.load(Ordering::Relaxed), self.passed.load(Ordering::Relaxed));
        read > BODY || read - passed > self.most
    }
}

/// A body in small pieces, one at a time: the parser takes all that is ready into memory.
struct Pieces<'a, B> {
    body: Pin<&'a mut B>,
    rest: Bytes,
    /// A piece was just given: the parser is to look at it first.
    rests: bool,
    meter: Arc<Meter>,
}

impl<B> Stream for Pieces<'_, B>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: std::fmt::Display,
{
    type Item = Result<Bytes, String>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // The parser takes a piece each time that it is asked for something. It is to look first at what it has: else the
        // texts before a file would fill its memory with the file.
        let is_anew = self.meter.is_anew.swap(false, Ordering::Relaxed) && self.meter.has_read();
        if std::mem::take(&mut self.rests) || is_anew {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        while self.rest.is_empty() {
            match self.body.as_mut().poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => self.rest = frame.into_data().unwrap_or_default(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error.to_string()))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
        let size = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(size);
        self.meter.read(size);
        if self.meter.is_over() {
            return Poll::Ready(Some(Err("too large".to_owned())));
        }
        self.rests = true;
        Poll::Ready(Some(Ok(piece)))
    }
}
