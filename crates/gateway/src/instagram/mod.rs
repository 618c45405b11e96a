//! The channel. `callback` takes in what Instagram tells, `receiving` deals with it, `sending` brings messages there.

pub(crate) mod applying;
pub(crate) mod backfill;
pub(crate) mod callback;
pub(crate) mod contact;
pub(crate) mod delivery;
pub(crate) mod echoes;
pub(crate) mod mapping;
pub(crate) mod outgoing;
pub(crate) mod pace;
pub(crate) mod reading;
pub(crate) mod receiving;
pub(crate) mod sending;
pub(crate) mod trying;
pub(crate) mod warning;
