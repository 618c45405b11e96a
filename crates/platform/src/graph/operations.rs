//! The one table of operations. Routing, unknown-edge errors, the authorisation test and the ledger all come from it.

use super::Call;
use super::node::NodeType;
use crate::failure::Result;
use crate::{
    accounts, ads, attachments, comments, conversation_routing, conversations, hashtags, insights, mentions,
    messenger_profile, publishing, send_api, subscriptions, tokens, user_profile, welcome_message_flows,
};
use graph_api::Host;
use graph_api::scopes::ScopeSet;
use graph_api::tasks::TaskSet;
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;

/// What a handler answers, in time.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>>;

/// The methods of the Graph API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// Reads.
    Get,
    /// Creates or changes.
    Post,
    /// Deletes.
    Delete,
}

impl Verb {
    /// As in a request line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }

    /// As in the text of errors.
    pub const fn lower(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Delete => "delete",
        }
    }
}

/// Which part of the API an operation belongs to, as far as the account's switches and the limits of rates go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseCase {
    /// Sends messages.
    Send,
    /// Reads conversations and messages.
    Conversations,
    /// Reads the profiles of people.
    Profiles,
    /// Configures messaging.
    Messenger,
    /// Anything else with a token.
    Other,
    /// Gives tokens: nobody is known before it.
    Login,
}

impl UseCase {
    /// Whether it is shut while the account's owner keeps connected tools away from messages.
    pub const fn needs_message_access(self) -> bool {
        matches!(self, Self::Send | Self::Conversations | Self::Profiles)
    }
}

/// Which tokens an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenTokens {
    /// On the Instagram host an account's, on the Facebook host a page's.
    AccountOrPage,
    /// Any that can see the node.
    Any,
    /// The app's own.
    App,
    /// None: the app shows its id and secret among the parameters.
    ClientSecret,
}

/// One row: a method on an edge of a kind of node.
pub struct Operation {
    /// The method.
    pub verb: Verb,
    /// The word for the node in the operation's name: the page stands for its account.
    pub node: &'static str,
    /// The edge; `None`: the node itself.
    pub edge: Option<&'static str>,
    /// The kinds of node that have it, host by host.
    pub at: &'static [(Host, NodeType)],
    /// The permissions it needs on the Instagram host.
    pub instagram_scopes: ScopeSet,
    /// The permissions it needs on the Facebook host.
    pub facebook_scopes: ScopeSet,
    /// The tasks on the page of which the token's owner needs one, on the Facebook host; empty: none.
    pub tasks: TaskSet,
    /// The tokens it takes.
    pub tokens: TakenTokens,
    /// Which part of the API it belongs to.
    pub use_case: UseCase,
    /// A multipart body may bring a file; with any other operation, a body is small.
    pub takes_file: bool,
    /// The section of the API reference.
    pub section: &'static str,
    /// Does it.
    pub(crate) handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
}

impl Operation {
    /// Its name, such as `POST account/messages`.
    pub fn name(&self) -> String {
        let slash = if self.edge.is_some() { "/" } else { "" };
        format!("{} {}{slash}{}", self.verb.name(), self.node, self.edge.unwrap_or_default())
    }

    /// The permissions it needs on a host.
    pub const fn scopes(&self, host: Host) -> ScopeSet {
        match host {
            Host::Instagram => self.instagram_scopes,
            Host::Facebook => self.facebook_scopes,
        }
    }
}

/// The table. Each slice contributes its rows.
pub(crate) const TABLE: &[&[Operation]] = &[
    accounts::ops::OPERATIONS,
    accounts::pages::OPERATIONS,
    tokens::ops::OPERATIONS,
    send_api::ops::OPERATIONS,
    conversations::ops::OPERATIONS,
    conversation_routing::ops::OPERATIONS,
    user_profile::ops::OPERATIONS,
    attachments::ops::OPERATIONS,
    messenger_profile::ops::OPERATIONS,
    welcome_message_flows::ops::OPERATIONS,
    ads::ops::OPERATIONS,
    publishing::ops::OPERATIONS,
    hashtags::ops::OPERATIONS,
    comments::ops::OPERATIONS,
    mentions::ops::OPERATIONS,
    insights::ops::OPERATIONS,
    subscriptions::ops::OPERATIONS,
];

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    TABLE.iter().copied().flatten()
}

/// Whether any operation on that edge takes a file: before the body has been read, nobody knows which node it is for.
pub(super) fn may_take_file(method: &http::Method, edge: &str) -> bool {
    *method == http::Method::POST && all().any(|o| o.takes_file && o.edge == Some(edge))
}

/// Whether any kind of node has an edge of that name.
pub(super) fn is_edge(edge: &str) -> bool {
    all().any(|o| o.edge == Some(edge))
}

/// Whether an edge stands on no node: `access_token`, `oauth/access_token`, ….
pub(super) fn is_root(edge: &str) -> bool {
    all().any(|o| o.edge == Some(edge) && o.at.iter().any(|(_, kind)| *kind == NodeType::Root))
}

/// Whether an app shows its id and secret there, and no token.
pub(super) fn shows_secret(edge: &str) -> bool {
    all().any(|o| o.edge == Some(edge) && o.tokens == TakenTokens::ClientSecret)
}

/// Whether an edge of that name takes one more segment: `permissions/{permission}`, written `permissions/*` in the table.
pub(super) fn takes_tail(edge: &str) -> bool {
    all().any(|o| o.edge.and_then(|known| known.strip_suffix("/*")) == Some(edge))
}

/// Why no operation was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotFound {
    /// The kind of node has no such edge.
    Edge,
    /// It has the edge, but not with this method.
    Verb,
}

/// The operation for a method on an edge of a kind of node.
pub(crate) fn find(
    host: Host,
    verb: Verb,
    kind: NodeType,
    edge: Option<&str>,
) -> Result<&'static Operation, NotFound> {
    let mut reason = NotFound::Edge;
    for operation in all().filter(|o| o.edge == edge && o.at.contains(&(host, kind))) {
        if operation.verb == verb {
            return Ok(operation);
        }
        reason = NotFound::Verb;
    }
    Err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_api::ErrorName;
    use std::collections::HashSet;

    #[test]
    fn no_two_rows_answer_the_same_request() {
        let mut seen = HashSet::new();
        for operation in all() {
            assert!(!operation.at.is_empty(), "{} is nowhere", operation.name());
            for at in operation.at {
                assert!(seen.insert((operation.verb, operation.edge, at)), "{} twice", operation.name());
            }
        }
    }

    #[test]
    fn the_error_table_names_operations_that_exist() {
        let names: HashSet<String> = all().map(Operation::name).collect();
        for error in ErrorName::ALL {
            for operation in error.spec().operations {
                assert!(
                    names.contains(*operation),
                    "{error:?} is raised by {operation}, which does not exist"
                );
            }
        }
    }
}
