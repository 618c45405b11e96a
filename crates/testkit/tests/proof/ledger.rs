//! The ledger says what is proven, and is up to date.

use testkit::{ledger, scenario};

#[test]
fn what_is_marked_done_is_proven() {
    let faults = ledger::unproven(&scenario::all());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_rule_is_shown() {
    let unshown = ledger::unshown(&scenario::all());
    assert!(unshown.is_empty(), "{}", unshown.join("\n"));
    assert!(ledger::unshown(&[]).len() > 1, "the check can fail");
}

/// The check must be able to fail: without the scenarios, everything that is done is unproven.
#[test]
fn without_scenarios_nothing_is_proven() {
    let done = ledger::documented().iter().filter(|request| request.state == "done").count();
    assert!(done > 0);
    assert_eq!(ledger::unproven(&[]).len(), done);
    // A scenario that asserts the status and the keys, but no effect, proves nothing.
    let mut scenarios = scenario::all();
    for step in scenarios.iter_mut().flat_map(|scenario| &mut scenario.steps) {
        if let scenario::Step::Request(step) = step {
            step.effect = false;
        }
    }
    assert!(!ledger::unproven(&scenarios).is_empty());
}

#[test]
fn the_committed_ledger_is_up_to_date() {
    let file = scenario::folder().join("../docs/compat.md");
    let rendered = ledger::render(&scenario::all());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &rendered).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == rendered, "docs/compat.md is out of date: ./test --bless makes it anew");
}
