//! What is done to the delivery of events.

use super::{Fault, Faults, Share, What};
use bytes::Bytes;
use clock::Micros;
use graph_api::time;
use http::{HeaderMap, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use webhooks::{EndpointId, Event, Fate, Outcome};

/// How long an event waits for another one that goes before it, unless the fault says otherwise.
const WAIT: Duration = Duration::from_secs(10);

/// What a fault does to deliveries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deliveries {
    /// The event is not sent.
    pub(crate) drop: Share,
    /// It is sent later.
    pub(crate) delay: Option<Duration>,
    /// The next event of its conversation goes first.
    pub(crate) reorder: Share,
    /// It is sent again, so often.
    pub(crate) duplicate: Share,
    pub(crate) copies: usize,
    /// Copies are stamped and signed anew; else they are the same bytes.
    pub(crate) restamp: bool,
    /// The endpoint is taken to have answered that.
    pub(crate) answer: Option<Answer>,
    /// The POST is made all the same.
    pub(crate) after: bool,
    /// It is signed so.
    pub(crate) signing: Option<Signing>,
    pub(crate) badly_signed: Share,
    /// The body is a list of one object, as the documentation prints it.
    pub(crate) array: bool,
    /// So many events go in one POST, and wait until they are as many.
    pub(crate) gather: usize,
}

/// What an endpoint is taken to have answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Status(StatusCode),
    TimedOut,
    Reset,
}

impl Answer {
    pub(crate) fn outcome(self) -> Outcome {
        match self {
            Self::Status(status) => {
                Outcome::Answered { status, headers: HeaderMap::new(), body: Bytes::new() }
            }
            Self::TimedOut => Outcome::Failed { error: "no answer in time".to_owned() },
            Self::Reset => Outcome::Failed { error: "the connection was reset".to_owned() },
        }
    }
}

/// A wrong way to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signing {
    /// With a secret that is nobody's.
    WrongSecret,
    /// Not at all.
    Unsigned,
    /// Without the newer header.
    Sha1Only,
    /// Without the older header.
    Sha256Only,
    /// With the secret of the app's other product.
    OtherProduct,
    /// In upper-case hex.
    UpperCase,
    /// Over the body as a program writes it that reads it and writes it anew: the same for an ASCII text without slashes.
    Reserialised,
}

impl Signing {
    /// All of them, with their names.
    pub(crate) const ALL: &'static [(&'static str, Self)] = &[
        ("wrong_secret", Self::WrongSecret),
        ("unsigned", Self::Unsigned),
        ("sha1_only", Self::Sha1Only),
        ("sha256_only", Self::Sha256Only),
        ("other_product", Self::OtherProduct),
        ("upper_case", Self::UpperCase),
        ("reserialised", Self::Reserialised),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, signing)| *signing == self).map_or("", |(name, _)| name)
    }
}

/// What is done to one attempt.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// In words, with the fault's number.
    pub(crate) by: String,
    pub(crate) copies: usize,
    pub(crate) restamp: bool,
    pub(crate) answer: Option<Answer>,
    pub(crate) unsent: bool,
    pub(crate) signing: Option<Signing>,
    pub(crate) array: bool,
}

impl Deliveries {
    /// Whether it does anything at all.
    pub(crate) fn is_empty(&self) -> bool {
        !self.decides_fates() && !self.changes_attempts()
    }

    fn decides_fates(&self) -> bool {
        self.drop.is_possible() || self.delay.is_some() || self.reorder.is_possible()
    }

    fn changes_attempts(&self) -> bool {
        self.duplicate.is_possible()
            || self.answer.is_some()
            || self.signing.is_some()
            || self.array
            || self.gather > 1
    }

    /// What it does to an attempt of so many events, if anything.
    fn plan(&self, fault: &Fault, events: usize) -> Option<Plan> {
        let unsent = self.answer.is_some() && !self.after;
        let copies = if !unsent && fault.happens(self.duplicate) { self.copies } else { 0 };
        let signing = self.signing.filter(|_| fault.happens(self.badly_signed));
        let gathered = self.gather > 1 && events >= self.gather;
        let mut did = Vec::new();
        match self.answer {
            Some(Answer::Status(status)) => did.push(format!("taken as answered {}", status.as_u16())),
            Some(Answer::TimedOut) => did.push("taken as not answered in time".to_owned()),
            Some(Answer::Reset) => did.push("taken as a reset connection".to_owned()),
            None => {}
        }
        if unsent {
            did.push("not sent".to_owned());
        }
        if let Some(signing) = signing {
            did.push(format!("signed wrongly ({})", signing.name()));
        }
        if copies > 0 {
            did.push(format!("sent {} times", copies + 1));
        }
        if self.array {
            did.push("put into a list".to_owned());
        }
        if gathered {
            did.push(format!("{events} events in one request"));
        }
        (!did.is_empty()).then(|| Plan {
            by: format!("fault {}: {}", fault.id, did.join(", ")),
            copies,
            restamp: self.restamp,
            answer: self.answer,
            unsent,
            signing,
            array: self.array,
        })
    }
}

impl Faults {
    /// Whether anything is done to deliveries.
    pub(crate) fn on_deliveries(&self) -> bool {
        self.are_set(What::DELIVERIES)
    }

    /// What becomes of an event that would be sent now, for the first time.
    pub(crate) fn fate(&self, event: &Event, now: Micros) -> Fate {
        let struck = self.strike(What::DELIVERIES, |fault| {
            let What::Deliveries(what) = &fault.what else { return None };
            if !what.decides_fates() || !fault.only.fits_event(event) || !fault.is_likely() {
                return None;
            }
            if fault.happens(what.drop) {
                let by = format!("fault {}: dropped", fault.id);
                return Some((Fate::Dropped { by }, false));
            }
            let overtaken = fault.happens(what.reorder);
            if what.delay.is_none() && !overtaken {
                return None;
            }
            let until = now.plus(what.delay.unwrap_or(WAIT));
            let or = if overtaken { " or overtaken" } else { "" };
            let by = format!("fault {}: held back until {}{or}", fault.id, time::rfc3339(until));
            Some((Fate::Held { until, overtaken, by }, what.changes_attempts()))
        });
        let Some((fault, (fate, has_more))) = struck else { return Fate::Sent };
        if has_more {
            self.held().insert(event.key(), Arc::clone(&fault));
            self.recount();
        }
        if let Fate::Dropped { by } | Fate::Held { by, .. } = &fate {
            self.tell(&fault, &format!("{by}: {}", event.id()));
        }
        fate
    }

    /// What is done to an attempt of these events.
    pub(crate) fn plan(&self, events: &[Arc<Event>]) -> Option<Plan> {
        let held = match events {
            [event] => self.held().remove(&event.key()),
            _ => None,
        };
        if let Some(fault) = held {
            self.recount();
            // It has struck when it held the event back.
            return match &fault.what {
                What::Deliveries(what) => what.plan(&fault, events.len()),
                _ => None,
            };
        }
        let (fault, plan) = self.strike(What::DELIVERIES, |fault| {
            let What::Deliveries(what) = &fault.what else { return None };
            // What it does besides holding an event back, it does when the event comes.
            if what.delay.is_some() || !what.changes_attempts() {
                return None;
            }
            let fits = events.iter().any(|event| fault.only.fits_event(event)) && fault.is_likely();
            fits.then(|| what.plan(fault, events.len())).flatten()
        })?;
        self.tell(&fault, &plan.by);
        Some(plan)
    }

    /// How many events an endpoint is sent in one POST.
    pub(crate) fn gathered(&self, endpoint: EndpointId) -> usize {
        let list = self.list();
        let of = list.iter().filter(|fault| fault.is_left()).filter_map(|fault| match &fault.what {
            What::Deliveries(what)
                if fault.only.endpoints.as_deref().is_none_or(|only| only.contains(&endpoint)) =>
            {
                Some(what.gather)
            }
            _ => None,
        });
        of.max().unwrap_or(1).max(1)
    }
}
