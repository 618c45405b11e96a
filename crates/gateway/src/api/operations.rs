//! The one table of operations: every operation of Zendesk's OpenAPI document, and how far it is served. From it come the
//! dispatch, the checks of scopes, and the list in `docs/compat.md`.

use super::call::{Call, Outcome};
use std::future::Future;
use std::pin::Pin;
use sunco_api::credentials::Scope;

/// How far an operation is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does what it does in Sunshine.
    Real,
    /// It checks its request and answers in its form, but has no effect here, since Instagram has none of it.
    WellFormed,
    /// It answers an error.
    Refused,
}

/// One operation.
pub struct Operation {
    /// Its `operationId` in the document.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with names in braces.
    pub path: &'static str,
    /// The scopes of credentials that may call it; empty: none are asked for.
    pub scopes: &'static [Scope],
    /// How far it is served.
    pub standing: Standing,
    /// What there is to say of that.
    pub note: &'static str,
    pub(crate) run: Run,
}

type Running<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// How an operation runs.
pub(crate) enum Run {
    /// With its body read as JSON.
    Json(for<'a> fn(&'a Call) -> Running<'a>),
    /// With its body as a stream of parts.
    Upload,
}

pub(crate) const ACCOUNT: &[Scope] = &[Scope::Account];
pub(crate) const APP: &[Scope] = &[Scope::Account, Scope::App];
pub(crate) const HOOKS: &[Scope] = &[Scope::App, Scope::Integration];
pub(crate) const EVERY: &[Scope] = &[Scope::Account, Scope::App, Scope::Integration];

/// A row: `op!(Name METHOD "path" SCOPES Standing handler "note")`.
macro_rules! op {
    ($name:literal, $method:literal, $path:expr, $scopes:expr, $standing:ident, $run:expr, $note:expr) => {
        $crate::api::operations::Operation {
            name: $name,
            method: $method,
            path: $path,
            scopes: $scopes,
            standing: $crate::api::operations::Standing::$standing,
            note: $note,
            run: $crate::api::operations::Run::Json(|call| Box::pin($run(call))),
        }
    };
    ($name:literal, $method:literal, $path:expr, $scopes:expr, $standing:ident, $run:expr) => {
        op!($name, $method, $path, $scopes, $standing, $run, "")
    };
}
pub(crate) use op;

/// All operations.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    [
        crate::apps::ops::OPERATIONS,
        crate::attachments::ops::OPERATIONS,
        crate::conversations::ops::OPERATIONS,
        crate::conversations::participants::OPERATIONS,
        crate::messages::ops::OPERATIONS,
        crate::conversations::activity::OPERATIONS,
        crate::switchboards::control::OPERATIONS,
        crate::integrations::ops::OPERATIONS,
        crate::hooks::ops::OPERATIONS,
        crate::switchboards::ops::OPERATIONS,
        crate::users::ops::OPERATIONS,
        crate::users::clients::OPERATIONS,
        crate::oauth::OPERATIONS,
    ]
    .into_iter()
    .flatten()
}

impl Operation {
    /// The names and values of the path's ids, if the path is this operation's.
    pub(crate) fn matches(&self, segments: &[String]) -> Option<Vec<(&'static str, String)>> {
        let mut ids = Vec::new();
        let mut wanted = self.path.split('/').skip(1);
        let mut given = segments.iter();
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(ids),
                (Some(want), Some(got)) => {
                    match want.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                        Some(name) => ids.push((name, got.clone())),
                        None if want == got => {}
                        None => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}
