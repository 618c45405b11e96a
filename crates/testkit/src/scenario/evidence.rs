//! What a scenario really did, as the sandbox's log of requests tells.

use graph_api::{ErrorName, Host};
use serde_json::Value;
use std::collections::BTreeSet;

/// An error that was answered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Raised {
    /// Its name.
    pub error: ErrorName,
    /// The host that the request spoke to.
    pub host: Host,
    /// The operation that the request turned out to be; `None`: it came to none.
    pub operation: Option<String>,
}

/// What happened in one run or in several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The operations that were called, by their names in the table.
    pub operations: BTreeSet<String>,
    /// The errors that were answered.
    pub errors: BTreeSet<Raised>,
}

impl Evidence {
    /// Adds one entry of `GET /sim/requests`.
    pub(super) fn add(&mut self, entry: &Value) -> Result<(), String> {
        let operation = entry["operation"].as_str().map(str::to_owned);
        self.operations.extend(operation.clone());
        // What a fault answered says nothing of what the platform does.
        if !entry["fault"].is_null() {
            return Ok(());
        }
        if let Some(named) = entry["error"].as_str() {
            let error = ErrorName::ALL.iter().copied().find(|name| format!("{name:?}") == named);
            let host = Host::BOTH.iter().copied().find(|host| entry["host"] == host.name());
            self.errors.insert(Raised {
                error: error
                    .ok_or_else(|| format!("the log names an error {named}, which does not exist"))?,
                host: host.ok_or_else(|| format!("the log names a host {}", entry["host"]))?,
                operation,
            });
        }
        Ok(())
    }

    /// Adds what happened in another run.
    pub fn extend(&mut self, other: Self) {
        self.operations.extend(other.operations);
        self.errors.extend(other.errors);
    }
}
