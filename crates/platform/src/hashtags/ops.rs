//! The rows of this section.

use super::{listing, search};
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use graph_api::Host;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;

const HASHTAGS: &[(Host, NodeType)] = &[(Host::Facebook, NodeType::Hashtag)];

const fn row(
    node: &'static str,
    edge: Option<&'static str>,
    at: &'static [(Host, NodeType)],
    handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
) -> Operation {
    Operation {
        verb: Verb::Get,
        node,
        edge,
        at,
        instagram_scopes: ScopeSet::of(&[]),
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section: "Hashtag Search",
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row("", Some("ig_hashtag_search"), &[(Host::Facebook, NodeType::Root)], |call| {
        Box::pin(search::search(call))
    }),
    row("hashtag", None, HASHTAGS, |call| Box::pin(listing::node(call))),
    row("hashtag", Some("recent_media"), HASHTAGS, |call| Box::pin(listing::recent(call))),
    row("hashtag", Some("top_media"), HASHTAGS, |call| Box::pin(listing::top(call))),
    row("account", Some("recently_searched_hashtags"), &[(Host::Facebook, NodeType::Account)], |call| {
        Box::pin(search::recently(call))
    }),
];
