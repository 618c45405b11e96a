//! Constraints, and what a failed statement does to its unit.

use storage::{Error, Result, params};

use crate::world::{ADD_THING, World, add_thing};

fn is_conflict<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Conflict(_)))
}

pub(crate) async fn a_taken_key_is_a_conflict(world: World) {
    add_thing(&world.db, 1).await.unwrap();
    assert!(is_conflict(&world.run(ADD_THING, params![1_i64, "another"]).await));
    assert_eq!(world.all::<String>("SELECT name FROM thing").await, ["thing 1"]);
}

pub(crate) async fn a_taken_unique_value_is_a_conflict(world: World) {
    add_thing(&world.db, 1).await.unwrap();
    let taken = world.run(ADD_THING, params![2_i64, "thing 1"]).await.unwrap_err();
    assert!(matches!(&taken, Error::Conflict(text) if !text.contains("thing 1")), "no values: {taken}");
    assert_eq!(world.things().await, [1]);
}

const ADD_PART: &str = "INSERT INTO part (id, thing_id) VALUES ($1, $2)";

pub(crate) async fn a_missing_parent_is_a_conflict(world: World) {
    assert!(is_conflict(&world.run(ADD_PART, params![1_i64, 7_i64]).await));
    add_thing(&world.db, 7).await.unwrap();
    world.run(ADD_PART, params![1_i64, 7_i64]).await.unwrap();
    assert!(is_conflict(&world.run("DELETE FROM thing WHERE id = $1", params![7_i64]).await));
    assert_eq!(world.things().await, [7]);
}

pub(crate) async fn a_missing_parent_is_found_though_only_the_first_row_is_wanted(world: World) {
    let unit = world.db.write(|tx| {
        // Of several rows: an engine may look for the parents of a single one at once.
        let add = "INSERT INTO part (id, thing_id) VALUES ($1, $2), ($3, $2) RETURNING id";
        tx.one::<i64>(add, params![1_i64, 7_i64, 2_i64])
    });
    assert!(is_conflict(&unit.await));
    assert!(world.all::<i64>("SELECT id FROM part").await.is_empty());
}

pub(crate) async fn a_promise_is_checked_at_the_end(world: World) {
    const PROMISE: &str = "INSERT INTO promise (id, thing_id) VALUES ($1, $2)";
    let kept = world.db.write(|tx| {
        tx.run(PROMISE, params![1_i64, 7_i64])?;
        tx.run(ADD_THING, params![7_i64, "seven"])
    });
    kept.await.unwrap();
    let broken = world.db.write(|tx| {
        tx.run(ADD_THING, params![8_i64, "eight"])?;
        tx.run(PROMISE, params![2_i64, 9_i64])
    });
    assert!(is_conflict(&broken.await));
    assert_eq!(world.all::<i64>("SELECT id FROM promise").await, [1]);
    assert_eq!(world.things().await, [7]);
}

pub(crate) async fn a_later_write_can_conflict(world: World) {
    add_thing(&world.db, 1).await.unwrap();
    let unit = world.db.write(|tx| {
        tx.later(ADD_THING, params![2_i64, "two"])?;
        tx.later(ADD_THING, params![1_i64, "one again"]).expect("told by what follows");
        Ok::<_, Error>(())
    });
    assert!(is_conflict(&unit.await), "by the unit's result");
    let unit = world.db.write(|tx| {
        tx.later(ADD_THING, params![1_i64, "one again"])?;
        let next = tx.one::<i64>("SELECT id FROM thing", params![]);
        assert!(matches!(next, Err(Error::Conflict(_))), "by the next statement");
        next
    });
    assert!(is_conflict(&unit.await));
    assert_eq!(world.things().await, [1]);
}

pub(crate) async fn a_missing_value_is_no_conflict(world: World) {
    let unit = world.run(ADD_THING, params![1_i64, None::<String>]).await;
    assert!(matches!(unit, Err(Error::Engine(_))), "{unit:?}");
}

pub(crate) async fn a_swallowed_failure_fails_the_unit(world: World) {
    add_thing(&world.db, 1).await.unwrap();
    let unit = world.db.write(|tx| {
        tx.run(ADD_THING, params![2_i64, "two"])?;
        let _ = tx.run(ADD_THING, params![1_i64, "one again"]);
        let after = tx.run(ADD_THING, params![3_i64, "three"]);
        assert!(matches!(after, Err(Error::Conflict(_))), "nothing runs after a failure");
        Ok::<_, Error>(())
    });
    assert!(is_conflict(&unit.await));
    assert_eq!(world.things().await, [1]);
}

pub(crate) async fn an_expected_conflict_is_none(world: World) {
    add_thing(&world.db, 1).await.unwrap();
    let add = "INSERT INTO thing (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
    assert_eq!(world.run(add, params![1_i64, "one again"]).await, Ok(0));
    let put = "INSERT INTO thing (id, name) VALUES ($1, $2)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING name";
    let put = world.db.write(move |tx| tx.one::<String>(put, params![1_i64, "one again"]));
    assert_eq!(put.await, Ok(Some("one again".to_owned())));
}
