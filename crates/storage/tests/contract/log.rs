//! The size of the write-ahead log of a SQLite file.

use std::fs;
use std::sync::{Mutex, mpsc};

use storage::{Error, Options, params};

use crate::world::{World, add_thing};

const LIMIT: u64 = 1 << 20;

/// How long the write-ahead log is when all units so far have been dealt with.
async fn log_len(world: &World) -> u64 {
    // The log is looked at after an answer, and before the next unit.
    world.run("UPDATE counter SET n = n + 1", params![]).await.unwrap();
    fs::metadata(format!("{}-wal", world.path().display())).unwrap().len()
}

/// Writes `times` times `bytes` new bytes over the note of a thing.
async fn write_over(world: &World, times: u8, bytes: usize) {
    for round in 0..times {
        // Other bytes each time: SQLite does not write what does not change.
        let note = char::from(b'a' + round % 26).to_string().repeat(bytes);
        let put = "INSERT INTO thing (id, name, note) VALUES (1, 'x', $1)
                   ON CONFLICT (id) DO UPDATE SET note = excluded.note";
        world.run(put, params![note]).await.unwrap();
    }
}

#[tokio::test]
async fn the_log_is_used_again() {
    let world = World::file();
    write_over(&world, 150, 1 << 20).await;
    let len = log_len(&world).await;
    assert!(len < 66 << 20, "{len}: 150 MiB were written, and from 64 on the writer waits for what is moved");
}

#[tokio::test]
async fn the_log_is_emptied_when_it_is_too_big() {
    let world = World::with(Options { wal_limit: LIMIT, ..Options::default() });
    write_over(&world, 100, 100_000).await;
    let len = log_len(&world).await;
    assert!(len < 2 * LIMIT, "{len}");
}

#[tokio::test]
async fn a_long_read_keeps_the_log_but_does_not_stop_the_writer() {
    let world = World::with(Options { wal_limit: LIMIT, ..Options::default() });
    add_thing(&world.db, 2).await.unwrap();
    let (looked, first_look) = tokio::sync::oneshot::channel();
    let looked = Mutex::new(Some(looked));
    let (go_on, written) = mpsc::channel();
    let written = Mutex::new(written);
    let db = world.db.clone();
    let read = tokio::spawn(async move {
        db.read::<_, Error>(move |tx| {
            let before = tx.all::<i64>("SELECT id FROM thing", params![])?;
            looked.lock().unwrap().take().map(|looked| looked.send(()));
            let () = written.lock().unwrap().recv().unwrap();
            Ok(before)
        })
        .await
    });
    first_look.await.unwrap();
    write_over(&world, 15, 100_000).await;
    assert!(log_len(&world).await > LIMIT, "the read keeps the log");
    go_on.send(()).unwrap();
    assert_eq!(read.await.unwrap(), Ok(vec![2]));
    write_over(&world, 15, 100_000).await;
    assert!(log_len(&world).await < 2 * LIMIT, "and lets go of it");
}
