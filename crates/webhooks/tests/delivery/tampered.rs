//! What is done to deliveries on purpose: nothing of it loses an event without a word.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use webhooks::{EndpointId, Envelope, Fate, Filter, Outcome, State, Tampering};

use crate::receiver::{Answer, Receiver, soon};
use crate::world::{ONE, START, Settings, World};

const SECOND: Duration = Duration::from_secs(1);

async fn world(receiver: &Receiver) -> World {
    World::with(receiver, Settings::default()).await
}

fn set_fate(world: &World, number: i64, fate: Fate) {
    world.dialect.faults.lock().unwrap().fates.insert(number, fate);
}

fn tamper(world: &World, number: i64, tampering: Tampering) {
    world.dialect.faults.lock().unwrap().tampering.insert(number, tampering);
}

fn held(seconds: u32, overtaken: bool) -> Fate {
    Fate::Held { until: START.plus(SECOND * seconds), overtaken, by: "fault 2".to_owned() }
}

fn answered(status: StatusCode) -> Outcome {
    Outcome::Answered { status, headers: HeaderMap::new(), body: Bytes::new() }
}

#[tokio::test]
async fn what_is_dropped_counts_as_delivered_and_says_so() {
    let mut receiver = Receiver::start().await;
    let world = world(&receiver).await;
    set_fate(&world, 1, Fate::Dropped { by: "fault 1".to_owned() });
    world.append(ONE, &[7, 7]).await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(7, 2)]);
    assert_eq!(world.rows().await, (0, 0, 0));
    let attempts = world.log.attempts.lock().unwrap();
    let (_, dropped) = &attempts[0];
    assert_eq!((dropped.outcome.clone(), dropped.accepted), (Outcome::Dropped, true));
    assert_eq!((dropped.fault.as_deref(), &dropped.url), (Some("fault 1"), &None));
    assert_eq!(attempts[1].1.fault, None);
}

#[tokio::test]
async fn what_is_held_back_comes_when_it_is_due_and_survives_a_restart() {
    let mut receiver = Receiver::start().await;
    let mut world = world(&receiver).await;
    set_fate(&world, 1, held(60, false));
    world.append(ONE, &[7, 7]).await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(7, 2)], "the lane goes on");
    assert_eq!(world.rows().await, (0, 1, 0));
    let waiting = world.handle.waiting(Filter::default(), None, 9).await.unwrap();
    assert_eq!((waiting[0].state, waiting[0].attempts), (State::Retrying, 0));
    assert_eq!(
        (waiting[0].reason.as_deref(), waiting[0].next_at),
        (Some("fault 2"), Some(START.plus(SECOND * 60)))
    );
    assert_eq!(world.log.held.lock().unwrap().len(), 1);
    world.restart();
    world.settle().await;
    assert!(receiver.rest().is_empty());
    world.advance(SECOND * 60).await;
    assert_eq!(receiver.rest(), [(7, 1)]);
    assert_eq!(world.log.last().number, 1, "it was not tried before");
    assert_eq!(world.rows().await, (0, 0, 0));
}

/// It keeps to the schedule from its first attempt on, however long it was held back.
#[tokio::test]
async fn what_was_held_back_and_fails_is_retried() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = world(&receiver).await;
    set_fate(&world, 1, held(40 * 3600, false));
    world.append(ONE, &[7]).await;
    world.settle().await;
    world.advance(SECOND * 40 * 3600).await;
    assert_eq!(receiver.rest(), [(7, 1)]);
    receiver.answer_all(200);
    world.advance(SECOND).await;
    assert_eq!(receiver.rest(), [(7, 1)]);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn the_next_of_the_lane_goes_before_what_is_held_back_for_it() {
    let mut receiver = Receiver::start().await;
    let world = world(&receiver).await;
    set_fate(&world, 1, held(60, true));
    set_fate(&world, 2, held(60, true));
    world.append(ONE, &[7]).await;
    world.append(ONE, &[8]).await;
    world.settle().await;
    assert!(receiver.rest().is_empty());
    // Number 3 would be held back too, and is not: it is what number 1 waits for.
    set_fate(&world, 3, held(60, true));
    world.append(ONE, &[7, 7]).await;
    world.settle().await;
    let order: Vec<_> = receiver.rest();
    let place = |number| order.iter().position(|event| *event == (7, number)).unwrap();
    assert!(place(3) < place(1), "{order:?}");
    assert_eq!(order.len(), 3, "{order:?}");
    assert_eq!(world.rows().await, (0, 1, 0), "number 2 waits in its own lane");
    world.advance(SECOND * 60).await;
    assert_eq!(receiver.rest(), [(8, 2)], "nothing came, so it goes by itself");
}

/// In one transaction, so that all changes are written together.
#[tokio::test]
async fn what_is_held_back_and_overtaken_at_once_is_sent_once() {
    let mut receiver = Receiver::start().await;
    let world = world(&receiver).await;
    set_fate(&world, 1, held(60, true));
    world.append(ONE, &[7, 7, 7]).await;
    world.settle().await;
    let mut seen = receiver.rest();
    assert_eq!(seen[0], (7, 2));
    seen.sort_unstable();
    assert_eq!(seen, [(7, 1), (7, 2), (7, 3)]);
    world.advance(SECOND * 120).await;
    assert!(receiver.rest().is_empty());
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn an_answer_is_made_up_with_and_without_a_request() {
    let mut receiver = Receiver::start().await;
    let world = world(&receiver).await;
    let answer = Some(answered(StatusCode::BAD_GATEWAY));
    tamper(
        &world,
        1,
        Tampering { by: "f".into(), answer: answer.clone(), unsent: true, ..Tampering::default() },
    );
    tamper(&world, 2, Tampering { by: "f".into(), answer, ..Tampering::default() });
    world.append(ONE, &[1, 2]).await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(2, 2)]);
    assert_eq!(world.rows().await, (0, 2, 0));
    assert!(
        world
            .log
            .attempts
            .lock()
            .unwrap()
            .iter()
            .all(|(_, a)| a.fault.as_deref() == Some("f") && !a.accepted)
    );
    world.advance(SECOND).await;
    let mut again = receiver.rest();
    again.sort_unstable();
    assert_eq!(again, [(1, 1), (2, 2)]);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn other_bytes_and_copies_are_sent_as_told() {
    let mut receiver = Receiver::start().await;
    // A copy's answer changes nothing.
    receiver.answer(|seen| Answer::Status(if seen.events == [(9, 2)] { 500 } else { 200 }));
    let world = world(&receiver).await;
    let envelope = |body: &'static [u8]| Envelope { body: Bytes::from_static(body), ..Envelope::default() };
    let tampering = Tampering {
        by: "f".into(),
        envelope: Some(envelope(b"9:1")),
        copies: vec![envelope(b"9:2"), envelope(b"9:3")],
        ..Tampering::default()
    };
    tamper(&world, 1, tampering);
    world.append(ONE, &[7]).await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(9, 1), (9, 2), (9, 3)]);
    assert_eq!(world.rows().await, (0, 0, 0));
    let attempts = world.log.attempts.lock().unwrap();
    let numbers: Vec<u32> = attempts.iter().map(|(_, attempt)| attempt.number).collect();
    assert_eq!(numbers, [1, 1, 1]);
}

#[tokio::test]
async fn events_are_gathered_into_one_request() {
    let mut receiver = Receiver::start().await;
    let world = world(&receiver).await;
    world.dialect.faults.lock().unwrap().gathered = 3;
    world.append(ONE, &[1, 2]).await;
    world.settle().await;
    assert!(receiver.rest().is_empty());
    assert_eq!(world.rows().await, (2, 0, 0));
    world.append(ONE, &[1]).await;
    let mut together = receiver.next().await.events;
    together.sort_unstable();
    assert_eq!(together, [(1, 1), (1, 3), (2, 2)]);
    world.append(ONE, &[3]).await;
    world.settle().await;
    world.dialect.faults.lock().unwrap().gathered = 1;
    soon(world.handle.clock_moved()).await;
    assert_eq!(receiver.next().await.events, [(3, 4)]);
}

/// In the world of these tests, the subject is the event's number.
#[tokio::test]
async fn what_waits_for_a_subject_is_given_up_and_the_rest_goes_on() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = world(&receiver).await;
    world.append(ONE, &[1, 2]).await;
    world.settle().await;
    set_fate(&world, 3, held(60, true));
    world.append(ONE, &[3]).await;
    world.settle().await;
    for subject in [1, 3, 99] {
        soon(world.handle.give_up(ONE, subject, "switched off")).await;
    }
    soon(world.handle.give_up(EndpointId(5), 1, "nobody")).await;
    assert_eq!(world.rows().await, (0, 1, 2));
    assert_eq!(world.log.reasons(), ["switched off", "switched off"]);
    receiver.answer_all(200);
    receiver.rest();
    world.append(ONE, &[3]).await;
    world.advance(SECOND).await;
    let mut seen = receiver.rest();
    seen.sort_unstable();
    assert_eq!(seen, [(2, 2), (3, 4)]);
    world.advance(SECOND * 120).await;
    assert!(receiver.rest().is_empty(), "what was given up is not sent");
}

/// The breaker is open and everything waits in the database.
#[tokio::test]
async fn what_waits_behind_the_breaker_is_given_up() {
    let receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = world(&receiver).await;
    world.append(ONE, &(1..=40).collect::<Vec<_>>()).await;
    world.settle().await;
    world.append(ONE, &[50]).await;
    world.settle().await;
    let (waiting, retrying, dead) = world.rows().await;
    assert_eq!((waiting + retrying, dead), (41, 0));
    soon(world.handle.give_up(ONE, 41, "switched off")).await;
    assert_eq!(world.rows().await, (waiting - 1, retrying, 1));
}

#[tokio::test]
async fn a_replay_is_left_alone() {
    let mut receiver = Receiver::start().await;
    let world = world(&receiver).await;
    let keys = world.append(ONE, &[7]).await;
    world.settle().await;
    tamper(&world, 1, Tampering { by: "f".into(), unsent: true, ..Tampering::default() });
    set_fate(&world, 1, Fate::Dropped { by: "f".into() });
    let event = world.log.attempts.lock().unwrap()[0].0[0];
    assert_eq!(event, keys[0]);
    let attempt = soon(world.handle.replay_event(webhooks::Event {
        endpoint: ONE,
        at: keys[0].at,
        lane: 7,
        subject: 1,
        channel: 1,
        topic: "messages".to_owned(),
        body: Bytes::from_static(b"{}"),
    }))
    .await;
    assert!(attempt.accepted && attempt.replay && attempt.fault.is_none());
    assert_eq!(receiver.rest(), [(7, 1), (7, 1)]);
}
