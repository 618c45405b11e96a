//! The schema's steps.

use clock::Micros;
use storage::{Error, Migration, params};

use crate::world::{TABLES, World, add_thing};

const SECOND: Migration = Migration {
    name: "002 second",
    sql: "CREATE TABLE second (id BIGINT PRIMARY KEY, data {bytes}); INSERT INTO second (id) VALUES (5);",
};

async fn applied(world: &World) -> Vec<String> {
    world.all("SELECT name FROM schema_migration ORDER BY name").await
}

pub(crate) async fn migrations_are_applied_once(world: World) {
    world.db.migrate(&[TABLES]).unwrap();
    add_thing(&world.db, 1).await.unwrap();
    world.db.migrate(&[TABLES, SECOND]).unwrap();
    world.db.migrate(&[TABLES, SECOND]).unwrap();
    assert_eq!(applied(&world).await, ["001 tables", "002 second"]);
    assert_eq!(world.things().await, [1]);
    assert_eq!(world.all::<i64>("SELECT id FROM second").await, [5]);
    world.run("UPDATE second SET data = $1", params![b"\x00\xff"]).await.unwrap();
    assert_eq!(world.all::<Vec<u8>>("SELECT data FROM second").await, [vec![0, 255]]);
}

pub(crate) async fn a_newer_database_is_refused(world: World) {
    const THIRD: Migration =
        Migration { name: "003 third", sql: "CREATE TABLE third (id BIGINT PRIMARY KEY)" };
    world.db.migrate(&[TABLES, SECOND]).unwrap();
    let refused = world.db.migrate(&[TABLES, THIRD]).unwrap_err();
    assert_eq!(refused, Error::Newer { unknown: vec!["002 second".to_owned()] });
    assert!(refused.to_string().contains("002 second"));
    assert_eq!(applied(&world).await, ["001 tables", "002 second"], "nothing was applied");
}

pub(crate) async fn a_failing_migration_leaves_nothing(world: World) {
    const BAD: Migration = Migration {
        name: "003 bad",
        sql: "CREATE TABLE third (id BIGINT PRIMARY KEY);
              INSERT INTO third (id) VALUES (1);
              INSERT INTO third (id) VALUES (1);",
    };
    const GOOD: Migration = Migration { name: "003 bad", sql: "CREATE TABLE third (id BIGINT PRIMARY KEY)" };
    let failed = world.db.migrate(&[TABLES, SECOND, BAD]).unwrap_err();
    assert!(
        matches!(&failed, Error::Migration { name: "003 bad", cause } if matches!(**cause, Error::Conflict(_))),
        "{failed:?}"
    );
    assert_eq!(applied(&world).await, ["001 tables", "002 second"]);
    add_thing(&world.db, 1).await.unwrap();
    world.db.migrate(&[TABLES, SECOND, GOOD]).unwrap();
    assert!(world.all::<i64>("SELECT id FROM third").await.is_empty());
}

pub(crate) async fn a_migration_does_not_end_its_transaction(world: World) {
    const ENDS: Migration =
        Migration { name: "002 ends", sql: "CREATE TABLE second (id BIGINT PRIMARY KEY); COMMIT" };
    let failed = world.db.migrate(&[TABLES, ENDS]).unwrap_err();
    assert!(matches!(failed, Error::Migration { name: "002 ends", .. }), "{failed:?}");
    assert_eq!(applied(&world).await, ["001 tables"]);
    add_thing(&world.db, 1).await.unwrap();
}

pub(crate) async fn the_time_of_a_migration_is_the_worlds(world: World) {
    let at: Micros = world.one("SELECT applied_at FROM schema_migration", params![]).await;
    assert_eq!(at, Micros::from_secs(1000));
}
