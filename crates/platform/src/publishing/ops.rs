//! The rows of this section (doc: Content Publishing; IG User, its edges of media; IG Media; IG Container).

use super::{create, edges, node, publish};
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use graph_api::Host;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::{Task, TaskSet};

const ACCOUNTS: &[(Host, NodeType)] =
    &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Account)];
const MEDIA: &[(Host, NodeType)] = &[(Host::Instagram, NodeType::Media), (Host::Facebook, NodeType::Media)];
const CONTAINERS: &[(Host, NodeType)] =
    &[(Host::Instagram, NodeType::Container), (Host::Facebook, NodeType::Container)];

/// A row that reads.
const fn reads(
    node: &'static str,
    edge: Option<&'static str>,
    at: &'static [(Host, NodeType)],
    section: &'static str,
    handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
) -> Operation {
    Operation {
        verb: Verb::Get,
        node,
        edge,
        at,
        instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic]),
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section,
        handler,
    }
}

/// A row of publishing.
const fn publishes(
    verb: Verb,
    node: &'static str,
    edge: Option<&'static str>,
    at: &'static [(Host, NodeType)],
    handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
) -> Operation {
    Operation {
        verb,
        instagram_scopes: ScopeSet::of(&[
            Scope::InstagramBusinessBasic,
            Scope::InstagramBusinessContentPublish,
        ]),
        facebook_scopes: ScopeSet::of(&[
            Scope::InstagramBasic,
            Scope::InstagramContentPublish,
            Scope::PagesReadEngagement,
        ]),
        tasks: TaskSet::of(&[Task::Manage, Task::CreateContent]),
        ..reads(node, edge, at, "Content Publishing", handler)
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    publishes(Verb::Post, "account", Some("media"), ACCOUNTS, |call| Box::pin(create::create(call))),
    publishes(Verb::Post, "account", Some("media_publish"), ACCOUNTS, |call| {
        Box::pin(publish::publish(call))
    }),
    Operation {
        tasks: TaskSet::NONE,
        ..publishes(Verb::Get, "account", Some("content_publishing_limit"), ACCOUNTS, |call| {
            Box::pin(publish::limit(call))
        })
    },
    Operation {
        tasks: TaskSet::NONE,
        ..publishes(Verb::Get, "container", None, CONTAINERS, |call| Box::pin(node::container(call)))
    },
    reads("account", Some("media"), ACCOUNTS, "Instagram User", |call| Box::pin(edges::media(call))),
    Operation {
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic, Scope::InstagramManageInsights]),
        ..reads("account", Some("stories"), ACCOUNTS, "Instagram User", |call| Box::pin(edges::stories(call)))
    },
    reads("account", Some("live_media"), ACCOUNTS, "Instagram User", |call| {
        Box::pin(edges::live_media(call))
    }),
    Operation {
        instagram_scopes: ScopeSet::of(&[
            Scope::InstagramBusinessBasic,
            Scope::InstagramBusinessManageComments,
        ]),
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic, Scope::PagesReadEngagement]),
        ..reads("account", Some("tags"), ACCOUNTS, "Instagram User", |call| Box::pin(edges::tagged(call)))
    },
    reads("media", None, MEDIA, "Instagram Media", |call| Box::pin(node::media(call))),
    reads("media", Some("children"), MEDIA, "Instagram Media", |call| Box::pin(node::children(call))),
    reads("media", Some("collaborators"), &[(Host::Facebook, NodeType::Media)], "Instagram Media", |call| {
        Box::pin(node::collaborators(call))
    }),
    Operation {
        verb: Verb::Post,
        instagram_scopes: ScopeSet::of(&[
            Scope::InstagramBusinessBasic,
            Scope::InstagramBusinessManageComments,
        ]),
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic, Scope::InstagramManageComments]),
        ..reads("media", None, MEDIA, "Instagram Media", |call| Box::pin(edges::set_comments(call)))
    },
    Operation {
        verb: Verb::Delete,
        facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic, Scope::InstagramManageContents]),
        ..reads("media", None, &[(Host::Facebook, NodeType::Media)], "Instagram Media", |call| {
            Box::pin(edges::delete(call))
        })
    },
];
