//! Splitting a text into parts of a limited number of bytes.

use unicode_segmentation::UnicodeSegmentation as _;

/// The parts of `text`, none longer than `most` bytes: never within a grapheme or an address, if possible at the end of a
/// line, else at a space. White space at a cut is left out; a blank text has no parts.
pub fn split(text: &str, most: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > most {
        let at = cut(rest, most);
        let (part, after) = rest.split_at(at);
        push(&mut parts, part.trim_end());
        rest = if part.ends_with(char::is_whitespace) || after.starts_with(char::is_whitespace) {
            after.trim_start()
        } else {
            after
        };
    }
    push(&mut parts, rest);
    parts
}

fn push(parts: &mut Vec<String>, part: &str) {
    if !part.trim().is_empty() {
        parts.push(part.to_owned());
    }
}

/// Where to cut: more than 0 and at most `most`.
fn cut(text: &str, most: usize) -> usize {
    let ends = text.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len());
    let last = ends.take_while(|end| *end <= most).last();
    // One grapheme of more than that many bytes is cut between its characters.
    let Some(last) = last else {
        return (1..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    };
    // What follows the cut tells whether the cut itself is at a good place.
    if text[last..].starts_with(char::is_whitespace) {
        return last;
    }
    let window = &text[..last];
    // The end of a line, unless that would leave most of the part empty.
    if let Some(at) = window.rfind('\n').filter(|at| *at >= most / 2) {
        return at + 1;
    }
    if let Some((at, space)) = window.char_indices().rev().find(|(_, c)| c.is_whitespace())
        && at > 0
    {
        return at + space.len_utf8();
    }
    // No space at all: before an address rather than within it.
    let starts = ["https://", "http://"].iter().flat_map(|scheme| text.match_indices(scheme));
    let address = starts.map(|(at, _)| at).filter(|at| *at < last).max();
    address.filter(|at| *at > 0).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_one_part() {
        assert_eq!(split("hello", 5), ["hello"]);
        assert!(split("  \n ", 5).is_empty());
        assert_eq!(split(&"é".repeat(500), 1000).len(), 1);
    }

    #[test]
    fn cuts_are_at_lines_then_spaces_then_graphemes() {
        assert_eq!(split("one two\nthree four", 12), ["one two", "three four"]);
        assert_eq!(split("one two three", 8), ["one two", "three"]);
        assert_eq!(split("abcdefgh", 3), ["abc", "def", "gh"]);
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(family.len(), 25);
        assert_eq!(split(&family.repeat(3), 60), [family.repeat(2), family.to_owned()]);
        assert_eq!(
            split("aaahttps://x.test", 10),
            ["aaa", "https://x.", "test"],
            "an address as long as it must be cut"
        );
        assert_eq!(split("aaaaahttps://x", 10), ["aaaaa", "https://x"]);
    }

    /// Nothing is lost but white space, and nothing is too long.
    #[test]
    fn parts_hold_the_whole_text() {
        let pieces = ["word ", "é", "👩🏽‍🚀", "\n", "https://example.org/a?b=c ", "e\u{301}", "  ", "漢字"];
        let mut seed = 1_u64;
        for _ in 0..300 {
            let mut text = String::new();
            for _ in 0..200 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            let parts = split(&text, 100);
            assert!(parts.iter().all(|part| part.len() <= 100 && !part.trim().is_empty()));
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(bare(&parts.concat()), bare(&text));
            let whole: Vec<&str> = text.graphemes(true).filter(|g| !g.trim().is_empty()).collect();
            let cut: Vec<&str> =
                parts.iter().flat_map(|p| p.graphemes(true)).filter(|g| !g.trim().is_empty()).collect();
            assert_eq!(cut, whole, "no grapheme is cut");
        }
    }
}
