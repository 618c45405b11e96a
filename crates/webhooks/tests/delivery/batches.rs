//! Several events in one POST.

use crate::receiver::{Answer, Receiver, Seen};
use crate::world::{ONE, Settings, World, assert_in_order};

/// The events of each request that was made.
fn requests(receiver: &mut Receiver, world: &World) -> Vec<Vec<i64>> {
    receiver.rest();
    let attempts = world.log.attempts.lock().unwrap();
    let numbers = |(keys, _): &(Vec<webhooks::EventKey>, _)| {
        keys.iter().map(|key| key.at.0 - crate::world::START.0).collect()
    };
    attempts.iter().map(numbers).collect()
}

async fn world(receiver: &Receiver, batch: usize) -> World {
    let world = World::new(Settings::default()).await;
    world.configure(ONE, &receiver.url(), batch);
    world
}

fn refuse(bad: &'static [i64]) -> impl FnMut(&Seen) -> Answer {
    move |seen| {
        let is_bad = seen.events.iter().any(|(_, number)| bad.contains(number));
        Answer::Status(if is_bad { 400 } else { 200 })
    }
}

#[tokio::test]
async fn waiting_events_are_folded_across_lanes() {
    let mut receiver = Receiver::start().await;
    let world = world(&receiver, 4).await;
    world.append(ONE, &[1, 2, 1, 3, 1, 2]).await;
    world.settle().await;
    let first = receiver.next().await;
    assert_eq!(first.events, [(1, 1), (1, 3), (1, 5), (2, 2)]);
    // Lane 2 waits for its turn, lane 3 does not.
    let events = [first.events, receiver.rest()].concat();
    assert_in_order(&events, 6);
    assert_eq!(receiver.most_in_flight().1, 1);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn a_failed_batch_is_halved_until_the_bad_event_is_alone() {
    let mut receiver = Receiver::start().await;
    receiver.answer(refuse(&[3]));
    let world = world(&receiver, 8).await;
    world.append(ONE, &[1; 8]).await;
    world.settle().await;
    let wanted: [&[i64]; 7] =
        [&[1, 2, 3, 4, 5, 6, 7, 8], &[1, 2, 3, 4], &[1, 2], &[3, 4], &[3], &[4], &[5, 6, 7, 8]];
    assert_eq!(requests(&mut receiver, &world), wanted);
    assert_eq!(world.rows().await, (0, 1, 0));
    let nexts: Vec<bool> = world.log.attempts.lock().unwrap().iter().map(|(_, a)| a.next.is_some()).collect();
    assert_eq!(nexts, [false, false, false, false, true, false, false]);
}

#[tokio::test]
async fn halves_keep_the_order_of_lanes_that_they_share() {
    let mut receiver = Receiver::start().await;
    receiver.answer(refuse(&[2, 5]));
    let world = world(&receiver, 3).await;
    world.append(ONE, &[1, 2, 1, 2, 3, 1, 3, 2, 1]).await;
    world.settle().await;
    receiver.rest();
    let attempts = world.log.attempts.lock().unwrap();
    let accepted = attempts.iter().filter(|(_, attempt)| attempt.accepted);
    let events: Vec<_> = accepted.flat_map(|(keys, _)| keys.iter().map(|key| (key.lane, key.at.0))).collect();
    assert_in_order(&events, 7);
}

#[tokio::test]
async fn what_is_left_of_a_batch_stays_in_the_outbox_when_the_endpoint_is_down() {
    // With others that wait behind it, and without.
    for count in [20, 16] {
        let mut receiver = Receiver::start().await;
        receiver.answer_all(500);
        let world = world(&receiver, 16).await;
        world.append(ONE, &vec![1; count]).await;
        world.settle().await;
        // The eighth failure opens the breaker. Events 1, 2 and 3 failed alone.
        let sizes: Vec<usize> = requests(&mut receiver, &world).iter().map(Vec::len).collect();
        assert_eq!(sizes, [16, 8, 4, 2, 1, 1, 2, 1]);
        let left = count - 3;
        assert_eq!(world.rows().await, (i64::try_from(left).unwrap(), 3, 0));
        receiver.answer_all(200);
        world.advance(std::time::Duration::from_millis(500)).await;
        assert_eq!(world.rows().await, (0, 0, 0));
        let mut later = receiver.rest();
        later.retain(|(_, number)| *number > 3);
        assert_in_order(&later, left);
    }
}
