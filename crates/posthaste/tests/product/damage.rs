//! Files that are damaged, or not those of this world: an error that names the file, and nothing overwritten.

use crate::process::{Folder, Running, refused};
use std::fs;
use std::process::Stdio;

/// SQLite's pages.
const PAGE: usize = 4096;

/// A page in the middle cannot be read: who needs it hears of that, nobody gets a part for the whole, and the rest goes
/// on. The file as it was has everything.
#[tokio::test]
async fn a_damaged_page_is_an_error_of_who_needs_it() {
    let folder = Folder::new();
    let first = Running::start(&folder.0, &[]);
    let texts: Vec<String> = (0..60).map(|n| format!("message number {n:03} {}", "y".repeat(400))).collect();
    for text in &texts {
        assert_eq!(first.send(text).await.status, 200);
    }
    assert!(first.program.terminate());
    let file = folder.0.join("posthaste.db");
    let whole = fs::read(&file).unwrap();
    let at = whole.windows(18).position(|bytes| bytes == b"message number 030").unwrap();
    let mut damaged = whole.clone();
    let page = at / PAGE * PAGE;
    damaged[page..page + PAGE].fill(0xa5);
    fs::write(&file, &damaged).unwrap();

    let heard = folder.0.join("stderr");
    let sandbox = Running::start_heard(&folder.0, &[], Stdio::from(fs::File::create(&heard).unwrap()));
    let path = format!("/sim/people/{}/inbox?limit=10000", sandbox.env("PERSON_USERNAME"));
    let answer = sandbox.call("GET", &path).send().await;
    assert_eq!(answer.status, 500, "{}", answer.text());
    assert!(answer.text().contains("posthaste.db"), "{}", answer.text());
    assert!(fs::read_to_string(&heard).unwrap().contains("posthaste.db"));
    assert_eq!(sandbox.call("GET", "/sim/world").send().await.status, 200, "the rest can be read");
    sandbox.program.kill();

    for left in ["posthaste.db-wal", "posthaste.db-shm"] {
        let _ = fs::remove_file(folder.0.join(left));
    }
    fs::write(&file, &whole).unwrap();
    assert_eq!(Running::start(&folder.0, &[]).sent().await, texts);
}

/// A cut file, as a copy that was interrupted leaves it.
#[tokio::test]
async fn a_cut_database_is_refused_and_left_alone() {
    let folder = Folder::new();
    let first = Running::start(&folder.0, &[]);
    assert_eq!(first.send("kept").await.status, 200);
    assert!(first.program.terminate());
    let file = folder.0.join("posthaste.db");
    let whole = fs::read(&file).unwrap();
    let half = &whole[..whole.len() / 2 / PAGE * PAGE];
    fs::write(&file, half).unwrap();
    assert!(refused(&folder.0).contains("posthaste.db"));
    assert_eq!(fs::read(&file).unwrap(), half);
    fs::write(&file, &whole).unwrap();
    assert_eq!(Running::start(&folder.0, &[]).sent().await, ["kept"]);
}

/// The key of another world would make other tokens and secrets of the same data: refused, and the right one is
/// taken again.
#[tokio::test]
async fn a_foreign_key_is_refused() {
    let (folder, other) = (Folder::new(), Folder::new());
    let first = Running::start(&folder.0, &[]);
    assert_eq!(first.send("kept").await.status, 200);
    let token = first.env("IG_ACCESS_TOKEN").to_owned();
    assert!(first.program.terminate());
    assert!(Running::start(&other.0, &[]).program.terminate());
    let key = folder.0.join("world.key");
    let right = fs::read(&key).unwrap();
    fs::copy(other.0.join("world.key"), &key).unwrap();
    let said = refused(&folder.0);
    assert!(said.contains("world.key") && said.contains("another world"), "{said}");
    fs::write(&key, &right[..16]).unwrap();
    assert!(refused(&folder.0).contains("32 bytes"));
    fs::write(&key, &right).unwrap();
    let again = Running::start(&folder.0, &[]);
    assert_eq!(again.env("IG_ACCESS_TOKEN"), token);
    assert_eq!(again.sent().await, ["kept"]);
}
