//! An endpoint that is down as a whole.

use std::time::Duration;

use clock::MovableClock as _;
use webhooks::{Options, Schedule};

use crate::receiver::{Receiver, soon};
use crate::world::{ONE, START, Settings, World, assert_in_order};

const HOUR: Duration = Duration::from_secs(3600);

/// One attempt at a time, so that the eighth failure is the last first attempt.
fn one_by_one(schedule: Schedule) -> Settings {
    let options = Options { in_flight: 1, ..Settings::default().options };
    Settings { schedule, options, ..Settings::default() }
}

/// A world whose endpoint has failed eight times: 8 of its 20 events are to be retried, 12 wait.
async fn down(receiver: &Receiver, schedule: Schedule) -> World {
    receiver.answer_all(500);
    let world = World::with(receiver, one_by_one(schedule)).await;
    world.append(ONE, &(1..=20).collect::<Vec<_>>()).await;
    world.settle().await;
    assert_eq!(world.log.attempts(), 8);
    assert_eq!(world.rows().await, (12, 8, 0));
    world
}

#[tokio::test]
async fn it_probes_ever_more_rarely_and_closes_at_a_success() {
    let mut receiver = Receiver::start().await;
    let world = down(&receiver, Schedule::default()).await;
    let mut now = Duration::ZERO;
    for (delay, attempts) in [(500, 9), (10_000, 10), (60_000, 11), (300_000, 12), (300_000, 13)] {
        now += Duration::from_millis(delay);
        world.clock.set(START.plus(now - Duration::from_micros(1)));
        soon(world.handle.clock_moved()).await;
        world.settle().await;
        assert_eq!(world.log.attempts(), attempts - 1, "{now:?}: too early");
        world.advance(Duration::from_micros(1)).await;
        assert_eq!(world.log.attempts(), attempts, "{now:?}");
    }
    receiver.rest();
    receiver.answer_all(200);
    world.advance(HOUR).await;
    assert_eq!(world.rows().await, (0, 0, 0));
    let mut delivered = receiver.rest();
    assert_eq!(delivered.len(), 20);
    delivered.sort_unstable();
    assert_in_order(&delivered, 20);
    // And it is closed: the next event goes at once.
    world.append(ONE, &[1]).await;
    world.settle().await;
    assert_eq!(receiver.rest().len(), 1);
}

#[tokio::test]
async fn the_oldest_waiting_event_is_the_probe() {
    let mut receiver = Receiver::start().await;
    // No retry is due for a day.
    let schedule = Schedule { intervals: vec![24 * HOUR; 3], give_up_after: 1000 * HOUR };
    let world = down(&receiver, schedule).await;
    receiver.rest();
    world.advance(Duration::from_millis(500)).await;
    assert_eq!(receiver.rest(), [(9, 9)]);
    assert_eq!(world.rows().await, (11, 9, 0), "the probe was an attempt of that event");
    world.advance(Duration::from_secs(10)).await;
    assert_eq!(receiver.rest(), [(10, 10)]);
    world.advance(24 * HOUR).await;
    assert_eq!(receiver.rest(), [(1, 1)], "a due retry is older");
    receiver.answer_all(200);
    world.advance(HOUR).await;
    assert_eq!(receiver.rest().len(), 10 + 9, "those that wait, and those that are due again");
    assert_eq!(world.rows().await, (0, 1, 0));
}

#[tokio::test]
async fn what_comes_while_it_is_open_stays_in_the_outbox_in_order() {
    let mut receiver = Receiver::start().await;
    let world = down(&receiver, Schedule::default()).await;
    receiver.rest();
    for _ in 0..50 {
        world.append(ONE, &[1, 2, 3]).await;
    }
    world.settle().await;
    assert_eq!(receiver.rest(), []);
    assert_eq!(world.rows().await, (162, 8, 0));
    assert_eq!(world.handle.in_memory(), 8, "only the retries");
    receiver.answer_all(200);
    world.advance(Duration::from_millis(500)).await;
    let mut delivered = receiver.rest();
    delivered.retain(|(_, number)| *number > 8);
    assert_in_order(&delivered, 162);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn a_changed_configuration_closes_it() {
    let receiver = Receiver::start().await;
    let world = down(&receiver, Schedule::default()).await;
    let mut other = Receiver::start().await;
    world.configure(ONE, &other.url(), 1);
    world.settle().await;
    assert_eq!(other.rest(), (9..=20).map(|n| (n, n)).collect::<Vec<_>>());
    assert_eq!(world.rows().await, (0, 8, 0), "what failed keeps to its schedule");
}

#[tokio::test]
async fn what_has_waited_for_too_long_while_it_was_down_is_given_up() {
    let mut receiver = Receiver::start().await;
    let world = down(&receiver, Schedule::default()).await;
    world.advance(35 * HOUR).await;
    assert_eq!(world.rows().await, (12, 8, 0));
    world.append(ONE, &[1, 2]).await;
    world.advance(2 * HOUR).await;
    let (outbox, retry, dead) = world.rows().await;
    assert_eq!((outbox + retry, dead), (2, 20), "the two are too young");
    let reasons = world.log.reasons();
    assert_eq!(reasons.len(), 20);
    let waited = "waited more than 36 h while the endpoint was down";
    assert!(reasons.iter().filter(|reason| *reason == waited).count() >= 18, "{reasons:?}");
    receiver.rest();
    receiver.answer_all(200);
    world.advance(HOUR).await;
    assert_eq!(receiver.rest().len(), 2);
}

#[tokio::test]
async fn an_old_backlog_is_not_given_up_because_the_endpoint_fails_for_a_minute() {
    let mut receiver = Receiver::start().await;
    receiver.answer_all(500);
    let mut world = World::with(&receiver, one_by_one(Schedule::default())).await;
    soon(world.handle.stop()).await;
    world.append(ONE, &(1..=20).collect::<Vec<_>>()).await;
    world.clock.advance(100 * HOUR);
    world.restart();
    world.settle().await;
    world.advance(Duration::from_millis(500)).await;
    world.advance(Duration::from_secs(10)).await;
    assert_eq!(world.log.reasons(), [""; 0]);
    receiver.rest();
    receiver.answer_all(200);
    world.advance(HOUR).await;
    assert_eq!(receiver.rest().len(), 20);
}
