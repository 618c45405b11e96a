//! `--database`: a world that does not lie in the data folder.

use crate::process::{Folder, Running, run};
use serde_json::json;
use test_postgres::Schema;

/// Runs a sandbox that must end by itself; what it says.
fn refused(folder: &Folder, database: &str) -> String {
    let data = folder.0.to_str().unwrap();
    let output = run(["sandbox", "--listen", "127.0.0.1:0", "--data", data, "--database", database]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{database}: {text}");
    assert!(text.starts_with("posthaste: "), "{text}");
    text
}

#[test]
fn what_is_no_database_says_why_and_shows_no_password() {
    let folder = Folder::new();
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (database, said) in [
        ("mysql://root:secret@127.0.0.1/world".to_owned(), "sqlite:PATH or postgres://"),
        ("sqlite:".to_owned(), "no path"),
        (format!("postgres://u:secret@{unused}/world"), &*format!("{unused}/world")),
        ("postgres://u:secret@127.0.0.1:port/world".to_owned(), "invalid"),
    ] {
        let text = refused(&folder, &database);
        assert!(text.contains(said), "{database}: {text}");
        assert!(!text.contains("secret"), "{text}");
    }
    assert!(!folder.0.join("sandbox.env").exists());
    assert!(!folder.0.join("world.key").exists(), "no world was made");
}

/// The same life as in the data folder: a restart keeps everything, a second process is refused, and so is another key.
async fn a_world_lives_in(database: &str, in_use: &str) {
    let (folder, other) = (Folder::new(), Folder::new());
    let arguments = ["--database", database];
    let first = Running::start(&folder.0, &arguments);
    let send = json!({"recipient": {"id": first.env("IGSID")}, "message": {"text": "kept"}});
    first.call("POST", "/me/messages").token(first.env("IG_ACCESS_TOKEN")).json(&send).ok().await;
    for name in ["posthaste.db", "posthaste.db-wal"] {
        assert!(!folder.0.join(name).exists(), "{name} is in the data folder");
    }
    let text = refused(&other, database);
    assert!(text.contains(in_use), "{text}");
    // The data folder is one process's, too.
    let text = refused(&folder, &format!("sqlite:{}/elsewhere/world.db", other.0.display()));
    assert!(text.contains("in use by another process"), "{text}");
    let mut values = first.env.clone();
    first.program.kill();

    let text = refused(&other, database);
    assert!(text.contains("world.key is missing"), "{text}");
    std::fs::write(other.0.join("world.key"), [9; 32]).unwrap();
    let text = refused(&other, database);
    assert!(text.contains("the key of another world"), "{text}");

    let second = Running::start(&folder.0, &arguments);
    values.insert("POSTHASTE_URL".to_owned(), second.env("POSTHASTE_URL").to_owned());
    assert_eq!(second.env, values);
    let inbox = second.call("GET", "/sim/people/ana.customer/inbox").ok().await;
    assert!(inbox.text().contains("kept"));
    second.call("POST", "/sim/reset").json(&json!({})).ok().await;
    let inbox = second.call("GET", "/sim/people/ana.customer/inbox").ok().await;
    assert!(!inbox.text().contains("kept"));
    assert!(second.program.terminate(), "a clean end");
    let third = Running::start(&folder.0, &arguments);
    values.insert("POSTHASTE_URL".to_owned(), third.env("POSTHASTE_URL").to_owned());
    assert_eq!(third.env, values);
}

#[tokio::test]
async fn a_world_lives_in_a_file_elsewhere() {
    let elsewhere = Folder::new();
    let path = elsewhere.0.join("data/world.db");
    a_world_lives_in(&format!("sqlite:{}", path.display()), "is in use by another process").await;
    assert!(path.exists());
}

#[tokio::test]
async fn a_world_lives_on_postgresql() {
    if let Some(schema) = Schema::new() {
        a_world_lives_in(&schema.url(), "is in use by another process").await;
    }
}
