//! How large a picture is, from its header.

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl ImageSize {
    fn of(width: u32, height: u32) -> Option<Self> {
        (width > 0 && height > 0).then_some(Self { width, height })
    }
}

/// The header chunk comes first: 8 bytes of signature, length, `IHDR`, then width and height.
pub(super) fn png(head: &[u8]) -> Option<ImageSize> {
    if head.get(12..16)? != b"IHDR" {
        return None;
    }
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    ImageSize::of(number(16)?, number(20)?)
}

pub(super) fn gif(head: &[u8]) -> Option<ImageSize> {
    let number = |at: usize| Some(u32::from(u16::from_le_bytes(head.get(at..at + 2)?.try_into().ok()?)));
    ImageSize::of(number(6)?, number(8)?)
}

/// What kind of JPEG a file is: the extensions hold several pictures in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JpegKind {
    /// An ordinary one.
    #[default]
    Plain,
    /// Multi-Picture Object (CIPA DC-007): a segment APP2 that begins with `MPF`.
    Mpo,
    /// JPEG Stereo: a segment APP3 that begins with `_JPSJPS_`.
    Jps,
}

/// Walks over a JPEG's segments until the frame's header. Previews and colour profiles come before it and can be of any
/// length, so the beginning of the file does not tell.
#[derive(Clone, Debug, Default)]
pub(super) struct JpegWalk {
    state: State,
    kind: JpegKind,
}

#[derive(Clone, Debug, Default)]
enum State {
    /// The two bytes of the file's signature.
    #[default]
    Start,
    Signature,
    /// A marker's first byte, FF.
    Marker,
    /// A marker's second byte; FF may be repeated.
    Kind,
    /// The two bytes of a segment's length.
    Length {
        kind: u8,
        high: Option<u8>,
    },
    /// A segment of no interest.
    Skip {
        left: usize,
    },
    /// A segment that may begin with the name of an extension; what of it has come, and the bytes that are left.
    Name {
        kind: u8,
        name: Vec<u8>,
        left: usize,
    },
    /// The frame's header: precision, height, width.
    Frame {
        bytes: Vec<u8>,
    },
    Done(ImageSize),
    /// No JPEG, or one without a frame's header before the picture.
    Lost,
}

impl JpegWalk {
    pub(super) fn size(&self) -> Option<ImageSize> {
        match self.state {
            State::Done(size) => Some(size),
            _ => None,
        }
    }

    pub(super) fn kind(&self) -> JpegKind {
        self.kind
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            match &mut self.state {
                State::Done(_) | State::Lost => return,
                State::Skip { left } => {
                    let skipped = (*left).min(bytes.len());
                    *left -= skipped;
                    bytes = &bytes[skipped..];
                    if *left == 0 {
                        self.state = State::Marker;
                    }
                    continue;
                }
                State::Name { kind, name, left } => {
                    name.push(byte);
                    *left -= 1;
                    let left = *left;
                    match (*kind, &name[..]) {
                        (0xe2, b"MPF\0") => self.kind = JpegKind::Mpo,
                        (0xe3, b"_JPSJPS_") => self.kind = JpegKind::Jps,
                        _ => {}
                    }
                    if left == 0 {
                        self.state = State::Marker;
                    } else if name.len() >= 8 {
                        self.state = State::Skip { left };
                    }
                }
                state => {
                    let before = std::mem::replace(state, State::Lost);
                    *state = before.next(byte);
                }
            }
            bytes = rest;
        }
    }
}

impl State {
    fn next(self, byte: u8) -> Self {
        match self {
            Self::Start if byte == 0xff => Self::Signature,
            Self::Signature if byte == 0xd8 => Self::Marker,
            Self::Marker if byte == 0xff => Self::Kind,
            Self::Kind => match byte {
                0xff => Self::Kind,
                // Markers that stand alone.
                0x01 | 0xd0..=0xd7 => Self::Marker,
                // The picture begins, or ends.
                0xd9 | 0xda | 0x00 => Self::Lost,
                kind => Self::Length { kind, high: None },
            },
            Self::Length { kind, high: None } => Self::Length { kind, high: Some(byte) },
            Self::Length { kind, high: Some(high) } => {
                // The length counts its own two bytes.
                match usize::from(u16::from_be_bytes([high, byte])).checked_sub(2) {
                    None => Self::Lost,
                    Some(_) if is_frame(kind) => Self::Frame { bytes: Vec::with_capacity(5) },
                    Some(0) => Self::Marker,
                    Some(left) if matches!(kind, 0xe2 | 0xe3) => Self::Name { kind, name: Vec::new(), left },
                    Some(left) => Self::Skip { left },
                }
            }
            Self::Frame { mut bytes } => {
                bytes.push(byte);
                match bytes[..] {
                    [_, h1, h2, w1, w2] => {
                        let number = |high, low| u32::from(u16::from_be_bytes([high, low]));
                        ImageSize::of(number(w1, w2), number(h1, h2)).map_or(Self::Lost, Self::Done)
                    }
                    _ => Self::Frame { bytes },
                }
            }
            _ => Self::Lost,
        }
    }
}

/// The markers of frames: all of C0 to CF but Huffman tables, arithmetic conditioning and the reserved one.
const fn is_frame(kind: u8) -> bool {
    matches!(kind, 0xc0..=0xcf) && !matches!(kind, 0xc4 | 0xc8 | 0xcc)
}
