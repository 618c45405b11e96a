//! Events are handed over in the order of their lanes, although the units that made them may end in any order.
//!
//! A unit takes a slot for each of its events while it holds the lock of their conversation. Who gets the lock later
//! takes a later slot of the lane. So when a unit's commit is heard of, the slots before its own tell whether an event
//! is still to come that must go first. (An engine that commits one unit after the other always tells of them in turn.)

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::Micros;

use crate::Event;

/// A lane, and an event's time in it.
pub(crate) type Place = (i64, Micros);

/// The slots of one endpoint whose units have not ended, and what waits for them.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    slots: BTreeMap<Place, Slot>,
    /// Tells a slot from another one that had its place before.
    tickets: u64,
    waiting: usize,
    doubts: usize,
}

#[derive(Debug)]
struct Slot {
    ticket: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Its unit has not ended, as far as is known here.
    Open,
    /// Nor has it here, and the tables may have been replaced meanwhile.
    Old,
    /// Nor has it here, but its row was found in the outbox: the event is not handed over a second time.
    Found,
    /// Committed, and waits for an earlier slot.
    Waiting(Arc<Event>),
    /// Nobody knows how its unit ended, or whether it has.
    Doubtful,
}

/// What is to be done with a committed event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is handed over; then those that [`Turns::next`] gives.
    Now,
    /// It waits: [`Turns::wait`], or, if there is no room, [`Turns::leave`].
    Later,
    /// It was found in the outbox.
    Had,
    /// Whether an earlier event is to go before it, only the outbox can tell; it is there, too. So are those that
    /// [`Turns::next`] gives.
    Unknown,
}

impl Turns {
    /// A slot for an event. Answers its ticket.
    pub(crate) fn take(&mut self, place: Place) -> u64 {
        self.tickets += 1;
        let slot = Slot { ticket: self.tickets, state: State::Open };
        // Who had the place before did not commit, or the place would not be free.
        let before = self.slots.insert(place, slot);
        self.gone(before);
        self.tickets
    }

    /// The slot's unit was committed.
    pub(crate) fn committed(&mut self, place: Place, ticket: u64) -> Turn {
        let Some(slot) = self.slots.get(&place).filter(|slot| slot.ticket == ticket) else {
            return Turn::Unknown;
        };
        match slot.state {
            State::Found => {
                self.leave(place);
                return Turn::Had;
            }
            State::Old => {
                self.leave(place);
                return Turn::Unknown;
            }
            State::Open | State::Waiting(_) | State::Doubtful => {}
        }
        let (lane, _) = place;
        let (mut is_first, mut doubts) = (true, false);
        for (_, earlier) in self.slots.range((lane, Micros(i64::MIN))..place) {
            is_first &= !matches!(earlier.state, State::Open | State::Old);
            doubts |= matches!(earlier.state, State::Doubtful);
        }
        if doubts {
            // Whoever was in doubt has let go of the lock: that unit is over.
            let before = self.slots.len();
            self.slots
                .retain(|at, slot| at.0 != lane || *at > place || !matches!(slot.state, State::Doubtful));
            self.doubts -= before - self.slots.len();
        } else if !is_first {
            return Turn::Later;
        }
        self.leave(place);
        if doubts { Turn::Unknown } else { Turn::Now }
    }

    /// The event waits until the slots before it have ended.
    pub(crate) fn wait(&mut self, place: Place, event: Arc<Event>) {
        if let Some(slot) = self.slots.get_mut(&place) {
            slot.state = State::Waiting(event);
            self.waiting += 1;
        }
    }

    /// The slot is no more.
    pub(crate) fn leave(&mut self, place: Place) {
        let slot = self.slots.remove(&place);
        self.gone(slot);
    }

    /// An event of the lane whose turn has come because a slot before it has ended. To be called until there is none.
    pub(crate) fn next(&mut self, lane: i64) -> Option<Arc<Event>> {
        if self.waiting == 0 {
            return None;
        }
        let of_lane = self.slots.range((lane, Micros(i64::MIN))..=(lane, Micros(i64::MAX)));
        let mut first = of_lane.filter(|(_, slot)| !matches!(slot.state, State::Found | State::Doubtful));
        let (place, _) = first.next().filter(|(_, slot)| matches!(slot.state, State::Waiting(_)))?;
        let place = *place;
        self.waiting -= 1;
        match self.slots.remove(&place)?.state {
            State::Waiting(event) => Some(event),
            _ => None,
        }
    }

    /// The slot's unit was undone: its event never comes.
    pub(crate) fn undone(&mut self, place: Place, ticket: u64) {
        if self.slots.get(&place).is_some_and(|slot| slot.ticket == ticket) {
            self.leave(place);
        }
    }

    /// Nobody knows how the slot's unit ended. Answers whether only the outbox can tell now.
    pub(crate) fn unclear(&mut self, place: Place, ticket: u64) -> bool {
        let Some(slot) = self.slots.get_mut(&place).filter(|slot| slot.ticket == ticket) else {
            return false;
        };
        if matches!(slot.state, State::Found) {
            self.leave(place);
            return false;
        }
        slot.state = State::Doubtful;
        self.doubts += 1;
        let (lane, at) = place;
        let after = (lane, Micros(at.0.saturating_add(1)))..=(lane, Micros(i64::MAX));
        if self.slots.range(after).any(|(_, slot)| matches!(slot.state, State::Waiting(_))) {
            // Somebody had the lock after it: so it is over, and its row is there, or never will be.
            self.leave(place);
        }
        true
    }

    /// These events were found in the outbox.
    pub(crate) fn found<'e>(&mut self, events: impl Iterator<Item = &'e Event>) {
        if self.slots.is_empty() {
            return;
        }
        for event in events {
            let place = (event.lane, event.at);
            match self.slots.get_mut(&place) {
                None => {}
                Some(slot) => match slot.state {
                    State::Open | State::Old => slot.state = State::Found,
                    State::Found => {}
                    State::Waiting(_) | State::Doubtful => self.leave(place),
                },
            }
        }
    }

    /// Nothing is in doubt any more.
    pub(crate) fn settle_doubts(&mut self) {
        self.slots.retain(|_, slot| !matches!(slot.state, State::Doubtful));
        self.doubts = 0;
    }

    /// Lets go of the events that wait: what the tables hold now may be something else. So it may be when the units end
    /// that have not.
    pub(crate) fn forget(&mut self) {
        self.slots.retain(|_, slot| !matches!(slot.state, State::Waiting(_)));
        self.waiting = 0;
        for slot in self.slots.values_mut().filter(|slot| matches!(slot.state, State::Open)) {
            slot.state = State::Old;
        }
    }

    /// How many events wait for earlier ones.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }
    /// Whether some slot is in doubt.
    pub(crate) fn has_doubts(&self) -> bool {
        self.doubts > 0
    }

    fn gone(&mut self, slot: Option<Slot>) {
        match slot.map(|slot| slot.state) {
            Some(State::Waiting(_)) => self.waiting -= 1,
            Some(State::Doubtful) => self.doubts -= 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::EndpointId;

    fn event(place: Place) -> Event {
        let (endpoint, topic) = (EndpointId(1), String::new());
        Event { endpoint, at: place.1, lane: place.0, subject: 0, channel: 0, topic, body: Bytes::new() }
    }

    fn place(lane: i64, at: i64) -> Place {
        (lane, Micros(at))
    }

    /// The unit is committed; its event waits if it must. The times of those that are handed over now.
    fn commit(turns: &mut Turns, place: Place, ticket: u64) -> Vec<i64> {
        let mut told = Vec::new();
        match turns.committed(place, ticket) {
            Turn::Now => told.push(place.1.0),
            Turn::Later => turns.wait(place, Arc::new(event(place))),
            Turn::Had | Turn::Unknown => {}
        }
        told.extend(std::iter::from_fn(|| turns.next(place.0)).map(|event| event.at.0));
        told
    }

    fn taken<const N: usize>(turns: &mut Turns, places: [Place; N]) -> [u64; N] {
        places.map(|place| turns.take(place))
    }

    #[test]
    fn who_is_committed_first_is_handed_over_first_and_lanes_do_not_wait_for_each_other() {
        let mut turns = Turns::default();
        let [a, b, c, other] = taken(&mut turns, [place(1, 10), place(1, 11), place(1, 12), place(2, 11)]);
        assert_eq!(commit(&mut turns, place(1, 12), c), []);
        assert_eq!(commit(&mut turns, place(1, 11), b), []);
        assert_eq!(turns.waiting(), 2);
        assert_eq!(commit(&mut turns, place(2, 11), other), [11]);
        assert_eq!(commit(&mut turns, place(1, 10), a), [10, 11, 12]);
        assert!(turns.slots.is_empty() && turns.waiting() == 0);
    }

    #[test]
    fn who_is_undone_keeps_nobody_waiting() {
        let mut turns = Turns::default();
        let [a, b, c] = taken(&mut turns, [place(1, 10), place(1, 11), place(1, 12)]);
        assert_eq!(commit(&mut turns, place(1, 12), c), []);
        turns.undone(place(1, 11), b);
        assert!(turns.next(1).is_none(), "there is still the first one");
        turns.undone(place(1, 10), a);
        assert_eq!(turns.next(1).map(|event| event.at.0), Some(12));
        assert!(turns.slots.is_empty());
    }

    #[test]
    fn a_unit_that_is_run_again_is_another_slot() {
        let mut turns = Turns::default();
        let [first, again] = taken(&mut turns, [place(1, 10), place(1, 10)]);
        turns.undone(place(1, 10), first);
        assert_eq!(commit(&mut turns, place(1, 10), again), [10]);
        assert_eq!(turns.committed(place(1, 10), first), Turn::Unknown, "should that ever be said");
    }

    #[test]
    fn what_was_found_in_the_outbox_is_not_handed_over_and_keeps_nobody_waiting() {
        let mut turns = Turns::default();
        let [a, b, c] = taken(&mut turns, [place(1, 10), place(1, 11), place(1, 12)]);
        assert_eq!(commit(&mut turns, place(1, 11), b), []);
        turns.found([event(place(1, 10)), event(place(1, 11)), event(place(9, 9))].iter());
        assert!(turns.next(1).is_none(), "it was found itself");
        assert_eq!(commit(&mut turns, place(1, 12), c), [12], "the first one is known");
        assert_eq!(turns.committed(place(1, 10), a), Turn::Had);
        assert!(turns.slots.is_empty() && turns.waiting() == 0);
    }

    #[test]
    fn who_waits_for_one_that_was_found_waits_no_longer() {
        let mut turns = Turns::default();
        let [_, b] = taken(&mut turns, [place(1, 10), place(1, 11)]);
        assert_eq!(commit(&mut turns, place(1, 11), b), []);
        turns.found([event(place(1, 10))].iter());
        assert_eq!(turns.next(1).map(|event| event.at.0), Some(11));
    }

    #[test]
    fn after_one_in_doubt_only_the_outbox_can_tell() {
        let mut turns = Turns::default();
        let [a, b, c] = taken(&mut turns, [place(1, 10), place(1, 11), place(1, 12)]);
        assert!(turns.unclear(place(1, 10), a), "it may be there now");
        assert_eq!(turns.committed(place(1, 11), b), Turn::Unknown, "or now");
        assert!(!turns.has_doubts());
        assert_eq!(commit(&mut turns, place(1, 12), c), [12]);
        assert!(turns.slots.is_empty());
    }

    #[test]
    fn who_is_in_doubt_when_later_ones_are_committed_already_is_so_no_more() {
        let mut turns = Turns::default();
        let [a, b] = taken(&mut turns, [place(1, 10), place(1, 11)]);
        assert_eq!(commit(&mut turns, place(1, 11), b), []);
        assert!(turns.unclear(place(1, 10), a));
        assert!(!turns.has_doubts());
        assert_eq!(turns.next(1).map(|event| event.at.0), Some(11), "for whoever still wants it");
    }

    #[test]
    fn what_was_in_doubt_and_is_found_is_so_no_more() {
        let mut turns = Turns::default();
        let [a, b] = taken(&mut turns, [place(1, 10), place(1, 11)]);
        assert!(turns.unclear(place(1, 10), a));
        turns.found([event(place(1, 10))].iter());
        assert!(!turns.has_doubts());
        turns.found([event(place(1, 11))].iter());
        assert!(!turns.unclear(place(1, 11), b), "it was found before");
        assert!(turns.slots.is_empty());
    }

    #[test]
    fn what_is_heard_of_after_everything_was_forgotten_is_looked_up_and_keeps_its_turn() {
        let mut turns = Turns::default();
        let [a, b] = taken(&mut turns, [place(1, 10), place(1, 11)]);
        assert_eq!(commit(&mut turns, place(1, 11), b), []);
        turns.forget();
        assert_eq!(turns.waiting(), 0);
        let [c, d] = taken(&mut turns, [place(1, 12), place(1, 13)]);
        assert_eq!(commit(&mut turns, place(1, 12), c), []);
        assert_eq!(turns.committed(place(1, 10), a), Turn::Unknown);
        assert_eq!(turns.next(1).map(|event| event.at.0), Some(12), "if it is still wanted");
        assert_eq!(commit(&mut turns, place(1, 13), d), [13]);
        assert!(turns.slots.is_empty());
    }

    #[test]
    fn a_place_in_doubt_that_is_taken_again_was_free() {
        let mut turns = Turns::default();
        let [a] = taken(&mut turns, [place(1, 10)]);
        assert!(turns.unclear(place(1, 10), a));
        let [again] = taken(&mut turns, [place(1, 10)]);
        assert!(!turns.has_doubts());
        assert_eq!(commit(&mut turns, place(1, 10), again), [10]);
    }
}
