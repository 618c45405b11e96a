//! Media: what a file is by its bytes, and what each type of attachment takes (doc: Send Messages; reference, message
//! kinds and limits). Names, extensions and declared types are not believed.

mod image;
mod sniff;
pub mod video;

use crate::limits;
pub use image::{ImageSize, JpegKind};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The types of attachment that carry a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A video.
    Video,
    /// A sound: music or a voice note.
    Audio,
    /// A document.
    File,
}

impl AttachmentKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Image, Self::Video, Self::Audio, Self::File];

    /// Its name in requests and webhooks.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::File => "file",
        }
    }

    /// The kind with that name, in whatever case: the generated reference lists the names in capitals, samples use small
    /// letters.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// Whether a file of that type can be sent as this (doc: Send Messages; GIF by the "image or GIF" wording and the
    /// upload page).
    pub const fn takes(self, format: MediaFormat) -> bool {
        use MediaFormat::{Aac, Avi, Gif, Jpeg, M4a, Mov, Mp4, Ogg, Pdf, Png, Wav, WebM};
        match self {
            Self::Image => matches!(format, Png | Jpeg | Gif),
            Self::Video => matches!(format, Mp4 | Ogg | Avi | Mov | WebM),
            Self::Audio => matches!(format, Aac | M4a | Wav | Mp4),
            Self::File => matches!(format, Pdf),
        }
    }

    /// What it takes, for who reads an error.
    pub const fn formats(self) -> &'static str {
        match self {
            Self::Image => "png, jpeg or gif",
            Self::Video => "mp4, ogg, avi, mov or webm",
            Self::Audio => "aac, m4a, wav or mp4",
            Self::File => "pdf",
        }
    }

    /// The largest file, in bytes.
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Image => limits::IMAGE_BYTES,
            Self::Video | Self::Audio | Self::File => limits::MEDIA_BYTES,
        }
    }

    /// How long fetching it from a URL may take.
    pub const fn fetch_time(self) -> Duration {
        match self {
            Self::Video => limits::VIDEO_FETCH,
            Self::Image | Self::Audio | Self::File => limits::MEDIA_FETCH,
        }
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum MediaFormat {
    Png,
    Jpeg,
    Gif,
    WebP,
    Mp4,
    Mov,
    M4a,
    Avi,
    Ogg,
    WebM,
    Matroska,
    Wav,
    Aac,
    Mp3,
    Pdf,
}

impl MediaFormat {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Png,
        Self::Jpeg,
        Self::Gif,
        Self::WebP,
        Self::Mp4,
        Self::Mov,
        Self::M4a,
        Self::Avi,
        Self::Ogg,
        Self::WebM,
        Self::Matroska,
        Self::Wav,
        Self::Aac,
        Self::Mp3,
        Self::Pdf,
    ];

    /// Its MIME type, as it is served: `ogg` and `webm` count as video, since only videos may be sent so.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::M4a => "audio/mp4",
            Self::Avi => "video/x-msvideo",
            Self::Ogg => "video/ogg",
            Self::WebM => "video/webm",
            Self::Matroska => "video/x-matroska",
            Self::Wav => "audio/wav",
            Self::Aac => "audio/aac",
            Self::Mp3 => "audio/mpeg",
            Self::Pdf => "application/pdf",
        }
    }

    /// Its MIME type where it was sent as `kind`: an `mp4` that was sent as audio is one.
    pub const fn mime_as(self, kind: AttachmentKind) -> &'static str {
        match (self, kind) {
            (Self::Mp4, AttachmentKind::Audio) => "audio/mp4",
            _ => self.mime(),
        }
    }

    /// What a file is that begins with `head`; the first [`Probe::HEAD`] bytes tell, or all of a shorter file. `None`: none
    /// of the types that are told apart.
    pub fn of(head: &[u8]) -> Option<Self> {
        sniff::format(head)
    }
}

/// Looks at a file while it streams by: what it is, and how large the picture is.
#[derive(Clone, Debug, Default)]
pub struct Probe {
    head: Vec<u8>,
    jpeg: image::JpegWalk,
}

impl Probe {
    /// So many bytes from the beginning tell what a file is.
    pub const HEAD: usize = 128;

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        let missing = Self::HEAD - self.head.len();
        self.head.extend_from_slice(&bytes[..missing.min(bytes.len())]);
        self.jpeg.feed(bytes);
    }

    /// What the file is, as far as the bytes so far tell.
    pub fn format(&self) -> Option<MediaFormat> {
        MediaFormat::of(&self.head)
    }

    /// How large the picture is: of PNG, JPEG and GIF, if their header says so.
    pub fn image_size(&self) -> Option<ImageSize> {
        match self.format()? {
            MediaFormat::Png => image::png(&self.head),
            MediaFormat::Gif => image::gif(&self.head),
            MediaFormat::Jpeg => self.jpeg.size(),
            _ => None,
        }
    }

    /// Which extension of JPEG the file is, if its segments say so.
    pub fn jpeg_kind(&self) -> JpegKind {
        self.jpeg.kind()
    }
}

#[cfg(test)]
mod tests;
