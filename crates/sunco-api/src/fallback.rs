//! What becomes of rich content where only plain text can be shown.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// A carousel or list as text: items numbered from 1, with their links; postbacks are left out (spec: the answer to
/// posting a carousel).
pub fn items(content: &Map<String, Value>) -> String {
    let items = content.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut text = String::new();
    for (at, item) in items.iter().enumerate() {
        let of = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
        if at > 0 {
            text.push_str("\n\n");
        }
        let _ = write!(text, "{}. {}", at + 1, of("title"));
        if !of("description").is_empty() {
            let _ = write!(text, "\n{}", of("description"));
        }
        for line in links(item.get("actions")) {
            let _ = write!(text, "\n{line}");
        }
    }
    text
}

/// The actions that are links, each as `label: address`.
pub fn links(actions: Option<&Value>) -> Vec<String> {
    let actions = actions.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let line = |action: &Value| {
        let of = |name: &str| action.get(name).and_then(Value::as_str);
        match of("type")? {
            "link" | "webview" => Some(format!("{}: {}", of("text")?, of("uri")?)),
            "buy" | "locationRequest" => of("text").map(str::to_owned),
            _ => None,
        }
    };
    actions.iter().filter_map(line).collect()
}

/// A location as text (spec: the example of a location).
pub fn location(content: &Map<String, Value>) -> String {
    let of = |name: &str| content.get("coordinates").and_then(|c| c.get(name)).map(Value::to_string);
    let (lat, long) = (of("lat").unwrap_or_default(), of("long").unwrap_or_default());
    format!("Location shared:\nhttps://maps.google.com/maps?q={lat},{long}")
}

/// The text of a piece of HTML.
pub fn of_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('>') else {
            text.push_str(&rest[at..]);
            rest = "";
            break;
        };
        let tag = &rest[at + 1..at + end];
        let name = tag.trim_start_matches('/').split([' ', '/', '\t', '\n']).next().unwrap_or_default();
        let breaks = match name.to_ascii_lowercase().as_str() {
            "br" => true,
            "p" | "div" | "li" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "tr" => {
                tag.starts_with('/') || (!text.is_empty() && !text.ends_with('\n'))
            }
            _ => false,
        };
        if breaks {
            text.push('\n');
        }
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    let entities = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let text = entities.iter().fold(text, |text, (entity, plain)| text.replace(entity, plain));
    text.trim().to_owned()
}

/// The text of a piece of Markdown: without its marks; of a link, its label and its address.
pub fn of_markdown(markdown: &str) -> String {
    let mut lines = Vec::new();
    for line in markdown.lines() {
        let line = line.trim_start_matches('#').trim_start_matches("> ");
        let line = if line.len() < markdown.len() { line.trim_start() } else { line };
        lines.push(inline(line));
    }
    lines.join("\n").trim().to_owned()
}

fn inline(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('[') {
        let parts = rest[at..].find("](").and_then(|mid| {
            let end = rest[at + mid..].find(')')?;
            Some((&rest[at + 1..at + mid], &rest[at + mid + 2..at + mid + end], at + mid + end + 1))
        });
        let Some((label, address, next)) = parts else { break };
        text.push_str(&unmarked(&rest[..at]));
        let _ = write!(text, "{}: {address}", unmarked(label));
        rest = &rest[next..];
    }
    text.push_str(&unmarked(rest));
    text
}

fn unmarked(text: &str) -> String {
    // A single star or underscore may be one of the text's own, as in 2*3 or snake_case.
    text.replace("**", "").replace("__", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn items_become_numbered_text() {
        let link = |text: &str| json!({"type": "link", "text": text, "uri": "https://example.org"});
        let postback = json!({"type": "postback", "text": "Order", "payload": "X"});
        let content = json!({"items": [
            {"title": "Tacos", "description": "Get your tacos today!", "actions": [link("More info"), postback]},
            {"title": "Ramen", "description": "Get your ramen today!", "actions": [link("More info")]},
        ]});
        let wanted = "1. Tacos\nGet your tacos today!\nMore info: https://example.org\n\n\
                      2. Ramen\nGet your ramen today!\nMore info: https://example.org";
        assert_eq!(items(content.as_object().unwrap()), wanted);
    }

    #[test]
    fn marks_are_taken_out() {
        assert_eq!(of_html("<p>Hi <b>you</b></p><p>a &amp; b &lt;</p>"), "Hi you\na & b <");
        assert_eq!(of_html("1 < 2"), "1 < 2");
        assert_eq!(
            of_markdown("# Hi\n**you** see [this](https://x.test/a)"),
            "Hi\nyou see this: https://x.test/a"
        );
        assert_eq!(of_markdown("snake_case 2*3 [x]"), "snake_case 2*3 [x]");
    }
}
