//! Reactions: an emoji and its name (doc: the Facebook page lists the names; the Instagram page allows any emoji).

use serde::{Deserialize, Serialize};

/// The names that exist beside `other`, with their emoji as captured webhooks write them.
const NAMED: &[(&str, &str)] = &[
    ("love", "\u{2764}\u{fe0f}"),
    ("like", "\u{1f44d}"),
    ("laugh", "\u{1f606}"),
    ("wow", "\u{1f62e}"),
    ("sad", "\u{1f622}"),
    ("angry", "\u{1f620}"),
];

/// One reaction, kept as its emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reaction(String);

impl Reaction {
    /// Reads a name or an emoji; `None` if it is neither. `love` and both spellings of the heart are one reaction.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((_, emoji)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Some(Self((*emoji).to_owned()));
        }
        if text == "\u{2764}" {
            return Some(Self("\u{2764}\u{fe0f}".to_owned()));
        }
        is_emoji(text).then(|| Self(text.to_owned()))
    }

    /// As stored before.
    pub const fn stored(emoji: String) -> Self {
        Self(emoji)
    }

    /// The emoji.
    pub fn emoji(&self) -> &str {
        &self.0
    }

    /// Its name in a webhook; `other` for those without one.
    pub fn name(&self) -> &'static str {
        NAMED.iter().find(|(_, emoji)| *emoji == self.0).map_or("other", |(name, _)| name)
    }
}

/// Whether the text can be one emoji: short, and of nothing but what emoji are made of. Not every such text is in
/// Unicode's list; new emoji appear every year.
fn is_emoji(text: &str) -> bool {
    let is_base = |c: char| {
        matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2100}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}'
            | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
    };
    // Joiners, variation selectors, the keycap's frame and the tags of flags.
    let joins =
        |c: char| matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}');
    let is_keycap =
        text.ends_with('\u{20e3}') && text.starts_with(|c: char| c.is_ascii_digit() || c == '#' || c == '*');
    if is_keycap {
        return text.chars().count() <= 3;
    }
    text.chars().count() <= 16 && text.chars().any(is_base) && text.chars().all(|c| is_base(c) || joins(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_emoji() {
        for (text, emoji, name) in [
            ("love", "❤\u{fe0f}", "love"),
            ("\u{2764}", "❤\u{fe0f}", "love"),
            ("👍", "👍", "like"),
            ("🙏🏽", "🙏🏽", "other"),
            ("👩‍👩‍👧", "👩‍👩‍👧", "other"),
            ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "other"),
            ("1\u{fe0f}\u{20e3}", "1\u{fe0f}\u{20e3}", "other"),
        ] {
            let reaction = Reaction::read(text).unwrap();
            assert_eq!((reaction.emoji(), reaction.name()), (emoji, name));
        }
        for wrong in ["", "x", "loved", "12", "❤ x", "\u{fe0f}"] {
            assert_eq!(Reaction::read(wrong), None, "{wrong}");
        }
    }
}
