//! Getting tokens and knowing about them: `/oauth/access_token`, `/access_token`, `/refresh_access_token`, `/debug_token`,
//! `/{user}/permissions` (doc: Business Login for Instagram; Facebook Login, manual flow; Graph API, User permissions).

use super::{debug, facebook, instagram, permissions};
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use graph_api::Host;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;

const fn row(
    (verb, node, edge): (Verb, &'static str, &'static str),
    at: &'static [(Host, NodeType)],
    tokens: TakenTokens,
    section: &'static str,
    handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
) -> Operation {
    let use_case = match tokens {
        TakenTokens::ClientSecret => UseCase::Login,
        _ => UseCase::Other,
    };
    Operation {
        verb,
        node,
        edge: Some(edge),
        at,
        instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic]),
        facebook_scopes: ScopeSet::of(&[]),
        tasks: TaskSet::NONE,
        tokens,
        use_case,
        takes_file: false,
        section,
        handler,
    }
}

const BUSINESS_LOGIN: &str = "Business Login for Instagram";
const FACEBOOK_LOGIN: &str = "Facebook Login";
const USER: &[(Host, NodeType)] = &[(Host::Facebook, NodeType::User)];
const INSTAGRAM: &[(Host, NodeType)] = &[(Host::Instagram, NodeType::Root)];

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(
        (Verb::Post, "", "oauth/access_token"),
        &[(Host::Instagram, NodeType::Root), (Host::Facebook, NodeType::Root)],
        TakenTokens::ClientSecret,
        FACEBOOK_LOGIN,
        |call| match call.host {
            Host::Instagram => Box::pin(instagram::exchange_code(call)),
            Host::Facebook => Box::pin(facebook::token(call)),
        },
    ),
    row(
        (Verb::Get, "", "oauth/access_token"),
        &[(Host::Facebook, NodeType::Root)],
        TakenTokens::ClientSecret,
        FACEBOOK_LOGIN,
        |call| Box::pin(facebook::token(call)),
    ),
    row((Verb::Get, "", "access_token"), INSTAGRAM, TakenTokens::AccountOrPage, BUSINESS_LOGIN, |call| {
        Box::pin(instagram::make_long_lived(call))
    }),
    row(
        (Verb::Get, "", "refresh_access_token"),
        INSTAGRAM,
        TakenTokens::AccountOrPage,
        BUSINESS_LOGIN,
        |call| Box::pin(instagram::refresh(call)),
    ),
    row(
        (Verb::Get, "", "debug_token"),
        &[(Host::Facebook, NodeType::Root)],
        TakenTokens::Any,
        FACEBOOK_LOGIN,
        |call| Box::pin(debug::inspect(call)),
    ),
    row((Verb::Get, "user", "permissions"), USER, TakenTokens::Any, FACEBOOK_LOGIN, |call| {
        Box::pin(permissions::list(call))
    }),
    row((Verb::Delete, "user", "permissions"), USER, TakenTokens::Any, FACEBOOK_LOGIN, |call| {
        Box::pin(permissions::remove(call))
    }),
    row((Verb::Delete, "user", "permissions/*"), USER, TakenTokens::Any, FACEBOOK_LOGIN, |call| {
        Box::pin(permissions::remove(call))
    }),
];
