//! The ledger of compatibility, `docs/compat.md`: made from the table of operations, the error table, the scenarios
//! and the list of documented requests.

use crate::rules::{RULES, Rule};
use crate::scenario::{self, RequestStep, Scenario, Step};
use gateway::Standing;
use graph_api::errors::Provenance;
use graph_api::{ErrorName, Host};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A request of the source documents.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documented {
    /// The document.
    pub document: String,
    /// The heading under which it stands.
    pub heading: String,
    /// The request line, or `notification`.
    pub request: String,
    /// `done` or `planned`.
    pub state: String,
}

impl Documented {
    /// The name by which scenarios refer to it.
    pub fn name(&self) -> String {
        format!("{}: {}", self.document, self.heading)
    }
}

/// All documented requests.
pub fn documented() -> Vec<Documented> {
    let text = std::fs::read_to_string(scenario::folder().join("documents.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What is wrong with the proof of the documented requests: one line each.
///
/// A request that is `done` needs a step that asserts its status and its body, key by key, and a later step of the
/// same scenario that asserts what was stored; a read needs no further effect. A notification needs a step that
/// asserts its body and its signature.
pub fn unproven(scenarios: &[Scenario]) -> Vec<String> {
    let mut faults = Vec::new();
    let documented = documented();
    for request in &documented {
        let name = request.name();
        let proofs: Vec<_> = scenarios.iter().filter(|s| proves(s, &name)).collect();
        match request.state.as_str() {
            "done" if proofs.is_empty() => {
                faults.push(format!("{name}: marked done, but no scenario proves it"));
            }
            "planned" if !proofs.is_empty() => faults.push(format!("{name}: proven, but marked planned")),
            "done" | "planned" => {}
            other => faults.push(format!("{name}: the state {other} does not exist")),
        }
    }
    for scenario in scenarios {
        for name in scenario.steps.iter().filter_map(documented_name) {
            if !documented.iter().any(|request| request.name() == *name) {
                faults.push(format!("{}: there is no documented request {name}", scenario.file.display()));
            }
        }
    }
    faults
}

/// What is wrong with the proof of the rules for programs: one that no scenario shows, or that does not exist.
pub fn unshown(scenarios: &[Scenario]) -> Vec<String> {
    crate::rules::unproven(scenarios)
}

fn documented_name(step: &Step) -> Option<&String> {
    match step {
        Step::Request(step) => step.documented.as_ref(),
        Step::Webhook(step) => step.documented.as_ref(),
        Step::Browse(step) => step.documented.as_ref(),
        Step::Callback(_) => None,
    }
}

fn proves(scenario: &Scenario, name: &str) -> bool {
    let mut steps = scenario.steps.iter();
    steps.by_ref().find(|step| documented_name(step).is_some_and(|known| known == name)).is_some_and(|step| {
        match step {
            Step::Request(step) => {
                let reads = step.request.starts_with("GET ");
                asserts_keys(step) && (reads || steps.any(shows_effect))
            }
            Step::Webhook(step) => is_exact(&step.webhook) && step.signed_with.is_some(),
            Step::Browse(step) => is_exact(&step.leads) && steps.any(shows_effect),
            Step::Callback(_) => false,
        }
    })
}

fn asserts_keys(step: &RequestStep) -> bool {
    step.body.as_ref().is_some_and(is_exact)
}

/// An object whose keys are all told.
fn is_exact(pattern: &Value) -> bool {
    pattern.as_object().is_some_and(|object| !object.is_empty() && !object.contains_key("..."))
}

/// A step that is marked so and asserts what it shows.
fn shows_effect(step: &Step) -> bool {
    matches!(step, Step::Request(step) if step.effect && step.body.as_ref().is_some_and(asserts_something))
}

/// Whether some value is told: not only that something is there.
fn asserts_something(pattern: &Value) -> bool {
    match pattern {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "..." | "$any"))
            .any(|(_, value)| asserts_something(value)),
        // An empty list says that nothing is there.
        Value::Array(items) => items.is_empty() || items.iter().any(asserts_something),
        _ => true,
    }
}

/// The whole ledger as Markdown.
pub fn render(scenarios: &[Scenario]) -> String {
    let mut out = String::from(
        "# Compatibility\n\n\
         What is served, what proves it, and how far to trust it. Made by `./test --bless` from the table of operations, \
         the error table, and `scenarios/`; a test fails when it is out of date.\n\n\
         Provenance: *documented* by Meta, *observed* (captured from the real system), *reported* by integrators, or \
         *assumed* (our choice where nobody knows; the source column says what is unconfirmed).\n",
    );
    operations(&mut out, scenarios);
    events(&mut out, scenarios);
    rules(&mut out, scenarios);
    errors(&mut out, scenarios);
    requests(&mut out, scenarios);
    gateway(&mut out);
    out
}

/// The operations of the gateway: all of Zendesk's document, and how far each is served.
fn gateway(out: &mut String) {
    out.push_str(
        "\n## Sunshine Conversations v2: the gateway\n\n\
         All operations of Zendesk's OpenAPI document 17.12.1, from the gateway's own table. *Real* ones do what they do \
         there, *well-formed* ones check their request and answer in form where Instagram has nothing of the kind, \
         *refused* ones answer an error. The official clients call every real one that they know in the tests, and each answer and each \
         webhook is held against the document.\n\n\
         | operation | request | scopes | standing | note |\n|---|---|---|---|---|\n",
    );
    for operation in gateway::operations() {
        let scopes: Vec<&str> = operation.scopes.iter().map(|scope| scope.name()).collect();
        let standing = match operation.standing {
            Standing::Real => "real",
            Standing::WellFormed => "well-formed",
            Standing::Refused => "refused",
        };
        let _ = writeln!(
            out,
            "| {} | `{} {}` | {} | {standing} | {} |",
            operation.name,
            operation.method,
            operation.path,
            scopes.join(", "),
            operation.note
        );
    }
}

fn proofs(scenarios: &[Scenario], of: impl Fn(&Scenario) -> bool) -> Vec<&Scenario> {
    scenarios.iter().filter(|scenario| of(scenario)).collect()
}

fn links(scenarios: &[&Scenario]) -> String {
    let link = |scenario: &&Scenario| {
        let file = scenario.file.to_string_lossy();
        let name = file.trim_end_matches(".json");
        format!("[{name}](../scenarios/{file})")
    };
    scenarios.iter().map(link).collect::<Vec<_>>().join(", ")
}

fn operations(out: &mut String, scenarios: &[Scenario]) {
    out.push_str(
        "\n## Operations\n\n| operation | section | where | permissions | proof |\n|---|---|---|---|---|\n",
    );
    for operation in platform::operations() {
        let name = operation.name();
        let places: Vec<String> =
            operation.at.iter().map(|(host, kind)| format!("{} of {host}", kind.name())).collect();
        let mut scopes: Vec<String> = Vec::new();
        for host in Host::BOTH {
            let set = operation.scopes(*host);
            if operation.at.iter().any(|(at, _)| at == host) && set.iter().next().is_some() {
                scopes.push(set.to_string().replace(',', ", "));
            }
        }
        let proof = links(&proofs(scenarios, |s| s.operations.contains(&name)));
        let scopes = if scopes.is_empty() { "none".to_owned() } else { scopes.join("; ") };
        let _ = writeln!(
            out,
            "| `{name}` | {} | {} | {scopes} | {proof} |",
            operation.section,
            places.join(", ")
        );
    }
}

fn events(out: &mut String, scenarios: &[Scenario]) {
    out.push_str("\n## Webhook events\n\n| event | proof |\n|---|---|\n");
    let mut events: BTreeMap<&String, Vec<&Scenario>> = BTreeMap::new();
    for scenario in scenarios {
        for event in &scenario.events {
            events.entry(event).or_default().push(scenario);
        }
    }
    for (event, scenarios) in events {
        let _ = writeln!(out, "| {event} | {} |", links(&scenarios));
    }
}

fn rules(out: &mut String, scenarios: &[Scenario]) {
    out.push_str(
        "\n## Rules for programs\n\nWhat Meta asks of programs beyond what its API refuses: reviewers look at it.\n\n\
         | rule | how a bot is tested for it | source | proof |\n|---|---|---|---|\n",
    );
    for Rule { name, asked, test, source } in RULES {
        let proof = links(&proofs(scenarios, |s| s.rules.iter().any(|shown| shown == name)));
        let _ = writeln!(out, "| {asked} | {test} | {source} | {proof} |");
    }
}

fn errors(out: &mut String, scenarios: &[Scenario]) {
    out.push_str(
        "\n## Errors\n\nStatus and code for the Instagram host and, where it differs, after a stroke for the Facebook \
         host.\n\n| error | status | code | subcode | text | provenance | source | proof |\n|---|---|---|---|---|---|---|---|\n",
    );
    for name in ErrorName::ALL {
        let spec = name.spec();
        let both = |value: fn(&graph_api::errors::ErrorSpec, Host) -> String| {
            let (instagram, facebook) = (value(&spec, Host::Instagram), value(&spec, Host::Facebook));
            if instagram == facebook { instagram } else { format!("{instagram} / {facebook}") }
        };
        let provenance = match spec.provenance {
            Provenance::Documented => "documented",
            Provenance::Observed => "observed",
            Provenance::Reported => "reported",
            Provenance::Assumed => "assumed",
        };
        let key = format!("{name:?}");
        let proof = match spec.fault_only {
            Some(why) => format!("raised by faults only: {why}"),
            None => links(&proofs(scenarios, |s| s.errors.contains(&key))),
        };
        let only = if spec.hosts.len() == 1 { format!(" ({} only)", spec.hosts[0]) } else { String::new() };
        let _ = writeln!(
            out,
            "| {key}{only} | {} | {} | {} | {} | {provenance} | {} | {} |",
            both(|s, h| s.status(h).to_string()),
            both(|s, h| s.code(h).to_string()),
            spec.subcode(Host::Instagram).map_or(String::new(), |n| n.to_string()),
            both(|s, h| s.text(h).to_owned()),
            spec.source,
            proof,
        );
    }
}

fn requests(out: &mut String, scenarios: &[Scenario]) {
    out.push_str(
        "\n## Documented requests\n\nEvery request of the documents that the product is built from, by its heading.\n",
    );
    let documented = documented();
    let mut document = "";
    for request in &documented {
        if request.document != document {
            document = &request.document;
            let _ =
                write!(out, "\n### {document}\n\n| heading | request | state | proof |\n|---|---|---|---|\n");
        }
        let proof = links(&proofs(scenarios, |s| proves(s, &request.name())));
        let _ =
            writeln!(out, "| {} | `{}` | {} | {proof} |", request.heading, request.request, request.state);
    }
}
