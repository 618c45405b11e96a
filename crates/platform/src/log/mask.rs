//! Tokens and secrets never leave in a log: what is shown of a request has them masked.

/// The parameters whose values are secret, wherever they stand.
const SECRET: &[&str] = &[
    "access_token",
    "appsecret_proof",
    "client_secret",
    "fb_exchange_token",
    "input_token",
    "verify_token",
    "hub.verify_token",
    "code",
    "authorization",
];

/// The mask.
pub(super) const MASK: &str = "***";

/// The text with everything secret in it masked: values of secret parameters in queries, forms and JSON, and whatever
/// looks like a token of ours.
pub(crate) fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = next(rest) {
        out.push_str(&rest[..found.start]);
        out.push_str(MASK);
        rest = &rest[found.end..];
    }
    out.push_str(rest);
    out
}

/// The value of a header, masked if the header is secret.
pub(crate) fn header(name: &str, value: &str) -> String {
    if is_secret(name) { MASK.to_owned() } else { mask(value) }
}

/// Whether the values of that parameter or header are secret.
pub(super) fn is_secret(name: &str) -> bool {
    SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

/// The first secret of the text.
fn next(text: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    while let Some(found) = text[at..].find(|c: char| c.is_ascii_alphanumeric()) {
        let start = at + found;
        let end = start + word(&text[start..]);
        if let Some(token) = token(&text[start..end]) {
            return Some(start + token..end);
        }
        if let Some(secret) = app_secret(&text[start..end]) {
            return Some(start + secret..end);
        }
        if is_secret(&text[start..end])
            && let Some(value) = value(&text[end..])
            && !value.is_empty()
        {
            return Some(end + value.start..end + value.end);
        }
        at = end;
    }
    None
}

fn word(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(text.len())
}

/// Where a token begins in the word: at its start, or after what is left there of an escape (`%3D`, `%253D`, `\u003d`, `\n`),
/// however often the text was escaped: a batch holds URLs within JSON within a form.
fn token(word: &str) -> Option<usize> {
    let is_of_escape = |c: u8| c.is_ascii_hexdigit() || matches!(c, b'u' | b'n' | b'r' | b't');
    let mut starts = (0..=ESCAPE).take_while(|at| word.bytes().take(*at).all(is_of_escape));
    starts.find(|at| {
        let rest = word.get(*at..).unwrap_or_default();
        rest.len() > 40 && (rest.starts_with("IG") || rest.starts_with("EAA"))
    })
}

/// The longest that is left of an escape: `252525253D` is four times escaped.
const ESCAPE: usize = 10;

/// Where an app's secret begins in the word: 32 hex digits at its end, and nothing else but the escaped bar of an app's
/// own token before them. Secrets have this form wherever they stand, whatever the parameter is called.
fn app_secret(word: &str) -> Option<usize> {
    let start = word.len().checked_sub(32)?;
    let before = word.get(..start)?;
    let escaped_bar = before.is_empty() || before.eq_ignore_ascii_case("7c");
    let hex = word[start..].bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (escaped_bar && hex).then_some(start)
}

/// The value that follows a name: `=value` up to `&` or white space, or `": "value"` in JSON, escapes minded.
fn value(text: &str) -> Option<std::ops::Range<usize>> {
    if let Some(value) = text.strip_prefix('=') {
        let end = value.find(|c: char| c == '&' || c.is_whitespace()).unwrap_or(value.len());
        return Some(1..1 + end);
    }
    let colon = text.find(':')?;
    if !text[..colon].chars().all(|c| c == '"' || c == '\\' || c == '\'' || c.is_whitespace()) {
        return None;
    }
    let quote = colon + 1 + text[colon + 1..].find(|c: char| !c.is_whitespace())?;
    let mark = text[quote..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let start = quote + 1;
    let mut escaped = false;
    for (offset, c) in text[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return Some(start..start + offset),
            _ => {}
        }
    }
    Some(start..text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_wherever_they_stand() {
        let token = format!("IGAA{}", "x".repeat(60));
        let secret = "0123456789abcdef".repeat(2);
        for (text, masked) in [
            ("access_token=abc&fields=id".to_owned(), "access_token=***&fields=id"),
            ("a=1&access_token=17|abc".to_owned(), "a=1&access_token=***"),
            (
                format!("name=\"access_token\"\r\n\r\n1500|{secret}\r\n"),
                "name=\"access_token\"\r\n\r\n1500|***\r\n",
            ),
            (format!("access%5Ftoken=1500%7C{secret}&a=b"), "access%5Ftoken=1500%7C***&a=b"),
            (
                format!("{{\"access\\u005ftoken\":\"1500|{secret}\"}}"),
                "{\"access\\u005ftoken\":\"1500|***\"}",
            ),
            (format!("/v25.0/1500%7c{secret}/x"), "/v25.0/1500%7c***/x"),
            (format!("x={secret}"), "x=***"),
            (format!("sha256={secret}{secret}"), &format!("sha256={secret}{secret}")),
            (r#"{"access_token":"abc","text":"hi"}"#.to_owned(), r#"{"access_token":"***","text":"hi"}"#),
            (r#"{"client_secret" : "a\"b", "x":1}"#.to_owned(), r#"{"client_secret" : "***", "x":1}"#),
            (format!("Bearer {token}"), "Bearer ***"),
            (format!(r#"{{"next":"https://x/y?z={token}&a=b"}}"#), r#"{"next":"https://x/y?z=***&a=b"}"#),
            (format!("batch=%22me%3Faccess_token%3D{token}%22"), "batch=%22me%3Faccess_token%3D***%22"),
            (format!("x%253D{token}%2522"), "x%253D***%2522"),
            (format!("\"a\\u003d{token}\\n{token}\""), "\"a\\u003d***\\n***\""),
            ("no secrets: code of conduct, é 👑".to_owned(), "no secrets: code of conduct, é 👑"),
            ("access_token=".to_owned(), "access_token="),
            (String::new(), ""),
        ] {
            assert_eq!(mask(&text), masked);
        }
        assert_eq!(header("Authorization", "Bearer short"), "***");
        assert_eq!(header("accept", "*/*"), "*/*");
    }
}
