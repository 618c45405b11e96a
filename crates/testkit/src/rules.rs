//! What Meta asks of a program and no answer of the API enforces: how to test it here. A part of the ledger.

use crate::scenario::Scenario;

/// A rule.
pub(crate) struct Rule {
    /// The name by which scenarios say that they show it.
    pub(crate) name: &'static str,
    /// What is asked.
    pub(crate) asked: &'static str,
    /// How a program is tested for it.
    pub(crate) test: &'static str,
    /// Where it is asked.
    pub(crate) source: &'static str,
}

const OVERVIEW: &str = "documented: Instagram Messaging, overview";

/// All rules.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "disclosure",
        asked: "An automated chat says that it is one: where the law wants it, and better everywhere.",
        test: "`PATCH /sim/accounts/{username}` `{\"automated\":true}` declares it, and the person's inbox shows \
               `\"automated\":true` beside the conversation. Write to the program as a new person, then look in \
               `GET /sim/people/{username}/inbox` for the words in its first message (`\"sent_by\":\"app\"`).",
        source: OVERVIEW,
    },
    Rule {
        name: "way to a human",
        asked: "An automated chat offers a way to a human.",
        test: "Ask for a human as the person. Answer as the owner: `POST \
               /sim/accounts/{username}/inbox/{conversation_id}/send` `{\"text\"}`. The person sees \
               `\"sent_by\":\"owner\"`, the program hears the echo, and must be silent from then on: \
               `GET /sim/people/{username}/inbox` shows whether it was.",
        source: OVERVIEW,
    },
    Rule {
        name: "human agent",
        asked: "A human may answer for seven days, with the tag HUMAN_AGENT and the feature of that name; a bot may not.",
        test: "`POST /sim/clock` `{\"advance\":\"25h\"}` shuts the window. `PATCH /sim/apps/{id}` \
               `{\"human_agent\":false}` takes the feature away. `GET /sim/requests` shows which messages of the program \
               carried the tag.",
        source: OVERVIEW,
    },
    Rule {
        name: "conversation routing",
        asked: "Where several apps serve an account, a program answers only while it has the conversation, and hands it on.",
        test: "`PATCH /sim/accounts/{username}/routing` `{\"default_app\":…}` sets what the dashboard sets. The owner's inbox is \
               a party too: `POST /sim/accounts/{username}/inbox/{conversation_id}/take_control`, `/pass_control`, \
               `/release_control`. `GET /sim/deliveries` shows who heard what, `standby` and `messaging_handover` among \
               it; `GET /sim/world` shows each conversation's `thread_owner`.",
        source: "documented: Conversation Routing for Instagram",
    },
];

/// What is wrong: a rule that no scenario shows, or a scenario that shows one that does not exist.
pub(crate) fn unproven(scenarios: &[Scenario]) -> Vec<String> {
    let unshown = RULES
        .iter()
        .filter(|rule| !scenarios.iter().any(|scenario| scenario.rules.iter().any(|name| name == rule.name)))
        .map(|rule| format!("no scenario shows the rule \"{}\"", rule.name));
    let unknown = scenarios.iter().flat_map(|scenario| {
        let of = |name: &String| format!("{}: there is no rule \"{name}\"", scenario.file.display());
        scenario.rules.iter().filter(|name| !RULES.iter().any(|rule| rule.name == **name)).map(of)
    });
    unshown.chain(unknown).collect()
}
