//! Connections that end when they should not.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use storage::{End, Error, PostgresOptions, Result, params};

use test_postgres::{Cut, Schema, blocking};

use crate::world::{ADD_THING, World, add_thing, clock, connect, few_connections, world_behind_proxy};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_connections_are_made_anew() {
    let Some(world) = World::postgres() else { return };
    let schema = world.schema.as_ref().unwrap();
    for round in 0..3_i64 {
        // All at first; then those that have been made anew, of which each kind of unit needs one.
        assert!(schema.terminate() >= if round == 0 { 6 } else { 2 });
        add_thing(&world.db, round).await.unwrap();
        assert_eq!(world.things().await.len() as i64, round + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_loses_its_connection_is_run_again() {
    let Some(world) = World::postgres() else { return };
    let schema = Arc::new(world.schema.unwrap());
    let (runs, ends) = (Arc::new(AtomicU32::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (killer, counted, told) = (Arc::clone(&schema), Arc::clone(&runs), Arc::clone(&ends));
    let unit = world.db.write(move |tx| {
        let told = Arc::clone(&told);
        tx.at_end(move |end| told.lock().unwrap().push(end));
        tx.run(ADD_THING, params![1_i64, "one"])?;
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            killer.terminate();
        }
        tx.run(ADD_THING, params![2_i64, "two"])
    });
    assert_eq!(unit.await, Ok(1));
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(*ends.lock().unwrap(), [End::Undone, End::Committed]);
    let read = world.db.read(|tx| tx.all::<i64>("SELECT id FROM thing ORDER BY id", params![]));
    assert_eq!(read.await, Ok::<_, Error>(vec![1, 2]));

    let (killer, counted) = (Arc::clone(&schema), Arc::clone(&runs));
    let read = world.db.read::<_, Error>(move |tx| {
        let ids = tx.all::<i64>("SELECT id FROM thing ORDER BY id", params![])?;
        if counted.fetch_add(1, Ordering::SeqCst) == 2 {
            killer.terminate();
        }
        Ok((ids, tx.one::<i64>("SELECT n FROM counter", params![])?))
    });
    assert_eq!(read.await, Ok((vec![1, 2], Some(0))), "a read, too");
    assert_eq!(runs.load(Ordering::SeqCst), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_always_loses_its_connection_fails() {
    let Some(world) = World::postgres() else { return };
    let schema = Arc::new(world.schema.unwrap());
    let runs = Arc::new(AtomicU32::new(0));
    let (killer, counted) = (Arc::clone(&schema), Arc::clone(&runs));
    let unit = world.db.write(move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        tx.run(ADD_THING, params![1_i64, "one"])?;
        killer.terminate();
        tx.run(ADD_THING, params![2_i64, "two"])
    });
    assert!(matches!(unit.await, Err(Error::Engine(_))));
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    add_thing(&world.db, 3).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_an_answer_is_unclear() {
    let Some((world, proxy)) = world_behind_proxy(PostgresOptions::default()).await else { return };
    let ends = Arc::new(Mutex::new(Vec::new()));
    let unit = |id: i64| {
        let ends = Arc::clone(&ends);
        world.db.write(move |tx| -> Result<()> {
            let ends = Arc::clone(&ends);
            tx.at_end(move |end| ends.lock().unwrap().push(end));
            tx.one::<i64>("SELECT n FROM counter WHERE id = 1 FOR UPDATE", params![])?;
            tx.later(ADD_THING, params![id, format!("thing {id}")])
        })
    };
    proxy.cut_once(Cut::AfterCommit);
    assert_eq!(unit(1).await, Err(Error::Unclear));
    assert_eq!(world.things().await, [1], "it was committed");
    proxy.cut_once(Cut::BeforeCommit);
    assert_eq!(unit(2).await, Err(Error::Unclear));
    assert_eq!(world.things().await, [1], "it was not");
    assert_eq!(*ends.lock().unwrap(), [End::Unclear, End::Unclear], "nothing was run again");
    assert_eq!(unit(3).await, Ok(()));
    assert_eq!(world.things().await, [1, 3]);
    assert_eq!(ends.lock().unwrap().last(), Some(&End::Committed));
}

/// Writes follow BEGIN before it is known whether that succeeded. Without it, each would be committed by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_outside_of_a_transaction() {
    let Some((world, proxy)) = world_behind_proxy(PostgresOptions::default()).await else { return };
    let unit = |id: i64| {
        world.db.write(move |tx| {
            tx.later(ADD_THING, params![id, format!("thing {id}")])?;
            tx.later("UPDATE counter SET n = n + 1", params![])
        })
    };
    unit(1).await.unwrap();
    proxy.cut_once(Cut::SpoilBegin);
    assert!(matches!(unit(2).await, Err(Error::Engine(_))));
    assert_eq!(world.things().await, [1]);
    unit(3).await.unwrap();
    assert_eq!(world.things().await, [1, 3]);
    assert_eq!(world.one::<i64>("SELECT n FROM counter", params![]).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_server_is_back_work_goes_on() {
    let options = PostgresOptions { connect_limit: Duration::from_millis(100), ..PostgresOptions::default() };
    let Some((world, proxy)) = world_behind_proxy(options).await else { return };
    add_thing(&world.db, 1).await.unwrap();
    let before = proxy.accepted();
    proxy.refuse(true);
    world.schema.as_ref().unwrap().terminate();
    for _ in 0..3 {
        let down = add_thing(&world.db, 2).await;
        assert!(matches!(down, Err(Error::Engine(_))), "{down:?}");
    }
    proxy.refuse(false);
    proxy.another(before).await;
    add_thing(&world.db, 3).await.unwrap();
    assert_eq!(world.things().await, [1, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_does_not_wait_for_a_server_that_is_gone() {
    let options = PostgresOptions { connect_limit: Duration::from_secs(3600), ..PostgresOptions::default() };
    let Some((world, proxy)) = world_behind_proxy(options).await else { return };
    proxy.refuse(true);
    world.schema.as_ref().unwrap().terminate();
    let (db, unit) = (world.db.clone(), crate::world::start(add_thing(&world.db, 1)).await);
    db.close().await.unwrap();
    assert!(matches!(unit.await, Err(Error::Engine(_))));
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://somebody:secret@127.0.0.1:{unused}/data");
    let refused = connect(&url, &clock(), few_connections()).unwrap_err();
    let wanted = format!("127.0.0.1:{unused}/data");
    assert!(matches!(&refused, Error::Unreachable { server, .. } if *server == wanted), "{refused:?}");
    assert!(!format!("{refused} {refused:?}").contains("secret"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_not_there_is_named() {
    let Some(schema) = Schema::new() else { return };
    let (host, port) = schema.address();
    let url = schema.url_at(&host, port).replace("?application_name", "_nothing?application_name");
    let refused = blocking(move || connect(&url, &clock(), few_connections()).unwrap_err()).await;
    let Error::Unreachable { server, reason } = refused else { panic!("{refused:?}") };
    assert!(server.contains("_nothing") && reason.contains("_nothing"), "{server} {reason}");
}
