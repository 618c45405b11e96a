//! What a video may be, and in words what of it a movie does not meet (doc: IG User Media, Reel and Story video
//! specifications).

use super::{Movie, Sound};
use crate::media::MediaFormat;

/// What a video may be (doc: IG User Media).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VideoSpec {
    /// The largest file, in bytes.
    pub bytes: u64,
    /// The shortest, in milliseconds.
    pub least_millis: u64,
    /// The longest.
    pub most_millis: u64,
    /// The least width divided by height.
    pub least_aspect: f64,
    /// Only what no player can show is refused, not what the specification merely forbids: an edit list, a header behind
    /// the pictures, more bits of sound.
    pub is_lenient: bool,
}

impl VideoSpec {
    /// Reels, and videos of a carousel: 3 seconds to 15 minutes, 300 MB.
    pub const REEL: Self = Self {
        bytes: 300_000_000,
        least_millis: 3_000,
        most_millis: 900_000,
        least_aspect: 0.01,
        is_lenient: false,
    };
    /// Stories: 3 to 60 seconds, 100 MB.
    pub const STORY: Self = Self { bytes: 100_000_000, most_millis: 60_000, least_aspect: 0.1, ..Self::REEL };
}

/// The widest picture, in columns, and the largest aspect.
const COLUMNS: u32 = 1920;
const MOST_ASPECT: f64 = 10.0;
/// Bits in a second: of pictures 25 million. The 128 thousand of sound are an encoder's setting, which it meets on
/// average: a tenth more is let through (unconfirmed).
const PICTURE_BITS: u64 = 25_000_000;
const SOUND_BITS: u64 = 128_000;

impl Movie {
    /// In words what of the specification the movie does not meet; `None`: it is good.
    pub fn flaw(&self, spec: &VideoSpec, format: MediaFormat, size: u64) -> Option<String> {
        let picture = &self.picture;
        let aspect = f64::from(picture.width) / f64::from(picture.height.max(1));
        let seconds = |millis: u64| format!("{}.{:03} seconds", millis / 1000, millis % 1000);
        let strictly = !spec.is_lenient;
        let sound = self.sound.as_ref();
        let of_sound = |wrong: &dyn Fn(&Sound) -> bool| sound.is_some_and(wrong);
        let told = |wrong: bool, words: &dyn Fn() -> String| wrong.then(words);
        told(!matches!(format, MediaFormat::Mp4 | MediaFormat::Mov), &|| {
            format!("the container is {}, not MP4 or MOV", format.mime())
        })
        .or_else(|| told(size > spec.bytes, &|| format!("it has more than {} bytes", spec.bytes)))
        .or_else(|| {
            told(strictly && !self.is_header_first, &|| {
                "the header (moov) stands behind the pictures".to_owned()
            })
        })
        .or_else(|| told(strictly && self.has_edits, &|| "it has an edit list".to_owned()))
        .or_else(|| {
            told(!is_known(&picture.codec), &|| {
                format!("the video codec is {}, not H.264 or HEVC", picture.codec)
            })
        })
        .or_else(|| {
            told(self.millis < spec.least_millis || self.millis > spec.most_millis, &|| {
                let (least, most) = (spec.least_millis / 1000, spec.most_millis / 1000);
                format!("it lasts {}, not {least} to {most} seconds", seconds(self.millis))
            })
        })
        .or_else(|| {
            told(picture.width > COLUMNS, &|| {
                format!("a picture has {} columns, more than {COLUMNS}", picture.width)
            })
        })
        .or_else(|| {
            told(!(spec.least_aspect..=MOST_ASPECT).contains(&aspect), &|| {
                format!("the aspect ratio is {aspect:.3}, not {} to {MOST_ASPECT}", spec.least_aspect)
            })
        })
        .or_else(|| told(picture.is_progressive == Some(false), &|| "the pictures are interlaced".to_owned()))
        .or_else(|| told(!picture.has_closed_groups, &|| "it has open groups of pictures".to_owned()))
        .or_else(|| told(picture.is_420 == Some(false), &|| "the colours are not kept as 4:2:0".to_owned()))
        // 23.976 and 59.94 are within; clocks of containers round.
        .or_else(|| {
            told(!(22.95..=60.05).contains(&picture.rate), &|| {
                format!("it has {:.2} pictures a second, not 23 to 60", picture.rate)
            })
        })
        .or_else(|| {
            told(picture.bit_rate > PICTURE_BITS, &|| {
                format!("the pictures have {} bits a second, more than {PICTURE_BITS}", picture.bit_rate)
            })
        })
        .or_else(|| {
            told(of_sound(&|sound| !sound.is_aac), &|| {
                format!("the audio codec is {}, not AAC", sound.map_or("", |sound| &sound.codec))
            })
        })
        .or_else(|| {
            told(of_sound(&|sound| sound.sample_rate > 48_000), &|| {
                "the sound has more than 48000 samples a second".to_owned()
            })
        })
        .or_else(|| {
            told(of_sound(&|sound| !(1..=2).contains(&sound.channels)), &|| {
                "the sound is neither mono nor stereo".to_owned()
            })
        })
        .or_else(|| {
            told(strictly && of_sound(&|sound| sound.bit_rate > SOUND_BITS * 11 / 10), &|| {
                format!("the sound has more than {SOUND_BITS} bits a second")
            })
        })
    }
}

fn is_known(codec: &str) -> bool {
    matches!(codec, "avc1" | "avc3" | "hvc1" | "hev1")
}
