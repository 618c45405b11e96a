//! The writer's queue: when it is full, and when nobody is left.

use std::sync::mpsc;
use std::time::Duration;

use storage::{Error, Options, params};

use crate::world::{ADD_THING, TABLES, World, add_thing, hold, start};

#[tokio::test]
async fn a_full_queue_refuses() {
    let world = World::with(Options { queue: 2, ..Options::default() });
    let held = hold(&world.db).await;
    let first = start(add_thing(&world.db, 1)).await;
    let second = start(add_thing(&world.db, 2)).await;
    assert_eq!(add_thing(&world.db, 3).await, Err(Error::Busy));
    assert_eq!(world.db.migrate(&[TABLES]), Err(Error::Busy));
    held.release().await;
    assert_eq!((first.await, second.await), (Ok(1), Ok(1)));
    add_thing(&world.db, 4).await.unwrap();
    assert_eq!(world.things().await, [1, 2, 4]);
}

#[tokio::test]
async fn closing_finishes_the_queue() {
    // With a place in the queue for the closing, and without.
    for queue in [3, 2] {
        let world = World::with(Options { queue, ..Options::default() });
        let held = hold(&world.db).await;
        let first = start(add_thing(&world.db, 1)).await;
        let second = start(add_thing(&world.db, 2)).await;
        let db = world.db.clone();
        let closing = start(async move { db.close().await }).await;
        held.release().await;
        closing.await.unwrap();
        assert_eq!((first.await, second.await), (Ok(1), Ok(1)));
        assert_eq!(add_thing(&world.db, 3).await, Err(Error::Closed));
        assert_eq!(world.reopened().await.things().await, [1, 2]);
    }
}

#[tokio::test]
async fn the_last_handle_leaves_the_queue_to_be_finished() {
    let World { db, folder, clock, .. } = World::file();
    let (done, committed) = mpsc::channel();
    let held = hold(&db).await;
    for id in 1..=3_i64 {
        let (db, done) = (db.clone(), done.clone());
        let unit = async move {
            db.write(move |tx| {
                let done = done.clone();
                tx.after_commit(move || done.send(id).unwrap());
                tx.run(ADD_THING, params![id, format!("thing {id}")])
            })
            .await
        };
        drop(start(unit).await);
    }
    drop((db, done));
    held.let_go();
    assert_eq!(committed.iter().collect::<Vec<_>>(), [1, 2, 3], "the channel ends when the units are gone");
    drop((folder, clock));
}

#[tokio::test]
async fn a_read_that_takes_too_long_ends() {
    let world =
        World::with(Options { readers: 1, read_limit: Duration::from_millis(20), ..Options::default() });
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
    let one = world.db.read(move |tx| tx.one::<i64>(endless, params![]));
    assert_eq!(one.await, Err(Error::TooLong));
    assert_eq!(
        world.one::<i64>("SELECT n FROM counter", params![]).await,
        0,
        "the connection is fit for the next"
    );
}

#[tokio::test]
async fn the_time_that_a_read_spends_outside_of_statements_counts() {
    let world = World::with(Options { read_limit: Duration::ZERO, ..Options::default() });
    let late = world.db.read(|tx| tx.one::<i64>("SELECT n FROM counter", params![]));
    assert_eq!(late.await, Err(Error::TooLong), "though the statement takes no time");
}
