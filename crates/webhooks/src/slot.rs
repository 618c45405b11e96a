//! An event's place in its lane, from the moment at which its unit holds the lane's lock.

use std::sync::Arc;

use storage::End;

use crate::Event;
use crate::mailbox::Mailbox;
use crate::turns::Place;

/// Taken inside the unit, and ended with it. One that is dropped without an end stands for a unit of which nobody knows
/// how it ended.
pub(crate) struct Slot {
    mailbox: Arc<Mailbox>,
    ticket: u64,
    /// `None` once ended.
    event: Option<Arc<Event>>,
}

impl Slot {
    pub(crate) fn take(mailbox: Arc<Mailbox>, event: Event) -> Self {
        let ticket = mailbox.take_slot(place(&event));
        Self { mailbox, ticket, event: Some(Arc::new(event)) }
    }

    /// The unit has ended.
    pub(crate) fn end(mut self, end: End) {
        self.leave(end);
    }

    fn leave(&mut self, end: End) {
        if let Some(event) = self.event.take() {
            self.mailbox.end(place(&event), self.ticket, event, end);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.leave(End::Unclear);
    }
}

fn place(event: &Event) -> Place {
    (event.lane, event.at)
}
