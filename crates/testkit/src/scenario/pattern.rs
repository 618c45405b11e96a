//! Patterns of JSON. An object must have exactly the given keys, unless it has the key `"..."`; an array must have
//! exactly the given items. One key with a dollar sign makes another kind of pattern:
//!
//! | pattern | matches |
//! |---|---|
//! | `{"$any": true}` | anything that is there |
//! | `{"$regex": "^a.c$"}` | a string of that form (`^`, `$`, `[…]`, `{n}` and `+` as usual) |
//! | `{"$contains": P}` | an array with an item that matches P, or a string with P in it |
//! | `{"$last": P}` | an array whose last item matches P |
//! | `{"$count": n}` | an array of n items |

use serde_json::Value;

/// Why the value does not match; `None` if it does. `at` is the place, for the message.
pub(super) fn differs(pattern: &Value, value: &Value, at: &str) -> Option<String> {
    compare(pattern, value, at, false)
}

/// As [`differs`]; and the keys of an object must come in the order of the pattern's.
pub(super) fn differs_in_order(pattern: &Value, value: &Value, at: &str) -> Option<String> {
    compare(pattern, value, at, true)
}

fn compare(pattern: &Value, value: &Value, at: &str, in_order: bool) -> Option<String> {
    let differs = |pattern: &Value, value: &Value, at: &str| compare(pattern, value, at, in_order);
    match (pattern, value) {
        (Value::Object(pattern), _) if pattern.len() == 1 && pattern.keys().any(|k| k.starts_with('$')) => {
            let (kind, argument) = pattern.iter().next()?;
            special(kind, argument, value, at, &differs)
        }
        (Value::Object(pattern), Value::Object(value)) => {
            let open = pattern.contains_key("...");
            for (key, expected) in pattern.iter().filter(|(key, _)| *key != "...") {
                let Some(found) = value.get(key) else {
                    return Some(format!("{at}.{key} is missing"));
                };
                if let Some(why) = differs(expected, found, &format!("{at}.{key}")) {
                    return Some(why);
                }
            }
            if let Some(extra) = value.keys().find(|key| !open && !pattern.contains_key(*key)) {
                return Some(format!("{at}.{extra} is not expected"));
            }
            let ordered = value.keys().filter(|key| pattern.contains_key(*key));
            let is_ordered = ordered.eq(pattern.keys().filter(|key| *key != "..."));
            (in_order && !is_ordered).then(|| format!("the keys of {at} come in another order"))
        }
        (Value::Array(pattern), Value::Array(value)) => {
            if pattern.len() != value.len() {
                return Some(format!("{at} has {} items, not {}", value.len(), pattern.len()));
            }
            pattern
                .iter()
                .zip(value)
                .enumerate()
                .find_map(|(n, (pattern, value))| differs(pattern, value, &format!("{at}[{n}]")))
        }
        _ => (pattern != value).then(|| format!("{at} is {value}, not {pattern}")),
    }
}

fn special(
    kind: &str,
    argument: &Value,
    value: &Value,
    at: &str,
    differs: &impl Fn(&Value, &Value, &str) -> Option<String>,
) -> Option<String> {
    let fails = |matches: bool, what: &str| (!matches).then(|| format!("{at} is {value}, which {what}"));
    match kind {
        "$any" => None,
        "$regex" => {
            let (form, text) = (argument.as_str().unwrap_or_default(), value.as_str().unwrap_or_default());
            fails(value.is_string() && form::matches(form, text), &format!("has not the form {form}"))
        }
        "$contains" => match value {
            Value::Array(items) => {
                let reasons: Option<Vec<String>> = items
                    .iter()
                    .enumerate()
                    .map(|(n, item)| differs(argument, item, &format!("[{n}]")))
                    .collect();
                reasons.map(|reasons| format!("{at} has no item that matches: {}", reasons.join("; ")))
            }
            Value::String(text) => {
                let found = argument.as_str().is_some_and(|part| text.contains(part));
                fails(found, &format!("lacks the text {argument}"))
            }
            _ => fails(false, "is neither a list nor a text"),
        },
        "$last" => match value.as_array().and_then(|items| items.last()) {
            Some(last) => differs(argument, last, &format!("{at}[last]")),
            None => fails(false, "has no last item"),
        },
        "$count" => {
            let count = value.as_array().map(|items| items.len() as u64);
            fails(count.is_some() && count == argument.as_u64(), &format!("has not {argument} items"))
        }
        other => Some(format!("{at}: unknown kind of pattern {other}")),
    }
}

/// The small part of regular expressions that scenarios need: sequences of literals, `.`, classes and `\d`, each
/// with `+`, `*` or `{n}`; anchored only where `^` and `$` say so.
mod form {
    pub(super) fn matches(form: &str, text: &str) -> bool {
        let (anchored, form) = form.strip_prefix('^').map_or((false, form), |rest| (true, rest));
        let (to_end, form) = form.strip_suffix('$').map_or((false, form), |rest| (true, rest));
        let pieces = pieces(&form.chars().collect::<Vec<_>>());
        let text: Vec<char> = text.chars().collect();
        let starts = if anchored { 0..=0 } else { 0..=text.len() };
        starts.into_iter().any(|start| run(&pieces, &text[start..], to_end))
    }

    struct Piece {
        allowed: Box<dyn Fn(char) -> bool>,
        least: usize,
        most: usize,
    }

    fn pieces(form: &[char]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < form.len() {
            let allowed: Box<dyn Fn(char) -> bool> = match form[at] {
                '.' => Box::new(|_| true),
                '\\' if form.get(at + 1) == Some(&'d') => {
                    at += 1;
                    Box::new(|c| c.is_ascii_digit())
                }
                '\\' => {
                    at += 1;
                    let literal = form[at];
                    Box::new(move |c| c == literal)
                }
                '[' => {
                    let end = at + form[at..].iter().position(|c| *c == ']').expect("a closed class");
                    let class: Vec<char> = form[at + 1..end].to_vec();
                    at = end;
                    Box::new(move |c| {
                        class.windows(3).any(|w| w[1] == '-' && (w[0]..=w[2]).contains(&c))
                            || class.contains(&c)
                    })
                }
                literal => Box::new(move |c| c == literal),
            };
            at += 1;
            let (least, most) = match form.get(at) {
                Some('+') => (1, usize::MAX),
                Some('*') => (0, usize::MAX),
                Some('{') => {
                    let end = at + form[at..].iter().position(|c| *c == '}').expect("a closed count");
                    let count = form[at + 1..end].iter().collect::<String>().parse().expect("a count");
                    at = end;
                    (count, count)
                }
                _ => {
                    pieces.push(Piece { allowed, least: 1, most: 1 });
                    continue;
                }
            };
            at += 1;
            pieces.push(Piece { allowed, least, most });
        }
        pieces
    }

    fn run(pieces: &[Piece], text: &[char], to_end: bool) -> bool {
        let Some((piece, rest)) = pieces.split_first() else {
            return !to_end || text.is_empty();
        };
        let longest = text.iter().take(piece.most).take_while(|c| (piece.allowed)(**c)).count();
        (piece.least..=longest).rev().any(|count| run(rest, &text[count..], to_end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_match_what_they_say_and_nothing_else() {
        let value = json!({"id": "aWd12", "list": [{"a": 1}, {"a": 2}], "n": 5});
        for good in [
            json!({"id": "aWd12", "list": [{"a": 1}, {"a": 2}], "n": 5}),
            json!({"id": {"$regex": "^aWd\\d+$"}, "...": true}),
            json!({"list": {"$contains": {"a": 2}}, "...": true}),
            json!({"list": {"$last": {"a": 2}}, "n": {"$any": true}, "...": true}),
            json!({"list": {"$count": 2}, "id": {"$contains": "Wd"}, "...": true}),
        ] {
            assert_eq!(differs(&good, &value, "$"), None, "{good}");
        }
        for bad in [
            json!({"id": "aWd12", "n": 5}),
            json!({"...": true, "missing": {"$any": true}}),
            json!({"id": {"$regex": "^Wd"}, "...": true}),
            json!({"id": {"$regex": "^[a-z]+$"}, "...": true}),
            json!({"n": {"$regex": "5"}, "...": true}),
            json!({"list": [{"a": 1}], "...": true}),
            json!({"list": {"$contains": {"a": 3}}, "...": true}),
            json!({"list": {"$last": {"a": 1}}, "...": true}),
            json!({"list": {"$count": 3}, "...": true}),
            json!({"n": {"$nonsense": 3}, "...": true}),
            json!({"id": {"$contains": {"a": 1}}, "...": true}),
            json!([]),
        ] {
            assert!(differs(&bad, &value, "$").is_some(), "{bad}");
        }
    }

    #[test]
    fn order_counts_only_where_it_is_asked_for() {
        let (pattern, value) = (json!([{"a": 1, "b": 2}]), json!([{"b": 2, "a": 1}]));
        assert_eq!(differs(&pattern, &value, "$"), None);
        assert!(differs_in_order(&pattern, &value, "$").is_some());
        assert_eq!(differs_in_order(&pattern, &json!([{"a": 1, "b": 2}]), "$"), None);
        let open = json!([{"...": true, "a": 1, "b": {"$any": true}}]);
        assert_eq!(differs_in_order(&open, &json!([{"a": 1, "x": 0, "b": 2}]), "$"), None);
    }

    #[test]
    fn forms() {
        assert!(form::matches("^[A-Za-z0-9]{3}$", "aZ9"));
        assert!(!form::matches("^[A-Za-z0-9]{3}$", "aZ9x"));
        assert!(form::matches("b+c*", "abb"));
        assert!(form::matches("^a\\.b$", "a.b"));
        assert!(!form::matches("^a\\.b$", "axb"));
    }
}
