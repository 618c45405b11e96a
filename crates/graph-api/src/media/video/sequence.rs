//! The sequence header of H.264 (ITU-T H.264, section 7.3.2.1), as far as it says whether pictures are whole and how
//! colours are kept.

/// What a sequence header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sequence {
    /// 0: grey, 1: 4:2:0, 2: 4:2:2, 3: 4:4:4.
    pub chroma: u8,
    /// No picture is made of two fields.
    pub is_progressive: bool,
}

/// Reads a sequence header with its first byte, the type of unit. `None` if it ends too early or says what no header says.
pub(super) fn read(unit: &[u8]) -> Option<Sequence> {
    let plain = unescaped(unit.get(1..)?);
    let mut bits = Bits { bytes: &plain, at: 0 };
    let profile = bits.take(8)?;
    bits.take(16)?;
    bits.number()?;
    let mut chroma = 1;
    if matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135) {
        chroma = bits.number()?;
        if chroma == 3 {
            bits.take(1)?;
        }
        bits.number()?;
        bits.number()?;
        bits.take(1)?;
        if bits.take(1)? == 1 {
            for list in 0..if chroma == 3 { 12 } else { 8 } {
                if bits.take(1)? == 1 {
                    bits.scaling_list(if list < 6 { 16 } else { 64 })?;
                }
            }
        }
    }
    bits.number()?;
    match bits.number()? {
        0 => drop(bits.number()?),
        1 => {
            bits.take(1)?;
            bits.number()?;
            bits.number()?;
            let count = bits.number()?;
            for _ in 0..count.min(255) {
                bits.number()?;
            }
        }
        2 => {}
        _ => return None,
    }
    bits.number()?;
    bits.take(1)?;
    bits.number()?;
    bits.number()?;
    let is_progressive = bits.take(1)? == 1;
    Some(Sequence { chroma: u8::try_from(chroma).ok().filter(|chroma| *chroma <= 3)?, is_progressive })
}

/// Without the bytes that keep a unit free of what looks like the beginning of the next.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        if byte != 3 || !plain.ends_with(&[0, 0]) {
            plain.push(byte);
        }
    }
    plain
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// An Exp-Golomb code; of a signed one, the number of its place in the table.
    fn number(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some((1_u32 << zeros) - 1 + self.take(zeros)?)
    }

    fn scaling_list(&mut self, size: u32) -> Option<()> {
        let (mut last, mut next) = (8_i64, 8_i64);
        for _ in 0..size {
            if next != 0 {
                let code = i64::from(self.number()?);
                let delta = if code % 2 == 1 { (code + 1) / 2 } else { -(code / 2) };
                next = (last + delta).rem_euclid(256);
            }
            if next != 0 {
                last = next;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_end_too_early_are_none() {
        // Baseline 1280 × 720, whole pictures, as x264 writes it.
        let whole = b"\x67\x42\xc0\x1f\xda\x01\x40\x16\xec\x04\x40\0\0\x03\0\x40\0\0\x0c\x23\xc6\x0c\xa8";
        assert_eq!(read(whole), Some(Sequence { chroma: 1, is_progressive: true }));
        for cut in 0..7 {
            assert_eq!(read(&whole[..cut]), None, "{cut}");
        }
        assert_eq!(read(&[0x67; 1]), None);
        assert_eq!(read(&[0; 200]), None);
        let _ = read(&[0xff; 200]);
        assert_eq!(unescaped(&[0, 0, 3, 1, 0, 0, 3]), [0, 0, 1, 0, 0]);
    }
}
