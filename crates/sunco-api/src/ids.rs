//! Ids: 24 lower-case hexadecimal characters, and keys' ids, which have a prefix that tells their scope (spec).

use clock::Micros;

/// How long an id is, its prefix not counted.
pub const LENGTH: usize = 24;

/// An id made at `at`; `chance` tells those of one instant apart. Ids of later seconds sort after those of earlier ones.
pub fn make(at: Micros, chance: u64) -> String {
    let micros = at.0.max(0).unsigned_abs();
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    format!("{:08x}{rest:05x}{:011x}", seconds & 0xffff_ffff, chance & 0xfff_ffff_ffff)
}

/// Whether a text has the form of an id.
pub fn is_id(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// A number that tells ids apart: the bits that [`make`] takes from chance, and the lowest of the time.
pub fn number(id: &str) -> i64 {
    let tail = id.get(id.len().saturating_sub(15)..).unwrap_or_default();
    i64::from_str_radix(tail, 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_form_and_sort_by_time() {
        let early = make(Micros(1_772_442_000_000_001), u64::MAX);
        let late = make(Micros(1_772_442_000_000_002), 0);
        assert!(is_id(&early) && is_id(&late), "{early} {late}");
        assert!(early < late);
        assert_ne!(number(&early), number(&late));
        assert!(number(&early) > 0);
        for wrong in ["", "67A0e55ef0305f4a391e9d69", "67a0e55ef0305f4a391e9d6", "67a0e55ef0305f4a391e9d6g"] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }
}
