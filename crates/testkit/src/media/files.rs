//! Tiny valid files of each type.

use bytes::Bytes;

/// The names under which [`named`] knows files, each with the type it is of.
pub const NAMES: &[&str] = &[
    "a.png", "a.jpg", "a.gif", "a.webp", "a.mp4", "a.mov", "a.m4a", "a.avi", "a.ogg", "a.webm", "a.mkv",
    "a.wav", "a.aac", "a.mp3", "a.pdf", "a.html", "a.svg", "a.heic",
];

/// The file with that name: pictures are 3 pixels wide and 2 high.
pub fn named(name: &str) -> Option<Bytes> {
    Some(match name.rsplit_once('.')?.1 {
        "png" => png(3, 2),
        "jpg" | "jpeg" => jpeg(3, 2),
        "gif" => gif(3, 2),
        "webp" => webp(),
        "mp4" => mp4(b"isom"),
        "mov" => mp4(b"qt  "),
        "m4a" => mp4(b"M4A "),
        "heic" => mp4(b"heic"),
        "avi" => avi(),
        "ogg" => ogg(),
        "webm" => ebml(b"webm"),
        "mkv" => ebml(b"matroska"),
        "wav" => wav(),
        "aac" => aac(),
        "mp3" => mp3(),
        "pdf" => pdf(),
        "html" => Bytes::from_static(b"<!DOCTYPE html><title>No picture</title><p>Not found</p>"),
        "svg" => Bytes::from_static(b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>"),
        _ => return None,
    })
}

/// The file, made longer to exactly `size` bytes by what readers of all these types pass over at the end.
pub fn sized(file: &Bytes, size: usize) -> Bytes {
    assert!(file.len() <= size, "the file is larger already");
    let mut bytes = Vec::with_capacity(size);
    bytes.extend_from_slice(file);
    bytes.resize(size, 0);
    bytes.into()
}

/// A grey picture.
pub fn png(width: u32, height: u32) -> Bytes {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut body = kind.to_vec();
        body.extend_from_slice(data);
        out.extend_from_slice(&length(data).to_be_bytes());
        out.extend_from_slice(&body);
        out.extend_from_slice(&crc32(&body).to_be_bytes());
    };
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend_from_slice(&[8, 0, 0, 0, 0]); // 8 bits of grey
    chunk(b"IHDR", &header);
    // Each line begins with its filter, none.
    let line = [vec![0], vec![128; width as usize]].concat();
    chunk(b"IDAT", &zlib_stored(&line.repeat(height as usize)));
    chunk(b"IEND", &[]);
    out.into()
}

/// Deflate without compression, in the wrapping of zlib.
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let size = u16::try_from(block.len()).unwrap();
        out.push(u8::from(blocks.peek().is_none()));
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(&(!size).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend_from_slice(&(b << 16 | a).to_be_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// A grey picture.
pub fn jpeg(width: u16, height: u16) -> Bytes {
    jpeg_with(width, height, &[])
}

/// A grey picture, with segments (marker and content) before the frame's header, as previews and colour profiles are.
pub fn jpeg_with(width: u16, height: u16, segments: &[(u8, Vec<u8>)]) -> Bytes {
    let mut out = vec![0xff, 0xd8];
    let mut segment = |marker: u8, data: &[u8]| {
        out.extend_from_slice(&[0xff, marker]);
        out.extend_from_slice(&u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(data);
    };
    segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    for (marker, data) in segments {
        segment(*marker, data);
    }
    segment(0xdb, &[vec![0], vec![1; 64]].concat());
    let [h, w] = [height.to_be_bytes(), width.to_be_bytes()];
    segment(0xc0, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0]);
    // One code of one bit in each table: no difference, and the end of the block.
    for table in [0x00, 0x10] {
        segment(0xc4, &[vec![table, 1], vec![0; 15], vec![0]].concat());
    }
    segment(0xda, &[1, 1, 0x00, 0, 63, 0]);
    let blocks = usize::from(width.div_ceil(8)) * usize::from(height.div_ceil(8));
    let bits = 2 * blocks;
    out.extend(std::iter::repeat_n(0, bits / 8));
    if bits % 8 > 0 {
        // The rest of the last byte is ones.
        out.push(0xff_u8 >> (bits % 8));
    }
    out.extend_from_slice(&[0xff, 0xd9]);
    out.into()
}

/// A black picture.
pub fn gif(width: u16, height: u16) -> Bytes {
    let (w, h) = (width.to_le_bytes(), height.to_le_bytes());
    let mut out = b"GIF89a".to_vec();
    out.extend_from_slice(&[w[0], w[1], h[0], h[1], 0x80, 0, 0]); // two colours
    out.extend_from_slice(&[0, 0, 0, 255, 255, 255]);
    out.extend_from_slice(&[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0]); // one pixel of it
    out.extend_from_slice(&[2, 2, 0x44, 0x01, 0]); // clear, 0, end
    out.push(0x3b);
    out.into()
}

/// A box of the ISO base media format.
fn iso_box(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(length(data) + 8).to_be_bytes()[..], kind, data].concat()
}

/// A film without tracks, of the given brand.
pub fn mp4(brand: &[u8; 4]) -> Bytes {
    let file_type = iso_box(b"ftyp", &[&brand[..], &[0, 0, 2, 0], brand].concat());
    let mut header = vec![0; 12];
    header.extend_from_slice(&1000_u32.to_be_bytes()); // units in a second
    header.extend_from_slice(&1000_u32.to_be_bytes()); // one second
    header.extend_from_slice(&[0, 1, 0, 0, 1, 0]); // speed, loudness
    header.extend_from_slice(&[0; 10]);
    for row in [[0x1_0000_u32, 0, 0], [0, 0x1_0000, 0], [0, 0, 0x4000_0000]] {
        header.extend(row.iter().flat_map(|number| number.to_be_bytes()));
    }
    header.extend_from_slice(&[0; 24]);
    header.extend_from_slice(&1_u32.to_be_bytes());
    let movie = iso_box(b"moov", &iso_box(b"mvhd", &header));
    [file_type, movie, iso_box(b"mdat", &[0; 16])].concat().into()
}

fn riff(form: &[u8; 4], chunks: &[u8]) -> Bytes {
    let size = length(chunks) + 4;
    [b"RIFF", &size.to_le_bytes()[..], form, chunks].concat().into()
}

fn riff_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [kind, &length(data).to_le_bytes()[..], data].concat()
}

/// A hundredth of a second of silence.
pub fn wav() -> Bytes {
    let mut format = vec![1, 0, 1, 0];
    format.extend_from_slice(&8000_u32.to_le_bytes());
    format.extend_from_slice(&8000_u32.to_le_bytes());
    format.extend_from_slice(&[1, 0, 8, 0]);
    riff(b"WAVE", &[riff_chunk(b"fmt ", &format), riff_chunk(b"data", &[128; 80])].concat())
}

/// A film without pictures.
pub fn avi() -> Bytes {
    let header = riff_chunk(b"avih", &[0; 56]);
    let list = |kind: &[u8; 4], data: &[u8]| riff_chunk(b"LIST", &[kind, data].concat());
    riff(b"AVI ", &[list(b"hdrl", &header), list(b"movi", &[])].concat())
}

/// One pixel.
pub fn webp() -> Bytes {
    riff(b"WEBP", &riff_chunk(b"VP8L", &[0x2f, 0, 0, 0, 0, 0x88, 0x88, 0x08]))
}

/// One page without packets.
pub fn ogg() -> Bytes {
    let mut page = b"OggS\0\x06".to_vec(); // first and last
    page.extend_from_slice(&[0; 8]);
    page.extend_from_slice(&1_u32.to_le_bytes());
    page.extend_from_slice(&[0; 9]);
    let crc = page.iter().fold(0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 24, |crc, _| {
            if crc >> 31 == 1 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 }
        })
    });
    page[22..26].copy_from_slice(&crc.to_le_bytes());
    page.into()
}

/// Matroska and its child: a header and an empty segment.
fn ebml(doc_type: &[u8]) -> Bytes {
    let short = |data: &[u8]| 0x80 | u8::try_from(data.len()).unwrap();
    let mut header = Vec::new();
    for (id, value) in [(0x86, 1), (0xf7, 1), (0xf2, 4), (0xf3, 8)] {
        header.extend_from_slice(&[0x42, id, 0x81, value]);
    }
    header.extend_from_slice(&[0x42, 0x82, short(doc_type)]);
    header.extend_from_slice(doc_type);
    header.extend_from_slice(&[0x42, 0x87, 0x81, 4, 0x42, 0x85, 0x81, 2]);
    let segment = [0x18, 0x53, 0x80, 0x67, 0x80];
    [&[0x1a, 0x45, 0xdf, 0xa3, short(&header)], &header[..], &segment].concat().into()
}

/// Frames of ADTS without sound.
pub fn aac() -> Bytes {
    // AAC LC, 44.1 kHz, mono; the length of a frame stands in 13 bits across three bytes.
    let frame: [u8; 9] = [0xff, 0xf1, 0x50, 0x40, 0x01, 0x3f, 0xfc, 0x00, 0x00];
    frame.repeat(3).into()
}

/// One frame of MPEG audio without sound.
pub fn mp3() -> Bytes {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00]; // layer 3, 128 kbit/s, 44.1 kHz
    frame.resize(417, 0);
    frame.into()
}

/// One empty page.
pub fn pdf() -> Bytes {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>",
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.push_str(&format!("{} 0 obj{object}endobj\n", number + 1));
    }
    let start = out.len();
    out.push_str(&format!("xref\n0 4\n{table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"));
    out.into()
}

fn length(data: &[u8]) -> u32 {
    u32::try_from(data.len()).unwrap()
}
