//! A request of a scenario, and its answer.

use super::error_pattern::expand;
use super::pattern::differs;
use super::run::Run;
use super::{RequestStep, multipart};
use crate::{Answer, Call};
use graph_api::Host;
use serde_json::{Map, Value};

impl Run {
    pub(super) async fn request(&mut self, step: &RequestStep) -> Result<(), String> {
        for _ in 0..step.times.unwrap_or(1) {
            self.request_once(step).await?;
        }
        match self.fill(&step.request).contains(" /sim/") {
            true => Ok(()),
            false => self.take_evidence().await,
        }
    }

    async fn request_once(&mut self, step: &RequestStep) -> Result<(), String> {
        let line = self.fill(&step.request);
        let (method, url) = line.split_once(' ').ok_or("a request is METHOD /path")?;
        // What the sandbox hands out as a whole address is asked for there, whatever it calls itself.
        let path = match url.strip_prefix("http://") {
            Some(rest) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => url,
        };
        let mut call = self.call(method, path)?;
        let named = step.host.as_deref().map(|host| self.fill(host));
        if let Some(host) = &named {
            call = call.host(host);
        }
        if let Some(token) = &step.token {
            call = call.token(&self.fill(token));
        }
        for (name, value) in &step.sends {
            call = call.header(name, &self.fill(value.as_str().unwrap_or_default()));
        }
        if let Some(body) = &step.json {
            call = call.json(&self.fill_value(body));
        }
        if let Some(form) = &step.form {
            call = call.form(&self.fill(form));
        }
        if let Some(parts) = &step.multipart {
            call = call.body(multipart::TYPE, multipart::body(parts, &self.values)?);
        }
        if let Some(part) = &step.bytes {
            let file =
                self.media.file(&part.file).ok_or_else(|| format!("there is no file {}", part.file))?;
            let to = part.to.unwrap_or(file.len());
            if part.from > to || to > file.len() {
                return Err(format!("{} has {} bytes", part.file, file.len()));
            }
            call = call.body("application/octet-stream", file.slice(part.from..to));
        }
        if step.chunked {
            call = call.chunked();
        }
        let answer = if step.stalls { self.send_stalled(call).await? } else { call.send().await };
        let host = named.as_deref().and_then(Host::from_header);
        self.compare(step, host, &answer).map_err(|why| format!("{line}: {why}\n{}", answer.text()))?;
        self.keep(&step.capture, &answer.body).map_err(|why| format!("{line}: {why}"))
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

    /// Sends what makes the sandbox fetch a file that never comes, and lets it be given up at once.
    async fn send_stalled(&self, call: Call) -> Result<Answer, String> {
        if !self.is_in_process() {
            return Err("time can be moved in process only: set in_process".to_owned());
        }
        let stalled = async {
            self.media.stalled().await;
            tokio::time::pause();
        };
        let (answer, ()) = tokio::join!(call.send(), stalled);
        tokio::time::resume();
        Ok(answer)
    }

    /// Keeps what is captured of a JSON body.
    pub(super) fn keep(&mut self, capture: &Map<String, Value>, body: &[u8]) -> Result<(), String> {
        if capture.is_empty() {
            return Ok(());
        }
        let body: Value =
            serde_json::from_slice(body).map_err(|e| format!("no JSON to capture from: {e}"))?;
        for (name, pointer) in capture {
            let pointer = self.pattern(pointer, None);
            let pointer = pointer.as_str().ok_or_else(|| format!("{pointer} is no JSON pointer"))?;
            let value = match body.pointer(pointer) {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => return Err(format!("nothing at {pointer} to capture as {name}")),
            };
            self.values.insert(name.clone(), value);
        }
        Ok(())
    }
}
