//! One more attempt, because somebody asks for it.

use std::time::Duration;

use webhooks::{Event, EventKey, Outcome, ReplayError, Schedule};

use crate::receiver::{Answer, Receiver, soon};
use crate::world::{ONE, Settings, World};

async fn replay(world: &World, key: EventKey) -> Result<webhooks::Attempt, ReplayError> {
    soon(world.handle.replay(key)).await
}

#[tokio::test]
async fn a_dead_letter_can_be_replayed() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let schedule = Schedule { intervals: Vec::new(), ..Schedule::default() };
    let world = World::with(&receiver, Settings { schedule, ..Settings::default() }).await;
    let key = world.append(ONE, &[1]).await[0];
    world.settle().await;
    assert_eq!(world.rows().await, (0, 0, 1));
    let failed = replay(&world, key).await.unwrap();
    assert!(!failed.accepted && failed.replay);
    assert_eq!((failed.number, failed.next, failed.dead), (2, None, None));
    assert_eq!(world.rows().await, (0, 0, 1), "it stays where it was");
    receiver.answer_all(200);
    let accepted = replay(&world, key).await.unwrap();
    assert!(accepted.accepted);
    assert_eq!(world.rows().await, (0, 0, 0));
    assert_eq!(receiver.rest(), [(1, 1); 3]);
    assert_eq!(world.log.attempts(), 3, "replays are observed");
    assert_eq!(replay(&world, key).await.unwrap_err(), ReplayError::Unknown);
}

#[tokio::test]
async fn a_retrying_event_can_be_replayed_and_else_keeps_its_schedule() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = World::with(&receiver, Settings::default()).await;
    let keys = world.append(ONE, &[1, 2]).await;
    world.settle().await;
    let failed = replay(&world, keys[0]).await.unwrap();
    assert_eq!((failed.number, failed.accepted), (2, false));
    receiver.answer_all(200);
    assert!(replay(&world, keys[1]).await.unwrap().accepted);
    assert_eq!(world.rows().await, (0, 1, 0));
    receiver.rest();
    world.advance(Duration::from_millis(499)).await;
    assert_eq!(receiver.rest(), []);
    world.advance(Duration::from_millis(1)).await;
    assert_eq!(receiver.rest(), [(1, 1)]);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn a_replay_that_succeeds_shows_that_the_endpoint_is_up() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let options = webhooks::Options { in_flight: 1, ..Settings::default().options };
    let world = World::with(&receiver, Settings { options, ..Settings::default() }).await;
    let keys = world.append(ONE, &[1; 12]).await;
    world.settle().await;
    assert_eq!(world.rows().await, (4, 8, 0));
    receiver.rest();
    let failed = replay(&world, keys[11]).await.unwrap();
    assert_eq!((failed.accepted, failed.number), (false, 1));
    assert_eq!(world.rows().await, (4, 8, 0));
    receiver.answer_all(200);
    assert!(replay(&world, keys[11]).await.unwrap().accepted);
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 12), (1, 12), (1, 9), (1, 10), (1, 11)]);
    assert_eq!(world.rows().await, (0, 8, 0));
}

#[tokio::test]
async fn a_waiting_event_whose_replay_fails_waits_on_in_its_place() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|seen| if seen.events[0].1 == 1 { Answer::Gate } else { Answer::Status(500) });
    let world = World::with(&receiver, Settings::default()).await;
    let keys = world.append(ONE, &[1, 1, 1]).await;
    receiver.next().await;
    assert!(!replay(&world, keys[1]).await.unwrap().accepted);
    receiver.answer_all(200);
    receiver.rest();
    receiver.open_gate(1);
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 2), (1, 3)]);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn a_delivered_event_can_be_sent_again() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, Settings::default()).await;
    let event: Event = world.events("messages", ONE, &[3]).remove(0);
    let attempt = soon(world.handle.replay_event(event.clone())).await;
    assert!(attempt.accepted && attempt.replay);
    assert_eq!(receiver.rest(), [(3, 1)]);
    assert_eq!(world.rows().await, (0, 0, 0));
    world.remove(ONE);
    let attempt = soon(world.handle.replay_event(event)).await;
    assert_eq!(attempt.outcome, Outcome::Failed { error: "the endpoint no longer exists".to_owned() });
    assert!(!attempt.accepted);
}

#[tokio::test]
async fn what_is_in_flight_is_not_replayed() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| Answer::Gate);
    let world = World::with(&receiver, Settings::default()).await;
    let key = world.append(ONE, &[1]).await[0];
    receiver.next().await;
    assert_eq!(replay(&world, key).await.unwrap_err(), ReplayError::InFlight);
    receiver.open_gate(1);
    world.settle().await;
    soon(world.handle.stop()).await;
    world.append(ONE, &[1]).await;
    let unsent = EventKey { at: clock::Micros(key.at.0 + 1), ..key };
    assert_eq!(replay(&world, unsent).await.unwrap_err(), ReplayError::Stopped);
}
