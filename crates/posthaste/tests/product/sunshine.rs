//! The gateway through the eyes of Zendesk's official clients, JavaScript 14.1.0 and Python 17.0.1, as they are: every
//! answer and every webhook is held against Zendesk's OpenAPI document, read in place. Neither is part of this repository:
//! `REFERENCE_DATA` names the folder in which the document lies, `./test` installs the clients.

use crate::process::{Folder, Program, Running, posthaste};
use gateway::Standing;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENT: &str = "sunshine-conversations-openapi.yaml";

/// The document, and the folder of the clients, if both are there.
fn at_hand() -> Option<(PathBuf, PathBuf)> {
    let document = Path::new(&std::env::var_os("REFERENCE_DATA")?).join(DOCUMENT);
    if !document.exists() {
        return None;
    }
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/sunshine");
    let are_there = ["node_modules/sunshine-conversations-client", "python/sunshine_conversations_client"]
        .iter()
        .all(|part| clients.join(part).exists());
    assert!(
        are_there || std::env::var_os("POSTHASTE_TEST_ALL").is_none(),
        "Zendesk's clients are missing: ./test installs them"
    );
    are_there.then_some((document, clients))
}

/// What the clients have no call for.
const NOT_CALLED: &[&str] = &["GetTokenInfo"];

#[tokio::test]
async fn the_official_clients_hold_a_conversation_and_the_document_is_kept() {
    let Some((document, clients)) = at_hand() else { return };
    let folder = Folder::new();
    let sandbox = Running::start(&folder.0, &[]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/product/sunshine/clients.py");
    let told = json!({ "env": sandbox.env, "document": document, "javascript": clients });
    let mut python = Command::new("python3");
    python.arg(script).arg(told.to_string()).env("PYTHONPATH", clients.join("python"));
    let output = python.env("PYTHONDONTWRITEBYTECODE", "1").output().unwrap();
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{errors}");
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["wrong"], json!([]));
    let names = |list: &str| {
        let list = told[list].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
        list.collect::<Vec<_>>()
    };
    let called = names("operations");
    for operation in gateway::operations().filter(|one| one.standing == Standing::Real) {
        let is_called = called.iter().any(|name| name == operation.name);
        assert!(is_called || NOT_CALLED.contains(&operation.name), "{} was not called", operation.name);
    }
    // The table is the document's: no operation is missing, and none is made up.
    let mut own: Vec<String> = gateway::operations().map(|operation| operation.name.to_owned()).collect();
    own.sort();
    assert_eq!(own, names("document"));
    for kind in [
        "conversation:create",
        "conversation:message",
        "conversation:message:delivery:channel",
        "conversation:message:delivery:failure",
        "conversation:message:delivery:user",
        "conversation:postback",
        "conversation:read",
        "conversation:referral",
        "conversation:typing",
        "switchboard:acceptControl",
        "switchboard:offerControl",
        "switchboard:passControl",
        "switchboard:releaseControl",
        "client:remove",
        "user:remove",
    ] {
        assert!(names("events").iter().any(|known| known == kind), "{kind} was not heard");
    }
}

/// The gateway alone, in front of a platform that is another process; its data stays, and what was posted while Instagram
/// was away goes out after a restart.
#[tokio::test]
async fn the_gateway_runs_alone_and_goes_on_after_a_restart() {
    let (folder, own) = (Folder::new(), Folder::new());
    let sandbox = Running::start(&folder.0, &[]);
    let start = || {
        let program = Program::start(posthaste([
            "gateway",
            "--listen",
            "127.0.0.1:0",
            "--allow-private",
            "--graph-url",
            sandbox.env("POSTHASTE_URL"),
            "--data",
            own.0.to_str().unwrap(),
        ]));
        let line = program.first_line.clone();
        let base = line.trim().strip_prefix("Posthaste gateway on ").expect("its address").to_owned();
        let text = std::fs::read_to_string(own.0.join("gateway.env")).unwrap();
        let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        (program, base, text.lines().filter_map(pair).collect::<std::collections::HashMap<_, _>>())
    };
    let (program, base, env) = start();
    let call = |base: &str, method: &str, path: &str| {
        let client = net::Client::new(net::AddressPolicy::AllowPrivate);
        let token = sunco_api::credentials::sign(
            &env["SUNCO_KEY_ID"],
            &env["SUNCO_SECRET"],
            &json!({ "scope": "app" }),
        );
        testkit::Call::over_http(client, base, method.parse().unwrap(), path).token(&token)
    };
    let app = format!("/sc/v2/apps/{}", env["SUNCO_APP_ID"]);
    let body = json!({
        "type": "instagram", "pageAccessToken": sandbox.env("PAGE_ACCESS_TOKEN"), "appId": sandbox.env("APP_ID"),
        "appSecret": sandbox.env("APP_SECRET"),
    });
    let made = call(&base, "POST", &format!("{app}/integrations")).json(&body).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    let receiver = testkit::Receiver::start("unused").await;
    let hook = json!({"target": receiver.url, "triggers": ["conversation:message"]});
    let custom = json!({"type": "custom", "webhooks": [hook]});
    assert_eq!(call(&base, "POST", &format!("{app}/integrations")).json(&custom).send().await.status, 201);
    let callback = json!({
        "object": "instagram", "callback_url": env["CALLBACK_URL"], "verify_token": env["VERIFY_TOKEN"],
    });
    let path = format!("/{}/subscriptions", sandbox.env("APP_ID"));
    sandbox.call("POST", &path).token(sandbox.env("APP_ACCESS_TOKEN")).json(&callback).ok().await;
    let person = sandbox.env("PERSON_USERNAME");
    let send = json!({"to": sandbox.env("PAGE_IG_USERNAME"), "text": "Hello"});
    sandbox.call("POST", &format!("/sim/people/{person}/send")).json(&send).ok().await;
    let heard = receiver.next().await.json();
    let conversation = heard["events"][0]["payload"]["conversation"]["id"].as_str().unwrap().to_owned();

    // Instagram takes nothing, and the process is killed.
    let fault = json!({"on": "POST /*/messages", "error": 613});
    sandbox.call("POST", "/sim/faults").json(&fault).ok().await;
    let text = json!({"author": {"type": "business"}, "content": {"type": "text", "text": "Still here"}});
    let path = format!("{app}/conversations/{conversation}/messages");
    assert_eq!(call(&base, "POST", &path).json(&text).send().await.status, 201);
    program.kill();
    sandbox.call("DELETE", "/sim/faults").ok().await;
    let newest = sandbox.call("GET", "/sim/events?after=newest").ok().await.json();
    let (_program, base, again) = start();
    assert_eq!(again["SUNCO_SECRET"], env["SUNCO_SECRET"], "keys stay");
    let cursor = newest["cursor"].as_str().unwrap();
    let path = format!("/sim/events?type=message&wait=30s&after={cursor}");
    let seen = sandbox.call("GET", &path).ok().await.json();
    assert_eq!(seen["events"][0]["text"], "Still here");
    let list = call(&base, "GET", &format!("{app}/conversations/{conversation}/messages")).ok().await.json();
    assert_eq!(list["messages"].as_array().map(Vec::len), Some(2));
}
