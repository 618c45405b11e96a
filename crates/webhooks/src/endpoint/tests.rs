//! A read of the outbox, and what happens while it runs.

use std::time::Duration;

use bytes::Bytes;
use clock::{Clock, ManualClock};
use storage::Database;

use super::operation::{Done, Operation};
use super::*;
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

/// The read ends with these rows.
fn found(task: &mut Task, rows: impl IntoIterator<Item = i64>) {
    let what = Operation::ReadOutbox { limit: 8, page: 8 };
    task.running = None;
    task.conclude((what, Some(Done::Outbox(Ok(rows.into_iter().map(event).collect())))));
}

fn waiting(task: &mut Task) -> Vec<i64> {
    task.lanes.take(99).iter().map(|event| event.at.0).collect()
}

#[tokio::test]
async fn events_that_come_while_the_outbox_is_read_follow_what_it_found() {
    let mut task = reading();
    task.mailbox.deliver(Arc::new(event(3)));
    task.mailbox.deliver(Arc::new(event(4)));
    task.take_events();
    found(&mut task, [1, 2, 3]);
    task.mailbox.deliver(Arc::new(event(5)));
    task.take_events();
    assert_eq!(waiting(&mut task), [1, 2, 3, 4, 5]);
    assert!(!task.spilled, "everything is in memory");
}

#[tokio::test]
async fn events_that_come_while_there_is_more_to_read_are_let_go() {
    let mut task = reading();
    task.mailbox.deliver(Arc::new(event(20)));
    task.take_events();
    found(&mut task, 1..=8);
    task.mailbox.deliver(Arc::new(event(21)));
    task.take_events();
    assert_eq!(waiting(&mut task), (1..=8).collect::<Vec<_>>());
    assert!(task.spilled, "there may be others between 8 and 20");
}

#[tokio::test]
async fn room_that_comes_too_late_makes_no_gap() {
    let mut task = reading();
    found(&mut task, [1]);
    task.mailbox.set_held(15);
    task.mailbox.deliver(Arc::new(event(2)));
    task.mailbox.deliver(Arc::new(event(3)));
    task.mailbox.set_held(1);
    task.mailbox.deliver(Arc::new(event(4)));
    task.take_events();
    assert_eq!(waiting(&mut task), [1, 2]);
    assert!(task.spilled);
}

#[tokio::test]
async fn if_the_mailbox_let_events_go_while_the_outbox_was_read_it_is_read_again() {
    let mut task = reading();
    for at in 3..30 {
        task.mailbox.deliver(Arc::new(event(at)));
    }
    task.take_events();
    found(&mut task, [1, 2]);
    assert!(task.spilled);
    // What is in memory has no gaps.
    let waiting = waiting(&mut task);
    assert_eq!(waiting, (1..=18).collect::<Vec<_>>());
}
