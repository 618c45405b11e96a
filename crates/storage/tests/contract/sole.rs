//! A database on a server that belongs to one process at a time.

use std::time::Duration;

use storage::{Database, Error, PostgresOptions, Result, params};
use test_postgres::{Cut, Proxy, Schema, blocking};

use crate::world::{ADD_THING, TABLES, add_thing, clock, connect, few_connections, hold_after};

fn alone() -> PostgresOptions {
    PostgresOptions { alone: true, connect_limit: Duration::from_millis(200), ..few_connections() }
}

async fn open(url: String) -> Result<Database> {
    blocking(move || {
        let db = connect(&url, &clock(), alone())?;
        db.migrate(&[TABLES])?;
        Ok(db)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_one_is_refused_until_the_first_has_ended() {
    let Some(schema) = Schema::new() else { return };
    let first = open(schema.url()).await.unwrap();
    let refused = open(schema.url()).await.unwrap_err();
    assert!(matches!(&refused, Error::DatabaseInUse { .. }), "{refused:?}");
    assert!(refused.to_string().contains(&schema.address().1.to_string()), "{refused}");
    let elsewhere = Schema::new().unwrap();
    open(elsewhere.url()).await.unwrap();
    // Connections that are made anew hold it as well.
    assert!(schema.terminate() >= 6);
    add_thing(&first, 1).await.unwrap();
    open(schema.url()).await.unwrap_err();
    first.close().await.unwrap();
    let second = open(schema.url()).await.unwrap();
    add_thing(&second, 2).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_cut_off_and_replaced_is_refused() {
    let Some(schema) = Schema::new() else { return };
    let proxy = Proxy::start(&schema, None).await;
    let first = open(schema.url_at("127.0.0.1", proxy.port)).await.unwrap();
    add_thing(&first, 1).await.unwrap();
    proxy.refuse(true);
    schema.terminate();
    let second = open(schema.url()).await.unwrap();
    proxy.refuse(false);
    for _ in 0..2 {
        let refused = add_thing(&first, 2).await;
        assert!(matches!(refused, Err(Error::DatabaseInUse { .. })), "{refused:?}");
    }
    let read = first.read::<i64, Error>(|_| Ok(1)).await;
    assert!(matches!(read, Err(Error::DatabaseInUse { .. })), "{read:?}");
    second.close().await.unwrap();
    // Also when the other one has ended: what this process has in memory is no longer true.
    add_thing(&first, 2).await.unwrap_err();
}

/// What an earlier process has sent before it died is committed before the next one begins, or never.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_committed_behind_the_back_of_the_next_process() {
    let Some(schema) = Schema::new() else { return };
    let proxy = Proxy::start(&schema, None).await;
    let first = open(schema.url_at("127.0.0.1", proxy.port)).await.unwrap();
    let url = schema.url();
    let bystander = blocking(move || connect(&url, &clock(), few_connections()).unwrap()).await;
    schema.ask(&format!(
        "CREATE FUNCTION {0}.wait() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN PERFORM 1 FROM {0}.counter FOR UPDATE; RETURN NULL; END';
         CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON {0}.thing DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION {0}.wait()",
        schema.name
    ));
    let lock = "SELECT n FROM counter WHERE id = 1 FOR UPDATE";
    let held = hold_after(&bystander, move |tx| tx.one::<i64>(lock, params![]).map(|_| ())).await;
    proxy.cut_once(Cut::DuringCommit);
    let unit = first.write(|tx| tx.later(ADD_THING, params![1_i64, "sent"]));
    assert_eq!(unit.await, Err(Error::Unclear));
    proxy.refuse(true);
    drop(first);
    let refused = open(schema.url()).await;
    assert!(matches!(refused, Err(Error::DatabaseInUse { .. })), "{refused:?}");
    held.release().await;
    let next = open(schema.url()).await.unwrap();
    let things = next.read::<_, Error>(|tx| tx.all::<i64>("SELECT id FROM thing", params![])).await;
    assert_eq!(things, Ok(vec![1]));
}
