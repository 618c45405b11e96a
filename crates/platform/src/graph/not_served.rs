//! What the real API has and this version does not: the errors are the real ones, with a word for the developer, who
//! must be able to tell "Posthaste lacks it" from "Meta lacks it".

/// Edges of accounts, pages, users and apps that are documented and not served yet.
const EDGES: &[&str] = &[
    "business_discovery",
    "content_publishing_limit",
    "extend_thread_control",
    "live_media",
    "media",
    "media_publish",
    "moderate_conversations",
    "pass_thread_control",
    "release_thread_control",
    "request_thread_control",
    "secondary_receivers",
    "stories",
    "tags",
    "take_thread_control",
    "thread_owner",
];

/// Paths without a node that are documented and not served yet.
const ROOTS: &[&str] = &["ig_hashtag_search"];

/// The word for the developer, if the path names something that is not served yet. No segment at all is a batch, or
/// `ids=`.
pub(super) fn hint(segments: &[String]) -> Option<&'static str> {
    let known = match segments {
        [] => true,
        [root] => ROOTS.contains(&root.as_str()),
        [root, edge, ..] => ROOTS.contains(&root.as_str()) || EDGES.contains(&edge.as_str()),
    };
    known.then_some("Posthaste does not serve this yet: docs/compat.md tells what it serves.")
}
