//! `{NAME}` in the texts of a scenario.

use serde_json::Value;
use std::collections::HashMap;

/// The text with `{NAME}` replaced by the values that are known; what is no known name stays as it is.
pub(super) fn fill(text: &str, values: &HashMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let end = rest[at + 1..].find(|c| !is_part(c)).map_or(rest.len(), |end| at + 1 + end);
        let name = &rest[at + 1..end];
        let value = values.get(name).filter(|_| rest[end..].starts_with('}'));
        if let Some(value) = value {
            out.push_str(value);
            rest = &rest[end + 1..];
        } else {
            out.push('{');
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    out
}

/// The same for every text and name in a value. `{"$repeat": [x, n]}` becomes a text n times as long, or, of what is no
/// text, a list of n: what is too long or too much is written so.
pub(super) fn fill_value(value: &Value, values: &HashMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text, values)),
        Value::Array(items) => items.iter().map(|item| fill_value(item, values)).collect(),
        Value::Object(members) => match members.get("$repeat").and_then(Value::as_array).map(Vec::as_slice) {
            Some([what, count]) => {
                let count = usize::try_from(count.as_u64().unwrap_or(0)).unwrap();
                match fill_value(what, values) {
                    Value::String(text) => Value::String(text.repeat(count)),
                    other => Value::Array(vec![other; count]),
                }
            }
            _ => members.iter().map(|(key, value)| (fill(key, values), fill_value(value, values))).collect(),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_known_names_are_filled() {
        let values = HashMap::from([("ID".to_owned(), "7".to_owned())]);
        assert_eq!(fill("{id: {ID}} {OTHER} {ID", &values), "{id: 7} {OTHER} {ID");
        let long = json!({"{ID}": ["{ID}", 1], "long": {"$repeat": ["{ID}", 3]}, "many": {"$repeat": [["{ID}"], 2]}});
        assert_eq!(fill_value(&long, &values), json!({"7": ["7", 1], "long": "777", "many": [["7"], ["7"]]}));
    }
}
