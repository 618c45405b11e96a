//! Disks that are full, and disks that fail.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use storage::{Error, Migration, Options, params};

use crate::world::{ADD_THING, Folder, TABLES, World, add_thing, clock, hold, open, start};

/// A limit of the writer's connection: beyond it SQLite behaves as if the disk were full.
const SMALL: Migration = Migration { name: "002 small", sql: "PRAGMA max_page_count = 60" };

const BIG: &str = "INSERT INTO thing (id, name, note) VALUES ($1, $2, $3)";

#[tokio::test]
async fn a_full_disk_refuses_the_group_and_goes_on() {
    let world = World::file();
    world.db.migrate(&[TABLES, SMALL]).unwrap();
    add_thing(&world.db, 1).await.unwrap();
    let hooks = Arc::new(AtomicU32::new(0));

    let held = hold(&world.db).await;
    let before = start(add_thing(&world.db, 2)).await;
    let (db, count) = (world.db.clone(), Arc::clone(&hooks));
    let big = start(async move {
        db.write(move |tx| {
            let count = Arc::clone(&count);
            tx.after_commit(move || {
                count.fetch_add(1, Ordering::Relaxed);
            });
            tx.run(BIG, params![3_i64, "big", "x".repeat(1_000_000)])
        })
        .await
    })
    .await;
    let after = start(add_thing(&world.db, 4)).await;
    held.release().await;

    assert_eq!(big.await, Err(Error::Full));
    // SQLite has undone the whole transaction, so nobody in it may hear of success.
    assert_eq!((before.await, after.await), (Err(Error::Full), Err(Error::Full)));
    assert_eq!(world.things().await, [1]);
    assert_eq!(hooks.load(Ordering::Relaxed), 0);
    add_thing(&world.db, 5).await.unwrap();
    assert_eq!(world.reopened().await.things().await, [1, 5]);
}

/// A process that may not write files above a size stands for a disk that fails: the system refuses the write to the
/// log inside COMMIT. The limit is the whole process's, so it is a process of its own: this test program again.
#[test]
fn a_disk_that_fails_at_a_commit_ends_everything() {
    let folder = Folder::new();
    run_with_a_limit(&folder, "disk::with_a_failing_disk");
    assert_eq!(things_in(folder), [1], "what was acknowledged, and only that");
}

/// As above, but the log stays below the limit, and what is beyond it is the database's own file.
#[test]
fn a_disk_that_fails_as_the_log_is_moved_ends_everything() {
    let folder = Folder::new();
    run_with_a_limit(&folder, "disk::with_a_disk_that_fails_behind_the_log");
    let acknowledged = fs::read_to_string(folder.path().join(MARKER)).unwrap().parse::<i64>().unwrap();
    assert!(acknowledged > 10);
    let things = things_in(folder);
    let wanted: Vec<i64> = (1..=acknowledged).collect();
    assert_eq!(things[..wanted.len()], wanted, "what was acknowledged");
    assert!(things.len() <= wanted.len() + 1, "and at most what was under way");
}

/// Runs an ignored test of this program in `folder` as a process that may not write files above 300 KiB.
fn run_with_a_limit(folder: &Folder, test: &str) {
    fs::write(folder.path().join(MARKER), "").unwrap();
    let run = Command::new("sh")
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f 600; exec \"$0\" --exact \"$1\" --ignored --nocapture")
        .arg(std::env::current_exe().unwrap())
        .arg(test)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

/// The things in a database that nobody has open.
fn things_in(folder: Folder) -> Vec<i64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock = clock();
        let db = open(&folder.database(), &clock, Options::default()).unwrap();
        let world = World { db, clock, folder: Some(folder), schema: None };
        world.things().await
    })
}

const MARKER: &str = "the disk fails here";

#[tokio::test]
#[ignore = "run by a_disk_that_fails_as_the_log_is_moved_ends_everything"]
async fn with_a_disk_that_fails_behind_the_log() {
    if !Path::new(MARKER).exists() {
        return;
    }
    let fatal = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&fatal);
    let on_fatal = Arc::new(move |error: &Error| told.lock().unwrap().push(error.clone()));
    let options = Options { on_fatal, wal_limit: 150_000, ..Options::default() };
    let db = open(Path::new("data/world.db"), &clock(), options).unwrap();
    db.migrate(&[TABLES]).unwrap();
    let mut acknowledged = 0;
    let refused = loop {
        let id = acknowledged + 1;
        match db.write(move |tx| tx.run(BIG, params![id, format!("thing {id}"), "x".repeat(3000)])).await {
            Ok(_) => acknowledged = id,
            Err(error) => break error,
        }
        assert!(acknowledged < 1000, "the limit was never met");
    };
    assert_eq!(refused, Error::Closed);
    assert!(matches!(fatal.lock().unwrap()[..], [Error::Disk(_)]), "{fatal:?}");
    fs::write(MARKER, acknowledged.to_string()).unwrap();
}

#[tokio::test]
#[ignore = "run by a_disk_that_fails_at_a_commit_ends_everything"]
async fn with_a_failing_disk() {
    if !Path::new(MARKER).exists() {
        return;
    }
    let fatal = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&fatal);
    let on_fatal = Arc::new(move |error: &Error| told.lock().unwrap().push(error.clone()));
    let options = Options { on_fatal, ..Options::default() };
    let db = open(Path::new("data/world.db"), &clock(), options).unwrap();
    db.migrate(&[TABLES]).unwrap();
    add_thing(&db, 1).await.unwrap();

    let held = hold(&db).await;
    let before = start(add_thing(&db, 2)).await;
    let writer = db.clone();
    let big =
        start(
            async move { writer.write(|tx| tx.run(BIG, params![3_i64, "big", "x".repeat(2_000_000)])).await },
        )
        .await;
    let writer = db.clone();
    let failing = start(async move {
        writer.write(|tx| tx.run(ADD_THING, params![4_i64, "four"]).and(Err::<(), _>(Error::Text))).await
    })
    .await;
    held.release().await;

    let results = [before.await.map(drop), big.await.map(drop), failing.await];
    assert!(results.iter().all(|result| matches!(result, Err(Error::Disk(_)))), "{results:?}");
    assert!(matches!(fatal.lock().unwrap()[..], [Error::Disk(_)]), "{fatal:?}");
    assert_eq!(add_thing(&db, 5).await, Err(Error::Closed), "nothing is written any more");
}
