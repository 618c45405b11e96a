//! The picture that stands for a video.
//!
//! A frame would need a decoder of H.264 and HEVC, and there is none in Rust that is well kept. So it is drawn: grey, in the
//! video's proportions, with the triangle of a player. A reel's cover, where one is sent, is shown instead.

/// Pixels in a block: the smallest thing that is drawn.
const BLOCK: u32 = 8;
/// Blocks on the longer side.
const LONGEST: u32 = 80;
const GREY: i32 = 96;
const WHITE: i32 = 232;

/// A picture as JPEG, of the proportions of a video.
pub(super) fn draw(width: u32, height: u32) -> Vec<u8> {
    let (width, height) = (width.max(1), height.max(1));
    let longer = width.max(height);
    let blocks = |side: u32| {
        let blocks = u64::from(side) * u64::from(LONGEST) / u64::from(longer);
        u32::try_from(blocks).unwrap_or(LONGEST).max(1)
    };
    let (columns, lines) = (blocks(width), blocks(height));
    encode(columns, lines, |column, line| {
        // The triangle: a third of the shorter side.
        let size = f64::from(columns.min(lines)) / 3.0;
        let x = f64::from(column) + 0.5 - f64::from(columns) / 2.0 + size / 2.0;
        let y = (f64::from(line) + 0.5 - f64::from(lines) / 2.0).abs();
        let is_within = x >= 0.0 && x <= size && y <= (size - x) / 2.0 * 1.15;
        if is_within { WHITE } else { GREY }
    })
}

/// A baseline JPEG whose blocks each have one shade of grey: only the first of a block's 64 numbers is written (ITU-T T.81).
fn encode(columns: u32, lines: u32, shade: impl Fn(u32, u32) -> i32) -> Vec<u8> {
    let side = |blocks: u32| u16::try_from(blocks * BLOCK).unwrap_or(u16::MAX).to_be_bytes();
    let ([h1, h0], [w1, w0]) = (side(lines), side(columns));
    let mut out = vec![0xff, 0xd8];
    segment(&mut out, 0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    // Divided by 8, the first number of a flat block is its shade.
    segment(&mut out, 0xdb, &[&[0][..], &[8; 64]].concat());
    segment(&mut out, 0xc0, &[8, h1, h0, w1, w0, 1, 1, 0x11, 0]);
    // Sizes of differences, 0 to 8, with four bits each; and the end of a block, one bit.
    let sizes = [&[0x00, 0, 0, 0, 9][..], &[0; 12], &[0, 1, 2, 3, 4, 5, 6, 7, 8]].concat();
    segment(&mut out, 0xc4, &sizes);
    segment(&mut out, 0xc4, &[&[0x10, 1][..], &[0; 15], &[0]].concat());
    segment(&mut out, 0xda, &[1, 1, 0x00, 0, 63, 0]);
    let mut bits = Bits { out, held: 0, count: 0 };
    let mut before = 0;
    for line in 0..lines {
        for column in 0..columns {
            let level = shade(column, line) - 128;
            let difference = level - before;
            before = level;
            let size = 32 - difference.unsigned_abs().leading_zeros();
            bits.put(size, 4);
            // A negative one is written as one less, without its sign.
            let value = if difference < 0 { difference - 1 } else { difference };
            bits.put(value.cast_unsigned() & ((1 << size) - 1), size);
            bits.put(0, 1);
        }
    }
    bits.finish()
}

fn segment(out: &mut Vec<u8>, marker: u8, data: &[u8]) {
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&u16::try_from(data.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    out.extend_from_slice(data);
}

struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.held = self.held << count | value;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count & 0xff) as u8;
            self.out.push(byte);
            // A byte that looks like a marker is followed by a zero.
            if byte == 0xff {
                self.out.push(0);
            }
        }
        self.held &= (1 << self.count) - 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let missing = (8 - self.count) % 8;
        self.put((1 << missing) - 1, missing);
        self.out.extend_from_slice(&[0xff, 0xd9]);
        self.out
    }
}
