//! Captions: their limits, and the hashtags and mentions in them.

use crate::{ErrorName, GraphError, Params, Result, limits};

/// The caption of a request; empty if there is none.
pub(super) fn read(params: &Params) -> Result<String> {
    let caption = params.text("caption")?.unwrap_or_default().into_owned();
    let length = caption.chars().count();
    if length > limits::CAPTION {
        let (length, most) = (length.to_string(), limits::CAPTION.to_string());
        return Err(GraphError::with(ErrorName::CaptionTooLong, [&length, &most]));
    }
    for (found, most) in
        [(hashtags(&caption).count(), limits::CAPTION_HASHTAGS), (mentions(&caption).count(), limits::TAGS)]
    {
        if found > most {
            return Err(GraphError::with(ErrorName::TooManyTags, [&most.to_string()]));
        }
    }
    Ok(caption)
}

/// The hashtags of a text, as written, without the sign. One that has no letter is none (doc: Instagram's help; which
/// characters a hashtag may have is unconfirmed: letters, digits and `_` of any script).
pub fn hashtags(text: &str) -> impl Iterator<Item = &str> {
    after(text, '#', |c| c.is_alphanumeric() || c == '_').filter(|tag| tag.chars().any(char::is_alphabetic))
}

/// The usernames that a text mentions, without the sign.
pub fn mentions(text: &str) -> impl Iterator<Item = &str> {
    let names = after(text, '@', |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    // A full stop at the end is the sentence's.
    names.map(|name| name.trim_end_matches('.')).filter(|name| !name.is_empty())
}

/// What follows a sign that begins a word.
fn after(text: &str, sign: char, belongs: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = &str> {
    text.match_indices(sign).filter_map(move |(at, _)| {
        let begins = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let rest = &text[at + sign.len_utf8()..];
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        (begins && end > 0).then(|| &rest[..end])
    })
}
