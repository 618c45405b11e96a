//! Copies of worlds in memory.

use std::sync::Arc;

use clock::{ManualClock, Micros};
use storage::{Error, params};

use crate::world::{World, add_thing};

#[tokio::test]
async fn a_fork_goes_its_own_way() {
    let world = World::memory();
    add_thing(&world.db, 1).await.unwrap();
    let db = world.db.fork().unwrap();
    let fork = World { db, clock: Arc::clone(&world.clock), folder: None, schema: None };
    add_thing(&world.db, 2).await.unwrap();
    add_thing(&fork.db, 3).await.unwrap();
    assert_eq!(world.things().await, [1, 2]);
    assert_eq!(fork.things().await, [1, 3]);
    let orphan = fork.run("INSERT INTO part (id, thing_id) VALUES (1, 9)", params![]).await;
    assert!(matches!(orphan, Err(Error::Conflict(_))), "constraints hold in the copy");
    drop(world);
    assert_eq!(fork.things().await, [1, 3]);
}

#[tokio::test]
async fn a_fork_can_have_its_own_clock() {
    let world = World::memory();
    let fork = world.db.fork_with_clock(Arc::new(ManualClock::new(Micros::from_secs(7)))).unwrap();
    assert_eq!(fork.write::<_, Error>(|tx| Ok(tx.now())).await, Ok(Micros::from_secs(7)));
    assert_eq!(world.db.write::<_, Error>(|tx| Ok(tx.now())).await, Ok(Micros::from_secs(1000)));
}

#[test]
fn only_worlds_in_memory_can_be_forked() {
    assert!(matches!(World::file().db.fork(), Err(Error::Unsupported(_))));
}
