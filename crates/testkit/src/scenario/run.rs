//! Running a scenario.

use super::pattern::differs;
use super::{RequestStep, Scenario, Step, WebhookStep};
use crate::media::{MediaServer, files};
use crate::{Answer, Call, Receiver, Sandbox};
use graph_api::{ErrorName, Host};
use http::Method;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// What a scenario runs against.
pub enum Target {
    /// A sandbox in this process, fresh.
    InProcess(Box<Sandbox>),
    /// A running sandbox; it is reset first.
    Running {
        /// Its address.
        base: String,
        /// Its `sandbox.env`.
        env: HashMap<String, String>,
        /// The way to it.
        client: net::Client,
    },
}

struct Run {
    target: Target,
    values: HashMap<String, String>,
    receiver: Receiver,
    _media: MediaServer,
}

/// Runs a scenario.
///
/// # Errors
/// The step that failed and why, in words.
pub async fn run(scenario: &Scenario, target: Target) -> Result<(), String> {
    let mut values = match &target {
        Target::InProcess(sandbox) => sandbox.all_env(),
        Target::Running { env, .. } => env.clone(),
    };
    let receiver = Receiver::start(values.get("VERIFY_TOKEN").map_or("", String::as_str)).await;
    let media = MediaServer::start().await;
    values.insert("MEDIA_URL".to_owned(), media.url.clone());
    let mut run = Run { target, values, receiver, _media: media };
    if matches!(run.target, Target::Running { .. }) {
        run.expect_ok("POST", "/sim/reset", &json!({})).await?;
    }
    for (number, step) in scenario.steps.iter().enumerate() {
        let done = match step {
            Step::Request(step) => run.request(step).await,
            Step::Callback(step) => run.callback(&step.callback).await,
            Step::Webhook(step) => run.webhook(step).await,
        };
        done.map_err(|why| format!("{}, step {}: {why}", scenario.file.display(), number + 1))?;
    }
    run.claims(scenario).await.map_err(|why| format!("{}: {why}", scenario.file.display()))
}

impl Run {
    /// What the scenario says that it exercises and provokes must stand in the sandbox's log of requests.
    async fn claims(&self, scenario: &Scenario) -> Result<(), String> {
        let log = self.expect_ok("GET", "/sim/requests?limit=500", &json!({})).await?.json();
        let requests = log["requests"].as_array().ok_or("no log of requests")?;
        for operation in &scenario.operations {
            if !requests.iter().any(|request| request["operation"] == operation.as_str()) {
                return Err(format!("claims {operation}, but never called it"));
            }
        }
        for claimed in &scenario.errors {
            let name = ErrorName::ALL.iter().find(|name| format!("{name:?}") == *claimed);
            let spec = name.ok_or_else(|| format!("there is no error {claimed}"))?.spec();
            let provoked = requests.iter().any(|request| {
                let error = &request["response"]["error"];
                Host::BOTH.iter().any(|host| {
                    error["code"] == spec.code(*host)
                        && error["error_subcode"].as_u64() == spec.subcode(*host).map(u64::from)
                        && request["status"] == spec.status(*host)
                })
            });
            if !provoked {
                return Err(format!("claims the error {claimed}, but no answer was it"));
            }
        }
        Ok(())
    }

    fn call(&self, method: &str, path: &str) -> Result<Call, String> {
        let method = Method::from_bytes(method.as_bytes()).map_err(|e| e.to_string())?;
        Ok(match &self.target {
            Target::InProcess(sandbox) => sandbox.call(method.as_str(), path),
            Target::Running { base, client, .. } => Call::over_http(client.clone(), base, method, path),
        })
    }

    async fn expect_ok(&self, method: &str, path: &str, body: &Value) -> Result<Answer, String> {
        let answer = self.call(method, path)?.json(body).send().await;
        (answer.status == 200).then_some(answer.clone()).ok_or_else(|| format!("{path}: {}", answer.text()))
    }

    async fn request(&mut self, step: &RequestStep) -> Result<(), String> {
        let line = self.fill(&step.request);
        let (method, path) = line.split_once(' ').ok_or("a request is METHOD /path")?;
        let mut call = self.call(method, path)?;
        if let Some(host) = &step.host {
            call = call.host(&self.fill(host));
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
            call = call.body("multipart/form-data; boundary=scenario", self.multipart(parts)?);
        }
        let answer = call.send().await;
        if answer.status != step.status {
            return Err(format!("{line}: status {}, not {}: {}", answer.status, step.status, answer.text()));
        }
        if let Some(body) = &step.body {
            let pattern = self.fill_value(body);
            if let Some(why) = differs(&pattern, &answer.json(), "body") {
                return Err(format!("{line}: {why}\n{}", answer.text()));
            }
        }
        for (name, pattern) in &step.headers {
            let value = Value::String(answer.header(name).to_owned());
            if let Some(why) = differs(&self.fill_value(pattern), &value, name) {
                return Err(format!("{line}: {why}"));
            }
        }
        for (name, pointer) in &step.capture {
            let body = answer.json();
            let found = body.pointer(pointer.as_str().unwrap_or_default());
            let value = match found {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => return Err(format!("{line}: nothing at {pointer} to capture as {name}")),
            };
            self.values.insert(name.clone(), value);
        }
        Ok(())
    }

    async fn callback(&mut self, product: &str) -> Result<(), String> {
        let id = match product {
            "IG" => "{INSTAGRAM_APP_ID}",
            "PAGE" => "{APP_ID}",
            other => return Err(format!("callback is IG or PAGE, not {other}")),
        };
        let path = self.fill(&format!("/v25.0/{id}/subscriptions?access_token={{APP_ACCESS_TOKEN}}"));
        let body = json!({
            "object": "instagram",
            "callback_url": self.receiver.url,
            "verify_token": self.values.get("VERIFY_TOKEN"),
        });
        self.expect_ok("POST", &path, &body).await.map(drop)
    }

    async fn webhook(&mut self, step: &WebhookStep) -> Result<(), String> {
        if step.webhook.is_null() {
            return self.silence().await;
        }
        let received = self.receiver.next().await;
        let pattern = self.fill_value(&step.webhook);
        if let Some(why) = differs(&pattern, &received.json(), "webhook") {
            return Err(format!("{why}\n{}", String::from_utf8_lossy(&received.body)));
        }
        for (name, pattern) in &step.headers {
            let value = Value::String(received.header(name).to_owned());
            if let Some(why) = differs(&self.fill_value(pattern), &value, name) {
                return Err(why);
            }
        }
        if let Some(secret) = &step.signed_with {
            let secret = self.values.get(secret).ok_or_else(|| format!("no value {secret}"))?;
            let header = received.header(graph_api::signature::SHA256_HEADER);
            if !graph_api::signature::verify(secret, &received.body, header) {
                return Err(format!("the signature {header} is not of this secret over these bytes"));
            }
        }
        Ok(())
    }

    /// Nothing has come and nothing is under way.
    async fn silence(&mut self) -> Result<(), String> {
        match &self.target {
            Target::InProcess(sandbox) => sandbox.deliver().await,
            // Moving the clock by nothing returns after everything due was started; what was started has been heard
            // by the time that no delivery is pending.
            Target::Running { .. } => {
                self.expect_ok("POST", "/sim/clock", &json!({ "advance": "0s" })).await?;
                for _ in 0..100 {
                    let answer = self.expect_ok("GET", "/sim/deliveries?state=pending", &json!({})).await?;
                    if answer.json()["deliveries"].as_array().is_none_or(Vec::is_empty) {
                        break;
                    }
                    let path = "/sim/events?wait=1s&type=delivery&after=newest";
                    tokio::time::timeout(Duration::from_secs(5), self.expect_ok("GET", path, &json!({})))
                        .await
                        .map_err(|_| "the sandbox does not answer")??;
                }
            }
        }
        let rest = self.receiver.rest().await;
        let bodies: Vec<_> = rest.iter().map(|r| String::from_utf8_lossy(&r.body).into_owned()).collect();
        bodies.is_empty().then_some(()).ok_or_else(|| format!("unexpected deliveries: {bodies:?}"))
    }

    /// The text with `{NAME}` replaced by the values that are known; what is no known name stays as it is.
    fn fill(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            let end = rest[at + 1..].find(|c| !is_part(c)).map_or(rest.len(), |end| at + 1 + end);
            let name = &rest[at + 1..end];
            let value = self.values.get(name).filter(|_| rest[end..].starts_with('}'));
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

    fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(items) => items.iter().map(|item| self.fill_value(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(key, value)| (self.fill(key), self.fill_value(value))).collect()
            }
            other => other.clone(),
        }
    }

    /// `{"$file": "a.png", "named"?: "photo.png", "size"?: bytes}` is a file; all else is text.
    fn multipart(&self, parts: &Map<String, Value>) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        for (name, value) in parts {
            let mut head = format!("--scenario\r\nContent-Disposition: form-data; name=\"{name}\"");
            let content = match self.fill_value(value) {
                Value::String(text) => text.into(),
                Value::Object(file) if file.contains_key("$file") => {
                    let known = file["$file"].as_str().unwrap_or_default();
                    let named = file.get("named").and_then(Value::as_str).unwrap_or(known);
                    head.push_str(&format!(
                        "; filename=\"{named}\"\r\nContent-Type: application/octet-stream"
                    ));
                    let bytes = files::named(known).ok_or_else(|| format!("there is no file {known}"))?;
                    let size =
                        file.get("size").and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
                    size.map_or(bytes.clone(), |size| files::sized(&bytes, size))
                }
                other => other.to_string().into(),
            };
            body.extend_from_slice(&[head.as_bytes(), b"\r\n\r\n", &content, b"\r\n"].concat());
        }
        body.extend_from_slice(b"--scenario--\r\n");
        Ok(body)
    }
}
