//! What the real API has and this version does not: the errors are the real ones, with a word for the developer, who
//! must be able to tell "Posthaste lacks it" from "Meta lacks it".

/// Edges of accounts, pages, users and apps that are documented and not served yet.
const EDGES: &[&str] = &["moderate_conversations"];

/// Paths without a node that are documented and not served yet.
const ROOTS: &[&str] = &[];

/// The word for the developer, if the path names something that is not served yet.
pub(super) fn hint(segments: &[String]) -> Option<&'static str> {
    let known = match segments {
        [] => false,
        [root] => ROOTS.contains(&root.as_str()),
        [root, edge, ..] => ROOTS.contains(&root.as_str()) || EDGES.contains(&edge.as_str()),
    };
    known.then_some("Posthaste does not serve this yet: docs/compat.md tells what it serves.")
}
