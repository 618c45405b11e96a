//! `ids=`: several objects in one request (doc: Graph API, Rate Limits FAQ, which counts each of them as a call).

use super::GraphRequest;
use super::dispatch::verb;
use super::operations::{self, Verb};
use graph_api::{ErrorName, GraphError, Params, Result, limits};

/// The objects that a request names.
pub(super) struct Ids {
    /// Their ids or names, each once.
    pub(super) ids: Vec<String>,
    /// The edge of each: `GET /conversations?ids=`.
    pub(super) edge: Option<String>,
    /// The parameters, without the ids.
    pub(super) params: Params,
}

impl Ids {
    /// `None`: the request names its object in the path.
    pub(super) fn of(request: &GraphRequest) -> Result<Option<Self>> {
        let params = &request.params.0;
        if !params.has("ids") || !matches!(verb(request), Ok(Verb::Get)) {
            return Ok(None);
        }
        let edge = match &*request.segments {
            [] => None,
            [edge] if operations::is_edge(edge) => Some(edge.clone()),
            _ => return Ok(None),
        };
        let mut ids: Vec<String> = Vec::new();
        for id in params.words("ids")?.unwrap_or_default() {
            if !ids.contains(&id) {
                ids.push(id);
            }
            if ids.len() > limits::IDS {
                let given = params.words("ids")?.unwrap_or_default().len();
                return Err(GraphError::with(ErrorName::TooManyIds, [&given.to_string()]));
            }
        }
        if ids.is_empty() {
            return Err(GraphError::with(ErrorName::ParameterEmpty, ["ids"]));
        }
        Ok(Some(Self { ids, edge, params: params.without(&["ids"]) }))
    }
}
