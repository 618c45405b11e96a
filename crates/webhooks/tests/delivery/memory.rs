//! However many events wait, few are in memory.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use webhooks::Options;

use crate::receiver::{Answer, Receiver, soon};
use crate::world::{ONE, Settings, World, assert_in_order};

fn small(capacity: usize) -> Settings {
    let options = Options { capacity, in_flight: 4, ..Settings::default().options };
    Settings { options, ..Settings::default() }
}

/// `count` events in 37 lanes, mixed.
fn lanes(count: i64) -> Vec<i64> {
    (0..count).map(|n| n * n % 37).collect()
}

#[tokio::test]
async fn of_five_thousand_events_for_an_endpoint_that_is_down_few_are_in_memory() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = World::with(&receiver, small(1024)).await;
    for some in lanes(5000).chunks(100) {
        world.append(ONE, some).await;
        world.settle().await;
        assert!(world.handle.in_memory() <= 150, "{}", world.handle.in_memory());
    }
    let (outbox, retry, _) = world.rows().await;
    assert_eq!(outbox + retry, 5000);
    assert!(retry < 12, "{retry}");
    world.advance(Duration::from_millis(500)).await;
    assert!(world.handle.in_memory() <= 150, "nor after a probe that failed");
    let failed: HashSet<_> = receiver.rest().into_iter().collect();
    receiver.answer_all(200);
    world.advance(Duration::from_secs(10)).await;
    let delivered = receiver.rest();
    assert_eq!(world.rows().await, (0, 0, 0));
    assert_eq!(delivered.len(), 5000);
    // All that did not fail are in order.
    let first: Vec<_> = delivered.into_iter().filter(|event| !failed.contains(event)).collect();
    assert_in_order(&first, 5000 - failed.len());
}

#[tokio::test]
async fn of_five_thousand_events_for_a_slow_endpoint_no_more_than_the_capacity_are_in_memory() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| Answer::Gate);
    let world = World::with(&receiver, small(64)).await;
    for some in lanes(5000).chunks(50) {
        world.append(ONE, some).await;
        soon(world.handle.clock_moved()).await;
        assert!(world.handle.in_memory() <= 64, "{}", world.handle.in_memory());
    }
    assert_eq!(receiver.next_events(4).await.len(), 4);
    receiver.open_gate(5000);
    world.settle().await;
    assert_eq!(receiver.rest().len(), 4996);
    assert_eq!(receiver.most_in_flight(), (4, 1));
    assert_eq!(world.rows().await, (0, 0, 0));
    let attempts = world.log.attempts.lock().unwrap();
    let events: Vec<_> = attempts.iter().map(|(keys, _)| (keys[0].lane, keys[0].at.0)).collect();
    assert_in_order(&events, 5000);
}

#[tokio::test]
async fn of_five_thousand_events_in_one_transaction_no_more_than_the_capacity_are_in_memory() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, small(64)).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    world.append(ONE, &lanes(5000)).await;
    assert!(world.handle.in_memory() <= 64, "{}", world.handle.in_memory());
    world.settle().await;
    assert_in_order(&receiver.rest(), 5001);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_to_a_file_lose_nothing_double_nothing_and_keep_order() {
    let mut receiver = Receiver::start().await;
    let world = Arc::new(World::on_disk(&receiver, small(16), "many_writers").await);
    // Again and again more comes than there is room for, and then nothing for a moment.
    for _ in 0..100 {
        let writers = (0..8).map(|lane| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                world.append(ONE, &[lane; 3]).await;
                world.append(ONE, &[lane]).await;
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            soon(writer).await.unwrap();
        }
        world.settle().await;
    }
    assert_in_order(&receiver.rest(), 3200);
    assert_eq!(world.rows().await, (0, 0, 0));
    assert_eq!(world.handle.in_memory(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn events_that_come_while_others_are_read_again_are_neither_lost_nor_doubled() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, small(32)).await;
    for some in lanes(3000).chunks(7) {
        world.append(ONE, some).await;
        tokio::task::yield_now().await;
    }
    world.settle().await;
    assert_in_order(&receiver.rest(), 3000);
    assert_eq!(world.rows().await, (0, 0, 0));
    assert_eq!(world.handle.in_memory(), 0);
}

#[tokio::test]
async fn after_a_spill_the_database_is_not_read_for_each_event() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| Answer::Gate);
    let world = World::with(&receiver, small(16)).await;
    world.append(ONE, &lanes(100)).await;
    receiver.open_gate(usize::MAX >> 4);
    world.settle().await;
    receiver.rest();
    // Were the rows read, these would be missing.
    let handle = world.handle.clone();
    let events = world.events("messages", ONE, &[1, 2, 3]);
    let unit = move |tx: &mut storage::Tx<'_>| {
        for event in &events {
            handle.append(tx, event.clone())?;
        }
        tx.run("DELETE FROM outbox", &[]).map(|_| ())
    };
    world.db.write::<_, storage::Error>(unit).await.unwrap();
    world.settle().await;
    assert_eq!(receiver.rest().len(), 3);
}
