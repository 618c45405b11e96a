//! Units that read.

use std::sync::Mutex;
use std::sync::mpsc;

use storage::{Error, Read, Result, params};

use crate::world::{ADD_THING, World, add_thing};

pub(crate) async fn a_read_sees_what_was_answered(world: World) {
    for id in 1..=50 {
        add_thing(&world.db, id).await.unwrap();
        let count: i64 = world.one("SELECT COUNT(*) FROM thing", params![]).await;
        assert_eq!(count, id);
    }
}

pub(crate) async fn a_read_cannot_write(world: World) {
    add_thing(&world.db, 1).await.unwrap();
    for sql in [
        "INSERT INTO thing (id, name) VALUES (2, 'two')",
        "INSERT INTO thing (id, name) VALUES (2, 'two') RETURNING id",
        "DELETE FROM thing",
        "CREATE TABLE more (id BIGINT)",
        "SELECT id FROM thing FOR UPDATE",
    ] {
        let all = world.db.read(move |tx| tx.all::<i64>(sql, params![]));
        assert_eq!(all.await, Err(Error::ReadOnly), "{sql}");
        let swallowed = world.db.read(move |tx| {
            let _ = tx.one::<i64>(sql, params![]);
            Ok::<_, Error>(())
        });
        assert_eq!(swallowed.await, Err(Error::ReadOnly), "{sql}");
    }
    assert_eq!(world.things().await, [1]);
    assert_eq!(world.db.stats().units, 1);
}

pub(crate) async fn a_plan_names_the_index(world: World) {
    add_thing(&world.db, 1).await.unwrap();
    for sql in ["SELECT name FROM thing WHERE id = $1 FOR UPDATE", "DELETE FROM thing WHERE id = $1"] {
        let plan = world.db.explain(sql).await.unwrap();
        assert!(plan.to_lowercase().contains("index") && plan.contains("thing"), "{plan}");
    }
    let plan = world.db.explain("SELECT name FROM thing WHERE note = $1").await.unwrap();
    assert!(!plan.to_lowercase().contains("index") && plan.contains("thing"), "{plan}");
    let wrong = world.db.explain("SELECT name FROM thing WHERE id = $2").await;
    assert!(matches!(wrong, Err(Error::Statement { .. })), "{wrong:?}");
    assert_eq!(world.things().await, [1], "the statement is not run");
}

pub(crate) async fn a_panicking_read_harms_nobody(world: World) {
    for _ in 0..5 {
        let panicked = world.db.read::<(), Error>(|tx| {
            tx.one::<i64>("SELECT id FROM thing", params![])?;
            panic!("on purpose");
        });
        assert_eq!(panicked.await, Err(Error::Panicked));
    }
    add_thing(&world.db, 1).await.unwrap();
    assert_eq!(world.things().await, [1]);
}

fn count(tx: &mut impl Read) -> Result<i64> {
    assert_eq!(tx.now().secs(), 1000);
    let all = tx.all::<i64>("SELECT id FROM thing", params![])?;
    let count = tx.one("SELECT COUNT(*) FROM thing", params![])?.unwrap_or(0);
    assert_eq!(all.len() as i64, count);
    Ok(count)
}

pub(crate) async fn functions_that_read_take_both_kinds_of_unit(world: World) {
    let inside = world.db.write(|tx| {
        tx.run(ADD_THING, params![1_i64, "one"])?;
        count(tx)
    });
    assert_eq!(inside.await, Ok(1), "a unit sees its own writes");
    assert_eq!(world.db.read(|tx| count(tx)).await, Ok(1));
}

pub(crate) async fn a_read_sees_one_state(world: World) {
    let (looked, first_look) = mpsc::channel();
    let (go_on, written) = mpsc::channel::<()>();
    let written = Mutex::new(written);
    let db = world.db.clone();
    let read = tokio::spawn(async move {
        db.read(move |tx| {
            let before = count(tx)?;
            looked.send(()).unwrap();
            written.lock().unwrap().recv().unwrap();
            Ok::<_, Error>((before, count(tx)?))
        })
        .await
    });
    first_look.recv().unwrap();
    add_thing(&world.db, 1).await.unwrap();
    assert_eq!(world.things().await, [1], "another read sees the write");
    go_on.send(()).unwrap();
    assert_eq!(read.await.unwrap(), Ok((0, 0)), "the read does not");
}

pub(crate) async fn reads_do_not_wait_for_the_writer(world: World) {
    add_thing(&world.db, 1).await.unwrap();
    let (wrote, written) = mpsc::channel();
    let (go_on, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let db = world.db.clone();
    let writing = tokio::spawn(async move {
        db.write(move |tx| {
            tx.run(ADD_THING, params![2_i64, "two"])?;
            wrote.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
            Ok::<_, Error>(())
        })
        .await
    });
    written.recv().unwrap();
    assert_eq!(world.things().await, [1], "what is not committed is not seen");
    go_on.send(()).unwrap();
    writing.await.unwrap().unwrap();
    assert_eq!(world.things().await, [1, 2]);
}
