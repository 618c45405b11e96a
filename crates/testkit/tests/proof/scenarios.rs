//! Each scenario on a world of its own, in process.

use std::collections::HashSet;
use testkit::Sandbox;
use testkit::scenario::{self, Target};

#[tokio::test]
async fn every_scenario_holds() {
    let scenarios = scenario::all();
    assert!(scenarios.len() > 15, "the folder of scenarios is not found");
    let mut failures = Vec::new();
    for scenario in &scenarios {
        let target = Target::InProcess(Box::new(Sandbox::start().await));
        if let Err(why) = scenario::run(scenario, target).await {
            failures.push(why);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// What scenarios claim has a name that exists. That they do what they claim, the runner asks of the log of requests.
#[tokio::test]
async fn scenarios_claim_only_what_exists() {
    let operations: HashSet<String> = platform::operations().map(platform::Operation::name).collect();
    let errors: HashSet<String> = graph_api::ErrorName::ALL.iter().map(|name| format!("{name:?}")).collect();
    for scenario in scenario::all() {
        for operation in &scenario.operations {
            assert!(operations.contains(operation), "{}: no operation {operation}", scenario.file.display());
        }
        for error in &scenario.errors {
            assert!(errors.contains(error), "{}: no error {error}", scenario.file.display());
        }
    }
}

#[tokio::test]
async fn every_operation_has_a_scenario() {
    let proven: HashSet<String> = scenario::all().into_iter().flat_map(|s| s.operations).collect();
    for operation in platform::operations() {
        assert!(proven.contains(&operation.name()), "{} has no scenario", operation.name());
    }
}

/// The runner must be able to fail: a scenario that expects the wrong thing does.
#[tokio::test]
async fn a_wrong_expectation_fails() {
    let good = r#"{"title": "t", "steps": [{"request": "GET /me", "token": "{IG_ACCESS_TOKEN}", "status": 200, "body": {"id": {"$any": true}}}]}"#;
    for (from, to) in [
        ("200", "201"),
        (r#"{"$any": true}"#, r#""1""#),
        (r#""id""#, r#""other""#),
        ("IG_ACCESS", "NO_ACCESS"),
    ] {
        let wrong: scenario::Scenario = serde_json::from_str(&good.replace(from, to)).unwrap();
        let target = Target::InProcess(Box::new(Sandbox::start().await));
        assert!(scenario::run(&wrong, target).await.is_err(), "{from} -> {to}");
    }
    for claim in [r#""operations": ["POST account/messages"]"#, r#""errors": ["WindowClosed"]"#] {
        let claims = good.replace(r#""title": "t""#, &format!(r#""title": "t", {claim}"#));
        let wrong: scenario::Scenario = serde_json::from_str(&claims).unwrap();
        let target = Target::InProcess(Box::new(Sandbox::start().await));
        assert!(scenario::run(&wrong, target).await.is_err(), "{claim}");
    }
    let target = Target::InProcess(Box::new(Sandbox::start().await));
    scenario::run(&serde_json::from_str(good).unwrap(), target).await.unwrap();
}
