//! The scenarios again, over sockets against the binary.

use crate::process::{Folder, Running};
use test_postgres::Schema;
use testkit::scenario::{self, Target};

#[tokio::test]
async fn every_scenario_holds_against_the_binary() {
    every_scenario_holds(&[]).await;
}

#[tokio::test]
async fn every_scenario_holds_against_the_binary_on_postgresql() {
    if let Some(schema) = Schema::new() {
        every_scenario_holds(&["--database", &schema.url()]).await;
    }
}

async fn every_scenario_holds(arguments: &[&str]) {
    let folder = Folder::new();
    let sandbox = Running::start(&folder.0, arguments);
    let client = net::Client::new(net::AddressPolicy::AllowPrivate);
    let mut failures = Vec::new();
    for scenario in scenario::all().into_iter().filter(|scenario| scenario.in_process.is_none()) {
        for variant in scenario.runs() {
            let base = sandbox.env("POSTHASTE_URL").to_owned();
            let target = Target::Running { base, env: sandbox.env.clone(), client: client.clone() };
            if let Err(why) = scenario::run(&scenario, variant, target).await {
                failures.push(why);
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(sandbox.program.terminate());
}
