//! The waiting events of one endpoint: a queue per conversation, with at most one POST in flight for each.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::{Event, EventKey};

/// Queues by lane. What is in a queue is, of the lane's undelivered events that are not in flight, the oldest ones.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    lanes: HashMap<i64, Lane>,
    /// The lanes that wait and are not busy, each once, the one that has waited longest first.
    ready: VecDeque<i64>,
    waiting: usize,
}

#[derive(Debug, Default)]
struct Lane {
    events: VecDeque<Arc<Event>>,
    busy: bool,
}

impl Lanes {
    /// How many events wait; those in flight do not count.
    pub(crate) fn len(&self) -> usize {
        self.waiting
    }
    /// Whether no event waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting == 0
    }
    /// Whether some lane has an event that may be sent now.
    pub(crate) fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }
    /// Whether the lanes have at least `least` events that may be sent now.
    pub(crate) fn are_ready(&self, least: usize) -> bool {
        let waiting = |id| self.lanes.get(id).map_or(0, |lane: &Lane| lane.events.len());
        self.is_ready() && (least <= 1 || self.ready.iter().map(waiting).sum::<usize>() >= least)
    }

    /// Puts `event` into its lane by its time: nearly always at the end, but the outbox can also give an earlier one. One
    /// that waits already is not taken twice.
    pub(crate) fn push(&mut self, event: Arc<Event>) {
        let id = event.lane;
        let lane = self.lanes.entry(id).or_default();
        let after = lane.events.iter().rposition(|other| other.at <= event.at);
        if after.is_some_and(|after| lane.events[after].at == event.at) {
            return;
        }
        lane.events.insert(after.map_or(0, |after| after + 1), event);
        self.waiting += 1;
        if lane.events.len() == 1 && !lane.busy {
            self.ready.push_back(id);
        }
    }

    /// Up to `most` events that may be sent in one POST because they go together, in the order of their lanes. Their lanes
    /// are busy from now on. Empty if none is ready.
    pub(crate) fn take(
        &mut self,
        most: usize,
        go_together: impl Fn(&Event, &Event) -> bool,
    ) -> Vec<Arc<Event>> {
        let (mut taken, mut passed_over) = (Vec::<Arc<Event>>::new(), Vec::new());
        while taken.len() < most
            && let Some(id) = self.ready.pop_front()
        {
            let Some(front) = self.lanes.get(&id).and_then(|lane| lane.events.front()) else { continue };
            let first = Arc::clone(taken.first().unwrap_or(front));
            if go_together(&first, front) {
                self.take_from(id, most - taken.len(), |event| go_together(&first, event), &mut taken);
            } else {
                passed_over.push(id);
            }
        }
        // They have waited longest.
        for id in passed_over.into_iter().rev() {
            self.ready.push_front(id);
        }
        taken
    }

    /// The oldest event that may be sent.
    pub(crate) fn oldest(&self) -> Option<&Arc<Event>> {
        self.ready.iter().filter_map(|id| self.lanes.get(id)?.events.front()).min_by_key(|event| event.key())
    }

    /// Takes [`Lanes::oldest`].
    pub(crate) fn take_oldest(&mut self) -> Option<Arc<Event>> {
        let id = self.oldest()?.lane;
        self.ready.retain(|ready| *ready != id);
        let mut taken = Vec::with_capacity(1);
        self.take_from(id, 1, |_| true, &mut taken);
        taken.pop()
    }

    /// Takes up to `most` events of a lane, until one does not fit.
    fn take_from(
        &mut self,
        id: i64,
        most: usize,
        fits: impl Fn(&Event) -> bool,
        taken: &mut Vec<Arc<Event>>,
    ) {
        let Some(lane) = self.lanes.get_mut(&id) else { return };
        lane.busy = true;
        let count = lane.events.iter().take(most).take_while(|event| fits(event)).count();
        taken.extend(lane.events.drain(..count));
        self.waiting -= count;
    }

    /// Nothing of the lane is in flight any more: its next event may go.
    pub(crate) fn release(&mut self, id: i64) {
        let Some(lane) = self.lanes.get_mut(&id) else { return };
        if !lane.busy {
            return;
        }
        lane.busy = false;
        if lane.events.is_empty() {
            self.lanes.remove(&id);
        } else {
            self.ready.push_back(id);
        }
    }

    /// Forgets all events that wait, which are still in the database. Lanes with something in flight stay busy. Answers
    /// how many were forgotten.
    pub(crate) fn let_go(&mut self) -> usize {
        self.ready.clear();
        self.lanes.retain(|_, lane| {
            lane.events.clear();
            lane.busy
        });
        std::mem::take(&mut self.waiting)
    }

    /// Takes one event out, wherever it stands.
    pub(crate) fn remove(&mut self, key: EventKey) {
        let Some(lane) = self.lanes.get_mut(&key.lane) else { return };
        let before = lane.events.len();
        lane.events.retain(|event| event.key() != key);
        self.waiting -= before - lane.events.len();
        if lane.events.is_empty() && !lane.busy {
            self.lanes.remove(&key.lane);
            self.ready.retain(|ready| *ready != key.lane);
        }
    }

    /// The events that wait.
    pub(crate) fn keys(&self) -> impl Iterator<Item = EventKey> {
        self.lanes.values().flat_map(|lane| lane.events.iter().map(|event| event.key()))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use clock::Micros;

    use super::*;
    use crate::EndpointId;

    fn event(lane: i64, at: i64) -> Arc<Event> {
        let topic = String::new();
        let endpoint = EndpointId(1);
        Arc::new(Event { endpoint, at: Micros(at), lane, subject: 0, channel: 0, topic, body: Bytes::new() })
    }

    fn lanes<const N: usize>(events: [(i64, i64); N]) -> Lanes {
        let mut lanes = Lanes::default();
        for (lane, at) in events {
            lanes.push(event(lane, at));
        }
        lanes
    }

    fn ats(events: &[Arc<Event>]) -> Vec<i64> {
        events.iter().map(|event| event.at.0).collect()
    }

    #[test]
    fn a_lane_sends_one_at_a_time_and_in_order() {
        let mut lanes = lanes([(1, 10), (1, 11), (2, 12), (1, 13)]);
        assert_eq!(ats(&lanes.take(1, |_, _| true)), [10]);
        assert_eq!(ats(&lanes.take(1, |_, _| true)), [12]);
        assert!(lanes.take(1, |_, _| true).is_empty());
        lanes.release(1);
        lanes.release(1);
        assert_eq!(ats(&lanes.take(1, |_, _| true)), [11]);
        assert!(lanes.take(1, |_, _| true).is_empty());
        lanes.release(2);
        lanes.release(1);
        assert_eq!(ats(&lanes.take(1, |_, _| true)), [13]);
        lanes.release(1);
        assert!(lanes.is_empty() && lanes.lanes.is_empty(), "nothing is kept of lanes at rest");
    }

    #[test]
    fn a_lane_is_sorted_by_time_and_takes_nothing_twice() {
        let mut lanes = lanes([(1, 11), (1, 10), (1, 12), (1, 11), (1, 9)]);
        assert_eq!(lanes.len(), 4);
        assert_eq!(ats(&lanes.take(9, |_, _| true)), [9, 10, 11, 12]);
        assert!(!lanes.is_ready());
    }

    #[test]
    fn a_batch_takes_from_several_lanes_in_order() {
        let mut lanes = lanes([(1, 10), (2, 11), (1, 12), (3, 13), (2, 14)]);
        assert_eq!(ats(&lanes.take(3, |_, _| true)), [10, 12, 11]);
        assert_eq!(ats(&lanes.take(3, |_, _| true)), [13], "lane 2 is busy");
        lanes.release(2);
        assert_eq!(ats(&lanes.take(3, |_, _| true)), [14]);
    }

    #[test]
    fn the_oldest_is_found_among_those_that_may_go() {
        let mut lanes = lanes([(2, 20), (1, 10), (1, 11)]);
        assert_eq!(lanes.take_oldest().map(|e| e.at.0), Some(10));
        assert_eq!(lanes.take_oldest().map(|e| e.at.0), Some(20));
        assert!(lanes.take_oldest().is_none());
        assert_eq!((lanes.len(), lanes.is_ready()), (1, false));
    }

    #[test]
    fn what_is_let_go_leaves_busy_lanes_busy() {
        let mut lanes = lanes([(1, 10), (1, 11), (2, 12)]);
        lanes.take(1, |_, _| true);
        assert_eq!(lanes.let_go(), 2);
        lanes.push(event(1, 11));
        lanes.push(event(2, 12));
        assert_eq!(ats(&lanes.take(1, |_, _| true)), [12]);
        assert!(lanes.take(1, |_, _| true).is_empty());
        lanes.release(1);
        assert_eq!(ats(&lanes.take(1, |_, _| true)), [11]);
    }

    #[test]
    fn one_event_can_be_taken_out() {
        let mut lanes = lanes([(1, 10), (1, 11), (2, 12)]);
        lanes.remove(event(1, 10).key());
        lanes.remove(event(2, 12).key());
        lanes.remove(event(2, 99).key());
        assert_eq!(lanes.keys().map(|key| key.at.0).collect::<Vec<_>>(), [11]);
        assert_eq!(ats(&lanes.take(9, |_, _| true)), [11]);
        assert!(!lanes.is_ready());
    }

    /// What does not go with the first waits for the next POST, and keeps its turn.
    #[test]
    fn what_does_not_go_together_is_taken_apart() {
        let mut lanes = Lanes::default();
        for (lane, at) in [(1, 10), (2, 11), (3, 12), (1, 13)] {
            lanes.push(event(lane, at));
        }
        let is_alike = |one: &Event, other: &Event| (one.lane == 2) == (other.lane == 2);
        assert_eq!(ats(&lanes.take(9, is_alike)), [10, 13, 12]);
        assert_eq!(ats(&lanes.take(9, is_alike)), [11]);
        lanes.push(event(4, 14));
        let is_early = |one: &Event, other: &Event| one.at.0 + 1 >= other.at.0;
        lanes.push(event(4, 15));
        lanes.push(event(4, 17));
        assert_eq!(ats(&lanes.take(9, is_early)), [14, 15], "in the middle of a lane too");
        lanes.release(4);
        assert_eq!(ats(&lanes.take(9, is_early)), [17]);
    }
}
