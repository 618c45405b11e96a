//! Types by their first bytes: the signatures of the formats' own specifications.

use super::MediaFormat;

pub(super) fn format(head: &[u8]) -> Option<MediaFormat> {
    use MediaFormat::{Aac, Gif, Jpeg, Mp3, Ogg, Png};
    Some(match head {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Png,
        [0xff, 0xd8, 0xff, ..] => Jpeg,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Gif,
        [b'O', b'g', b'g', b'S', ..] => Ogg,
        [b'R', b'I', b'F', b'F', _, _, _, _, form @ ..] => return riff(form),
        [0x1a, 0x45, 0xdf, 0xa3, header @ ..] => return ebml(header),
        [_, _, _, _, kind @ ..] if kind.starts_with(b"ftyp") => return ftyp(kind.get(4..8)?),
        // QuickTime before there were brands.
        [_, _, _, _, kind @ ..] if [&b"moov"[..], b"mdat", b"wide"].iter().any(|k| kind.starts_with(k)) => {
            MediaFormat::Mov
        }
        [b'I', b'D', b'3', ..] => Mp3,
        // Twelve bits of synchronisation; the layer's two bits are zero in ADTS and never so in MPEG audio.
        [0xff, second, ..] if second & 0xf6 == 0xf0 => Aac,
        [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 != 0 => Mp3,
        _ => return pdf(head),
    })
}

fn riff(form: &[u8]) -> Option<MediaFormat> {
    Some(match form.get(..4)? {
        b"WEBP" => MediaFormat::WebP,
        b"WAVE" => MediaFormat::Wav,
        b"AVI " => MediaFormat::Avi,
        _ => return None,
    })
}

/// By the major brand. Brands of pictures (`heic`, `avif`, `mif1`) are none of ours.
fn ftyp(brand: &[u8]) -> Option<MediaFormat> {
    Some(match brand {
        b"qt  " => MediaFormat::Mov,
        b"M4A " | b"M4B " | b"M4P " => MediaFormat::M4a,
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"iso7" | b"iso8" | b"iso9" | b"mp41"
        | b"mp42" | b"mp71" | b"avc1" | b"dash" | b"mmp4" | b"M4V " | b"M4VH" | b"M4VP" | b"MSNV"
        | b"f4v " | b"F4V " | b"NDSC" | b"XAVC" | b"hvc1" => MediaFormat::Mp4,
        _ => return None,
    })
}

/// Matroska and WebM differ in the document type, an element of the header (id 4282, then its length).
fn ebml(header: &[u8]) -> Option<MediaFormat> {
    let at = header.windows(2).position(|pair| pair == [0x42, 0x82])?;
    let doc_type = header.get(at + 3..)?;
    if doc_type.starts_with(b"webm") {
        Some(MediaFormat::WebM)
    } else if doc_type.starts_with(b"matroska") {
        Some(MediaFormat::Matroska)
    } else {
        None
    }
}

/// A byte order mark or white space before the signature does no harm to readers, and is seen in the field.
fn pdf(head: &[u8]) -> Option<MediaFormat> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.trim_ascii_start().starts_with(b"%PDF-").then_some(MediaFormat::Pdf)
}
