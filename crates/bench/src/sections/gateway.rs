//! The gateway against the platform alone: what it adds to a message on its way in and out, and how many go through.
//!
//! No goal stands here: the way out is paced to what Instagram takes from one account (300 sends a second on the Facebook
//! host), whatever the gateway could do.

use crate::candidate::{self, Candidate};
use crate::hooks::Sink;
use crate::load::{self, Until};
use crate::report::short;
use crate::run::Run;
use crate::wire;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tokio::time::Instant;

/// People who write at the same time.
const PEOPLE: usize = 30;
/// Messages whose latency is measured, one after the other.
const ALONE: u64 = 200;
/// Messages of a loaded run.
const LOADED: u64 = 3_000;

/// A sandbox whose callback, or whose gateway's webhooks, lead to the sink.
struct Side {
    candidate: Candidate,
    people: Vec<String>,
    /// The conversations at the gateway; empty for the platform alone.
    conversations: Vec<String>,
}

/// Runs the section.
pub(crate) fn run(run: &mut Run) -> Result<(), String> {
    run.report.section("Gateway");
    let sink = Sink::start(run)?;
    let alone = Side::start(run, "alone")?;
    let (product, token) = (alone.candidate.env("APP_ID")?, alone.candidate.env("APP_ACCESS_TOKEN")?);
    candidate::set_callback(&alone.candidate, product, token, &sink.url("alone"))?;
    let mut through = Side::start(run, "through")?;
    through.connect(&sink)?;
    let (few, many) = (run.count(ALONE).max(5), run.count(LOADED).max(30));
    let mut rows = vec![["", "p50 ms in", "p50 ms out", "in/s", "out/s"].map(str::to_owned).to_vec()];
    for (name, side, heard, sent) in
        [("the platform alone", &alone, "alone", None), ("through the gateway", &through, "in", Some("out"))]
    {
        let requests = side.writing()?;
        let latency_in = latency(&sink, side, heard, &requests[0], few)?;
        let speed_in = speed(&sink, side, heard, &requests, many)?;
        let answers = side.answering()?;
        let (latency_out, speed_out) = match sent {
            // The platform's own answer says that it is done.
            None => {
                let one =
                    load::run(side.candidate.address(), &answers[..1], 1, Until::Count(few))?.all_good()?;
                let all =
                    load::run(side.candidate.address(), &answers, 16, Until::Count(many))?.all_good()?;
                (one.latencies.quantile(0.5) as f64 / 1e3, all.per_second())
            }
            Some(sent) => {
                let one = latency(&sink, side, sent, &answers[0], few)?;
                (one, speed(&sink, side, sent, &answers, many)?)
            }
        };
        let figures = [latency_in, latency_out, speed_in, speed_out].map(short);
        rows.push(std::iter::once(name.to_owned()).chain(figures).collect());
    }
    run.report.table(&rows);
    run.report.note(
        "In: from a person's act to the webhook, the app's own or the gateway's. Out: from the post to Instagram's answer, or \
         to the gateway's delivery:channel. The way out is paced to 300 a second, Instagram's limit.",
    );
    Ok(())
}

/// The median time in milliseconds from a request to the POST that the sink gets for it.
fn latency(sink: &Sink, side: &Side, name: &str, request: &Bytes, count: u64) -> Result<f64, String> {
    let mut took = Vec::new();
    for _ in 0..count {
        let before = sink.count(|n| n == name)?;
        let began = Instant::now();
        created(wire::call(side.candidate.address(), request)?)?;
        took.push((sink.wait_for(before + 1, |n| n == name)? - began).as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    Ok(took[took.len() / 2])
}

/// Messages a second, until the sink has got the last.
fn speed(sink: &Sink, side: &Side, name: &str, requests: &[Bytes], count: u64) -> Result<f64, String> {
    let before = sink.count(|n| n == name)?;
    let began = Instant::now();
    load::run(side.candidate.address(), requests, 16, Until::Count(count))?.all_good()?;
    let ended = sink.wait_for(before + count, |n| n == name)?;
    Ok(count as f64 / (ended - began).as_secs_f64())
}

fn created((status, body): (u16, String)) -> Result<Value, String> {
    match status {
        200 | 201 => serde_json::from_str(&body).map_err(|e| format!("no JSON: {e}: {body}")),
        _ => Err(format!("answered {status}: {body}")),
    }
}

impl Side {
    fn start(run: &Run, name: &str) -> Result<Self, String> {
        let candidate = Candidate::start(&run.posthaste, &run.scratch.fresh(name)?, &[])?;
        let people: Vec<String> = (0..PEOPLE).map(|n| format!("person.{n}")).collect();
        for person in &people {
            candidate.sim("POST", "/sim/people", &json!({ "username": person }))?;
        }
        Ok(Self { candidate, people, conversations: Vec::new() })
    }

    /// A request of the gateway's API.
    fn api(&self, path: &str, body: &Value) -> Result<Bytes, String> {
        let key = format!("{}:{}", self.candidate.env("SUNCO_KEY_ID")?, self.candidate.env("SUNCO_SECRET")?);
        let authorization = format!("Basic {}", STANDARD.encode(key));
        let headers = [("Content-Type", "application/json"), ("Authorization", authorization.as_str())];
        let path = format!("/sc/v2/apps/{}/{path}", self.candidate.env("SUNCO_APP_ID")?);
        Ok(wire::request(self.candidate.address(), "POST", &path, &headers, &body.to_string()))
    }

    /// Has the gateway tell the sink, and each person write once.
    fn connect(&mut self, sink: &Sink) -> Result<(), String> {
        for (name, trigger) in
            [("in", "conversation:message"), ("out", "conversation:message:delivery:channel")]
        {
            let hook = json!({ "target": sink.url(name), "triggers": [trigger] });
            let made = self.api("integrations", &json!({ "type": "custom", "webhooks": [hook] }))?;
            created(wire::call(self.candidate.address(), &made)?)?;
        }
        for (number, request) in self.writing()?.iter().enumerate() {
            created(wire::call(self.candidate.address(), request)?)?;
            sink.wait_for(number as u64 + 1, |n| n == "in")?;
        }
        // The API tells them to who listens; the sink only counts.
        let told = |e: rusqlite::Error| format!("the gateway's database: {e}");
        let file = self.candidate.folder.join("gateway/gateway.db");
        let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(told)?;
        let mut all = db.prepare("SELECT conversation_id FROM conversation").map_err(told)?;
        let ids = all.query_map([], |row| row.get(0)).map_err(told)?;
        self.conversations = ids.collect::<Result<_, _>>().map_err(told)?;
        Ok(())
    }

    /// Each person writes to the account with a page.
    fn writing(&self) -> Result<Vec<Bytes>, String> {
        let body =
            json!({ "to": self.candidate.env("PAGE_IG_USERNAME")?, "text": "Hello there" }).to_string();
        let headers = [("Content-Type", "application/json")];
        let to = self.candidate.address();
        let each = self.people.iter().map(|person| format!("/sim/people/{person}/send"));
        Ok(each.map(|path| wire::request(to, "POST", &path, &headers, &body)).collect())
    }

    /// The account answers each of them.
    fn answering(&self) -> Result<Vec<Bytes>, String> {
        if !self.conversations.is_empty() {
            let body =
                json!({ "author": { "type": "business" }, "content": { "type": "text", "text": "Hello!" } });
            let each = self.conversations.iter();
            return each.map(|id| self.api(&format!("conversations/{id}/messages"), &body)).collect();
        }
        let world = self.candidate.sim("GET", "/sim/world", &json!({}))?;
        let account = self.candidate.env("PAGE_IG_USERNAME")?;
        let authorization = format!("Bearer {}", self.candidate.env("PAGE_ACCESS_TOKEN")?);
        let headers = [("Content-Type", "application/json"), ("Authorization", authorization.as_str())];
        let known = world["people"].as_array().into_iter().flatten();
        let own =
            known.filter(|one| one["username"].as_str().is_some_and(|name| name.starts_with("person.")));
        Ok(own
            .map(|one| {
                let igsid = &one["igsids"][account];
                let body =
                    json!({ "recipient": { "id": igsid }, "message": { "text": "Hello!" } }).to_string();
                wire::request(self.candidate.address(), "POST", "/v25.0/me/messages", &headers, &body)
            })
            .collect())
    }
}
