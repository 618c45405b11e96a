//! One fault: what it does, to what, and how often.

use super::content::{Alteration, Phantom};
use super::deliveries::Deliveries;
use super::only::Only;
use super::requests::{Files, Requests};
use clock::{Chance, SeededChance};
use serde_json::{Map, Value};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A fault.
pub(crate) struct Fault {
    /// Its number.
    pub(crate) id: u64,
    /// What it does.
    pub(crate) what: What,
    /// What it is narrowed to.
    pub(crate) only: Only,
    /// How often it strikes of the times that it could.
    probability: Share,
    count: Mutex<Count>,
    /// Its own chance, so that what it does follows from the world's seed and from nothing else that happens.
    chance: SeededChance,
    /// How it was asked for.
    asked: Map<String, Value>,
}

/// What a fault does.
pub(crate) enum What {
    /// To requests of the Graph API.
    Requests(Box<Requests>),
    /// To requests for files.
    Files(Files),
    /// To what an event says.
    Content(Alteration),
    /// An edit that is none, beside a message.
    Phantom(Phantom),
    /// To the delivery of events.
    Deliveries(Deliveries),
}

impl What {
    pub(super) const REQUESTS: u8 = 1;
    pub(super) const FILES: u8 = 2;
    pub(super) const CONTENT: u8 = 4;
    pub(super) const PHANTOM: u8 = 8;
    pub(super) const DELIVERIES: u8 = 16;

    /// The bit that stands for its kind.
    pub(super) const fn bit(&self) -> u8 {
        match self {
            Self::Requests(_) => Self::REQUESTS,
            Self::Files(_) => Self::FILES,
            Self::Content(_) => Self::CONTENT,
            Self::Phantom(_) => Self::PHANTOM,
            Self::Deliveries(_) => Self::DELIVERIES,
        }
    }
}

/// How often something happens: 0 never, 1 always.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Share(f64);

impl Share {
    pub(crate) const NEVER: Self = Self(0.0);
    pub(crate) const ALWAYS: Self = Self(1.0);

    /// A number from 0 to 1.
    pub(crate) fn new(share: f64) -> Option<Self> {
        (0.0..=1.0).contains(&share).then_some(Self(share))
    }

    /// Whether it can happen.
    pub(crate) fn is_possible(self) -> bool {
        self.0 > 0.0
    }
}

struct Count {
    /// How often it strikes still; `None`: always.
    left: Option<u64>,
    struck: u64,
}

impl Fault {
    pub(crate) fn new(
        id: u64,
        (what, only): (What, Only),
        (probability, times): (Share, Option<u64>),
        seed: u64,
        asked: Map<String, Value>,
    ) -> Self {
        let count = Mutex::new(Count { left: times, struck: 0 });
        Self { id, what, only, probability, count, chance: SeededChance::new(seed), asked }
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it can strike still.
    pub(super) fn is_left(&self) -> bool {
        self.count().left != Some(0)
    }

    /// Whether that happens this time.
    pub(super) fn happens(&self, share: Share) -> bool {
        // 53 bits are what a float holds.
        let draw = || (self.chance.number() >> 11) as f64 / (1_u64 << 53) as f64;
        share.0 >= 1.0 || (share.is_possible() && draw() < share.0)
    }

    /// Strikes if `decide` knows what to do.
    pub(super) fn strike<T>(&self, decide: impl FnOnce(&Self) -> Option<T>) -> Option<T> {
        let mut count = self.count();
        if count.left == Some(0) {
            return None;
        }
        let what = decide(self)?;
        count.left = count.left.map(|left| left - 1);
        count.struck += 1;
        Some(what)
    }

    /// Whether it strikes where it could: to be asked once in each decision, after what costs nothing.
    pub(super) fn is_likely(&self) -> bool {
        self.happens(self.probability)
    }

    /// The last strike does not count: nothing came of it.
    pub(super) fn give_back(&self) {
        let mut count = self.count();
        count.left = count.left.map(|left| left + 1);
        count.struck = count.struck.saturating_sub(1);
    }

    /// As the sim shows it: how it was asked for, its id, how often it strikes still and how often it has struck.
    pub(crate) fn to_json(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("id".to_owned(), self.id.to_string().into());
        shown.extend(self.asked.clone());
        let count = self.count();
        if let Some(left) = count.left {
            shown.insert("times".to_owned(), left.into());
        }
        shown.insert("struck".to_owned(), count.struck.into());
        Value::Object(shown)
    }
}
