//! The proof of the error table: whether scenarios really raised what it says can be raised.

use crate::scenario::Evidence;
use graph_api::{ErrorName, Host};

/// What is wrong, one line each; nothing if the table and what happened say the same.
///
/// An error with operations must have been answered by each of them on each host on which the operation is and the error
/// is raised; one without, by something on each such host. What only a fault raises must not have happened, and nothing
/// may have happened that the table does not say.
pub fn unproven(evidence: &Evidence) -> Vec<String> {
    ErrorName::ALL.iter().flat_map(|error| unproven_of(*error, evidence)).collect()
}

fn unproven_of(error: ErrorName, evidence: &Evidence) -> Vec<String> {
    let spec = error.spec();
    let raised: Vec<_> = evidence.errors.iter().filter(|raised| raised.error == error).collect();
    let mut wrong = Vec::new();
    if spec.fault_only.is_some() {
        let happened = raised.iter().map(|raised| {
            format!("{error:?} is marked as raised by faults only, but {:?} raised it", raised.operation)
        });
        return happened.collect();
    }
    for host in spec.hosts {
        let on_host = || raised.iter().filter(|raised| raised.host == *host);
        if spec.operations.is_empty() && on_host().next().is_none() {
            wrong.push(format!("{error:?}: no scenario raises it on {host}"));
        }
        for operation in spec.operations.iter().filter(|name| is_on(name, *host)) {
            if !on_host().any(|raised| raised.operation.as_deref() == Some(*operation)) {
                wrong.push(format!("{error:?}: no scenario raises it by {operation} on {host}"));
            }
        }
    }
    for raised in &raised {
        // Reading the body can fail before the operation is known: a file that is larger than any may be.
        let by_known = spec.operations.is_empty()
            || raised.operation.as_deref().is_none_or(|operation| spec.operations.contains(&operation));
        if !by_known {
            wrong.push(format!("{error:?}: raised by {:?}, which the table does not name", raised.operation));
        }
        if !spec.hosts.contains(&raised.host) {
            wrong.push(format!("{error:?}: raised on {}, which the table excludes", raised.host));
        }
    }
    wrong
}

fn is_on(operation: &str, host: Host) -> bool {
    platform::operations()
        .any(|known| known.name() == operation && known.at.iter().any(|(at, _)| *at == host))
}
