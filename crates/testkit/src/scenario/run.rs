//! Running a scenario.

use super::evidence::Evidence;
use super::pattern::{differs, differs_in_order};
use super::sender::Sender;
use super::{CallbackStep, Scenario, Step, WebhookStep, login, values};
use crate::media::MediaServer;
use crate::{Answer, Call, Received, Receiver, Sandbox};
use graph_api::Host;
use http::Method;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
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

pub(super) struct Run {
    target: Target,
    variant: Option<Host>,
    pub(super) values: HashMap<String, String>,
    receiver: Receiver,
    /// What the receiver got before what a step waited for.
    passed_over: Vec<Received>,
    evidence: Evidence,
    /// The newest entry of the log of requests that was taken as evidence.
    logged: Value,
    /// Serves what requests name by URL, as long as the scenario runs.
    pub(super) media: MediaServer,
}

/// Runs a scenario for one of its variants ([`Scenario::runs`]) and answers what really happened.
///
/// # Errors
/// The step that failed and why, in words; or a claim that is not what happened.
pub async fn run(scenario: &Scenario, variant: Option<Host>, target: Target) -> Result<Evidence, String> {
    let mut values = match &target {
        Target::InProcess(sandbox) => sandbox.all_env(),
        Target::Running { env, .. } => env.clone(),
    };
    if let Some(host) = variant {
        login::add(host, &mut values);
    }
    let receiver = Receiver::start(values.get("VERIFY_TOKEN").map_or("", String::as_str)).await;
    let media = MediaServer::start().await;
    values.insert("MEDIA_URL".to_owned(), media.url.clone());
    values.insert("CALLBACK_URL".to_owned(), receiver.url.clone());
    let evidence = Evidence::default();
    let passed_over = Vec::new();
    let mut run =
        Run { target, variant, values, receiver, passed_over, evidence, logged: Value::Null, media };
    let of_variant = variant.map_or(String::new(), |host| format!(" ({})", login::name(host)));
    let name = format!("{}{of_variant}", scenario.file.display());
    if matches!(run.target, Target::Running { .. }) {
        run.expect_ok("POST", "/sim/reset", &json!({})).await?;
    }
    for (number, step) in scenario.steps.iter().enumerate() {
        let done = match step {
            Step::Request(step) => run.request(step).await,
            Step::Callback(step) => run.callback(step).await,
            Step::Webhook(step) => run.webhook(step).await,
            Step::Browse(step) => run.browse(step).await,
        };
        done.map_err(|why| format!("{name}, step {}: {why}", number + 1))?;
    }
    claims(scenario, &run.evidence).map_err(|why| format!("{name}: {why}"))?;
    Ok(run.evidence)
}

/// What the scenario says that it exercises must have been called; the errors that it says it provokes must be those
/// that were answered.
fn claims(scenario: &Scenario, evidence: &Evidence) -> Result<(), String> {
    if let Some(operation) = scenario.operations.iter().find(|name| !evidence.operations.contains(*name)) {
        return Err(format!("claims {operation}, but never called it"));
    }
    let claimed: BTreeSet<String> = scenario.errors.iter().cloned().collect();
    let answered: BTreeSet<String> =
        evidence.errors.iter().map(|raised| format!("{:?}", raised.error)).collect();
    if claimed == answered {
        return Ok(());
    }
    Err(format!("claims the errors {claimed:?}, but what was answered is {answered:?}"))
}

impl Run {
    pub(super) const fn is_in_process(&self) -> bool {
        matches!(self.target, Target::InProcess(_))
    }

    pub(super) fn call(&self, method: &str, path: &str) -> Result<Call, String> {
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

    pub(super) fn fill(&self, text: &str) -> String {
        values::fill(text, &self.values)
    }

    pub(super) fn fill_value(&self, value: &Value) -> Value {
        values::fill_value(value, &self.values)
    }

    /// A pattern with its values, as it is for the host, or else for the variant.
    pub(super) fn pattern(&self, pattern: &Value, host: Option<Host>) -> Value {
        match host.or(self.variant) {
            Some(host) => self.fill_value(&login::of_host(pattern, host)),
            None => self.fill_value(pattern),
        }
    }

    /// Takes the new entries of the log of requests as evidence: those of a batch have one each.
    pub(super) async fn take_evidence(&mut self) -> Result<(), String> {
        let log = self.expect_ok("GET", "/sim/requests?limit=100", &json!({})).await?.json();
        let entries = log["requests"].as_array().cloned().unwrap_or_default();
        let known =
            std::mem::replace(&mut self.logged, entries.first().map_or(Value::Null, |e| e["id"].clone()));
        let new = entries.iter().take_while(|entry| entry["id"] != known);
        new.into_iter().try_for_each(|entry| self.evidence.add(entry))
    }

    async fn callback(&mut self, step: &CallbackStep) -> Result<(), String> {
        let id = match (step.callback.as_str(), self.variant) {
            ("IG", _) | ("LOGIN", Some(Host::Instagram)) => "{INSTAGRAM_APP_ID}",
            ("PAGE", _) | ("LOGIN", Some(Host::Facebook)) => "{APP_ID}",
            ("LOGIN", None) => return Err("LOGIN needs a scenario with variants".to_owned()),
            (other, _) => return Err(format!("callback is IG, PAGE or LOGIN, not {other}")),
        };
        let path = self.fill(&format!("/v25.0/{id}/subscriptions?access_token={{APP_ACCESS_TOKEN}}"));
        let mut body = json!({
            "object": "instagram",
            "callback_url": self.receiver.url,
            "verify_token": self.values.get("VERIFY_TOKEN"),
        });
        if let Some(fields) = &step.fields {
            body["fields"] = fields.as_str().into();
        }
        self.expect_ok("POST", &path, &body).await.map(drop)
    }

    async fn webhook(&mut self, step: &WebhookStep) -> Result<(), String> {
        if step.webhook.is_null() {
            return self.silence().await;
        }
        let received = self.delivery(step.to.as_deref()).await;
        let text = String::from_utf8_lossy(&received.body);
        let pattern = self.pattern(&step.webhook, None);
        if let Some(why) = differs_in_order(&pattern, &received.json(), "webhook") {
            return Err(format!("{why}\n{text}"));
        }
        let sender = Sender::of(received.header("user-agent"));
        if !step.rewritten {
            sender.check(&text).map_err(|why| format!("{why}\n{text}"))?;
        }
        for (name, pattern) in &step.headers {
            let value = Value::String(received.header(name).to_owned());
            if let Some(why) = differs(&self.pattern(pattern, None), &value, name) {
                return Err(why);
            }
        }
        let header = received.header(graph_api::signature::SHA256_HEADER);
        for (secret, is_right) in [(&step.signed_with, true), (&step.not_signed_with, false)] {
            let Some(secret) = secret else { continue };
            let secret = self.values.get(secret).ok_or_else(|| format!("no value {secret}"))?;
            if graph_api::signature::verify(secret, &received.body, header) != is_right {
                let is = if is_right { "is not" } else { "is" };
                return Err(format!("the signature {header} {is} of this secret over these bytes"));
            }
        }
        self.keep(&step.capture, &received.body)
    }

    /// The next delivery to that path, or to any.
    async fn delivery(&mut self, to: Option<&str>) -> Received {
        let fits = |received: &Received| to.is_none_or(|to| received.target == to);
        if let Some(at) = self.passed_over.iter().position(fits) {
            return self.passed_over.remove(at);
        }
        loop {
            let received = self.receiver.next().await;
            if fits(&received) {
                return received;
            }
            self.passed_over.push(received);
        }
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
        let mut rest = std::mem::take(&mut self.passed_over);
        rest.extend(self.receiver.rest().await);
        let bodies: Vec<_> = rest.iter().map(|r| String::from_utf8_lossy(&r.body).into_owned()).collect();
        bodies.is_empty().then_some(()).ok_or_else(|| format!("unexpected deliveries: {bodies:?}"))
    }
}
