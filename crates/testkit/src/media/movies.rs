//! Movies that can be published, and movies that cannot: made here, without an encoder. Their pictures are grey bytes that no
//! player could show; only the header is true.

use bytes::Bytes;
use mp4_atom::{
    Audio, Avc1, Avcc, Codec, Decode as _, Dinf, Dref, Esds, FourCC, Ftyp, Hdlr, Mdhd, Mdia, Minf, Moov,
    Mp4a, Mvhd, Smhd, Stbl, Stco, Stsc, StscEntry, Stsd, Stsz, StszSamples, Stts, SttsEntry, Tkhd, Trak, Url,
    Visual, Vmhd, esds,
};

/// A movie in the making.
#[derive(Clone, Copy, Debug)]
pub struct Movie {
    /// How long it is.
    pub seconds: u32,
    /// Columns.
    pub width: u16,
    /// Lines.
    pub height: u16,
    /// Pictures in a second.
    pub rate: u32,
    /// With sound.
    pub has_sound: bool,
    /// The header stands behind the pictures.
    pub is_header_last: bool,
}

impl Default for Movie {
    /// A reel of ten seconds.
    fn default() -> Self {
        Self { seconds: 10, width: 720, height: 1280, rate: 30, has_sound: true, is_header_last: false }
    }
}

/// What x264 says of pictures of 720 × 1280, in its simplest profile.
const CONFIG: &[u8] = b"\x01\x42\xc0\x1f\xff\xe1\x00\x19\x67\x42\xc0\x1f\xd9\x00\xb4\x0a\x1b\x01\x10\x00\x00\x03\x00\x10\x00\x00\x03\x03\xc0\xf1\x83\x24\x80\x01\x00\x05\x68\xcb\x83\xcb\x20";
/// Bytes of a picture and of a piece of sound.
const PICTURE: u32 = 40;
const SOUND: u32 = 20;
/// Samples of sound in a second, and in a piece.
const SAMPLES: u32 = 44_100;
const PIECE: u32 = 1024;

impl Movie {
    /// The file.
    pub fn file(&self) -> Bytes {
        let pictures = self.seconds * self.rate;
        let pieces = if self.has_sound { (self.seconds * SAMPLES).div_ceil(PIECE) } else { 0 };
        let mut data = vec![0x80; (pictures * PICTURE + pieces * SOUND) as usize];
        let kind = encoded(&Ftyp {
            major_brand: FourCC::new(b"isom"),
            minor_version: 512,
            compatible_brands: vec![FourCC::new(b"isom"), FourCC::new(b"mp41")],
        });
        // The header's size does not depend on where the pictures are.
        let length = encoded(&self.header(0, pictures, pieces)).len();
        let behind = if self.is_header_last { 0 } else { length };
        let header = encoded(&self.header(kind.len() + behind + 8, pictures, pieces));
        let size = u32::try_from(data.len() + 8).unwrap().to_be_bytes();
        let mut media = [&size[..], b"mdat"].concat();
        media.append(&mut data);
        match self.is_header_last {
            true => [kind, media, header].concat().into(),
            false => [kind, header, media].concat().into(),
        }
    }

    fn header(&self, begins: usize, pictures: u32, pieces: u32) -> Moov {
        let begins = u32::try_from(begins).unwrap();
        let mut trak = vec![self.picture(begins, pictures)];
        if pieces > 0 {
            trak.push(self.sound(begins + pictures * PICTURE, pieces));
        }
        let duration = u64::from(self.seconds) * 1000;
        Moov {
            mvhd: Mvhd { timescale: 1000, duration, next_track_id: 3, ..Mvhd::default() },
            trak,
            ..Moov::default()
        }
    }

    fn picture(&self, begins: u32, pictures: u32) -> Trak {
        let avcc = Avcc::decode(&mut &[&size_of_box(CONFIG)[..], b"avcC", CONFIG].concat()[..])
            .expect("a configuration");
        let visual = Visual {
            data_reference_index: 1,
            width: self.width,
            height: self.height,
            frame_count: 1,
            depth: 24,
            ..Visual::default()
        };
        let entry = Codec::Avc1(Avc1 { visual, avcc, ..Avc1::default() });
        let table = table(entry, (begins, pictures, PICTURE), 1000);
        let minf = Minf { vmhd: Some(Vmhd::default()), dinf: own(), stbl: table, ..Minf::default() };
        let mut track = track(1, b"vide", (self.rate * 1000, pictures * 1000), minf);
        track.tkhd.width = self.width.into();
        track.tkhd.height = self.height.into();
        track
    }

    fn sound(&self, begins: u32, pieces: u32) -> Trak {
        let specific =
            esds::DecoderSpecific { profile: 2, freq_index: 4, chan_conf: 2, raw: vec![0x12, 0x10] };
        let dec_config = esds::DecoderConfig {
            object_type_indication: 0x40,
            stream_type: 5,
            dec_specific: Some(specific),
            ..esds::DecoderConfig::default()
        };
        let es_desc = esds::EsDescriptor { es_id: 2, dec_config, ..esds::EsDescriptor::default() };
        let audio =
            Audio { data_reference_index: 1, channel_count: 2, sample_size: 16, sample_rate: 44_100.into() };
        let entry = Codec::Mp4a(Mp4a { audio, esds: Esds { es_desc }, btrt: None, taic: None });
        let table = table(entry, (begins, pieces, SOUND), PIECE);
        let minf = Minf { smhd: Some(Smhd::default()), dinf: own(), stbl: table, ..Minf::default() };
        track(2, b"soun", (SAMPLES, pieces * PIECE), minf)
    }
}

fn size_of_box(data: &[u8]) -> [u8; 4] {
    u32::try_from(data.len() + 8).unwrap().to_be_bytes()
}

fn encoded(atom: &impl mp4_atom::Encode) -> Vec<u8> {
    let mut out = Vec::new();
    atom.encode(&mut out).expect("a box");
    out
}

fn own() -> Dinf {
    Dinf { dref: Dref { entries: vec![Url { location: String::new() }.into()] } }
}

fn track(id: u32, kind: &[u8; 4], (timescale, duration): (u32, u32), minf: Minf) -> Trak {
    let mdhd = Mdhd { timescale, duration: duration.into(), language: "und".to_owned(), ..Mdhd::default() };
    let hdlr = Hdlr { handler: FourCC::from(kind), name: "h".to_owned() };
    Trak {
        tkhd: Tkhd { track_id: id, enabled: true, in_movie: true, ..Tkhd::default() },
        mdia: Mdia { mdhd, hdlr, minf },
        ..Trak::default()
    }
}

/// A table of pieces of the same size and length that lie one behind the other.
fn table(entry: Codec, (begins, count, size): (u32, u32, u32), delta: u32) -> Stbl {
    Stbl {
        stsd: Stsd { codecs: vec![entry] },
        stts: Stts { entries: vec![SttsEntry { sample_count: count, sample_delta: delta }] },
        stsc: Stsc {
            entries: vec![StscEntry {
                first_chunk: 1,
                samples_per_chunk: count,
                sample_description_index: 1,
            }],
        },
        stsz: Stsz { samples: StszSamples::Identical { count, size } },
        stco: Some(Stco { entries: vec![begins] }),
        ..Stbl::default()
    }
}

/// A box that players pass over, so that a file has exactly so many bytes more: at least eight.
pub fn padding(size: u32) -> Vec<u8> {
    assert!(size >= 8, "a box has a header");
    let mut out = [&size.to_be_bytes()[..], b"free"].concat();
    out.resize(size as usize, 0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_api::media::video::{Movie as Read, VideoSpec, Walk};
    use graph_api::media::{MediaFormat, Probe};

    /// What is made here is what the platform reads.
    #[test]
    fn movies_are_what_they_say() {
        for is_header_last in [false, true] {
            let movie = Movie { is_header_last, ..Movie::default() };
            let file = movie.file();
            let mut walk = Walk::new(file.len() as u64);
            while let Some(part) = walk.next() {
                walk.give(&file[part.start as usize..part.end as usize]);
            }
            let found = walk.found().unwrap();
            assert_eq!(found.is_header_first, !is_header_last);
            let header = &file[found.header.start as usize..found.header.end as usize];
            let read = Read::read(header, found.is_header_first).unwrap();
            assert_eq!((read.millis, read.picture.width, read.picture.height), (10_000, 720, 1280));
            assert_eq!(read.picture.is_progressive, Some(true));
            assert_eq!(read.sound.as_ref().map(|sound| sound.sample_rate), Some(44_100));
            let mut probe = Probe::default();
            probe.feed(&file);
            assert_eq!(probe.format(), Some(MediaFormat::Mp4));
            let flaw = read.flaw(&VideoSpec::REEL, MediaFormat::Mp4, file.len() as u64);
            assert_eq!(flaw.is_none(), !is_header_last, "{flaw:?}");
        }
        assert_eq!(Movie::default().file().len(), SIZE);
    }

    /// Scenarios name it.
    const SIZE: usize = 21_742;
}
