//! Each scenario on a world of its own, in process.

use std::collections::HashSet;
use testkit::Sandbox;
use testkit::scenario::{self, Evidence, Scenario, Target};
use tokio::sync::OnceCell;

/// What came of all scenarios.
pub(crate) struct Outcome {
    failures: Vec<String>,
    pub(crate) evidence: Evidence,
}

/// Runs all scenarios, once for all tests.
pub(crate) async fn outcome() -> &'static Outcome {
    static OUTCOME: OnceCell<Outcome> = OnceCell::const_new();
    let run_all = async || {
        let mut outcome = Outcome { failures: Vec::new(), evidence: Evidence::default() };
        for scenario in scenario::all() {
            for variant in scenario.runs() {
                let target = Target::InProcess(Box::new(Sandbox::start().await));
                match scenario::run(&scenario, variant, target).await {
                    Ok(evidence) => outcome.evidence.extend(evidence),
                    Err(why) => outcome.failures.push(why),
                }
            }
        }
        outcome
    };
    OUTCOME.get_or_init(run_all).await
}

#[tokio::test]
async fn every_scenario_holds() {
    assert!(scenario::all().len() > 10, "the folder of scenarios is not found");
    let failures = &outcome().await.failures;
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
        assert!(run(&good.replace(from, to)).await.is_err(), "{from} -> {to}");
    }
    for claim in [r#""operations": ["POST account/messages"]"#, r#""errors": ["WindowClosed"]"#] {
        let claims = good.replace(r#""title": "t""#, &format!(r#""title": "t", {claim}"#));
        assert!(run(&claims).await.is_err(), "{claim}");
    }
    run(good).await.unwrap();
    // An error that was answered must be claimed.
    let unclaimed =
        good.replace("200", "400").replace("GET /me", "GET /me/shoes").replace(r#""id""#, r#""error""#);
    let claimed = unclaimed.replace(r#""title": "t""#, r#""title": "t", "errors": ["UnknownField"]"#);
    assert!(run(&unclaimed).await.is_err());
    run(&claimed).await.unwrap();
}

async fn run(scenario: &str) -> Result<Evidence, String> {
    let scenario: Scenario = serde_json::from_str(scenario).expect("a scenario");
    scenario::run(&scenario, None, Target::InProcess(Box::new(Sandbox::start().await))).await
}
