//! The way of a Graph request: one decoder, one resolution of the caller, one table of operations.
//!
//! What `/{id}/{edge}` means depends on the kind of the node, and the token may stand in the body, so paths alone
//! cannot route. [`dispatch`](dispatch::dispatch) looks the operation up by method, kind of node and edge.

mod answer;
mod caller;
mod decode;
pub(crate) mod dispatch;
pub(crate) mod node;
mod not_served;
pub(crate) mod operations;
pub(crate) mod server;

#[cfg(test)]
mod tests;

use crate::Platform;
use crate::address::CallerAddress;
use crate::assets::Upload;
use crate::directory::Caller;
use graph_api::{Host, Params, Version};
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
    pub trace_id: String,
}

/// What a handler gets: everything resolved and allowed.
pub(crate) struct Call<'a> {
    /// The platform.
    pub platform: &'a Arc<Platform>,
    /// Who calls.
    pub caller: &'a Caller,
    /// The node that the path names.
    pub node: &'a Node,
    /// The parameters.
    pub params: &'a Params,
    /// The file that came with the request; [`Params::file`] describes it. Removed after the request, unless it was
    /// stored: [`crate::assets::uploaded`].
    #[expect(dead_code, reason = "until the Send API takes files")]
    pub upload: Option<&'a Upload>,
    /// At which address the caller reached us; for URLs in the answer.
    #[expect(dead_code, reason = "until answers show files")]
    pub address: &'a CallerAddress,
    /// The variant.
    pub host: Host,
    /// The version that answers.
    pub version: Version,
}
