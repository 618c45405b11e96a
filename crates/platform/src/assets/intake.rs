//! Files on their way in: from a URL or from a part of a request into a blob, with the checks of type and size.

use super::{Held, NewAsset, room};
use crate::Platform;
use crate::failure::{Failure, Result};
use bytes::Bytes;
use graph_api::media::{AttachmentKind, ImageSize, JpegKind, MediaFormat, Probe};
use graph_api::signature::hex;
use graph_api::{ErrorName, GraphError};
use http::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};
use net::{ClientError, Fetch, FetchError};
use percent_encoding::percent_decode_str;
use std::sync::Arc;
use std::time::Duration;
use storage::BlobUpload;

/// Redirects that are followed to a file. The documentation counts redirects among the reasons for error 2018008, and
/// integrators say that not every one is followed; how many are is unconfirmed.
const REDIRECTS: u8 = 3;
/// The longest name of a file that is kept, in characters.
const NAME: usize = 255;

/// A file that came as a part of the request. It is on disk; whether it is anything that can be sent is asked by
/// [`uploaded`].
#[derive(Clone)]
pub(crate) struct Upload {
    /// The part's name, such as `filedata`.
    pub part: String,
    /// The file's name; may be empty.
    pub file_name: String,
    format: Option<MediaFormat>,
    image: Option<ImageSize>,
    jpeg: JpegKind,
    held: Arc<Held>,
}

impl Upload {
    /// Its size in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.held.size
    }

    /// What it is, by its bytes.
    pub(crate) const fn format(&self) -> Option<MediaFormat> {
        self.format
    }

    /// How large the picture is.
    pub(crate) const fn image(&self) -> Option<ImageSize> {
        self.image
    }

    /// Which extension of JPEG it is.
    pub(crate) const fn jpeg_kind(&self) -> JpegKind {
        self.jpeg
    }

    /// The blob of its bytes.
    pub(crate) fn blob_key(&self) -> &str {
        &self.held.key
    }

    /// The file as what it is to be stored, whatever it is good for: its limits are the caller's to know.
    pub(crate) fn as_asset(&self, kind: AttachmentKind, format: MediaFormat) -> NewAsset {
        let (image, file_name) = (self.image, plain_name(&self.file_name));
        NewAsset { kind, format, image, file_name, held: Arc::clone(&self.held) }
    }
}

/// A file that is being written to disk.
pub(crate) struct Writing {
    key: String,
    blob: BlobUpload,
    probe: Probe,
}

impl Writing {
    /// Begins a file. Dropped, nothing of it stays.
    pub(crate) async fn begin(platform: &Arc<Platform>) -> storage::Result<Self> {
        room::make(platform).await?;
        let blobs = platform.files.blobs();
        let mut key;
        loop {
            let mut bytes = [0; 16];
            platform.chance.fill(&mut bytes);
            key = hex("", &bytes);
            // A seeded source repeats itself in the next process.
            if blobs.size(&key).await?.is_none() {
                break;
            }
        }
        let blob = blobs.put(&key).await?;
        Ok(Self { key, blob, probe: Probe::default() })
    }

    /// Adds bytes.
    pub(crate) async fn write(&mut self, bytes: Bytes) -> storage::Result<()> {
        self.probe.feed(&bytes);
        self.blob.write(bytes).await
    }

    /// The bytes so far.
    pub(crate) fn size(&self) -> u64 {
        self.blob.size()
    }

    /// What the file is, once enough of it is there to tell.
    fn early_format(&self) -> Option<Option<MediaFormat>> {
        (self.size() >= Probe::HEAD as u64).then(|| self.probe.format())
    }

    /// Ends a file that came as the part `part` of a request; empty: from somewhere else.
    pub(crate) async fn finish(
        self,
        platform: &Platform,
        part: &str,
        file_name: &str,
    ) -> storage::Result<Upload> {
        let Self { key, blob, probe } = self;
        let size = blob.finish().await?;
        let held = platform.files.hold(key, size);
        let (part, file_name) = (part.to_owned(), file_name.to_owned());
        let (format, image, jpeg) = (probe.format(), probe.image_size(), probe.jpeg_kind());
        Ok(Upload { part, file_name, format, image, jpeg, held })
    }
}

/// A file that is to be fetched, and how far to go for it.
pub(crate) struct Wanted<'a> {
    /// Its address.
    pub url: &'a str,
    /// The time for all of it.
    pub within: Duration,
    /// The largest file, in bytes.
    pub max_bytes: u64,
}

/// Fetches a file, whatever it is. `look` is asked as soon as enough of it is there to tell what it is: what is refused is
/// not fetched to its end. `failed` says what it means that the file is not to be had.
pub(crate) async fn bring(
    platform: &Arc<Platform>,
    wanted: Wanted<'_>,
    failed: impl Fn(&FetchError) -> Failure,
    look: impl Fn(Option<MediaFormat>) -> Result<()>,
) -> Result<Upload> {
    let mut headers = HeaderMap::with_capacity(2);
    headers.insert(USER_AGENT, HeaderValue::from_static("facebookexternalua"));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    let Wanted { url, within, max_bytes } = wanted;
    let fetch = Fetch { url, headers, redirects: REDIRECTS, within, max_bytes };
    let mut fetched = platform.client.fetch(fetch).await.map_err(|error| failed(&error))?;
    let mut writing = Writing::begin(platform).await?;
    let mut known = false;
    while let Some(piece) = fetched.piece().await.map_err(|error| failed(&error))? {
        writing.write(piece).await?;
        if let Some(format) = writing.early_format().filter(|_| !known) {
            look(format)?;
            known = true;
        }
    }
    let segment = fetched.url.path_segments().and_then(|mut segments| segments.next_back());
    let file_name = plain_name(&percent_decode_str(segment.unwrap_or_default()).decode_utf8_lossy());
    Ok(writing.finish(platform, "", &file_name).await?)
}

/// Fetches the file at `url` to be sent as `kind`.
///
/// Errors: not to be had (2018008; for a video that takes too long 2018294), too large (2018109), of another type
/// (2018047).
pub(crate) async fn fetch(platform: &Arc<Platform>, url: &str, kind: AttachmentKind) -> Result<NewAsset> {
    let wanted = Wanted { url, within: kind.fetch_time(), max_bytes: kind.max_bytes() };
    let failed = |error: &FetchError| not_fetched(kind, url, error).into();
    let file = bring(platform, wanted, failed, |format| Ok(fitting(kind, format).map(drop)?)).await?;
    let format = fitting(kind, file.format)?;
    Ok(file.as_asset(kind, format))
}

/// An uploaded file to be sent as `kind`.
///
/// Errors: too large (2018109), of another type (2018047), a name that is not ASCII (100).
pub(crate) fn uploaded(upload: &Upload, kind: AttachmentKind) -> Result<NewAsset> {
    if upload.size() > kind.max_bytes() {
        return Err(too_large(kind).into());
    }
    let format = fitting(kind, upload.format)?;
    if !upload.file_name.is_ascii() {
        // That such names are not supported is documented; the error is unconfirmed.
        return Err(GraphError::invalid(&upload.part, "a file whose name is ASCII").into());
    }
    Ok(upload.as_asset(kind, format))
}

/// The error for a file that is larger than `kind` may be.
pub(crate) fn too_large(kind: AttachmentKind) -> GraphError {
    let most = kind.max_bytes() >> 20;
    GraphError::new(ErrorName::MediaTooLarge).explain(format!("{} may have {most} MB.", kind.name()))
}

fn fitting(kind: AttachmentKind, format: Option<MediaFormat>) -> Result<MediaFormat, GraphError> {
    match format {
        Some(format) if kind.takes(format) => Ok(format),
        other => {
            let is = other.map_or("of no known type", MediaFormat::mime);
            let (name, wanted) = (kind.name(), kind.formats());
            let told = format!("The file is {is}, by its bytes; the type {name} takes {wanted}.");
            Err(GraphError::new(ErrorName::MediaTypeMismatch).explain(told))
        }
    }
}

fn not_fetched(kind: AttachmentKind, url: &str, error: &FetchError) -> GraphError {
    let name = match error {
        FetchError::TooLarge(_) => return too_large(kind),
        FetchError::Client(ClientError::TimedOut) if kind == AttachmentKind::Video => {
            ErrorName::VideoTimedOut
        }
        _ => ErrorName::MediaFetchFailed,
    };
    GraphError::new(name).explain(format!("{url}: {error}"))
}

/// A name without what could confuse who stores or shows it: no path, no control characters.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(NAME).collect()
}
