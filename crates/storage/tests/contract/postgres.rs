//! What PostgreSQL does beyond the contract: round trips, units that run side by side, types.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use storage::{Error, Migration, PostgresOptions, Result, Tx, params};

use test_postgres::Schema;

use crate::world::{
    ADD_THING, TABLES, World, add_thing, clock, connect, few_connections, hold, start, world_behind_proxy,
};

const LOCK: &str = "SELECT n FROM counter WHERE id = $1 FOR UPDATE";
const COUNT: &str = "UPDATE counter SET n = $2 WHERE id = $1";

/// A unit as a send is one: it locks a row, decides, and writes what nobody waits for.
fn send(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let n = tx.one::<i64>(LOCK, params![1_i64])?.expect("the counter is there") + 1;
    tx.later(COUNT, params![1_i64, n])?;
    tx.later(ADD_THING, params![n, name])?;
    tx.later("UPDATE thing SET note = $2, data = $3 WHERE id = $1", params![n, "note", b"data"])?;
    tx.later("INSERT INTO part (id, thing_id) VALUES ($1, $1)", params![n])?;
    Ok(n)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_send_takes_two_round_trips() {
    let Some((world, proxy)) = world_behind_proxy(PostgresOptions::default()).await else { return };
    // The first time, each statement is prepared.
    assert_eq!(world.db.write(|tx| send(tx, "first")).await, Ok(1));
    for (n, name) in [(2, "second"), (3, "third")] {
        let (counted, turns) = (world.db.stats().round_trips, proxy.turns());
        assert_eq!(world.db.write(move |tx| send(tx, name)).await, Ok(n));
        assert_eq!(world.db.stats().round_trips - counted, 2, "as we count");
        assert_eq!(proxy.turns() - turns, 2, "as the wire has it");
    }
    let (counted, turns) = (world.db.stats().round_trips, proxy.turns());
    add_later(&world, 9).await.unwrap();
    assert_eq!((world.db.stats().round_trips - counted, proxy.turns() - turns), (1, 1), "all with COMMIT");
    world.db.write::<_, Error>(|_| Ok(())).await.unwrap();
    assert_eq!((world.db.stats().round_trips - counted, proxy.turns() - turns), (1, 1), "nothing to do");
    assert_eq!(world.things().await, [1, 2, 3, 9]);
}

async fn add_later(world: &World, id: i64) -> Result<()> {
    world.db.write(move |tx| tx.later(ADD_THING, params![id, format!("thing {id}")])).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_later_writes_come_in_order() {
    let Some(world) = World::postgres() else { return };
    let unit = world.db.write::<_, Error>(|tx| {
        for n in 1..=500_i64 {
            tx.later("UPDATE counter SET n = n * 3 + $1 WHERE id = 1", params![n])?;
            tx.later("UPDATE counter SET n = n % 1000003 WHERE id = 1", params![])?;
        }
        tx.one::<i64>("SELECT n FROM counter", params![])
    });
    let wanted = (1..=500).fold(0_i64, |n, i| (n * 3 + i) % 1_000_003);
    assert_eq!(unit.await, Ok(Some(wanted)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_deadlocks_is_run_again() {
    let Some(world) = World::postgres() else { return };
    world.run("INSERT INTO counter (id, n) VALUES (2, 0)", params![]).await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let hooks = Arc::new(AtomicU32::new(0));
    let met = Arc::new(Barrier::new(2));
    let unit = |first: i64, second: i64| {
        let (db, runs, hooks, met) =
            (world.db.clone(), Arc::clone(&runs), Arc::clone(&hooks), Arc::clone(&met));
        tokio::spawn(async move {
            db.write::<_, Error>(move |tx| {
                let hooks = Arc::clone(&hooks);
                tx.after_commit(move || {
                    hooks.fetch_add(1, Ordering::SeqCst);
                });
                tx.run("UPDATE counter SET n = n + 1 WHERE id = $1", params![first])?;
                if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                    met.wait();
                }
                tx.later("UPDATE counter SET n = n + 1 WHERE id = $1", params![second])
            })
            .await
        })
    };
    let (one, other) = (unit(1, 2), unit(2, 1));
    assert_eq!((one.await.unwrap(), other.await.unwrap()), (Ok(()), Ok(())));
    assert_eq!(world.all::<i64>("SELECT n FROM counter").await, [2, 2], "each once");
    // Who is run again at once may meet the other a second time.
    assert!(runs.load(Ordering::SeqCst) >= 3, "{runs:?}");
    assert_eq!(hooks.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_be_serialized_is_run_again() {
    let Some(world) = World::postgres() else { return };
    let runs = Arc::new(AtomicU32::new(0));
    let met = Arc::new(Barrier::new(2));
    let unit = || {
        let (db, runs, met) = (world.db.clone(), Arc::clone(&runs), Arc::clone(&met));
        tokio::spawn(async move {
            db.write::<_, Error>(move |tx| {
                tx.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", params![])?;
                let n = tx.one::<i64>("SELECT n FROM counter WHERE id = $1", params![1_i64])?.unwrap_or(0);
                if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                    met.wait();
                }
                tx.later(COUNT, params![1_i64, n + 1])
            })
            .await
        })
    };
    let (one, other) = (unit(), unit());
    assert_eq!((one.await.unwrap(), other.await.unwrap()), (Ok(()), Ok(())));
    assert_eq!(world.one::<i64>("SELECT n FROM counter", params![]).await, 2);
    assert_eq!(runs.load(Ordering::SeqCst), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_always_fails_to_be_serialized_is_told_to_try_again() {
    let Some(world) = World::postgres() else { return };
    world.schema.as_ref().unwrap().ask(&format!(
        "CREATE FUNCTION {}.refuse() RETURNS BIGINT LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$",
        world.schema.as_ref().unwrap().name
    ));
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let unit = world.db.write(move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        tx.run(ADD_THING, params![1_i64, "one"])?;
        tx.one::<i64>("SELECT refuse()", params![])
    });
    assert_eq!(unit.await, Err(Error::Busy));
    assert!((2..=20).contains(&runs.load(Ordering::SeqCst)), "{runs:?}");
    assert!(world.things().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_is_prepared_anew_when_its_table_has_changed() {
    let Some(world) = World::postgres() else { return };
    let read = || world.all::<(i64, i64)>("SELECT * FROM counter");
    assert_eq!(read().await, [(1, 0)]);
    let name = &world.schema.as_ref().unwrap().name;
    world.schema.as_ref().unwrap().ask(&format!("ALTER TABLE {name}.counter ADD COLUMN more BIGINT"));
    for _ in 0..4 {
        assert_eq!(read().await, [(1, 0)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_of_another_type_is_refused() {
    let Some(world) = World::postgres() else { return };
    for p in [params![1_i64, 2_i64], params!["1", "one"], params![1_i64, b"one"]] {
        let refused = world.run(ADD_THING, p).await;
        assert!(matches!(&refused, Err(Error::Engine(text)) if text.contains("parameter $")), "{refused:?}");
    }
    let sum = world.db.read(|tx| tx.one::<i64>("SELECT SUM(n) FROM counter", params![]));
    assert!(matches!(sum.await, Err(Error::Column { .. })), "a sum is cast");
    assert!(world.things().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_cannot_make_texts_of_another_order() {
    const LOWER: Migration =
        Migration { name: "002 lower", sql: "CREATE TABLE lower (id BIGINT PRIMARY KEY, name text)" };
    let Some(world) = World::postgres() else { return };
    let refused = world.db.migrate(&[TABLES, LOWER]).unwrap_err();
    assert!(refused.to_string().contains("002 lower"), "{refused}");
    assert!(format!("{refused:?}").contains("lower.name"), "{refused:?}");
    let unit = world.run("UPDATE lower SET id = 1", params![]).await;
    assert!(matches!(unit, Err(Error::Engine(_))), "{unit:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_together_migrate_once() {
    let Some(schema) = Schema::new() else { return };
    let migrate = |_| {
        let (url, clock) = (schema.url(), clock());
        tokio::task::spawn_blocking(move || {
            let options = PostgresOptions { connections: 1, readers: 1, ..PostgresOptions::default() };
            let db = connect(&url, &clock, options).unwrap();
            db.migrate(&[TABLES]).map(|()| db)
        })
    };
    for done in (0..4).map(migrate).collect::<Vec<_>>() {
        done.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_too_long_is_stopped() {
    const ENDLESS: &str =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT COUNT(*) FROM n";
    let limit = Duration::from_millis(50);
    let options = PostgresOptions {
        connections: 1,
        readers: 1,
        read_limit: limit,
        write_limit: limit,
        ..few_connections()
    };
    let Some(world) = World::postgres_with(options) else { return };
    let read = world.db.read(|tx| tx.one::<i64>(ENDLESS, params![]));
    assert_eq!(read.await, Err(Error::TooLong));
    let write = world.db.write(|tx| {
        tx.run(ADD_THING, params![1_i64, "one"])?;
        tx.one::<i64>(ENDLESS, params![])
    });
    assert_eq!(write.await, Err(Error::TooLong));
    assert!(world.things().await.is_empty(), "the connections are fit for the next");

    let options = PostgresOptions { read_limit: Duration::ZERO, ..few_connections() };
    let Some(world) = World::postgres_with(options) else { return };
    let late = world.db.read(|tx| tx.one::<i64>("SELECT n FROM counter", params![]));
    assert_eq!(late.await, Err(Error::TooLong), "though the statement takes no time");
}

#[tokio::test]
async fn a_full_queue_refuses() {
    let options = PostgresOptions { connections: 1, queue: 2, ..few_connections() };
    let Some(world) = World::postgres_with(options) else { return };
    let held = hold(&world.db).await;
    let first = start(add_thing(&world.db, 1)).await;
    let second = start(add_thing(&world.db, 2)).await;
    assert_eq!(add_thing(&world.db, 3).await, Err(Error::Busy));
    assert_eq!(world.db.migrate(&[TABLES]), Err(Error::Busy));
    let db = world.db.clone();
    let closing = start(async move { db.close().await }).await;
    held.release().await;
    closing.await.unwrap();
    assert_eq!((first.await, second.await), (Ok(1), Ok(1)), "closing finishes the queue");
    assert_eq!(add_thing(&world.db, 3).await, Err(Error::Closed));
    let world = world.reopened().await;
    assert_eq!(world.things().await, [1, 2]);
    assert!(matches!(world.db.fork(), Err(Error::Unsupported(_))));
}

#[tokio::test]
async fn the_last_handle_leaves_the_queue_to_be_finished() {
    let options = PostgresOptions { connections: 1, ..few_connections() };
    let Some(World { db, schema, .. }) = World::postgres_with(options) else { return };
    let (done, committed) = std::sync::mpsc::channel();
    let held = hold(&db).await;
    for id in 1..=3_i64 {
        let (db, done) = (db.clone(), done.clone());
        let unit = async move {
            db.write(move |tx| {
                let done = done.clone();
                tx.after_commit(move || done.send(id).unwrap());
                tx.later(ADD_THING, params![id, format!("thing {id}")])
            })
            .await
        };
        drop(start(unit).await);
    }
    drop((db, done));
    held.let_go();
    assert_eq!(committed.iter().collect::<Vec<_>>(), [1, 2, 3], "the channel ends when the units are gone");
    drop(schema);
}
