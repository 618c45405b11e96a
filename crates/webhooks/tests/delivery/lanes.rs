//! Order within a conversation, and nothing more.

use webhooks::{EndpointId, Options};

use crate::receiver::{Answer, Receiver, soon};
use crate::world::{ONE, Settings, World, assert_in_order};

#[tokio::test]
async fn an_event_is_delivered_and_leaves_nothing() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[7]).await;
    let seen = receiver.next().await;
    assert_eq!(seen.events, [(7, 1)]);
    assert_eq!(seen.headers["x-time"], "1800000000000000");
    world.settle().await;
    assert_eq!(world.rows().await, (0, 0, 0));
    let attempt = world.log.last();
    assert!(attempt.accepted && !attempt.replay);
    assert_eq!((attempt.number, attempt.next, attempt.dead), (1, None, None));
    assert_eq!((attempt.url.unwrap().to_string(), &attempt.request_body[..]), (receiver.url(), &b"7:1"[..]));
}

#[tokio::test]
async fn a_lane_waits_for_its_answer_and_others_do_not() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| Answer::Gate);
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[1, 1, 2, 3, 2, 1]).await;
    let mut first = receiver.next_events(3).await;
    first.sort_unstable();
    assert_eq!(first, [(1, 1), (2, 3), (3, 4)]);
    receiver.open_gate(6);
    world.settle().await;
    assert_in_order(&[first, receiver.rest()].concat(), 6);
    assert_eq!(receiver.most_in_flight(), (3, 1));
}

#[tokio::test]
async fn order_holds_in_each_of_many_lanes() {
    let mut receiver = Receiver::start().await;
    let options = Options { in_flight: 8, ..Settings::default().options };
    let world = World::with(&receiver, Settings { options, ..Settings::default() }).await;
    let lanes: Vec<i64> = (0..1000).map(|n| n * 7 % 40).collect();
    for some in lanes.chunks(13) {
        world.append(ONE, some).await;
    }
    world.settle().await;
    assert_in_order(&receiver.rest(), 1000);
    let (most, of_a_lane) = receiver.most_in_flight();
    assert_eq!(of_a_lane, 1);
    assert!((2..=8).contains(&most), "{most}");
    assert!(receiver.connections() <= 8, "{}", receiver.connections());
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test]
async fn the_cap_on_what_is_in_flight_is_used_and_held() {
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| Answer::Gate);
    let options = Options { in_flight: 4, ..Settings::default().options };
    let world = World::with(&receiver, Settings { options, ..Settings::default() }).await;
    world.append(ONE, &(0..20).collect::<Vec<_>>()).await;
    receiver.next_events(4).await;
    // Everything that may be started has been: what is due is what is in flight.
    soon(world.handle.clock_moved()).await;
    receiver.open_gate(20);
    world.settle().await;
    assert_eq!(receiver.rest().len(), 16);
    assert_eq!(receiver.most_in_flight(), (4, 1));
}

#[tokio::test]
async fn one_conversation_needs_one_connection() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, Settings::default()).await;
    world.append(ONE, &[5; 30]).await;
    world.settle().await;
    assert_in_order(&receiver.rest(), 30);
    assert_eq!(receiver.connections(), 1);
}

#[tokio::test]
async fn a_unit_that_fails_sends_nothing() {
    let mut receiver = Receiver::start().await;
    let world = World::with(&receiver, Settings::default()).await;
    let (handle, event) = (world.handle.clone(), world.events("messages", ONE, &[1]).remove(0));
    let failing = move |tx: &mut storage::Tx<'_>| {
        handle.append(tx, event.clone())?;
        Err::<(), _>(storage::Error::Busy)
    };
    assert_eq!(world.db.write(failing).await, Err(storage::Error::Busy));
    world.append(ONE, &[1]).await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 2)]);
}

#[tokio::test]
async fn each_endpoint_gets_its_own() {
    let (mut one, mut two) = (Receiver::start().await, Receiver::start().await);
    let world = World::with(&one, Settings::default()).await;
    world.configure(EndpointId(2), &two.url(), 1);
    world.append(ONE, &[1, 2]).await;
    world.append(EndpointId(2), &[1]).await;
    world.settle().await;
    assert_eq!((one.rest().len(), two.rest()), (2, vec![(1, 3)]));
}
