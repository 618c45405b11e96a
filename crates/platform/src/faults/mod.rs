//! Faults: what goes wrong on purpose, so that programs can be tested against it. The sim sets and removes them; they
//! live in memory, and a reset removes them.
//!
//! A fault strikes requests ([`requests`]), what events say ([`content`], before they are stored), how they are delivered
//! ([`deliveries`]), or files. While none of a kind is set, it costs one look at a number.

pub(crate) mod content;
pub(crate) mod deliveries;
mod error;
mod fault;
mod only;
mod pattern;
pub(crate) mod requests;
mod waiting;

#[cfg(test)]
mod tests;

use crate::log::feed::{Feed, Happening};
use clock::Clock;
pub(crate) use error::{By, Chosen};
pub(crate) use fault::{Fault, Share, What};
pub(crate) use only::Only;
pub(crate) use pattern::Pattern;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use storage::{End, Tx};
pub(crate) use waiting::until;
use webhooks::EventKey;

/// More faults than this are not set at a time.
const MOST: usize = 1000;

/// The faults of a world.
pub(crate) struct Faults {
    /// The kinds of which some are set that can still strike: [`What::bit`] of each.
    kinds: AtomicU8,
    list: RwLock<Vec<Arc<Fault>>>,
    /// What is still to be done to events that were held back.
    held: Mutex<HashMap<EventKey, Arc<Fault>>>,
    next: AtomicU64,
    feed: Arc<Feed>,
    clock: Arc<dyn Clock>,
}

impl Faults {
    pub(crate) fn new(feed: Arc<Feed>, clock: Arc<dyn Clock>) -> Self {
        Self {
            kinds: AtomicU8::new(0),
            list: RwLock::default(),
            held: Mutex::default(),
            next: AtomicU64::new(1),
            feed,
            clock,
        }
    }

    /// Whether some fault of the kind can strike.
    fn are_set(&self, bit: u8) -> bool {
        self.kinds.load(Ordering::Relaxed) & bit != 0
    }

    fn list(&self) -> RwLockReadGuard<'_, Vec<Arc<Fault>>> {
        self.list.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<EventKey, Arc<Fault>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is room for another one.
    pub(crate) fn has_room(&self) -> bool {
        self.list().len() < MOST
    }

    /// Sets the fault that `make` makes of its number.
    pub(crate) fn add(&self, make: impl FnOnce(u64) -> Fault) -> Arc<Fault> {
        let fault = Arc::new(make(self.next.fetch_add(1, Ordering::Relaxed)));
        self.list.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&fault));
        self.recount();
        fault
    }

    /// All faults, the oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<Fault>> {
        self.list().clone()
    }

    /// Removes one. Answers whether it was there.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        let before = list.len();
        list.retain(|fault| fault.id != id);
        let was_there = list.len() < before;
        drop(list);
        self.held().retain(|_, fault| fault.id != id);
        self.recount();
        was_there
    }

    /// Removes all.
    pub(crate) fn clear(&self) {
        self.list.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.held().clear();
        self.recount();
    }

    /// Removes all, and counts from 1 again: the world is made anew.
    pub(crate) fn reset(&self) {
        self.clear();
        self.next.store(1, Ordering::Relaxed);
    }

    fn recount(&self) {
        let list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        let bits = list.iter().filter(|fault| fault.is_left()).fold(0, |bits, fault| bits | fault.what.bit());
        let held = if self.held().is_empty() { 0 } else { What::DELIVERIES };
        self.kinds.store(bits | held, Ordering::Relaxed);
    }

    /// Lets the oldest fault strike that can: `decide` says what it does, or that it does nothing here.
    fn strike<T>(&self, bit: u8, mut decide: impl FnMut(&Fault) -> Option<T>) -> Option<(Arc<Fault>, T)> {
        let struck = {
            let list = self.list();
            let mut of_kind = list.iter().filter(|fault| fault.what.bit() == bit);
            of_kind.find_map(|fault| fault.strike(&mut decide).map(|what| (Arc::clone(fault), what)))
        };
        if struck.as_ref().is_some_and(|(fault, _)| !fault.is_left()) {
            self.recount();
        }
        struck
    }

    /// Tells the feed what a fault did.
    fn tell(&self, fault: &Fault, did: &str) {
        self.feed.push(self.clock.now(), Happening::Fault { id: fault.id, did: did.to_owned() });
    }

    /// The unit in which the fault has struck tells of it once it is committed; if nothing comes of the unit, the fault
    /// has not struck.
    fn tell_at_end(self: &Arc<Self>, tx: &mut Tx<'_>, fault: &Arc<Fault>, did: String) {
        let (this, fault) = (Arc::clone(self), Arc::clone(fault));
        tx.at_end(move |end| match end {
            End::Undone => {
                fault.give_back();
                this.recount();
            }
            End::Committed | End::Unclear => this.tell(&fault, &did),
        });
    }
}
