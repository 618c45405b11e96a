//! Starting, stopping, and starting wrongly.

use crate::process::{Folder, Program, Running, posthaste, run};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use testkit::Receiver;

#[tokio::test]
async fn a_restart_keeps_every_value_and_every_message() {
    let folder = Folder::new();
    let first = Running::start(&folder.0, &[]);
    let env_file = folder.0.join("sandbox.env");
    assert_eq!(std::fs::metadata(&env_file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(folder.0.join("world.key")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(first.call("GET", "/healthz").ok().await.json()["status"], "ok");
    let send = json!({"recipient": {"id": first.env("IGSID")}, "message": {"text": "kept"}});
    first.call("POST", "/me/messages").token(first.env("IG_ACCESS_TOKEN")).json(&send).ok().await;
    let mut values = first.env.clone();
    assert!(first.program.terminate(), "a clean end");

    let second = Running::start(&folder.0, &[]);
    // The port was any free one, so the address is another.
    values.insert("POSTHASTE_URL".to_owned(), second.env("POSTHASTE_URL").to_owned());
    assert_eq!(second.env, values);
    let inbox = second.call("GET", "/sim/people/ana.customer/inbox").ok().await;
    assert!(inbox.text().contains("kept"));
    second.program.kill();

    let third = Running::start(&folder.0, &["--reset"]);
    values.insert("POSTHASTE_URL".to_owned(), third.env("POSTHASTE_URL").to_owned());
    assert_eq!(third.env, values);
    let inbox = third.call("GET", "/sim/people/ana.customer/inbox").ok().await;
    assert!(!inbox.text().contains("kept"));
}

/// What was acknowledged before the process was killed is there, and its webhook goes out after the restart.
#[tokio::test]
async fn a_killed_sandbox_loses_nothing() {
    let folder = Folder::new();
    let receiver = Receiver::start("t").await;
    let first = Running::start(&folder.0, &[]);
    let path = format!("/{}/subscriptions", first.env("INSTAGRAM_APP_ID"));
    let callback = json!({"object": "instagram", "callback_url": receiver.url, "verify_token": "t"});
    first.call("POST", &path).token(first.env("APP_ACCESS_TOKEN")).json(&callback).ok().await;
    receiver.answer_with(503);
    let send = json!({"recipient": {"id": first.env("IGSID")}, "message": {"text": "before the kill"}});
    let sent =
        first.call("POST", "/me/messages").token(first.env("IG_ACCESS_TOKEN")).json(&send).ok().await.json();
    receiver.next().await;
    first.program.kill();

    receiver.answer_with(200);
    let second = Running::start(&folder.0, &[]);
    second.call("POST", "/sim/clock").json(&json!({"advance": "1m"})).ok().await;
    // The first attempts may still have been under way when the process was killed.
    let mut heard = receiver.next().await;
    while heard.event()["message"]["mid"] != sent["message_id"] {
        heard = receiver.next().await;
    }
    let inbox = second.call("GET", "/sim/people/ana.customer/inbox").ok().await.text();
    assert_eq!(inbox.matches("before the kill").count(), 1);
}

#[test]
fn what_cannot_be_started_says_why() {
    let folder = Folder::new();
    let data = folder.0.to_str().unwrap().to_owned();
    let running = Running::start(&folder.0, &[]);
    let url = running.env("POSTHASTE_URL").to_owned();
    let taken = url.trim_start_matches("http://").to_owned();
    let other = Folder::new();
    let elsewhere = other.0.to_str().unwrap().to_owned();
    let file = other.0.join("file");
    std::fs::write(&file, "").unwrap();
    for (arguments, said) in [
        (vec!["--data", &data, "--listen", "127.0.0.1:0"], data.as_str()),
        (vec!["--data", &elsewhere, "--listen", &taken], "--listen takes another address"),
        (vec!["--data", &elsewhere, "--listen", "0.0.0.0:0"], "--sim-token"),
        (vec!["--data", file.to_str().unwrap(), "--listen", "127.0.0.1:0"], "cannot be made"),
    ] {
        let output = run(["sandbox"].into_iter().chain(arguments.iter().copied()));
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: {text}");
        assert!(text.starts_with("posthaste: "), "{text}");
    }
    assert_eq!(run(["sandbox", "--nonsense"]).status.code(), Some(2));
    assert_eq!(run(["--version"]).status.code(), Some(0));
}

/// A world without its key would have other tokens and secrets: it is refused, not remade.
#[test]
fn a_world_without_its_key_is_refused() {
    let folder = Folder::new();
    assert!(Running::start(&folder.0, &[]).program.terminate());
    std::fs::remove_file(folder.0.join("world.key")).unwrap();
    std::fs::remove_file(folder.0.join("sandbox.env")).unwrap();
    let output = run(["sandbox", "--listen", "127.0.0.1:0", "--data", folder.0.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("world.key"));
}

/// A damaged file is told by its name, and left as it is.
#[test]
fn a_damaged_database_is_refused_and_left_alone() {
    let folder = Folder::new();
    assert!(Running::start(&folder.0, &[]).program.terminate());
    let file = folder.0.join("posthaste.db");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..100].fill(b'x');
    std::fs::write(&file, &bytes).unwrap();
    let output = run(["sandbox", "--listen", "127.0.0.1:0", "--data", folder.0.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("posthaste.db"), "{text}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
}

#[tokio::test]
async fn beyond_loopback_the_sim_needs_its_token() {
    let folder = Folder::new();
    let data = folder.0.to_str().unwrap();
    let arguments = ["sandbox", "--data", data, "--listen", "0.0.0.0:0", "--sim-token", "open sesame"];
    let program = Program::start(posthaste(arguments));
    let port = program.first_line.trim().rsplit(':').next().unwrap().to_owned();
    let client = net::Client::new(net::AddressPolicy::AllowPrivate);
    let base = format!("http://127.0.0.1:{port}");
    let call = || testkit::Call::over_http(client.clone(), &base, "GET".parse().unwrap(), "/sim/world");
    assert_eq!(call().send().await.status, 401);
    assert_eq!(call().token("open sesame").send().await.status, 200);
}
