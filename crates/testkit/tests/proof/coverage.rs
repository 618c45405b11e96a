//! Every error of the table is raised by a scenario, on each host and by each operation that the table names, or says
//! why only a fault raises it.

use crate::scenarios::outcome;
use graph_api::{ErrorName, Host};
use testkit::coverage;
use testkit::scenario::{Evidence, Raised};

#[tokio::test]
async fn every_error_is_raised_or_fault_only() {
    let unproven = coverage::unproven(&outcome().await.evidence);
    assert!(unproven.is_empty(), "{}", unproven.join("\n"));
}

/// The check must be able to fail: without one piece of evidence, and with one that should not be.
#[tokio::test]
async fn missing_and_false_evidence_is_noticed() {
    let evidence = &outcome().await.evidence;
    let known = coverage::unproven(evidence);
    let noticed = |evidence: &Evidence| {
        coverage::unproven(evidence).into_iter().filter(|fault| !known.contains(fault)).collect::<Vec<_>>()
    };
    let raised = |error, host, operation: &str| Raised { error, host, operation: Some(operation.to_owned()) };
    let send = "POST account/messages";
    let window = raised(ErrorName::WindowClosed, Host::Facebook, send);
    let mut without = evidence.clone();
    assert!(without.errors.remove(&window), "the window's scenario is gone");
    assert_eq!(
        noticed(&without),
        ["WindowClosed: no scenario raises it by POST account/messages on graph.facebook.com"]
    );
    let on_wrong_host = raised(ErrorName::PageTokenNeeded, Host::Instagram, send);
    let by_wrong_operation = raised(ErrorName::WindowClosed, Host::Facebook, "GET account");
    let by_no_fault = raised(ErrorName::Unknown, Host::Facebook, send);
    for wrong in [on_wrong_host, by_wrong_operation, by_no_fault] {
        let mut with = evidence.clone();
        with.errors.insert(wrong.clone());
        assert_eq!(noticed(&with).len(), 1, "{wrong:?}");
    }
}
