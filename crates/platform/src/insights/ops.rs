//! `GET /{ig-id}/insights` and `GET /{media-id}/insights`.

use super::answer;
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use graph_api::Host;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::{Task, TaskSet};

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[ACCOUNT, MEDIA];

/// Of an account.
pub(super) const ACCOUNT: Operation =
    row("account", &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Account)], account);
/// Of a post, reel or story.
pub(super) const MEDIA: Operation =
    row("media", &[(Host::Instagram, NodeType::Media), (Host::Facebook, NodeType::Media)], media);

const fn row(
    node: &'static str,
    at: &'static [(Host, NodeType)],
    handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
) -> Operation {
    Operation {
        verb: Verb::Get,
        node,
        edge: Some("insights"),
        at,
        instagram_scopes: ScopeSet::of(&[
            Scope::InstagramBusinessBasic,
            Scope::InstagramBusinessManageInsights,
        ]),
        facebook_scopes: ScopeSet::of(&[
            Scope::InstagramBasic,
            Scope::InstagramManageInsights,
            Scope::PagesReadEngagement,
        ]),
        // Every role on a page has this one (mem: Pages API, tasks; that it is asked for here is unconfirmed).
        tasks: TaskSet::of(&[Task::Analyze]),
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section: "Insights",
        handler,
    }
}

fn account<'a>(call: &'a Call<'a>) -> Answer<'a> {
    Box::pin(answer::account(call))
}

fn media<'a>(call: &'a Call<'a>) -> Answer<'a> {
    Box::pin(answer::media(call))
}
