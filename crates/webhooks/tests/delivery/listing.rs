//! The list of what is not delivered.

use std::time::Duration;

use clock::MovableClock as _;
use webhooks::{EndpointId, Filter, Schedule, State};

use crate::receiver::{Answer, Receiver, soon};
use crate::world::{ONE, Settings, World};

#[tokio::test]
async fn what_waits_is_listed_newest_first_in_pages() {
    let mut receiver = Receiver::start().await;
    // Lane 1 dies, lane 2 is retried, lane 3 hangs; lane 4 is delivered.
    receiver.answer(|seen| match seen.events[0].0 {
        1 | 2 => Answer::Status(500),
        3 => Answer::Gate,
        _ => Answer::Status(200),
    });
    let schedule = Schedule { intervals: vec![Duration::from_secs(1)], ..Schedule::default() };
    let world = World::with(&receiver, Settings { schedule, ..Settings::default() }).await;
    let two = EndpointId(2);
    world.configure(two, &receiver.url(), 1);
    world.append(ONE, &[1]).await;
    world.settle().await;
    world.advance(Duration::from_secs(1)).await;
    world.clock.advance(Duration::from_secs(1));
    world.append(ONE, &[2, 3]).await;
    world.append(two, &[2, 3, 4]).await;
    receiver.next_events(7).await;
    soon(async {
        while world.log.attempts() < 5 {
            tokio::task::yield_now().await;
        }
    })
    .await;

    let all = soon(world.handle.waiting(Filter::default(), None, 100)).await.unwrap();
    let got: Vec<_> = all.iter().map(|w| (w.event.endpoint.0, w.event.lane, w.state, w.attempts)).collect();
    let wanted = [
        (2, 3, State::Pending, 0),
        (2, 2, State::Retrying, 1),
        (1, 3, State::Pending, 0),
        (1, 2, State::Retrying, 1),
        (1, 1, State::Dead, 2),
    ];
    assert_eq!(got, wanted);
    assert_eq!(all[1].next_at, Some(clock::Clock::now(&*world.clock).plus(Duration::from_secs(1))));
    assert_eq!(all[1].reason.as_deref(), Some("HTTP status 500 Internal Server Error"));

    let mut paged = Vec::new();
    while let page = world.handle.waiting(Filter::default(), paged.last().copied(), 2).await.unwrap()
        && !page.is_empty()
    {
        paged.extend(page.into_iter().map(|waiting| waiting.event.key()));
    }
    assert_eq!(paged, all.iter().map(|waiting| waiting.event.key()).collect::<Vec<_>>());

    let filter = Filter { endpoint: Some(ONE), state: Some(State::Retrying) };
    let some = world.handle.waiting(filter, None, 100).await.unwrap();
    assert_eq!(some, [all[3].clone()]);
    receiver.open_gate(2);
    world.settle().await;
}

#[tokio::test]
async fn pages_do_not_lose_events_of_the_same_time_and_lane() {
    let receiver = Receiver::start().await;
    receiver.answer_all(500);
    let world = World::new(Settings::default()).await;
    let event = world.events("messages", ONE, &[1]).remove(0);
    for endpoint in 1..=5 {
        world.configure(EndpointId(endpoint), &receiver.url(), 1);
        let (handle, event) = (world.handle.clone(), event.clone());
        let append = move |tx: &mut storage::Tx<'_>| {
            handle.append(tx, webhooks::Event { endpoint: EndpointId(endpoint), ..event.clone() })
        };
        world.db.write::<_, storage::Error>(append).await.unwrap();
    }
    world.settle().await;
    let mut paged = Vec::new();
    while let page = world.handle.waiting(Filter::default(), paged.last().copied(), 2).await.unwrap()
        && !page.is_empty()
    {
        paged.extend(page.into_iter().map(|waiting| waiting.event.key()));
    }
    assert_eq!(paged.iter().map(|key| key.endpoint.0).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
}
