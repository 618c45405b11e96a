//! A read of the outbox, and what happens while it runs.

use std::time::Duration;

use bytes::Bytes;
use clock::{Clock, ManualClock};
use storage::{Database, End};

use super::operation::{Done, Operation};
use super::*;
use crate::slot::Slot;
use crate::{Dialect, Options, Schedule};

/// No endpoint is ever asked for: nothing is sent here.
struct Silent(Schedule);

impl Dialect for Silent {
    fn endpoint(&self, _: EndpointId) -> BoxFuture<'_, storage::Result<Option<Arc<dyn Endpoint>>>> {
        Box::pin(std::future::pending())
    }
    fn schedule(&self) -> &Schedule {
        &self.0
    }
    fn timeout(&self) -> Duration {
        Duration::from_secs(1)
    }
}

fn event(at: i64) -> Event {
    let (endpoint, topic) = (EndpointId(1), String::new());
    Event { endpoint, at: Micros(at), lane: 1, subject: 0, channel: 0, topic, body: Bytes::new() }
}

/// A task, with room for 16 events, that reads the outbox; at most 8 rows.
fn reading() -> Task {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(Micros(0)));
    let db = Database::in_memory(Arc::clone(&clock)).unwrap();
    let client = net::Client::new(net::AddressPolicy::Public);
    let dialect = Arc::new(Silent(Schedule::default()));
    let options = Options { capacity: 16, ..Options::default() };
    let handle = crate::start(db, clock, client, dialect, Arc::new(()), options);
    let mut task = Task::new(EndpointId(1), Arc::clone(handle.shared()), Arc::new(Mailbox::new(16)));
    task.running = Some(Running::pending(Operation::ReadOutbox { limit: 8, page: 8 }));
    task
}

/// Its unit is committed.
fn hand_over(task: &Task, at: i64) {
    Slot::take(Arc::clone(&task.mailbox), event(at)).end(End::Committed);
}

/// The read ends with these rows.
fn found(task: &mut Task, rows: impl IntoIterator<Item = i64>) {
    let what = Operation::ReadOutbox { limit: 8, page: 8 };
    task.running = None;
    task.conclude((what, Some(Done::Outbox(Ok(rows.into_iter().map(event).collect())))));
}

fn waiting(task: &mut Task) -> Vec<i64> {
    task.lanes.take(99, |_, _| true).iter().map(|event| event.at.0).collect()
}

#[tokio::test]
async fn events_that_come_while_the_outbox_is_read_follow_what_it_found() {
    let mut task = reading();
    hand_over(&task, 3);
    hand_over(&task, 4);
    task.take_events();
    found(&mut task, [1, 2, 3]);
    hand_over(&task, 5);
    task.take_events();
    assert_eq!(waiting(&mut task), [1, 2, 3, 4, 5]);
    assert!(!task.spilled, "everything is in memory");
}

#[tokio::test]
async fn events_that_come_while_there_is_more_to_read_are_let_go() {
    let mut task = reading();
    hand_over(&task, 20);
    task.take_events();
    found(&mut task, 1..=8);
    hand_over(&task, 21);
    task.take_events();
    assert_eq!(waiting(&mut task), (1..=8).collect::<Vec<_>>());
    assert!(task.spilled, "there may be others between 8 and 20");
}

#[tokio::test]
async fn room_that_comes_too_late_makes_no_gap() {
    let mut task = reading();
    found(&mut task, [1]);
    task.mailbox.set_held(15);
    hand_over(&task, 2);
    hand_over(&task, 3);
    task.mailbox.set_held(1);
    hand_over(&task, 4);
    task.take_events();
    assert_eq!(waiting(&mut task), [1, 2]);
    assert!(task.spilled);
}

#[tokio::test]
async fn if_the_mailbox_let_events_go_while_the_outbox_was_read_it_is_read_again() {
    let mut task = reading();
    for at in 3..30 {
        hand_over(&task, at);
    }
    task.take_events();
    found(&mut task, [1, 2]);
    assert!(task.spilled);
    // What is in memory has no gaps.
    let waiting = waiting(&mut task);
    assert_eq!(waiting, (1..=18).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn for_an_event_in_doubt_the_outbox_is_read_ever_more_rarely_until_it_is_found() {
    let mut task = reading();
    found(&mut task, []);
    let slot = |at| Slot::take(Arc::clone(&task.mailbox), event(at));
    let (one, two) = (slot(1), slot(2));
    one.end(End::Unclear);
    // A unit whose end nobody tells.
    drop(two);
    let began = Instant::now();
    let mut looks = Vec::new();
    task.take_events();
    while let Some(at) = task.look_at {
        assert!(task.spilled, "it is looked for");
        found(&mut task, if looks.len() == 3 { vec![1] } else { vec![] });
        assert!(!task.spilled);
        tokio::time::advance(at - Instant::now()).await;
        looks.push(began.elapsed().as_secs());
        task.take_events();
    }
    assert_eq!(looks, [1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095]);
    assert_eq!(waiting(&mut task), [1]);
}
