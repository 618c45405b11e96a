//! Units that write.

use std::sync::Arc;
use std::time::Duration;

use clock::{Micros, MovableClock};
use storage::{Error, Result, params};

use crate::world::{ADD_THING, World, add_thing};

const TASKS: usize = 32;
const EACH: usize = 25;

/// Runs `unit` from many tasks, many times each.
async fn many<F: Future<Output = ()> + Send + 'static>(unit: impl Fn() -> F + Send + Sync + 'static) {
    let unit = Arc::new(unit);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..TASKS {
        let unit = Arc::clone(&unit);
        tasks.spawn(async move {
            for _ in 0..EACH {
                unit().await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

pub(crate) async fn every_increment_counts(world: World) {
    let db = world.db.clone();
    many(move || {
        let db = db.clone();
        async move {
            let changed = db
                .write::<_, Error>(|tx| tx.run("UPDATE counter SET n = n + 1 WHERE id = $1", params![1_i64]));
            assert_eq!(changed.await, Ok(1));
        }
    })
    .await;
    let n: i64 = world.one("SELECT n FROM counter WHERE id = 1", params![]).await;
    assert_eq!(n, (TASKS * EACH) as i64);
}

pub(crate) async fn no_update_is_lost(world: World) {
    let db = world.db.clone();
    many(move || {
        let db = db.clone();
        async move {
            let unit = db.write::<_, Error>(|tx| {
                let n = tx.one::<i64>("SELECT n FROM counter WHERE id = $1 FOR UPDATE", params![1_i64])?;
                let n = n.expect("the counter is there");
                tx.later("UPDATE counter SET n = $2 WHERE id = $1", params![1_i64, n + 1])
            });
            unit.await.unwrap();
        }
    })
    .await;
    let n: i64 = world.one("SELECT n FROM counter WHERE id = 1", params![]).await;
    assert_eq!(n, (TASKS * EACH) as i64);
}

/// An error of a caller's own.
#[derive(Debug, PartialEq)]
enum Refused {
    Rule,
    Storage(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Storage(error)
    }
}

pub(crate) async fn a_failing_unit_leaves_nothing(world: World) {
    let failed = world.db.write::<(), _>(|tx| {
        tx.run(ADD_THING, params![1_i64, "one"])?;
        tx.later(ADD_THING, params![2_i64, "two"])?;
        Err(Refused::Rule)
    });
    assert_eq!(failed.await, Err(Refused::Rule));
    let failed = world.db.write::<_, Refused>(|tx| Ok(tx.run("UPDATE nothing SET x = 1", params![])?));
    assert!(matches!(failed.await, Err(Refused::Storage(Error::Engine(_)))));
    add_thing(&world.db, 3).await.unwrap();
    assert_eq!(world.things().await, [3]);
}

pub(crate) async fn a_panicking_unit_leaves_nothing(world: World) {
    let panicked = world.db.write::<(), Error>(|tx| {
        tx.run(ADD_THING, params![1_i64, "one"])?;
        panic!("on purpose");
    });
    assert_eq!(panicked.await, Err(Error::Panicked));
    add_thing(&world.db, 2).await.unwrap();
    assert_eq!(world.things().await, [2]);
}

pub(crate) async fn counts_are_of_rows(world: World) {
    for id in 1..=3 {
        assert_eq!(add_thing(&world.db, id).await, Ok(1));
    }
    assert_eq!(world.run("UPDATE thing SET note = 'x' WHERE id > $1", params![1_i64]).await, Ok(2));
    assert_eq!(world.run("DELETE FROM thing WHERE id = $1", params![9_i64]).await, Ok(0));
    let wrong = world.db.write(|tx| tx.run_exactly(1, "UPDATE thing SET note = 'y'", params![]));
    assert_eq!(wrong.await, Err(Error::RowCount { wanted: 1, got: 3 }));
    world.db.write(|tx| tx.run_exactly(3, "UPDATE thing SET note = 'z'", params![])).await.unwrap();
    assert_eq!(world.all::<String>("SELECT DISTINCT note FROM thing").await, ["z"]);
}

pub(crate) async fn one_is_the_first_and_all_are_all(world: World) {
    let unit = world.db.write(|tx| {
        let add = "INSERT INTO thing (id, name) VALUES ($1, $2), ($3, $4), ($5, $6) RETURNING id";
        let first = tx.one::<i64>(add, params![1_i64, "a", 2_i64, "b", 3_i64, "c"])?;
        let all = tx.all::<i64>("UPDATE thing SET note = 'x' WHERE id >= $1 RETURNING id", params![2_i64])?;
        let none = tx.one::<i64>("SELECT id FROM thing WHERE id = $1", params![9_i64])?;
        let ordered = tx.one::<i64>("SELECT id FROM thing ORDER BY id DESC", params![])?;
        Ok::<_, Error>((first, all.len(), none, ordered))
    });
    assert_eq!(unit.await, Ok((Some(1), 2, None, Some(3))));
    assert_eq!(world.things().await, [1, 2, 3]);
}

pub(crate) async fn a_unit_has_one_time(world: World) {
    let clock = Arc::clone(&world.clock);
    let unit = world.db.write::<_, Error>(move |tx| {
        let before = tx.now();
        clock.advance(Duration::from_secs(5));
        Ok((before, tx.now()))
    });
    let (before, after) = unit.await.unwrap();
    assert_eq!((before, after), (Micros::from_secs(1000), Micros::from_secs(1000)));
    let next = world.db.write::<_, Error>(|tx| Ok(tx.now()));
    assert_eq!(next.await, Ok(Micros::from_secs(1005)));
    assert_eq!(world.db.read::<_, Error>(|tx| Ok(tx.now())).await, Ok(Micros::from_secs(1005)));
    assert_eq!(world.db.clock().now(), Micros::from_secs(1005));
}

pub(crate) async fn a_unit_does_not_end_its_transaction(world: World) {
    for control in ["COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT x"] {
        let unit = world.db.write(move |tx| {
            tx.run(ADD_THING, params![1_i64, "one"])?;
            tx.run(control, params![])
        });
        assert!(matches!(unit.await, Err(Error::Statement { .. })), "{control}");
    }
    assert!(world.things().await.is_empty());
}

pub(crate) async fn a_closed_database_says_so(world: World) {
    let handle = world.db.clone();
    world.db.close().await.unwrap();
    let write: Result<u64> = handle.write(|tx| tx.run(ADD_THING, params![1_i64, "one"])).await;
    assert_eq!(write, Err(Error::Closed));
    let read = handle.read(|tx| tx.one::<i64>("SELECT 1", params![]));
    assert_eq!(read.await, Err(Error::Closed));
    assert_eq!(handle.migrate(&[]), Err(Error::Closed));
    assert_eq!(handle.close().await, Ok(()), "closing twice is no harm");
}
