//! Usernames in texts.

/// Whether a username may hold the character.
fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_')
}

/// The mentions of a text: where the sign stands, and the name behind it. A sign inside a word, as in an e-mail address,
/// is none; a full stop at the end belongs to the sentence.
fn mentions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.char_indices().filter(|(_, character)| *character == '@').filter_map(|(at, _)| {
        let is_inside = text[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric());
        let rest = &text[at + 1..];
        let end = rest.find(|character| !is_of_name(character)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('.');
        (!is_inside && !name.is_empty()).then_some((at, name))
    })
}

/// The usernames that a text mentions, each once, in lower case.
pub(crate) fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, name) in mentions(text) {
        let name = name.to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The text without the signs of mentions.
pub(crate) fn without_signs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in mentions(text) {
        out.push_str(&text[from..at]);
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn names_are_found_and_signs_taken_away() {
        let text = "Olá @Posthaste.Shop, mail a@b.test or ask @ben_1. @@ @ @posthaste.shop!";
        assert_eq!(names(text), ["posthaste.shop", "ben_1"]);
        let without = "Olá Posthaste.Shop, mail a@b.test or ask ben_1. @@ @ posthaste.shop!";
        assert_eq!(without_signs(text), without);
        assert!(names("").is_empty() && without_signs("é").eq("é"));
    }
}
