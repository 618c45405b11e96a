//! A request of a scenario, and its answer.

use super::RequestStep;
use super::error_pattern::expand;
use super::pattern::differs;
use super::run::Run;
use crate::Answer;
use graph_api::Host;
use serde_json::{Map, Value};

impl Run {
    pub(super) async fn request(&mut self, step: &RequestStep) -> Result<(), String> {
        let line = self.fill(&step.request);
        let (method, path) = line.split_once(' ').ok_or("a request is METHOD /path")?;
        let mut call = self.call(method, path)?;
        let named = step.host.as_deref().map(|host| self.fill(host));
        if let Some(host) = &named {
            call = call.host(host);
        }
        if let Some(token) = &step.token {
            call = call.token(&self.fill(token));
        }
        if let Some(body) = &step.json {
            call = call.json(&self.fill_value(body));
        }
        if let Some(form) = &step.form {
            call = call.form(&self.fill(form));
        }
        if let Some(parts) = &step.multipart {
            call = call.body("multipart/form-data; boundary=scenario", self.multipart(parts));
        }
        if step.chunked {
            call = call.chunked();
        }
        let answer = call.send().await;
        let host = named.as_deref().and_then(Host::from_header);
        self.compare(step, host, &answer).map_err(|why| format!("{line}: {why}\n{}", answer.text()))?;
        self.keep(step, &answer).map_err(|why| format!("{line}: {why}"))?;
        if path.starts_with("/sim/") { Ok(()) } else { self.take_evidence().await }
    }

    fn compare(&self, step: &RequestStep, host: Option<Host>, answer: &Answer) -> Result<(), String> {
        let status = self.pattern(&step.status, host);
        if status != answer.status {
            return Err(format!("status {}, not {status}", answer.status));
        }
        if let Some(body) = &step.body {
            let pattern = expand(&self.pattern(body, host), host)?;
            if let Some(why) = differs(&pattern, &answer.json(), "body") {
                return Err(why);
            }
        }
        let mut headers = step.headers.iter().map(|(name, pattern)| {
            let value = Value::String(answer.header(name).to_owned());
            differs(&self.pattern(pattern, host), &value, name)
        });
        headers.find_map(|why| why).map_or(Ok(()), Err)
    }

    fn keep(&mut self, step: &RequestStep, answer: &Answer) -> Result<(), String> {
        for (name, pointer) in &step.capture {
            let (body, pointer) = (answer.json(), self.fill(pointer.as_str().unwrap_or_default()));
            let value = match body.pointer(&pointer) {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => return Err(format!("nothing at {pointer} to capture as {name}")),
            };
            self.values.insert(name.clone(), value);
        }
        Ok(())
    }

    fn multipart(&self, parts: &Map<String, Value>) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in parts {
            let text = match self.fill_value(value) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let head = format!("--scenario\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(text.as_bytes());
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--scenario--\r\n");
        body
    }
}
