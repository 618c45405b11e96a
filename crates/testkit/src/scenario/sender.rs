//! How the real senders write their bytes.

/// One of the two senders of webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    /// Compact, slashes escaped.
    Messaging,
    /// A blank after each comma and colon, slashes as they are.
    Changes,
}

impl Sender {
    /// The sender that calls itself so.
    pub(super) fn of(user_agent: &str) -> Self {
        if user_agent.starts_with("Webhooks/1.0") { Self::Changes } else { Self::Messaging }
    }

    /// Whether the bytes of a delivery are written as the captured ones of the sender; everything but ASCII as `\uXXXX` in
    /// lower case.
    pub(super) fn check(self, text: &str) -> Result<(), &'static str> {
        let (mut in_string, mut characters) = (false, text.chars().peekable());
        while let Some(character) = characters.next() {
            match (in_string, character) {
                (_, '"') => in_string = !in_string,
                (false, ',' | ':') if self == Self::Changes => {
                    if characters.next() != Some(' ') {
                        return Err("a blank is missing");
                    }
                    if characters.peek().is_some_and(char::is_ascii_whitespace) {
                        return Err("there are too many blanks");
                    }
                }
                (false, character) if character.is_ascii_whitespace() => {
                    return Err("the bytes are not compact");
                }
                (true, '/') if self == Self::Messaging => return Err("a slash is not escaped"),
                (true, '\\') => {
                    let code: String = match characters.next() {
                        Some('u') => characters.by_ref().take(4).collect(),
                        _ => String::new(),
                    };
                    if code.chars().any(|c| c.is_ascii_uppercase()) {
                        return Err("an escape is not in lower case");
                    }
                }
                (_, character) if !character.is_ascii() => return Err("a character is not escaped"),
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_deliveries() {
        let messaging = Sender::of("facebookexternalua");
        assert_eq!(messaging.check(r#"{"a":"http:\/\/x \u00e9 \" b","n":1}"#), Ok(()));
        for wrong in [r#"{"a": 1}"#, r#"{"a":"x/y"}"#, r#"{"a":"é"}"#, r#"{"a":"\u00E9"}"#] {
            assert!(messaging.check(wrong).is_err(), "{wrong}");
        }
        let changes = Sender::of("Webhooks/1.0 (https://fb.me/webhooks)");
        assert_eq!(changes.check(r#"{"a": "http://x \u00e9, b", "n": [1, 2]}"#), Ok(()));
        for wrong in [r#"{"a":1}"#, r#"{"a":  1}"#, r#"{"a": 1,"b": 2}"#, r#"{"a": "é"}"#, r#"{ "a": 1}"#] {
            assert!(changes.check(wrong).is_err(), "{wrong}");
        }
    }
}
