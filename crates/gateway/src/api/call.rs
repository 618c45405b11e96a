//! One request on its way to its handler, and what the handler answers.

use super::auth::Caller;
use crate::Gateway;
use serde_json::Value;
use std::sync::Arc;
use sunco_api::{ApiError, Body, Query};

/// A request whose caller is known.
pub(crate) struct Call {
    /// The gateway.
    pub(crate) gateway: Arc<Gateway>,
    /// Who calls.
    pub(crate) caller: Caller,
    /// The ids of the path, by the names that the table gives them.
    pub(crate) ids: Vec<(&'static str, String)>,
    /// The query.
    pub(crate) query: Query,
    /// The body.
    pub(crate) body: Body,
    /// The address that the caller used, up to and without `/v2`.
    pub(crate) base: String,
    /// The path from `/v2` on.
    pub(crate) path: String,
}

impl Call {
    /// An id of the path.
    pub(crate) fn id(&self, name: &str) -> String {
        let found = self.ids.iter().find(|(known, _)| *known == name);
        found.map(|(_, id)| id.clone()).unwrap_or_default()
    }

    /// The app of the path.
    pub(crate) fn app_id(&self) -> String {
        self.id("appId")
    }
}

/// What a handler answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Outcome {
        Ok(Self { status: 200, body })
    }
    pub(crate) fn created(body: Value) -> Outcome {
        Ok(Self { status: 201, body })
    }
    /// 200 `{}`: what deletions and most actions answer (spec).
    pub(crate) fn done() -> Outcome {
        Self::ok(Value::Object(serde_json::Map::new()))
    }
}

/// Why a handler has no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The caller's fault.
    Api(ApiError),
    /// Ours.
    Storage(storage::Error),
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<storage::Error> for Failure {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

/// What comes of a call.
pub(crate) type Outcome<T = Answer> = Result<T, Failure>;
