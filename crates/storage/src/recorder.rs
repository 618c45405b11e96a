//! The statements that units have run: for tests that ask the engine how it would run each of them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::Value;

/// A statement, and the values that it was first run with.
pub type Recorded = (&'static str, Vec<Value>);

/// Notes each statement once.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<BTreeMap<&'static str, Vec<Value>>>);

impl Recorder {
    pub(crate) fn note(&self, sql: &'static str, p: &[Value]) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.entry(sql).or_insert_with(|| p.to_vec());
    }

    pub(crate) fn noted(&self) -> Vec<Recorded> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.iter().map(|(sql, p)| (*sql, p.clone())).collect()
    }
}
