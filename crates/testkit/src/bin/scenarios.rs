//! Runs the scenarios against a running sandbox: `cargo run -p testkit --bin scenarios -- --env DIR/sandbox.env [PART…]`,
//! where a PART is part of a scenario's file name.

use std::collections::HashMap;
use std::io::Write;
use std::process::ExitCode;
use testkit::scenario::{self, Target};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut env_file = "posthaste-data/sandbox.env".to_owned();
    let mut parts = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--env" => env_file = arguments.next().unwrap_or_default(),
            part => parts.push(part.to_owned()),
        }
    }
    let mut out = std::io::stdout();
    let text = match std::fs::read_to_string(&env_file) {
        Ok(text) => text,
        Err(error) => {
            let _ = writeln!(out, "{env_file}: {error}");
            return ExitCode::from(2);
        }
    };
    let env: HashMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect();
    let base = env.get("POSTHASTE_URL").cloned().unwrap_or_default();
    let client = net::Client::new(net::AddressPolicy::AllowPrivate);
    let (mut passed, mut failed) = (0, 0);
    for scenario in scenario::all() {
        let file = scenario.file.display().to_string();
        let is_asked = parts.is_empty() || parts.iter().any(|part| file.contains(part));
        if !is_asked || scenario.in_process.is_some() {
            continue;
        }
        for variant in scenario.runs() {
            let target = Target::Running { base: base.clone(), env: env.clone(), client: client.clone() };
            match scenario::run(&scenario, variant, target).await {
                Ok(_) => passed += 1,
                Err(why) => {
                    failed += 1;
                    let _ = writeln!(out, "FAILED {why}");
                }
            }
        }
    }
    let _ = writeln!(out, "{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
