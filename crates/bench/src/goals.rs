//! The goals: what they mean stands in `docs/benchmarks.md`.

use crate::verdict::{Better, Goal};

const fn goal(id: &'static str, what: &'static str, better: Better, floor: f64, aim: f64) -> Goal {
    Goal { id, what, better, floor, aim, steady: false }
}

const fn steady(goal: Goal) -> Goal {
    Goal { steady: true, ..goal }
}

use Better::{Higher, Lower};

pub(crate) const P1: Goal = goal("P1", "sends/s, 64 connections", Higher, 0.5, 0.8);
pub(crate) const P2: Goal = goal("P2", "CPU µs per send", Lower, 2.5, 1.6);
pub(crate) const P3: Goal = goal("P3", "p99 µs of a send, 64 connections", Lower, 2.5, 1.3);
pub(crate) const P4: Goal = goal("P4", "p50 µs of a send, 1 connection", Lower, 1.6, 1.2);
pub(crate) const P5: Goal =
    steady(goal("P5", "2 ms more a flush: sends/s, 64 connections / 1", Higher, 12.0, 20.0));
pub(crate) const P6: Goal = steady(goal("P6", "commits per send, 64 connections", Lower, 0.10, 0.04));
pub(crate) const P7: Goal = steady(goal("P7", "bytes written per send", Lower, 2.5, 1.3));
pub(crate) const P8: Goal = goal("P8", "signed POSTs/s from a stored backlog", Higher, 0.25, 0.5);
pub(crate) const P9: Goal = goal("P9", "messages/s, stored, answered, delivered, marked", Higher, 0.5, 0.8);
pub(crate) const P11: Goal = goal("P11", "sends/s against the Prism mock", Higher, 2.0, 4.0);
pub(crate) const P12: Goal =
    goal("P12", "deliveries/s to nine while the tenth hangs / does not", Higher, 0.95, 0.99);
pub(crate) const P13_OWN: Goal = steady(goal("P13", "RSS MiB after all sends / after 10k", Lower, 2.0, 1.3));
pub(crate) const P13_CONTROL: Goal = steady(goal("P13", "RSS MiB after all sends", Lower, 2.0, 1.3));

pub(crate) const I_SEND: Goal = steady(goal("P2i", "thousand instructions per send", Lower, 3.0, 1.6));
pub(crate) const I_PIPELINE: Goal =
    steady(goal("P9i", "thousand instructions per message delivered", Lower, 3.0, 1.6));

pub(crate) const G1: Goal = goal("G1", "sends/s, 64 connections", Higher, 0.6, 0.75);
pub(crate) const G2: Goal = steady(goal("G2", "p50 µs of a send, 1 connection", Lower, 1.3, 1.0));
pub(crate) const G3: Goal =
    steady(goal("G3", "p50 µs, newest page of a random conversation", Lower, 2.5, 2.0));
pub(crate) const G4: Goal =
    steady(goal("G4", "p50 µs, newest page of the largest conversation", Lower, 1.3, 1.1));
pub(crate) const G5: Goal =
    steady(goal("G5", "p50 µs, a deep page of it / its newest page", Lower, 1.5, 1.2));
pub(crate) const G6: Goal = steady(goal("G6", "p50 µs, a message by its id", Lower, 1.6, 1.4));
pub(crate) const G7: Goal =
    steady(goal("G7", "p50 µs, newest page of the conversation list", Lower, 2.0, 1.3));
pub(crate) const G8: Goal =
    steady(goal("G8", "ms from a start after kill -9 to the first answer", Lower, 2.0, 1.3));
pub(crate) const G9: Goal = steady(goal("G9", "bytes of disk per message", Lower, 3.0 * 340.0, 340.0));

pub(crate) const N1: Goal =
    steady(goal("N1", "p50 µs, the dearest read of insights / one row", Lower, 5.0, 2.5));

pub(crate) const START: Goal = goal("start", "ms from exec to the first 200", Lower, 100.0, 50.0);
pub(crate) const REST: Goal = steady(goal("rest", "RSS MiB at rest in the demo world", Lower, 40.0, 20.0));
