//! The way of a Graph request: one decoder, one resolution of the caller, one table of operations.
//!
//! What `/{id}/{edge}` means depends on the kind of the node, and the token may stand in the body, so paths alone
//! cannot route. [`dispatch`](dispatch::dispatch) looks the operation up by method, kind of node and edge.

pub(crate) mod answer;
mod batch;
pub(crate) mod caller;
mod decode;
pub(crate) mod dispatch;
mod faults;
mod ids;
mod limit;
pub(crate) mod node;
mod not_served;
pub(crate) mod operations;
pub(crate) mod paging;
pub(crate) mod resolve;
pub(crate) mod server;

#[cfg(test)]
mod tests;

use crate::Platform;
use crate::address::CallerAddress;
use crate::assets::Upload;
use crate::directory::Caller;
use graph_api::ids::meta_base64;
use graph_api::{ErrorName, GraphError, Host, Params, Version};
use node::Node;
use std::sync::Arc;

/// A request, decoded, before anybody knows what it means.
pub(crate) struct GraphRequest {
    /// The HTTP method.
    pub method: http::Method,
    /// The variant that the `Host` header names, if it names one.
    pub named_host: Option<Host>,
    /// The version in the path: `Err` if it is none that exists.
    pub version: Result<Option<Version>, graph_api::version::UnknownVersion>,
    /// The path's segments after the version, decoded, empty ones left out.
    pub segments: Vec<String>,
    /// The parameters, or why they cannot be read. The token is looked at first.
    pub params: (Params, Result<(), graph_api::GraphError>),
    /// The file that came with the request.
    pub upload: Option<Upload>,
    /// At which address the caller reached us.
    pub address: CallerAddress,
    /// The token of the `Authorization` header.
    pub header_token: Option<String>,
    /// The id under which the request is logged, and which an error carries.
    pub trace_id: TraceId,
}

/// The id of one request: 23 characters that begin with `A` (cap).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TraceId([u8; 23]);

impl TraceId {
    /// A new one.
    pub(crate) fn new(chance: &dyn clock::Chance) -> Self {
        let mut bytes = [0; 17];
        chance.fill(&mut bytes);
        let mut id = [b'A'; 23];
        // The captured ones are Base64 of 17 bytes or so, in Meta's writing: letters and digits.
        for (place, letter) in id[1..].iter_mut().zip(meta_base64(&bytes).bytes()) {
            *place = letter;
        }
        Self(id)
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What a handler gets: everything resolved and allowed.
pub(crate) struct Call<'a> {
    /// The platform.
    pub platform: &'a Arc<Platform>,
    /// Who calls.
    pub caller: &'a Caller,
    /// The node that the path names.
    pub node: &'a Node,
    /// The row of the table.
    pub operation: &'static operations::Operation,
    /// What follows the edge in the path, where the row says `/*`.
    pub tail: Option<&'a str>,
    /// The token that was sent.
    pub token: &'a str,
    /// The parameters.
    pub params: &'a Params,
    /// The file that came with the request; [`Params::file`] describes it. Removed after the request, unless it was
    /// stored: [`crate::assets::uploaded`].
    pub upload: Option<&'a Upload>,
    /// At which address the caller reached us; for URLs in the answer.
    pub address: &'a CallerAddress,
    /// The variant.
    pub host: Host,
    /// The version that answers.
    pub version: Version,
}

impl Call<'_> {
    /// Whether the parameter `platform` says Instagram: the Instagram host has nothing else, on the Facebook host no word
    /// means Messenger, where nobody is here.
    pub(crate) fn is_of_instagram(&self) -> graph_api::Result<bool> {
        match self.params.text("platform")?.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("") => Ok(self.host == Host::Instagram),
            Some("instagram") => Ok(true),
            Some("messenger") => Ok(false),
            Some(other) => {
                let known = "instagram, messenger";
                Err(GraphError::with(ErrorName::ParameterNotOneOf, ["platform", known, other]))
            }
        }
    }

    /// Refuses what is meant for Messenger. Messenger would take it and Instagram would show nothing of it: the most usual
    /// reason is that `platform` was forgotten.
    pub(crate) fn only_instagram(&self) -> graph_api::Result<()> {
        match self.is_of_instagram()? {
            true => Ok(()),
            false => Err(GraphError::required("platform").explain(
                "Without platform=instagram this is about the page in Messenger, which is no part of Posthaste.",
            )),
        }
    }

    /// The address that the caller used, without a slash at the end.
    pub(crate) fn base(&self) -> String {
        self.address.base(self.platform.public_url())
    }
}
