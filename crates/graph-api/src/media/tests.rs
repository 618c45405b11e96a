use super::*;
use AttachmentKind::{Audio, File, Image, Video};
use MediaFormat::{Aac, Avi, Gif, Jpeg, M4a, Matroska, Mov, Mp3, Mp4, Ogg, Pdf, Png, Wav, WebM, WebP};

#[test]
fn files_are_what_their_bytes_say() {
    let cases: &[(&[u8], Option<MediaFormat>)] = &[
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", Some(Png)),
        (b"\x89PNG\n\x1a\n", None),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Some(Jpeg)),
        (b"\xff\xd8", None),
        (b"GIF87a\x01\0\x01\0", Some(Gif)),
        (b"GIF89a\x01\0\x01\0", Some(Gif)),
        (b"GIF88a\x01\0\x01\0", None),
        (b"RIFF\x10\0\0\0WEBPVP8L", Some(WebP)),
        (b"RIFF\x10\0\0\0WAVEfmt ", Some(Wav)),
        (b"RIFF\x10\0\0\0AVI LIST", Some(Avi)),
        (b"RIFF\x10\0\0\0CDDA", None),
        (b"RIFF\x10\0\0\0WA", None),
        (b"\0\0\0\x18ftypisom\0\0\x02\0", Some(Mp4)),
        (b"\0\0\0\x18ftypmp42", Some(Mp4)),
        (b"\0\0\0\x18ftypM4V ", Some(Mp4)),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", Some(Mov)),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", Some(M4a)),
        (b"\0\0\0\x18ftypheic\0\0\0\0", None),
        (b"\0\0\0\x18ftypavif\0\0\0\0", None),
        (b"\0\0\0\x18ftypmp4", None),
        (b"\0\0\0\x08wide\0\0\0\0mdat", Some(Mov)),
        (b"\0\0\x10\0moov", Some(Mov)),
        (b"OggS\0\x02", Some(Ogg)),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87\x81\x04", Some(WebM)),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroskaB\x87", Some(Matroska)),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01", None),
        (b"\xff\xf1\x50\x40", Some(Aac)),
        (b"\xff\xf9\x50\x40", Some(Aac)),
        (b"\xff\xfb\x90\0", Some(Mp3)),
        (b"\xff\xf3\x90\0", Some(Mp3)),
        (b"ID3\x04\0", Some(Mp3)),
        (b"\xff\xff\xff\xff", Some(Mp3)),
        (b"%PDF-1.7\n", Some(Pdf)),
        (b"\xef\xbb\xbf%PDF-1.7\n", Some(Pdf)),
        (b"\r\n  %PDF-1.7\n", Some(Pdf)),
        (b"<!DOCTYPE html>", None),
        (b"{\"error\":1}", None),
        (b"PK\x03\x04", None),
        (b"", None),
        (b"\0", None),
    ];
    for (head, format) in cases {
        assert_eq!(MediaFormat::of(head), *format, "{}", head.escape_ascii());
    }
}

/// The table of the documentation, kind by kind.
#[test]
fn each_kind_takes_its_own() {
    for (kind, taken) in [
        (Image, &[Png, Jpeg, Gif][..]),
        (Video, &[Mp4, Mov, Avi, Ogg, WebM]),
        (Audio, &[Mp4, M4a, Wav, Aac]),
        (File, &[Pdf]),
    ] {
        for format in MediaFormat::ALL {
            assert_eq!(kind.takes(*format), taken.contains(format), "{kind:?} {format:?}");
        }
    }
    assert_eq!(Image.max_bytes(), 8_388_608);
    assert!([Video, Audio, File].iter().all(|kind| kind.max_bytes() == 26_214_400));
    assert_eq!(Mp4.mime_as(Video), "video/mp4");
    assert_eq!(Mp4.mime_as(Audio), "audio/mp4");
}

#[test]
fn kinds_are_named_in_any_case() {
    for (name, kind) in [
        ("image", Some(Image)),
        ("IMAGE", Some(Image)),
        ("Video", Some(Video)),
        ("template", None),
        ("", None),
    ] {
        assert_eq!(AttachmentKind::parse(name), kind);
    }
}

fn probe(file: &[u8], piece: usize) -> Probe {
    let mut probe = Probe::default();
    file.chunks(piece).for_each(|bytes| probe.feed(bytes));
    probe
}

fn size(width: u32, height: u32) -> Option<ImageSize> {
    Some(ImageSize { width, height })
}

#[test]
fn pictures_tell_their_size() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\0\0\0\x03\0\x08\x02\0\0\0";
    let gif = b"GIF89a\x40\x01\xf0\0\x80\0\0";
    for piece in [1, 3, 1000] {
        assert_eq!(probe(png, piece).image_size(), size(1024, 768));
        assert_eq!(probe(gif, piece).image_size(), size(320, 240));
    }
    assert_eq!(probe(&png[..20], 1).image_size(), None);
    assert_eq!(probe(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT\0\0\x04\0\0\0\x03\0", 9).image_size(), None);
    assert_eq!(probe(b"GIF89a\0\0\xf0\0\x80\0\0", 9).image_size(), None, "no width");
    assert_eq!(probe(b"%PDF-1.7\n", 9).image_size(), None);
}

/// Previews and profiles come before the frame's header, as long as they like.
#[test]
fn a_jpeg_tells_its_size_wherever_it_stands() {
    let segment = |marker: u8, size: usize| {
        let length = u16::try_from(size + 2).unwrap().to_be_bytes();
        [&[0xff, marker][..], &length, &vec![0xd8; size]].concat()
    };
    let frame = |marker: u8| [0xff, marker, 0, 11, 8, 0, 240, 1, 64, 1, 1, 0x11, 0];
    let soi = [0xff, 0xd8];
    for piece in [1, 7, 4096, 1 << 20] {
        let plain = [&soi[..], &frame(0xc0)].concat();
        assert_eq!(probe(&plain, piece).image_size(), size(320, 240));
        let long =
            [&soi[..], &segment(0xe1, 65_533), &segment(0xe2, 65_533), &segment(0xdb, 0), &frame(0xc2)]
                .concat();
        assert_eq!(probe(&long, piece).image_size(), size(320, 240));
        let filled = [&soi[..], &[0xff, 0xff, 0xff], &segment(0xc4, 20)[1..], &frame(0xc1)].concat();
        assert_eq!(probe(&filled, piece).image_size(), size(320, 240));
        let late = [&soi[..], &segment(0xda, 6), &[1, 2, 3], &frame(0xc0)].concat();
        assert_eq!(probe(&late, piece).image_size(), None, "the picture has begun");
        let short = [&soi[..], &[0xff, 0xe0, 0, 1], &frame(0xc0)].concat();
        assert_eq!(probe(&short, piece).image_size(), None, "a length less than its own");
        let cut = &plain[..plain.len() - 6];
        assert_eq!(probe(cut, piece).image_size(), None);
    }
}
