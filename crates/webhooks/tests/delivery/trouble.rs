//! Endpoints that misbehave, and other things that fail.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::TcpListener;
use webhooks::{EndpointId, Outcome};

use crate::receiver::{Answer, Receiver, soon};
use crate::world::{ONE, Settings, World, assert_in_order};

const TWO: EndpointId = EndpointId(2);

fn error(world: &World) -> String {
    match world.log.last().outcome {
        Outcome::Failed { error } => error,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_endpoint_that_hangs_does_not_delay_another() {
    let (mut one, mut two) = (Receiver::start().await, Receiver::start().await);
    one.answer(|_| Answer::Hang);
    let world = World::with(&one, Settings::default()).await;
    world.configure(TWO, &two.url(), 1);
    world.append(ONE, &(0..2000).collect::<Vec<_>>()).await;
    one.next_events(32).await;
    let mut events = Vec::new();
    for some in (0..500).collect::<Vec<_>>().chunks(50) {
        world.append(TWO, some).await;
        events.extend(two.next_events(50).await);
    }
    assert_in_order(&events, 500);
    assert_eq!(one.rest(), [], "and no more than its share is in flight to the one that hangs");
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_a_failure() {
    let receiver = Receiver::start().await;
    receiver.answer(|_| Answer::Hang);
    let settings = Settings { timeout: Duration::from_millis(50), ..Settings::default() };
    let world = World::with(&receiver, settings).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    assert_eq!(error(&world), "no answer within 50 ms");
    assert_eq!(world.rows().await, (0, 1, 0));
}

#[tokio::test]
async fn a_refused_connection_is_a_failure() {
    let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = refusing.local_addr().unwrap();
    drop(refusing);
    let world = World::new(Settings::default()).await;
    world.configure(ONE, &format!("http://{address}/"), 1);
    world.append(ONE, &[1]).await;
    world.settle().await;
    assert_eq!(error(&world), format!("connection refused ({address})"));
    assert_eq!(world.rows().await, (0, 1, 0));
}

#[tokio::test]
async fn a_redirect_is_no_delivery() {
    let receiver = Receiver::start().await;
    receiver.answer_all(302);
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    assert!(!world.log.last().accepted);
    assert_eq!(world.rows().await, (0, 1, 0));
}

#[tokio::test]
async fn the_events_of_an_endpoint_that_is_gone_become_dead_letters() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1, 2, 3]).await;
    world.settle().await;
    assert_eq!(world.rows().await, (0, 3, 0));
    world.remove(ONE);
    world.append(ONE, &vec![4; 600]).await;
    world.settle().await;
    assert_eq!(world.rows().await, (0, 0, 603));
    assert_eq!(world.log.reasons(), ["the endpoint no longer exists"; 603]);
    assert_eq!(receiver.rest().len(), 3);
    // Also what comes later, until it is there again.
    world.append(ONE, &[5]).await;
    world.settle().await;
    assert_eq!(world.rows().await, (0, 0, 604));
    receiver.answer_all(200);
    world.configure(ONE, &receiver.url(), 1);
    world.append(ONE, &[6]).await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(6, 605)]);
}

#[tokio::test]
async fn an_event_that_cannot_be_told_does_not_stop_the_others() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, Settings::default()).await;
    world.append_as("poison", ONE, &[1]).await;
    world.append(ONE, &[1, 2]).await;
    world.settle().await;
    let mut events = receiver.rest();
    events.sort_unstable();
    assert_eq!(events, [(1, 2), (2, 3)]);
    assert_eq!(world.rows().await, (0, 1, 0));
}

#[tokio::test]
async fn a_failing_database_delays_and_loses_nothing() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, Settings::default()).await;
    world.dialect.failures.store(2, Ordering::Relaxed);
    world.append(ONE, &[1, 2]).await;
    assert_eq!(receiver.next_events(2).await.len(), 2);
    world.settle().await;
    assert_eq!(world.dialect.failures.load(Ordering::Relaxed), 0);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn a_write_that_fails_is_made_later() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, Settings::default()).await;
    receiver.answer(|seen| Answer::Status(if seen.events[0].0 == 1 { 500 } else { 200 }));
    let rename =
        |sql: &'static str| world.db.write::<_, storage::Error>(move |tx| tx.run(sql, &[]).map(|_| ()));
    world.append(ONE, &[3]).await;
    world.settle().await;
    world.append(ONE, &[1, 2]).await;
    rename("ALTER TABLE outbox RENAME TO hidden").await.unwrap();
    receiver.next_events(3).await;
    let settling = soon(world.handle.run_due());
    let mut settling = std::pin::pin!(settling);
    let early = tokio::time::timeout(Duration::from_millis(100), &mut settling).await;
    assert!(early.is_err(), "it waits for the database");
    rename("ALTER TABLE hidden RENAME TO outbox").await.unwrap();
    settling.await;
    assert_eq!(world.rows().await, (0, 1, 0));
    assert_eq!(receiver.rest(), [], "nothing was sent twice");
}
