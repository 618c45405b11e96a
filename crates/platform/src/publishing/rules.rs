//! What follows from a container and the clock, and from a file: no I/O.

use super::Container;
use clock::Micros;
use graph_api::media::{ImageSize, JpegKind, MediaFormat};
use graph_api::publish::Shape;
use graph_api::{ErrorName, GraphError, limits};

/// The state of a container (doc: IG Container, `status_code`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Awaited, fetched or processed.
    InProgress,
    /// It can be published.
    Finished,
    /// Nothing becomes of it: the subcode.
    Error(u32),
    /// A day has passed.
    Expired,
    /// It was published.
    Published,
}

impl Status {
    /// `status_code`.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Finished => "FINISHED",
            Self::Error(_) => "ERROR",
            Self::Expired => "EXPIRED",
            Self::Published => "PUBLISHED",
        }
    }

    /// `status` (cap for `FINISHED`; rep for `ERROR`; the others are unconfirmed).
    pub(crate) fn text(self) -> String {
        match self {
            Self::InProgress => "In Progress: Media is still being processed.".to_owned(),
            Self::Finished => "Finished: Media has been uploaded and it is ready to be published.".to_owned(),
            Self::Error(subcode) => format!("Error: Media upload has failed with error code {subcode}"),
            Self::Expired => {
                "Expired: The container was not published within 24 hours and has expired.".to_owned()
            }
            Self::Published => "Published: Media has been published.".to_owned(),
        }
    }
}

/// The state of a container. That of a carousel depends on its children: it waits for them, and fails with them
/// (unconfirmed: whether a carousel can be made before they are finished).
pub(crate) fn status(container: &Container, children: &[Container], now: Micros) -> Status {
    if container.published.is_some() {
        return Status::Published;
    }
    let is_over = container.ready_at.is_some_and(|ready| now >= ready);
    if let Some(subcode) = container.error.filter(|_| is_over) {
        return Status::Error(subcode);
    }
    if now >= container.expires_at {
        return Status::Expired;
    }
    let mut least = if is_over { Status::Finished } else { Status::InProgress };
    for child in children {
        match status(child, &[], now) {
            Status::Finished => {}
            Status::InProgress => least = Status::InProgress,
            Status::Error(subcode) => return Status::Error(subcode),
            // It went with another carousel, or is too old.
            Status::Published | Status::Expired => return Status::Error(PROCESSING_FAILED),
        }
    }
    least
}

/// A file that does not meet the specification.
pub(crate) const FORMAT: u32 = 2_207_026;
/// A video that could not be fetched (rep).
pub(crate) const NOT_FETCHED: u32 = 2_207_076;
/// A video that took too long.
pub(crate) const TIMED_OUT: u32 = 2_207_003;
/// A thumbnail from outside the video.
pub(crate) const THUMB_OFFSET: u32 = 2_207_057;
/// Anything else (rep).
pub(crate) const PROCESSING_FAILED: u32 = 2_207_082;

/// Whether a picture can be published, by its bytes (doc: IG User Media, Image specifications).
///
/// Errors: 36001 for another format, 36003 for its shape in the feed, 9004 for what is no picture.
pub(crate) fn picture(
    (format, jpeg, size): (Option<MediaFormat>, JpegKind, Option<ImageSize>),
    (shape, url, is_lenient): (Option<Shape>, &str, bool),
) -> Result<MediaFormat, GraphError> {
    let no_picture = || GraphError::with(ErrorName::MediaNotFetched, [url]);
    let refused = |name: &str| Err(GraphError::with(ErrorName::ImageFormatUnsupported, [name]));
    let format = match (format, jpeg) {
        (Some(MediaFormat::Jpeg), JpegKind::Mpo) => return refused("MPO"),
        (Some(MediaFormat::Jpeg), JpegKind::Jps) => return refused("JPS"),
        (Some(MediaFormat::Jpeg), JpegKind::Plain) if size.is_none() => return Err(no_picture()),
        (Some(MediaFormat::Jpeg), JpegKind::Plain) => MediaFormat::Jpeg,
        (Some(format @ (MediaFormat::Png | MediaFormat::WebP)), _) if is_lenient => format,
        (Some(MediaFormat::Png), _) => return refused("PNG"),
        (Some(MediaFormat::WebP), _) => return refused("WEBP"),
        (Some(MediaFormat::Gif), _) => return refused("GIF"),
        _ => return Err(no_picture()),
    };
    let is_in_feed = matches!(shape, Some(Shape::Image | Shape::ItemImage));
    if let Some(size) = size.filter(|_| is_in_feed) {
        let ratio = f64::from(size.width) / f64::from(size.height);
        let (least, most) = limits::FEED_ASPECT;
        // 1080 × 566 counts as 1.91:1.
        if !(least..=most).contains(&((ratio * 100.0).round() / 100.0)) {
            let ratio = (ratio * 10_000.0).round() / 10_000.0;
            return Err(GraphError::with(ErrorName::AspectRatioUnsupported, [&ratio.to_string()]));
        }
    }
    Ok(format)
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The last part of a permalink: the id in letters.
pub(crate) fn shortcode(id: i64) -> String {
    let mut rest = id.unsigned_abs();
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(char::from(LETTERS[(rest % 64) as usize]));
        rest /= 64;
    }
    letters.iter().rev().collect()
}

/// The id that a permalink names.
pub(crate) fn of_shortcode(code: &str) -> Option<i64> {
    let mut id = 0_i64;
    for letter in code.bytes() {
        let digit = LETTERS.iter().position(|known| *known == letter)?;
        id = id.checked_mul(64)?.checked_add(i64::try_from(digit).ok()?)?;
    }
    Some(id).filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_read_back() {
        for id in [1, 63, 64, 17_900_000_000_000_001, i64::MAX] {
            assert_eq!(of_shortcode(&shortcode(id)), Some(id));
        }
        for wrong in ["", "A", "é", "a/b", &"_".repeat(12)] {
            assert_eq!(of_shortcode(wrong), None, "{wrong}");
        }
    }
}
