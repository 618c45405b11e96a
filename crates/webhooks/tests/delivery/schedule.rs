//! Retries on the world's clock.

use std::time::Duration;

use clock::MovableClock as _;
use webhooks::{Filter, Schedule, State};

use crate::receiver::{Answer, Receiver, soon};
use crate::world::{ONE, START, Settings, World};

const HOUR: Duration = Duration::from_secs(3600);

/// Moves the clock from due time to due time until no retry is left.
async fn until_given_up(world: &World) {
    while world.rows().await.1 > 0 {
        let due = world.log.last().next.unwrap();
        let now = clock::Clock::now(&*world.clock);
        // Not a microsecond early.
        world.advance(due.since(now) - Duration::from_micros(1)).await;
        let before = world.log.attempts();
        world.advance(Duration::from_micros(1)).await;
        assert_eq!(world.log.attempts(), before + 1);
    }
}

#[tokio::test]
async fn a_failing_event_is_tried_twelve_times_and_becomes_a_dead_letter() {
    let receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = World::with(&receiver, Settings::default()).await;
    let key = world.append(ONE, &[1]).await[0];
    world.settle().await;
    until_given_up(&world).await;
    // Also beyond the eighth failure, where the breaker opens.
    let wanted = [0.0, 0.5, 10.5, 70.5, 370.5, 1270.5, 3070.5, 6670.5, 13870.5, 28270.5, 57070.5, 114_670.5];
    assert_eq!(world.log.times(), wanted);
    let numbers: Vec<u32> = world.log.attempts.lock().unwrap().iter().map(|(_, a)| a.number).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    let reason = "all 12 attempts failed; the last one: HTTP status 500 Internal Server Error";
    assert_eq!(world.log.last().dead.as_deref(), Some(reason));
    assert_eq!(*world.log.given_up.lock().unwrap(), [(key, reason.to_owned())]);
    assert_eq!(world.rows().await, (0, 0, 1));
    let dead = world.handle.waiting(Filter::default(), None, 10).await.unwrap().remove(0);
    assert_eq!((dead.state, dead.attempts, dead.event.key()), (State::Dead, 12, key));
    assert_eq!((dead.first_at, dead.died_at), (Some(START), Some(clock::Clock::now(&*world.clock))));
    assert_eq!(dead.reason.as_deref(), Some(reason));
}

#[tokio::test]
async fn an_event_that_is_alone_keeps_its_times_while_the_breaker_is_open() {
    let receiver = Receiver::start().await;
    receiver.answer_all(503);
    let schedule = Schedule { intervals: vec![Duration::from_secs(1); 20], give_up_after: 36 * HOUR };
    let world = World::with(&receiver, Settings { schedule, ..Settings::default() }).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    until_given_up(&world).await;
    assert_eq!(world.log.times(), (0..=20).map(f64::from).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_event_that_succeeds_at_last_is_delivered() {
    let mut receiver = Receiver::start().await;
    let mut answers = [500, 404, 200].into_iter();
    receiver.answer(move |_| Answer::Status(answers.next().unwrap()));
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    assert_eq!(world.rows().await, (0, 1, 0));
    world.advance(Duration::from_millis(500)).await;
    world.advance(Duration::from_secs(10)).await;
    assert_eq!(world.rows().await, (0, 0, 0));
    // The envelope is made anew for each attempt.
    let mut times = Vec::new();
    for _ in 0..3 {
        times.push(receiver.next().await.headers["x-time"].to_str().unwrap().to_owned());
    }
    assert_eq!(times, ["1800000000000000", "1800000000500000", "1800000010500000"]);
}

#[tokio::test]
async fn a_lane_goes_on_while_one_of_its_events_is_retried() {
    let mut receiver = Receiver::start().await;
    let mut is_first = true;
    receiver.answer(move |_| Answer::Status(if std::mem::take(&mut is_first) { 500 } else { 200 }));
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1, 1, 1]).await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 1), (1, 2), (1, 3)]);
    world.advance(Duration::from_millis(500)).await;
    assert_eq!(receiver.rest(), [(1, 1)]);
}

#[tokio::test]
async fn no_attempt_comes_later_than_the_age_allows() {
    let receiver = Receiver::start().await;
    receiver.answer_all(500);
    let schedule = Schedule { intervals: vec![10 * HOUR; 9], give_up_after: 36 * HOUR };
    let world = World::with(&receiver, Settings { schedule, ..Settings::default() }).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    until_given_up(&world).await;
    assert_eq!(world.log.times(), [0.0, 36_000.0, 72_000.0, 108_000.0]);
    let reason = "the next attempt would come more than 36 h after the first; \
                  the last one: HTTP status 500 Internal Server Error";
    assert_eq!(world.log.reasons(), [reason]);
}

#[tokio::test]
async fn after_a_jump_an_overdue_event_is_tried_once_and_counts_from_there() {
    let receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1]).await;
    world.settle().await;
    world.advance(5 * HOUR).await;
    assert_eq!(world.log.times(), [0.0, 18_000.0]);
    assert_eq!(world.log.last().next, Some(START.plus(5 * HOUR + Duration::from_secs(10))));
    world.clock.set(START);
    soon(world.handle.clock_moved()).await;
    world.settle().await;
    assert_eq!(world.log.attempts(), 2, "set back, nothing is due");
}

#[tokio::test]
async fn clock_moved_returns_when_what_is_due_has_been_started() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1, 2, 3]).await;
    world.settle().await;
    receiver.rest();
    receiver.answer(|_| Answer::Gate);
    world.clock.advance(Duration::from_millis(500));
    soon(world.handle.clock_moved()).await;
    // They are on their way although none was answered.
    assert_eq!(receiver.next_events(3).await.len(), 3);
    receiver.open_gate(3);
    world.settle().await;
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn what_is_in_flight_is_not_read_again() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    // Two retries in memory at a time.
    let options = webhooks::Options { capacity: 16, ..Settings::default().options };
    let world = World::with(&receiver, Settings { options, ..Settings::default() }).await;
    world.append(ONE, &[1, 2, 3, 4, 5]).await;
    world.settle().await;
    receiver.rest();
    receiver.answer(|_| Answer::Gate);
    world.clock.advance(Duration::from_millis(500));
    soon(world.handle.clock_moved()).await;
    let mut events = receiver.next_events(5).await;
    receiver.open_gate(10);
    world.settle().await;
    events.extend(receiver.rest());
    events.sort_unstable();
    assert_eq!(events, [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]);
}

#[tokio::test]
async fn many_retries_are_read_page_by_page_and_each_is_tried_in_its_time() {
    let mut receiver = Receiver::start().await;
    // Enough of them succeed for the breaker to stay closed.
    receiver.answer(|seen| Answer::Status(if seen.events[0].1 % 2 == 0 { 200 } else { 500 }));
    let options = webhooks::Options { capacity: 40, in_flight: 3, ..Settings::default().options };
    let world = World::with(&receiver, Settings { options, ..Settings::default() }).await;
    for lane in 0..60 {
        world.append(ONE, &[lane]).await;
        world.settle().await;
        world.clock.advance(Duration::from_millis(1));
    }
    assert_eq!(world.rows().await, (0, 30, 0));
    receiver.rest();
    receiver.answer_all(200);
    for tried in 1..=30 {
        // The events were made 1 ms apart, every other one failed.
        world.clock.set(START.plus(Duration::from_millis(500 + 2 * (tried - 1))));
        soon(world.handle.clock_moved()).await;
        world.settle().await;
        assert_eq!(world.rows().await, (0, 30 - i64::try_from(tried).unwrap(), 0));
    }
}

#[tokio::test]
async fn what_is_refused_for_good_is_tried_once_and_says_nothing_of_the_endpoint() {
    let receiver = Receiver::start().await;
    receiver.answer_all(410);
    let world = World::with(&receiver, Settings::default()).await;
    // More than would open the breaker.
    world.append(ONE, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).await;
    world.settle().await;
    assert_eq!(world.log.attempts(), 10);
    let reason = "the endpoint refuses it for good: HTTP status 410 Gone";
    assert_eq!(world.log.reasons(), vec![reason; 10]);
    assert_eq!(world.rows().await, (0, 0, 10));
    receiver.answer_all(200);
    world.append(ONE, &[11]).await;
    world.settle().await;
    assert_eq!(world.rows().await, (0, 0, 10), "the next one goes at once");
}
