//! The echo bots of `examples/`, each as it is, against the binary.

use crate::process::{Folder, Program, Running};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn example(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(file)
}

/// Starts the bot, sets it as the callback, writes to it as a person, and waits for what the person sees.
async fn echoes(mut bot: Command) {
    let folder = Folder::new();
    let sandbox = Running::start(&folder.0, &[]);
    bot.env("PORT", "0").envs(&sandbox.env);
    let bot = Program::start(bot);
    let url = bot.first_line.trim().strip_prefix("listening on ").expect("the bot's address").to_owned();
    let path = format!("/{}/subscriptions", sandbox.env("INSTAGRAM_APP_ID"));
    let callback =
        json!({"object": "instagram", "callback_url": url, "verify_token": sandbox.env("VERIFY_TOKEN")});
    let wrong = json!({"object": "instagram", "callback_url": url, "verify_token": "wrong"});
    let subscribe = |body| sandbox.call("POST", &path).token(sandbox.env("APP_ACCESS_TOKEN")).json(body);
    assert_eq!(subscribe(&wrong).send().await.error(), (400, 2200, 0));
    subscribe(&callback).ok().await;
    let newest = sandbox.call("GET", "/sim/events?after=newest").ok().await.json();
    let send = json!({"to": sandbox.env("IG_USERNAME"), "text": "olá 👑 a/b"});
    let person = sandbox.env("PERSON_USERNAME");
    sandbox.call("POST", &format!("/sim/people/{person}/send")).json(&send).ok().await;
    // The first message is the person's, the second the bot's.
    let mut cursor = newest["cursor"].as_str().unwrap().to_owned();
    let mut texts = Vec::new();
    while texts.len() < 2 {
        let path = format!("/sim/events?type=message&wait=20s&after={cursor}");
        let heard = sandbox.call("GET", &path).ok().await.json();
        cursor = heard["cursor"].as_str().unwrap().to_owned();
        let events = heard["events"].as_array().unwrap();
        assert!(!events.is_empty(), "the bot does not answer");
        texts.extend(events.iter().map(|event| event["text"].as_str().unwrap().to_owned()));
    }
    assert_eq!(texts, ["olá 👑 a/b", "You said: olá 👑 a/b"]);
    let inbox = sandbox.call("GET", &format!("/sim/people/{person}/inbox")).ok().await.text();
    assert!(inbox.contains("You said: olá 👑 a/b"));
}

/// The interpreter, if the machine has it. `./test` says that it must be there, plain `cargo test` goes on without.
fn interpreter(name: &str) -> Option<Command> {
    let found =
        Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    assert!(
        found || std::env::var_os("POSTHASTE_TEST_ALL").is_none(),
        "{name} is missing: ./test installs it"
    );
    found.then(|| Command::new(name))
}

#[tokio::test]
async fn in_python() {
    let Some(mut python) = interpreter("python3") else { return };
    python.arg(example("echo.py"));
    echoes(python).await;
}

#[tokio::test]
async fn in_javascript() {
    let Some(mut node) = interpreter("node") else { return };
    node.arg(example("echo.js"));
    echoes(node).await;
}

#[tokio::test]
async fn in_rust() {
    // Cargo builds the examples of the package before its tests.
    let built = Path::new(env!("CARGO_BIN_EXE_posthaste")).parent().unwrap().join("examples/echo");
    echoes(Command::new(built)).await;
}

#[test]
fn each_has_at_most_40_lines() {
    for file in ["echo.py", "echo.js", "echo.rs"] {
        let count = std::fs::read_to_string(example(file)).unwrap().lines().count();
        assert!(count <= 40, "{file} has {count} lines");
    }
}
