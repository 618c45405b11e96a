//! The end of a process, gentle or not, and what the next one does.

use std::time::Duration;

use webhooks::Schedule;

use crate::receiver::{Answer, Receiver, soon};
use crate::world::{ONE, Settings, World, assert_in_order};

#[tokio::test]
async fn what_was_committed_and_not_delivered_is_delivered_by_the_next_process() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| Answer::Hang);
    let mut world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1, 2, 1, 2, 1]).await;
    receiver.next_events(2).await;
    receiver.answer_all(200);
    world.restart();
    world.settle().await;
    // The first process is dead, and its requests with it.
    receiver.at_rest().await;
    assert_in_order(&receiver.rest(), 5);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn what_was_delivered_and_not_marked_is_delivered_again() {
    let mut receiver = Receiver::start().await;
    let mut world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1, 1]).await;
    assert_eq!(receiver.next_events(2).await, [(1, 1), (1, 2)]);
    world.restart();
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 1), (1, 2)]);
}

#[tokio::test]
async fn what_was_delivered_is_marked_after_so_many_or_so_long() {
    let mut receiver = Receiver::start().await;
    let mut settings = Settings::default();
    settings.options.flush_at = 3;
    let world = World::with(&receiver, settings).await;
    world.append(ONE, &[1; 7]).await;
    receiver.next_events(7).await;
    soon(async {
        while world.rows().await.0 > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;

    let mut settings = Settings::default();
    settings.options.flush_after = Duration::from_millis(20);
    let world = World::with(&receiver, settings).await;
    world.append(ONE, &[1]).await;
    soon(async {
        while world.rows().await.0 > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn stop_finishes_what_is_in_flight_marks_it_and_starts_nothing_more() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| Answer::Gate);
    let mut world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1, 1, 2]).await;
    receiver.next_events(2).await;
    let handle = world.handle.clone();
    let stopping = tokio::spawn(async move { handle.stop().await });
    // The order that is given while the stop is under way is kept for later.
    tokio::task::yield_now().await;
    world.append(ONE, &[2, 1]).await;
    assert!(!stopping.is_finished());
    receiver.open_gate(2);
    soon(stopping).await.unwrap();
    assert_eq!(world.rows().await, (3, 0, 0));
    world.append(ONE, &[1]).await;
    world.settle().await;
    assert_eq!(receiver.rest(), []);
    receiver.answer_all(200);
    world.restart();
    world.settle().await;
    assert_in_order(&receiver.rest(), 4);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn the_next_process_keeps_the_schedule() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let intervals = vec![Duration::from_secs(100), Duration::from_secs(1000)];
    let schedule = Schedule { intervals, ..Schedule::default() };
    let mut world = World::with(&receiver, Settings { schedule, ..Settings::default() }).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    for wait in [100, 1000] {
        world.restart();
        world.advance(Duration::from_secs(wait - 1)).await;
        world.restart();
        world.advance(Duration::from_secs(1)).await;
    }
    assert_eq!(world.log.times(), [0.0, 100.0, 1100.0]);
    assert_eq!(world.rows().await, (0, 0, 1));
    receiver.rest();
}

#[tokio::test]
async fn forget_cuts_everything_and_delivery_goes_on_afterwards() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|seen| if seen.events[0].0 == 9 { Answer::Status(500) } else { Answer::Hang });
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1, 1, 2, 9]).await;
    receiver.next_events(3).await;
    soon(world.handle.forget()).await;
    assert_eq!(world.handle.in_memory(), 0);
    let empty = |tx: &mut storage::Tx<'_>| {
        tx.run("DELETE FROM outbox", &[])?;
        tx.run("DELETE FROM webhook_retry", &[]).map(|_| ())
    };
    world.db.write::<_, storage::Error>(empty).await.unwrap();
    receiver.answer_all(200);
    world.append(ONE, &[1, 2]).await;
    world.advance(Duration::from_secs(1)).await;
    let mut events = receiver.rest();
    events.sort_unstable();
    assert_eq!(events, [(1, 5), (2, 6)]);
}

#[tokio::test]
async fn reload_delivers_what_was_put_into_the_tables() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    let insert = |tx: &mut storage::Tx<'_>| {
        for endpoint in [1, 2] {
            let sql = "INSERT INTO outbox (endpoint_id, at, lane, subject, channel, topic, body) \
                       VALUES ($1, 5, 5, 77, 1, 'x', $2)";
            tx.run(sql, storage::params![endpoint, b"{}"])?;
        }
        Ok::<_, storage::Error>(())
    };
    world.db.write(insert).await.unwrap();
    world.configure(webhooks::EndpointId(2), &receiver.url(), 1);
    receiver.rest();
    soon(world.handle.reload()).await.unwrap();
    world.settle().await;
    assert_eq!(receiver.rest(), [(5, 77), (5, 77)]);
}
