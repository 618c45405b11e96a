//! Files on their way in: from a URL or from a part of a request into a blob, with the checks of type and size.

use super::{Held, NewAsset, room};
use crate::Platform;
use crate::failure::Result;
use bytes::Bytes;
use graph_api::media::{AttachmentKind, ImageSize, MediaFormat, Probe};
use graph_api::signature::hex;
use graph_api::{ErrorName, GraphError};
use http::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};
use net::{ClientError, Fetch, FetchError};
use percent_encoding::percent_decode_str;
use std::sync::Arc;
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
    held: Arc<Held>,
}

impl Upload {
    /// Its size in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.held.size
    }
}

/// A file that is being written to disk.
pub(crate) struct Writing {
    key: String,
    blob: BlobUpload,
    probe: Probe,
}

/// What was written.
pub(super) struct Written {
    format: Option<MediaFormat>,
    image: Option<ImageSize>,
    held: Arc<Held>,
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

    async fn written(self, platform: &Platform) -> storage::Result<Written> {
        let size = self.blob.finish().await?;
        let held = platform.files.hold(self.key, size);
        Ok(Written { format: self.probe.format(), image: self.probe.image_size(), held })
    }

    /// Ends a file that came as the part `part` of a request.
    pub(crate) async fn finish(
        self,
        platform: &Platform,
        part: &str,
        file_name: &str,
    ) -> storage::Result<Upload> {
        let Written { format, image, held } = self.written(platform).await?;
        Ok(Upload { part: part.to_owned(), file_name: file_name.to_owned(), format, image, held })
    }
}

/// Fetches the file at `url` to be sent as `kind`.
///
/// Errors: not to be had (2018008; for a video that takes too long 2018294), too large (2018109), of another type
/// (2018047).
pub(crate) async fn fetch(platform: &Arc<Platform>, url: &str, kind: AttachmentKind) -> Result<NewAsset> {
    let mut headers = HeaderMap::with_capacity(2);
    headers.insert(USER_AGENT, HeaderValue::from_static("facebookexternalua"));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    let fetch =
        Fetch { url, headers, redirects: REDIRECTS, within: kind.fetch_time(), max_bytes: kind.max_bytes() };
    let failed = |error: FetchError| not_fetched(kind, url, &error);
    let mut fetched = platform.client.fetch(fetch).await.map_err(failed)?;
    let mut writing = Writing::begin(platform).await?;
    let mut known = false;
    while let Some(piece) = fetched.piece().await.map_err(failed)? {
        writing.write(piece).await?;
        // What is no media is not fetched to its end.
        if let Some(format) = writing.early_format().filter(|_| !known) {
            fitting(kind, format)?;
            known = true;
        }
    }
    let Written { format, image, held } = writing.written(platform).await?;
    let format = fitting(kind, format)?;
    let segment = fetched.url.path_segments().and_then(|mut segments| segments.next_back());
    let file_name = plain_name(&percent_decode_str(segment.unwrap_or_default()).decode_utf8_lossy());
    Ok(NewAsset { kind, format, image, file_name, held })
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
    Ok(NewAsset {
        kind,
        format,
        image: upload.image,
        file_name: plain_name(&upload.file_name),
        held: Arc::clone(&upload.held),
    })
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
