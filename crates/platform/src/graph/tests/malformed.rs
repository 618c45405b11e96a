//! Malformed and oversized input: each kind gets the error of the real kind, with a status from 400, and nothing of it is
//! done.

use serde_json::{Value, json};
use testkit::{Call, Sandbox};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=b";

/// What is sent.
enum Sent {
    /// A request with nothing but its line.
    Line(&'static str, String),
    /// A send with that type and body.
    Body(&'static str, Vec<u8>),
    /// A request with that JSON.
    Json(&'static str, &'static str, Value),
}

use Sent::{Body, Json, Line};

impl Sent {
    /// `IGSID` stands for the person's id.
    fn call(self, sandbox: &Sandbox, igsid: &str) -> Call {
        match self {
            Line(verb, path) => sandbox.call(verb, &path),
            Body(kind, body) => sandbox.post("/v25.0/me/messages").body(kind, body),
            Json(verb, path, body) => sandbox
                .call(verb, path)
                .body(JSON, body.to_string().replace("\"IGSID\"", &format!("\"{igsid}\""))),
        }
    }
}

fn get(path: impl Into<String>) -> Sent {
    Line("GET", path.into())
}

fn send(message: &Value) -> Sent {
    Json("POST", "/me/messages", json!({"recipient": {"id": "IGSID"}, "message": message}))
}

fn part(head: &str, body: &[u8]) -> Vec<u8> {
    [b"--b\r\nContent-Disposition: form-data; ", head.as_bytes(), b"\r\n\r\n", body, b"\r\n--b--\r\n"]
        .concat()
}

/// Each kind: what it is, what is sent, and status, code and subcode of the answer.
#[expect(clippy::too_many_lines, reason = "a table")]
fn kinds() -> Vec<(&'static str, Sent, (u16, i64, i64))> {
    let template = |elements: &Value| json!({"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": elements}}});
    let cards = |count: usize| template(&json!(vec![json!({"title": "a", "subtitle": "b"}); count]));
    let deep = |open: &str, close: &str| format!("{{\"a\":{}{}}}", open.repeat(5_000), close.repeat(5_000));
    vec![
        // The line.
        ("a path that is not UTF-8", get("/v25.0/%ff"), (400, 100, 0)),
        ("U+0000 in a path", get("/v25.0/me/%00"), (400, 100, 0)),
        ("a version that does not exist", get("/v99.9/me"), (400, 2500, 0)),
        ("a path that is too deep", get("/me/messages/a/b/c"), (400, 2500, 0)),
        ("a path of thousands of segments", get("/a".repeat(3_000)), (400, 2500, 0)),
        ("an id of thousands of digits", get(format!("/{}", "9".repeat(3_000))), (400, 803, 0)),
        ("an id beyond all numbers", get("/99999999999999999999999999"), (400, 803, 0)),
        ("a negative id", get("/-1"), (400, 803, 0)),
        ("a conversation's id that is none", get("/aWdfZAG06MTpJR01lc3NhZA2VUaHJlYWQ"), (400, 100, 33)),
        ("a method that does not exist", Line("BREW", "/me".into()), (400, 100, 0)),
        // The query.
        ("U+0000 in a query", get("/me?fields=%00"), (400, 100, 0)),
        ("fields that are not closed", get("/me?fields=id{"), (400, 2500, 0)),
        ("fields nested without end", get(format!("/me?fields={}", "a{".repeat(500))), (400, 100, 0)),
        ("fields without end", get(format!("/me?fields={}", "id,".repeat(2_000))), (400, 100, 0)),
        ("a field that does not exist", get("/me?fields=shoes"), (400, 100, 0)),
        ("a cursor of nobody's", get("/me/conversations?platform=instagram&after=xyz"), (400, 100, 0)),
        (
            "a cursor without end",
            get(format!("/me/conversations?platform=instagram&after={}", "0".repeat(5_000))),
            (400, 100, 0),
        ),
        ("a limit that is no number", get("/me/conversations?platform=instagram&limit=many"), (400, 100, 0)),
        ("a limit of none", get("/me/conversations?platform=instagram&limit=0"), (400, 100, 0)),
        ("a limit below none", get("/me/conversations?platform=instagram&limit=-5"), (400, 100, 0)),
        (
            "a person who is no id",
            get("/me/conversations?platform=instagram&user_id=%F0%9F%91%91"),
            (0, 0, 0),
        ),
        ("too many parameters", get(format!("/me?{}", "a&".repeat(2_000))), (400, 100, 0)),
        ("brackets that do not close", get("/me?fields[a=1&fields[b"), (0, 0, 0)),
        ("more ids than are taken", get(format!("/?ids={}", "1,2,".repeat(400))), (400, 100, 33)),
        // The body.
        ("JSON that breaks off", Body(JSON, b"{\"recipient\":{".to_vec()), (400, 100, 0)),
        ("JSON that is no object", Body(JSON, b"[1,2,3]".to_vec()), (400, 100, 0)),
        ("JSON that is nested without end", Body(JSON, deep("[", "]").into_bytes()), (400, 100, 0)),
        (
            "objects nested without end",
            Body(JSON, deep("{\"a\":", "}").replace("{}", "{\"a\":1}").into_bytes()),
            (400, 100, 0),
        ),
        ("JSON in another encoding", Body(JSON, b"{\"message\":\"\xff\xfe\"}".to_vec()), (400, 100, 0)),
        ("JSON with U+0000", Body(JSON, b"{\"message\":{\"text\":\"\\u0000\"}}".to_vec()), (400, 100, 0)),
        (
            "half a surrogate pair",
            Body(JSON, b"{\"message\":{\"text\":\"\\ud83d\"}}".to_vec()),
            (400, 100, 0),
        ),
        (
            "a number beyond all numbers",
            Body(JSON, b"{\"recipient\":{\"id\":1e999}}".to_vec()),
            (400, 100, 0),
        ),
        ("a body that is too large", Body(JSON, vec![b' '; 5 << 20]), (413, 100, 0)),
        (
            "a form that is too large",
            Body(FORM, b"a=".iter().chain(&vec![b'x'; 300 << 10]).copied().collect()),
            (413, 100, 0),
        ),
        ("a form with U+0000", Body(FORM, b"message=%00".to_vec()), (400, 100, 0)),
        ("bytes without a type", Body("application/octet-stream", vec![0, 1, 2, 255]), (400, 100, 0)),
        ("multipart without a boundary", Body("multipart/form-data", b"x".to_vec()), (400, 100, 0)),
        (
            "multipart that breaks off",
            Body(MULTIPART, b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx".to_vec()),
            (400, 100, 0),
        ),
        ("multipart without a part", Body(MULTIPART, b"--b--\r\n".to_vec()), (400, 100, 0)),
        ("a part without a name", Body(MULTIPART, part("x=y", b"a")), (400, 100, 0)),
        (
            "a text part that is no text",
            Body(MULTIPART, part("name=\"message\"", b"\xff\xfe")),
            (400, 100, 0),
        ),
        (
            "a file where none is taken",
            Body(MULTIPART, part("name=\"message\"; filename=\"a\"", b"{}")),
            (400, 100, 0),
        ),
        // What a send says.
        ("no recipient", Json("POST", "/me/messages", json!({"message": {"text": "hi"}})), (400, 100, 0)),
        (
            "a recipient that is a text",
            Json("POST", "/me/messages", json!({"recipient": "x", "message": {"text": "hi"}})),
            (400, 100, 0),
        ),
        (
            "a recipient that is a list",
            Json("POST", "/me/messages", json!({"recipient": [1], "message": {"text": "hi"}})),
            (400, 100, 0),
        ),
        ("a message that is a number", send(&json!(5)), (400, 100, 0)),
        ("a message of nothing", send(&json!({})), (400, 100, 0)),
        ("a text of blanks", send(&json!({"text": " \n\t "})), (400, 100, 2_534_052)),
        ("a text of 1001 bytes", send(&json!({"text": "é".repeat(501)})), (400, 100, 2_534_015)),
        ("a text of 2001 characters", send(&json!({"text": "a".repeat(2001)})), (400, 100, 0)),
        (
            "an attachment of no type that exists",
            send(&json!({"attachment": {"type": "hologram", "payload": {}}})),
            (400, 100, 0),
        ),
        ("a template without cards", send(&template(&json!([]))), (400, 100, 0)),
        ("a template of too many cards", send(&cards(11)), (400, 105, 0)),
        (
            "too many quick replies",
            send(
                &json!({"text": "a", "quick_replies": vec![json!({"content_type": "text", "title": "a", "payload": "b"}); 14]}),
            ),
            (400, 105, 0),
        ),
        ("a message without end", send(&json!({"text": "a".repeat(300_000)})), (413, 100, 0)),
        // Other edges.
        (
            "ice breakers that are a number",
            Json("POST", "/me/messenger_profile", json!({"ice_breakers": 5})),
            (400, 100, 0),
        ),
        (
            "a flow without messages",
            Json(
                "POST",
                "/me/welcome_message_flows",
                json!({"name": "a", "eligible_platforms": ["instagram"]}),
            ),
            (400, 100, 0),
        ),
        (
            "fields of webhooks that do not exist",
            Json("POST", "/me/subscribed_apps", json!({"subscribed_fields": ["shoes"]})),
            (400, 100, 0),
        ),
        ("a batch that is a text", Json("POST", "/", json!({"batch": "x"})), (400, 100, 0)),
        (
            "a batch without end",
            Json("POST", "/", json!({"batch": vec![json!({"method": "GET", "relative_url": "me"}); 200]})),
            (400, 100, 0),
        ),
        (
            "a span of control without end",
            Json(
                "POST",
                "/me/extend_thread_control",
                json!({"recipient": {"id": "1"}, "duration": "99999999999999999999"}),
            ),
            (400, 100, 0),
        ),
    ]
}

#[tokio::test]
async fn each_kind_gets_the_error_of_its_kind_and_does_nothing() {
    let sandbox = Sandbox::start().await;
    let kinds = kinds();
    assert!(kinds.len() >= 40, "{} kinds", kinds.len());
    let mut wrong = Vec::new();
    let before = sandbox.get("/sim/world").ok().await.json();
    for (token, host, igsid) in [
        ("IG_ACCESS_TOKEN", "graph.instagram.com", "IGSID"),
        ("PAGE_ACCESS_TOKEN", "graph.facebook.com", "PAGE_IGSID"),
    ] {
        let (token, igsid) = (sandbox.env(token), sandbox.env(igsid));
        for (what, sent, (status, code, subcode)) in self::kinds() {
            let answer = sent.call(&sandbox, igsid).token(token).host(host).send().await;
            // What the real service reads as something harmless is none of these.
            if status == 0 {
                assert!(answer.status < 500, "{what}: {}", answer.text());
                continue;
            }
            if answer.error() != (status, code, subcode) {
                wrong.push(format!("{what} at {host}: {}", answer.text()));
                continue;
            }
            let error = &answer.json()["error"];
            assert!(!answer.message().is_empty() && error["fbtrace_id"].is_string(), "{what}: {error}");
            assert!(answer.body.len() < 8_000, "{what}: the answer repeats too much of it");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(sandbox.get("/sim/world").ok().await.json(), before);
    // And it still serves.
    sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).ok().await;
}
