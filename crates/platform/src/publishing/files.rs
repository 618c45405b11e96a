//! The files of what is to be published: fetched or uploaded, looked at, and kept until a row names them.

use super::rules;
use super::settings::Setting;
use super::stand_in;
use crate::Platform;
use crate::assets::{self, NewAsset, Upload, Wanted, Writing};
use crate::failure::{Failure, Result};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use graph_api::media::video::{Movie, VideoSpec, Walk};
use graph_api::media::{AttachmentKind, MediaFormat};
use graph_api::publish::Shape;
use graph_api::{ErrorName, GraphError, limits};
use net::{ClientError, FetchError};
use std::sync::Arc;

/// A video as it turned out to be.
#[derive(Clone)]
pub(crate) struct Video {
    /// The file.
    pub file: NewAsset,
    /// The picture that stands for it.
    pub thumbnail: NewAsset,
    /// How long it is, in milliseconds.
    pub millis: u64,
}

/// Why nothing becomes of a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// The subcode that the container's `status` tells.
    pub subcode: u32,
    /// In words, for the developer.
    pub reason: String,
}

impl Flaw {
    pub(crate) fn new(subcode: u32, reason: impl Into<String>) -> Self {
        Self { subcode, reason: reason.into() }
    }
}

/// Fetches a picture and looks at it. `shape`: what it is to become; `None`: a cover.
///
/// Errors: 9004 if it is not to be had or no picture, -2 if it takes too long, 36000 if it is too large, 36001 for its format,
/// 36003 for its shape.
pub(super) async fn picture(platform: &Arc<Platform>, url: &str, shape: Option<Shape>) -> Result<NewAsset> {
    fetchable(url)?;
    let is_lenient = platform.settings.publishing.is_on(Setting::LenientImages);
    let kind = AttachmentKind::Image;
    let wanted = Wanted { url, within: kind.fetch_time(), max_bytes: limits::IMAGE_BYTES };
    let failed = |error: &FetchError| {
        Failure::Graph(match error {
            FetchError::TooLarge(_) => GraphError::new(ErrorName::ImageTooLarge),
            FetchError::Client(ClientError::TimedOut) => GraphError::new(ErrorName::DownloadTimedOut),
            _ => GraphError::with(ErrorName::MediaNotFetched, [url]),
        })
    };
    let file = assets::bring(platform, wanted, failed, |_| Ok(())).await?;
    let seen = (file.format(), file.jpeg_kind(), file.image());
    let format = rules::picture(seen, (shape, url, is_lenient))?;
    Ok(file.as_asset(kind, format))
}

/// Whether the address is one that can be asked.
pub(super) fn fetchable(url: &str) -> Result<()> {
    match limits::is_web_address(url) {
        true => Ok(()),
        false => Err(GraphError::with(ErrorName::MediaNotFetched, [url]).into()),
    }
}

/// What a video of that shape may be.
pub(crate) fn spec(platform: &Platform, shape: Shape) -> VideoSpec {
    let spec = if shape.is_story() { VideoSpec::STORY } else { VideoSpec::REEL };
    VideoSpec { is_lenient: platform.settings.publishing.is_on(Setting::LenientVideos), ..spec }
}

/// Fetches a video and looks at it.
pub(super) async fn video(platform: &Arc<Platform>, url: &str, shape: Shape) -> Result<Result<Video, Flaw>> {
    match brought(platform, url, spec(platform, shape).bytes).await? {
        Ok(file) => look(platform, &file, shape).await,
        Err(flaw) => Ok(Err(flaw)),
    }
}

/// Fetches a video of at most so many bytes.
pub(super) async fn brought(
    platform: &Arc<Platform>,
    url: &str,
    max_bytes: u64,
) -> Result<Result<Upload, Flaw>> {
    let wanted = Wanted { url, within: limits::PUBLISHED_VIDEO_FETCH, max_bytes };
    // The flaw travels as an error, with its subcode; it never leaves this function.
    let failed = |error: &FetchError| {
        Failure::Graph(
            GraphError::new(match error {
                FetchError::TooLarge(_) => ErrorName::VideoFormatUnsupported,
                FetchError::Client(ClientError::TimedOut) => ErrorName::DownloadTimedOut,
                _ => ErrorName::MediaNotFetched,
            })
            .explain(format!("{url}: {error}")),
        )
    };
    let could_be = |format: Option<MediaFormat>| match format {
        Some(MediaFormat::Mp4 | MediaFormat::Mov) => Ok(()),
        other => {
            let is = other.map_or("of no known type", MediaFormat::mime);
            let told = format!("the file is {is}, not MP4 or MOV");
            Err(GraphError::new(ErrorName::VideoFormatUnsupported).explain(told).into())
        }
    };
    match assets::bring(platform, wanted, failed, could_be).await {
        Ok(file) => Ok(Ok(file)),
        Err(Failure::Graph(error)) => {
            let subcode = match error.name {
                ErrorName::DownloadTimedOut => rules::TIMED_OUT,
                ErrorName::MediaNotFetched => rules::NOT_FETCHED,
                _ => rules::FORMAT,
            };
            Ok(Err(Flaw::new(subcode, error.explanation().unwrap_or_default())))
        }
        Err(error) => Err(error),
    }
}

/// Looks at a video that is there, and draws the picture that stands for it.
pub(super) async fn look(
    platform: &Arc<Platform>,
    file: &Upload,
    shape: Shape,
) -> Result<Result<Video, Flaw>> {
    let format = file.format().unwrap_or(MediaFormat::Pdf);
    if !matches!(format, MediaFormat::Mp4 | MediaFormat::Mov) {
        let is = file.format().map_or("of no known type", MediaFormat::mime);
        return Ok(Err(Flaw::new(rules::FORMAT, format!("the file is {is}, not MP4 or MOV"))));
    }
    let movie = match movie(platform, file).await? {
        Ok(movie) => movie,
        Err(reason) => return Ok(Err(Flaw::new(rules::FORMAT, reason))),
    };
    if let Some(reason) = movie.flaw(&spec(platform, shape), format, file.size()) {
        return Ok(Err(Flaw::new(rules::FORMAT, reason)));
    }
    let drawn = stand_in::draw(movie.picture.width, movie.picture.height);
    let mut writing = Writing::begin(platform).await?;
    writing.write(Bytes::from(drawn)).await?;
    let picture = writing.finish(platform, "", "thumbnail.jpg").await?;
    Ok(Ok(Video {
        file: file.as_asset(AttachmentKind::Video, format),
        thumbnail: picture.as_asset(AttachmentKind::Image, MediaFormat::Jpeg),
        millis: movie.millis,
    }))
}

/// Reads the header of a movie. Of the file, only that is in memory.
async fn movie(platform: &Platform, file: &Upload) -> storage::Result<Result<Movie, String>> {
    let mut walk = Walk::new(file.size());
    while let Some(part) = walk.next() {
        walk.give(&read(platform, file, part).await?);
    }
    let found = match walk.found() {
        Ok(found) => found,
        Err(reason) => return Ok(Err(reason.to_owned())),
    };
    let header = read(platform, file, found.header).await?;
    let is_first = found.is_header_first;
    // Megabytes of tables: not between the sockets. Should the parser give up on what it is given, so does the video.
    let read = tokio::task::spawn_blocking(move || Movie::read(&header, is_first)).await;
    Ok(read.unwrap_or_else(|_| Err("its header cannot be read".to_owned())))
}

async fn read(platform: &Platform, file: &Upload, part: std::ops::Range<u64>) -> storage::Result<Vec<u8>> {
    let missing = || storage::Error::Disk("the bytes of a video are missing".to_owned());
    let pieces = platform.files.blobs().get(file.blob_key(), part).await?.ok_or_else(missing)?;
    let pieces: Vec<Bytes> = pieces.try_collect().await?;
    Ok(pieces.concat())
}

/// One file of several that lie one behind the other.
pub(super) async fn join(platform: &Arc<Platform>, parts: &[(String, u64)]) -> storage::Result<Upload> {
    let missing = || storage::Error::Disk("a part of a video is missing".to_owned());
    let mut writing = Writing::begin(platform).await?;
    for (key, size) in parts {
        let mut pieces = platform.files.blobs().get(key, 0..*size).await?.ok_or_else(missing)?;
        while let Some(piece) = pieces.try_next().await? {
            writing.write(piece).await?;
        }
    }
    writing.finish(platform, "", "video").await
}
