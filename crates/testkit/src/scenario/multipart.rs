//! Multipart bodies of a scenario.

use super::values::fill_value;
use crate::media::files;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The content type of the bodies.
pub(super) const TYPE: &str = "multipart/form-data; boundary=scenario";

/// The body of these parts, in their order. A part is a text, or JSON, or a file: `{"file": "a.mp4", "name"?, "type"?,
/// "size"?}`, which is one of [`files::NAMES`], under that or another name, made longer to so many bytes.
pub(super) fn body(parts: &Map<String, Value>, values: &HashMap<String, String>) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    for (name, value) in parts {
        body.extend_from_slice(
            format!("--scenario\r\nContent-Disposition: form-data; name=\"{name}\"").as_bytes(),
        );
        match (value.get("file").and_then(Value::as_str), fill_value(value, values)) {
            (Some(file), part) => {
                let text = |key: &str, other: &str| part[key].as_str().unwrap_or(other).to_owned();
                let (file_name, kind) = (text("name", file), text("type", "application/octet-stream"));
                let head = format!("; filename=\"{file_name}\"\r\nContent-Type: {kind}\r\n\r\n");
                let mut bytes = files::named(file).ok_or_else(|| format!("there is no file {file}"))?;
                if let Some(size) = part["size"].as_u64() {
                    bytes = files::sized(&bytes, usize::try_from(size).unwrap());
                }
                body.extend_from_slice(head.as_bytes());
                body.extend_from_slice(&bytes);
            }
            (None, Value::String(text)) => body.extend_from_slice(format!("\r\n\r\n{text}").as_bytes()),
            (None, json) => body.extend_from_slice(format!("\r\n\r\n{json}").as_bytes()),
        }
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--scenario--\r\n");
    Ok(body)
}
