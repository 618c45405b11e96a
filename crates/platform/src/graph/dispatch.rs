//! From a decoded request to its answer.

use super::answer::Reply;
use super::node::{Node, NodeType};
use super::operations::{self, NotFound, Operation, Verb};
use super::resolve::resolve;
use super::{Call, GraphRequest, caller, faults, limit, not_served};
use crate::Platform;
use crate::ads;
use crate::directory::Caller;
use crate::failure::{Failure, Result};
use crate::tokens::client;
use graph_api::ids::decimal;
use graph_api::{ErrorName, GraphError, Host, Version};
use serde_json::Value;
use std::sync::Arc;

/// Answers a request. Whatever goes wrong becomes an error of the variant that the request speaks.
pub(crate) async fn dispatch(platform: &Arc<Platform>, request: &GraphRequest) -> Reply {
    match platform.faults.on_requests() {
        false => serve(platform, request).await,
        true => Box::pin(faults::dispatch(platform, request)).await,
    }
}

/// The same, whatever faults there are.
pub(super) async fn serve(platform: &Arc<Platform>, request: &GraphRequest) -> Reply {
    let token = caller::token(request);
    let root = root(request);
    let host = caller::host(request, token.as_deref(), root.as_deref());
    let version = request.version.ok().flatten().unwrap_or(Version::LATEST).served();
    let way = Way { platform, request, host, version, token: token.as_deref(), root: root.as_deref() };
    let mut reply = Reply::new(host, version);
    reply.is_flat = is_flat(host, root.as_deref());
    match way.answer(&mut reply).await {
        Ok(value) => reply.answered(&value),
        Err(Failure::Graph(error)) if reply.operation.is_none() => {
            let error = match not_served::hint(&request.segments) {
                Some(hint) => error.explain(hint),
                None => error,
            };
            reply.failed(error.into(), request.trace_id.as_str())
        }
        Err(failure) => reply.failed(failure, request.trace_id.as_str()),
    }
}

/// Whether errors there have the envelope of `api.instagram.com`.
pub(super) fn is_flat(host: Host, root: Option<&str>) -> bool {
    host == Host::Instagram && root.is_some_and(operations::shows_secret)
}

/// The path of a request, if it stands on no node.
pub(super) fn root(request: &GraphRequest) -> Option<String> {
    let path = match &*request.segments {
        [one] => one.clone(),
        [one, two] => format!("{one}/{two}"),
        _ => return None,
    };
    Some(path).filter(|path| operations::is_root(path))
}

/// The way of one request.
struct Way<'a> {
    platform: &'a Arc<Platform>,
    request: &'a GraphRequest,
    host: Host,
    version: Version,
    token: Option<&'a str>,
    /// The path, if it stands on no node.
    root: Option<&'a str>,
}

impl Way<'_> {
    async fn answer(&self, reply: &mut Reply) -> Result<Value> {
        let (platform, request, host) = (self.platform, self.request, self.host);
        if let Some(edge) = self.root.filter(|edge| operations::shows_secret(edge)) {
            let operation = self.root_operation(edge, reply)?;
            let caller = client::of_request(platform, host, &request.params.0).await?;
            return self.call(&caller, operation, &Node::Root, None).await;
        }
        let caller = caller::resolve(platform, request, host, self.token).await?;
        reply.usage_of(&caller);
        if let Some(edge) = self.root {
            let operation = self.root_operation(edge, reply)?;
            return self.allowed(&caller, operation, &Node::Root, None, reply).await;
        }
        self.on_node(&caller, reply).await
    }

    fn root_operation(&self, edge: &str, reply: &mut Reply) -> Result<&'static Operation> {
        self.readable()?;
        let verb = verb(self.request)?;
        let operation =
            operations::find(self.host, verb, NodeType::Root, Some(edge)).map_err(|reason| match reason {
                NotFound::Verb => GraphError::with(ErrorName::UnsupportedMethod, [verb.lower()]),
                NotFound::Edge => GraphError::with(ErrorName::UnknownPath, [&format!("/{edge}")]),
            })?;
        reply.operation = Some(operation);
        Ok(operation)
    }

    /// Whether parameters and version can be read.
    fn readable(&self) -> Result<()> {
        if let Err(error) = &self.request.params.1 {
            return Err(error.clone().into());
        }
        if self.request.version.is_err() {
            // A version that does not exist is no version, and so no path.
            let rest = self.request.segments.join("/");
            return Err(GraphError::with(ErrorName::UnknownPath, [&format!("/{rest}")]).into());
        }
        Ok(())
    }

    async fn on_node(&self, caller: &Caller, reply: &mut Reply) -> Result<Value> {
        self.readable()?;
        let verb = verb(self.request)?;
        let with_tail;
        let (segment, edge, tail) = match &*self.request.segments {
            [] => return Err(unknown_object(verb, "").into()),
            [node] => (node, None, None),
            [node, edge] => (node, Some(edge.as_str()), None),
            [node, edge, tail] if operations::takes_tail(edge) => {
                with_tail = format!("{edge}/*");
                (node, Some(with_tail.as_str()), Some(tail.as_str()))
            }
            [_, _, rest @ ..] => {
                let rest = format!("/{}", rest.join("/"));
                return Err(GraphError::with(ErrorName::UnknownPath, [&rest]).into());
            }
        };
        let node = resolve(self.platform, caller, segment).await?.ok_or_else(|| match decimal(segment) {
            _ if segment.starts_with(ads::PREFIX) => GraphError::new(ErrorName::AdAccountNotGranted),
            None if segment != "me" && !segment.starts_with("aWd") => {
                GraphError::with(ErrorName::UnknownAlias, [verb.lower(), segment])
            }
            _ => unknown_object(verb, segment),
        })?;
        let operation =
            operations::find(self.host, verb, node.kind(), edge).map_err(|reason| match (reason, edge) {
                (NotFound::Edge, Some(edge)) => {
                    let field = edge.trim_end_matches("/*");
                    GraphError::with(ErrorName::UnknownField, [field, node.kind().name()])
                }
                _ => unknown_object(verb, segment),
            })?;
        reply.operation = Some(operation);
        self.allowed(caller, operation, &node, tail, reply).await
    }

    /// Does the operation if the caller may, and has not done too much of it.
    async fn allowed(
        &self,
        caller: &Caller,
        operation: &'static Operation,
        node: &Node,
        tail: Option<&str>,
        reply: &mut Reply,
    ) -> Result<Value> {
        caller::allow(caller, operation, self.host, node)?;
        if self.platform.settings.rate_limits() {
            let who = (caller, self.host);
            limit::count(self.platform, who, operation, node, &self.request.params.0, reply).await?;
        }
        self.call(caller, operation, node, tail).await
    }

    async fn call(
        &self,
        caller: &Caller,
        operation: &'static Operation,
        node: &Node,
        tail: Option<&str>,
    ) -> Result<Value> {
        let call = Call {
            platform: self.platform,
            caller,
            node,
            operation,
            tail,
            token: self.token.unwrap_or_default(),
            params: &self.request.params.0,
            upload: self.request.upload.as_ref(),
            address: &self.request.address,
            host: self.host,
            version: self.version,
        };
        (operation.handler)(&call).await
    }
}

fn unknown_object(verb: Verb, id: &str) -> GraphError {
    GraphError::with(ErrorName::UnknownObject, [verb.lower(), id])
}

/// The method, or the one that a POST names in the parameter `method` (mem: `POST …?method=delete`).
pub(super) fn verb(request: &GraphRequest) -> Result<Verb, GraphError> {
    let named = request.params.0.text("method").ok().flatten().filter(|named| !named.is_empty());
    let method = match (&request.method, named.as_deref()) {
        (&http::Method::POST, Some(named)) => named.to_ascii_uppercase(),
        (method, _) => method.as_str().to_owned(),
    };
    match method.as_str() {
        // HEAD is a GET whose body the server leaves out.
        "GET" | "HEAD" => Ok(Verb::Get),
        "POST" => Ok(Verb::Post),
        "DELETE" => Ok(Verb::Delete),
        other => Err(GraphError::with(ErrorName::UnsupportedMethod, [&other.to_ascii_lowercase()])),
    }
}
