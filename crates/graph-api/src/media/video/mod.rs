//! Videos that are published: what a movie is, read from its header, and whether it meets the specification (doc: IG User
//! Media, Reel and Story video specifications).
//!
//! Only the header is read, wherever it stands in the file; pictures are not decoded.

mod sequence;
mod spec;
mod walk;

use mp4_atom::{Atom as _, Codec, DecodeAtom as _, Hvcc, Moov, StszSamples, Trak};
pub use spec::VideoSpec;
pub use walk::{Found, Walk};

/// What a movie is.
#[derive(Clone, Debug, PartialEq)]
pub struct Movie {
    /// How long it is, in milliseconds.
    pub millis: u64,
    /// Its pictures.
    pub picture: Picture,
    /// Its sound, if it has one.
    pub sound: Option<Sound>,
    /// Its tracks are cut by an edit list.
    pub has_edits: bool,
    /// The header stands before the pictures.
    pub is_header_first: bool,
}

/// The track of pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The codec, as the file names it: `avc1`, `hvc1`, ….
    pub codec: String,
    /// Columns.
    pub width: u32,
    /// Lines.
    pub height: u32,
    /// Pictures in a second.
    pub rate: f64,
    /// Bits in a second.
    pub bit_rate: u64,
    /// Each picture is whole; `None` if the header does not say.
    pub is_progressive: Option<bool>,
    /// Colours are kept as 4:2:0; `None` if the header does not say.
    pub is_420: Option<bool>,
    /// No group of pictures needs the one before it.
    pub has_closed_groups: bool,
}

/// The track of sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// The codec, as the file names it; AAC is `mp4a`.
    pub codec: String,
    /// It is AAC.
    pub is_aac: bool,
    /// Samples in a second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: u16,
    /// Bits in a second.
    pub bit_rate: u64,
}

impl Movie {
    /// Reads the header of a movie, the box `moov` with its own header. In words why it cannot be read.
    pub fn read(header: &[u8], is_header_first: bool) -> Result<Self, String> {
        let mut rest = header;
        let header = Moov::decode_atom_of(&mut rest)?;
        if header.mvex.is_some() {
            return Err("it is made of fragments".to_owned());
        }
        let of_kind = |kind: &[u8; 4]| {
            let handler = mp4_atom::FourCC::from(kind);
            header.trak.iter().find(move |track| track.mdia.hdlr.handler == handler)
        };
        let video = of_kind(b"vide").ok_or("it has no pictures")?;
        let length = Length::of(video).ok_or("it has no pictures")?;
        let sound = of_kind(b"soun").and_then(sound);
        // An edit that begins at the beginning cuts nothing.
        let cuts = |track: &Trak| {
            let edits = track.edts.iter().filter_map(|edits| edits.elst.as_ref());
            edits.into_iter().any(|list| {
                !matches!(&list.entries[..], [] | [mp4_atom::ElstEntry { media_time: Some(0), .. }])
            })
        };
        Ok(Self {
            millis: length.millis(),
            picture: picture(video, &length)?,
            sound,
            has_edits: header.trak.iter().any(cuts),
            is_header_first,
        })
    }
}

/// Pictures or sounds, and how long they are.
struct Length {
    /// Units of time in a second, and units together.
    scale: u64,
    units: u64,
    samples: u64,
    bytes: u64,
}

impl Length {
    fn of(track: &Trak) -> Option<Self> {
        let table = &track.mdia.minf.stbl;
        let sum = |runs: &[mp4_atom::SttsEntry]| {
            let units = |run: &mp4_atom::SttsEntry| u64::from(run.sample_count) * u64::from(run.sample_delta);
            runs.iter().fold(0_u64, |sum, run| sum.saturating_add(units(run)))
        };
        let (samples, bytes) = match &table.stsz.samples {
            StszSamples::Identical { count, size } => {
                (u64::from(*count), u64::from(*count) * u64::from(*size))
            }
            StszSamples::Different { sizes } => {
                (sizes.len() as u64, sizes.iter().map(|size| u64::from(*size)).sum())
            }
        };
        let length =
            Self { scale: track.mdia.mdhd.timescale.into(), units: sum(&table.stts.entries), samples, bytes };
        (length.scale > 0 && length.units > 0 && samples > 0).then_some(length)
    }

    fn millis(&self) -> u64 {
        u64::try_from(u128::from(self.units) * 1000 / u128::from(self.scale)).unwrap_or(u64::MAX)
    }

    fn a_second(&self, of: u64) -> f64 {
        of as f64 * self.scale as f64 / self.units as f64
    }
}

fn picture(track: &Trak, length: &Length) -> Result<Picture, String> {
    let codec = track.mdia.minf.stbl.stsd.codecs.first().ok_or("its pictures have no codec")?;
    let (name, visual, told) = match codec {
        Codec::Avc1(entry) => ("avc1", Some(&entry.visual), of_avc(&entry.avcc)),
        Codec::Avc3(entry) => ("avc3", Some(&entry.visual), of_avc(&entry.avcc)),
        Codec::Hvc1(entry) => ("hvc1", Some(&entry.visual), of_hevc(&entry.hvcc)),
        Codec::Hev1(entry) => ("hev1", Some(&entry.visual), of_hevc(&entry.hvcc)),
        Codec::Av01(entry) => ("av01", Some(&entry.visual), (None, None)),
        Codec::Vp09(entry) => ("vp09", Some(&entry.visual), (None, None)),
        Codec::Vp08(entry) => ("vp08", Some(&entry.visual), (None, None)),
        Codec::Unknown(kind, _) => {
            return Ok(Picture::unknown(&kind.to_string(), track, length));
        }
        _ => return Ok(Picture::unknown("another", track, length)),
    };
    let (is_progressive, is_420) = told;
    let size = visual.map_or((0, 0), |visual| (visual.width.into(), visual.height.into()));
    Ok(Picture {
        width: size.0,
        height: size.1,
        is_progressive,
        is_420,
        ..Picture::unknown(name, track, length)
    })
}

impl Picture {
    fn unknown(codec: &str, track: &Trak, length: &Length) -> Self {
        Self {
            codec: codec.to_owned(),
            width: track.tkhd.width.integer().into(),
            height: track.tkhd.height.integer().into(),
            rate: length.a_second(length.samples),
            bit_rate: length.a_second(length.bytes.saturating_mul(8)) as u64,
            is_progressive: None,
            is_420: None,
            has_closed_groups: has_closed_groups(track),
        }
    }
}

/// Whether pictures are whole, and whether colours are kept as 4:2:0.
type Told = (Option<bool>, Option<bool>);

fn of_avc(record: &mp4_atom::Avcc) -> Told {
    let sequence = record.sequence_parameter_sets.first().and_then(|unit| sequence::read(unit));
    (sequence.map(|told| told.is_progressive), sequence.map(|told| told.chroma == 1))
}

/// The flags of the source are the first two of the constraints (ITU-T H.265, section 7.3.3): whole pictures, fields.
fn of_hevc(record: &Hvcc) -> Told {
    let flags = record.general_constraint_indicator_flags[0];
    let is_progressive = match (flags & 0x80 != 0, flags & 0x40 != 0) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    (is_progressive, Some(record.chroma_format_idc == 1))
}

/// A picture that is shown before the one that opens its group, and comes after it in the file, leans on the group before.
fn has_closed_groups(track: &Trak) -> bool {
    let table = &track.mdia.minf.stbl;
    let (Some(offsets), Some(opening)) = (&table.ctts, &table.stss) else { return true };
    let mut offset = Runs::new(offsets.entries.iter().map(|run| (run.sample_count, run.sample_offset)));
    let mut delta =
        Runs::new(table.stts.entries.iter().map(|run| (run.sample_count, i64::from(run.sample_delta))));
    let mut opening = opening.entries.iter().copied().peekable();
    let (mut at, mut opened) = (0_i64, i64::MIN);
    let mut number = 0_u32;
    loop {
        number = number.saturating_add(1);
        let (Some(offset), Some(delta)) = (offset.next(), delta.next()) else { return true };
        let shown = at.saturating_add(offset);
        if opening.next_if_eq(&number).is_some() {
            opened = shown;
        } else if shown < opened {
            return false;
        }
        at = at.saturating_add(delta);
    }
}

/// The values of a table that says how often each is repeated, one by one. No more than an hour at 1000 a second.
struct Runs<I> {
    runs: I,
    now: (u32, i64),
    left: u32,
}

impl<I: Iterator<Item = (u32, i64)>> Runs<I> {
    fn new(runs: I) -> Self {
        Self { runs, now: (0, 0), left: 3_600_000 }
    }
}

impl<I: Iterator<Item = (u32, i64)>> Iterator for Runs<I> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        self.left = self.left.checked_sub(1)?;
        while self.now.0 == 0 {
            self.now = self.runs.next()?;
        }
        self.now.0 -= 1;
        Some(self.now.1)
    }
}

fn sound(track: &Trak) -> Option<Sound> {
    let codec = track.mdia.minf.stbl.stsd.codecs.first()?;
    let bit_rate =
        Length::of(track).map_or(0, |length| length.a_second(length.bytes.saturating_mul(8)) as u64);
    let (codec, is_aac, channels, rate) = match codec {
        // 0x40 is AAC; 0x66 to 0x68 are its older names. Others of this kind are MP3 and the like.
        Codec::Mp4a(entry) => {
            let config = &entry.esds.es_desc.dec_config;
            let is_aac = matches!(config.object_type_indication, 0x40 | 0x66..=0x68);
            let channels = config.dec_specific.as_ref().map_or(0, |own| own.chan_conf);
            let channels = if channels == 0 { entry.audio.channel_count } else { channels.into() };
            let rate = config.dec_specific.as_ref().and_then(|own| sample_rate(own.freq_index));
            ("mp4a", is_aac, channels, rate.unwrap_or_else(|| entry.audio.sample_rate.integer().into()))
        }
        Codec::Mp3(_) => ("mp3", false, 2, 0),
        Codec::Opus(_) => ("Opus", false, 2, 0),
        Codec::Flac(_) => ("fLaC", false, 2, 0),
        Codec::Ac3(_) => ("ac-3", false, 2, 0),
        Codec::Unknown(kind, _) => {
            return Some(Sound {
                codec: kind.to_string(),
                is_aac: false,
                sample_rate: 0,
                channels: 2,
                bit_rate,
            });
        }
        _ => ("another", false, 2, 0),
    };
    Some(Sound { codec: codec.to_owned(), is_aac, sample_rate: rate, channels, bit_rate })
}

/// The rates that AAC numbers (ISO 14496-3, table 1.18): the entry of the track cannot name those above 65535.
fn sample_rate(index: u8) -> Option<u32> {
    const RATES: [u32; 13] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
    ];
    RATES.get(usize::from(index)).copied()
}

/// Reads one box of a kind, and says in words what is wrong with it.
trait OfBox: Sized {
    fn decode_atom_of(bytes: &mut &[u8]) -> Result<Self, String>;
}

impl OfBox for Moov {
    fn decode_atom_of(bytes: &mut &[u8]) -> Result<Self, String> {
        let unreadable = |error: mp4_atom::Error| format!("its header cannot be read: {error}");
        let header = <mp4_atom::Header as mp4_atom::Decode>::decode(bytes).map_err(unreadable)?;
        if header.kind != Self::KIND {
            return Err("its header cannot be read".to_owned());
        }
        Self::decode_atom(&header, bytes).map_err(unreadable)
    }
}
