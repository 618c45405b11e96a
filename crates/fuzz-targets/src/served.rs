//! Whole requests, over the public interface of a sandbox from which nothing goes out: the decoders that belong to the
//! server (paths, multipart bodies, cursors, pages of logins, calls of the sim), and everything behind them.
//!
//! The first byte of an input chooses a request of a list, the line that follows is the rest of its path and query, and
//! what comes after it is the body.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;
use std::cell::RefCell;
use testkit::{Answer, Call, Sandbox};
use tokio::runtime::{Builder, Runtime};

/// A world that is used for so many inputs, so that what they leave behind stays small.
const USES: usize = 2000;

struct World {
    runtime: Runtime,
    sandbox: Sandbox,
    uses: usize,
}

impl World {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let sandbox = runtime.block_on(Sandbox::start_shut());
        Self { runtime, sandbox, uses: 0 }
    }
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

/// Sends what `call` makes, and answers what came back.
fn sent(call: impl FnOnce(&Sandbox) -> Call) -> Answer {
    WORLD.with(|world| {
        let mut world = world.borrow_mut();
        if world.as_ref().is_none_or(|world| world.uses >= USES) {
            *world = Some(World::new());
        }
        let World { runtime, sandbox, uses } = world.as_mut().expect("it was made");
        *uses += 1;
        runtime.block_on(call(sandbox).send())
    })
}

/// What is escaped in a request line: everything but what shapes it. A per cent sign stays, so that escapes may be wrong.
const LINE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'%')
    .remove(b'/')
    .remove(b'?')
    .remove(b'&')
    .remove(b'=')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_')
    .remove(b',')
    .remove(b'+')
    .remove(b':');

/// The choice, the rest of the path, and the body.
fn parts(data: &[u8]) -> Option<(usize, String, &[u8])> {
    let (&choice, rest) = data.split_first()?;
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let line = percent_encode(&rest[..end], LINE).to_string();
    Some((usize::from(choice), line, rest.get(end + 1..).unwrap_or_default()))
}

const BODIES: &[&str] = &[
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "text/plain",
];

/// Requests of the Graph API, by both logins.
const GRAPH: &[(&str, &str)] = &[
    ("POST", "/v25.0/me/messages"),
    ("GET", "/v25.0/me/conversations?"),
    ("GET", "/v25.0/me?fields="),
    ("GET", "/"),
    ("POST", "/v25.0/?"),
    ("POST", "/me/messenger_profile"),
    ("GET", "/me/messenger_profile?"),
    ("DELETE", "/me/messenger_profile?"),
    ("POST", "/me/welcome_message_flows"),
    ("GET", "/me/welcome_message_flows?"),
    ("POST", "/me/message_attachments"),
    ("POST", "/me/subscribed_apps?"),
    ("POST", "/me/pass_thread_control"),
    ("POST", "/me/extend_thread_control"),
    ("GET", "/me/thread_owner?"),
    ("POST", "/oauth/access_token"),
    ("GET", "/debug_token?"),
];

/// A request of the Graph API: an answer of 200, or an error of the caller's, as Graph writes them.
pub fn graph_request(data: &[u8]) {
    let Some((choice, line, body)) = parts(data) else { return };
    let (verb, path) = GRAPH[choice % GRAPH.len()];
    let kind = BODIES[choice / GRAPH.len() % BODIES.len()];
    let by_page = choice >= 128;
    let answer = sent(|sandbox| {
        let token = sandbox.env(if by_page { "PAGE_ACCESS_TOKEN" } else { "IG_ACCESS_TOKEN" });
        let host = if by_page { "graph.facebook.com" } else { "graph.instagram.com" };
        let call = sandbox.call(verb, &format!("{path}{line}")).token(token).host(host);
        if body.is_empty() { call } else { call.body(kind, body.to_vec()) }
    });
    if answer.status == 200 {
        let _: Value = serde_json::from_slice(&answer.body).expect("JSON");
        return;
    }
    assert!((400..500).contains(&answer.status), "{}: {}", answer.status, answer.text());
    let error = answer.json();
    // The exchange of codes of Instagram Login has an envelope of its own.
    let is_flat = error["error_type"].is_string() && error["error_message"].is_string();
    assert!(
        is_flat || error["error"]["code"].is_i64() && error["error"]["fbtrace_id"].is_string(),
        "{error}"
    );
    // The log shows it, secrets masked.
    let log = sent(|sandbox| sandbox.get("/sim/requests?limit=1"));
    assert_eq!(log.status, 200);
}

/// A multipart body, as an upload of the Graph API and as a file that a person sends.
pub fn multipart(data: &[u8]) {
    for is_person in [false, true] {
        let answer = sent(|sandbox| {
            let call = match is_person {
                true => sandbox.post("/sim/people/ana.customer/send"),
                false => sandbox.post("/me/message_attachments").token(sandbox.env("IG_ACCESS_TOKEN")),
            };
            call.body(BODIES[2], data.to_vec())
        });
        assert!(answer.status < 500, "{}: {}", answer.status, answer.text());
    }
}

const SIM: &[(&str, &str)] = &[
    ("POST", "/sim/people/ana.customer/send"),
    ("POST", "/sim/people/ana.customer/tap"),
    ("POST", "/sim/people/ana.customer/react"),
    ("POST", "/sim/people/ana.customer/edit"),
    ("POST", "/sim/people"),
    ("PATCH", "/sim/people/ana.customer"),
    ("POST", "/sim/accounts"),
    ("PATCH", "/sim/accounts/posthaste.shop"),
    ("PATCH", "/sim/accounts/posthaste.shop/routing"),
    ("POST", "/sim/apps"),
    ("PATCH", "/sim/settings"),
    ("POST", "/sim/faults"),
    ("POST", "/sim/tokens"),
    ("POST", "/sim/ads"),
    ("POST", "/sim/clock"),
    ("GET", "/sim/requests?"),
    ("GET", "/sim/deliveries?"),
    ("GET", "/sim/people/"),
    ("POST", "/sim/accounts/posthaste.shop/inbox/"),
];

/// A call of the sim: an answer of 200, or a refusal that says why.
pub fn sim_call(data: &[u8]) {
    let Some((choice, line, body)) = parts(data) else { return };
    let (verb, path) = SIM[choice % SIM.len()];
    let kind = if choice >= 128 { BODIES[2] } else { BODIES[0] };
    let answer = sent(|sandbox| {
        let call = sandbox.call(verb, &format!("{path}{line}"));
        if body.is_empty() { call } else { call.body(kind, body.to_vec()) }
    });
    assert!(answer.status < 500, "{}: {}", answer.status, answer.text());
    if answer.status != 200 {
        assert!(answer.json()["error"]["message"].is_string(), "{}", answer.text());
    }
}

const PAGES: &[(&str, &str)] = &[
    ("GET", "/oauth/authorize?"),
    ("POST", "/oauth/authorize?"),
    ("GET", "/dialog/oauth?"),
    ("POST", "/dialog/oauth?"),
    ("GET", "/v25.0/dialog/oauth?"),
    ("GET", "/settings?"),
    ("POST", "/settings?"),
    ("GET", "/accounts/manage_access/?"),
    ("GET", "/x/oauth/status?"),
    ("GET", "/adsmanager?"),
    ("POST", "/adsmanager?"),
];

/// A page of the logins or of the advertiser: never trouble of our own.
pub fn login_page(data: &[u8]) {
    let Some((choice, line, body)) = parts(data) else { return };
    let (verb, path) = PAGES[choice % PAGES.len()];
    let answer = sent(|sandbox| {
        let call = sandbox.call(verb, &format!("{path}{line}"));
        if body.is_empty() { call } else { call.body(BODIES[1], body.to_vec()) }
    });
    assert!(answer.status < 500, "{}: {}", answer.status, answer.text());
}
