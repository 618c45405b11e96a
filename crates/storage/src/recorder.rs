//! The statements that units have run: for tests that ask the engine how it runs each of them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Notes each statement once.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<BTreeSet<&'static str>>);

impl Recorder {
    pub(crate) fn note(&self, sql: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(sql);
    }

    pub(crate) fn noted(&self) -> Vec<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}
