//! Every error that the API can answer, by name, and how the two hosts write it.
//!
//! Code and subcode alone are not unique, so errors have names. A rule returns a [`GraphError`]; [`GraphError::render`]
//! is the one place that turns it into a status and a body.

mod access;
mod choice;
mod comments;
mod faults;
mod insights;
mod publishing;
mod routing;
mod spec;
mod table;
mod wire;

use crate::Host;
use crate::locale::Locale;
pub use spec::{Dialect, ErrorSpec, Provenance};
use std::borrow::Cow;
use std::fmt;
pub use table::ErrorName;
pub use wire::WireError;

/// An error on its way to the caller: its name, and what stands in the gaps of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphError {
    /// Which error of the table.
    pub name: ErrorName,
    gaps: Vec<String>,
    detail: Option<String>,
}

impl GraphError {
    /// An error whose text has no gaps.
    pub const fn new(name: ErrorName) -> Self {
        Self { name, gaps: Vec::new(), detail: None }
    }

    /// An error with the values for `{0}`, `{1}`, … of its text.
    pub fn with<const N: usize>(name: ErrorName, gaps: [&str; N]) -> Self {
        Self { name, gaps: gaps.map(str::to_owned).to_vec(), detail: None }
    }

    /// The same, with any number of values.
    pub const fn filled(name: ErrorName, gaps: Vec<String>) -> Self {
        Self { name, gaps, detail: None }
    }

    /// Adds what the developer should know and the real server would not say: it is sent as `error_user_msg`.
    #[must_use]
    pub fn explain(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// What was added by [`explain`](Self::explain).
    pub fn explanation(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// `The parameter {0} is required` for the parameter `name`.
    pub fn required(name: &str) -> Self {
        Self::with(ErrorName::ParameterRequired, [name])
    }

    /// `Param {0} must be {1}` for the parameter `name`.
    pub fn invalid(name: &str, must_be: &str) -> Self {
        Self::with(ErrorName::ParameterInvalid, [name, must_be])
    }

    /// The status of the answer.
    pub const fn status(&self, host: Host) -> u16 {
        self.name.spec().status(host)
    }

    /// The text of `message`, with the host's prefix.
    pub fn message(&self, host: Host) -> String {
        self.message_in(host, None)
    }

    /// The same in a language, if the text is known in it.
    pub fn message_in(&self, host: Host, locale: Option<Locale>) -> String {
        let spec = self.name.spec();
        let text = locale.and_then(|locale| locale.text(self.name)).unwrap_or(spec.text(host));
        let text = self.fill(text);
        match spec.prefixed(host) {
            true => format!("(#{}) {text}", spec.code(host)),
            false => text.into_owned(),
        }
    }

    /// The error as the host writes it.
    pub fn on(&self, host: Host) -> WireError {
        self.on_in(host, None)
    }

    /// The same in a language, if the text is known in it.
    pub fn on_in(&self, host: Host, locale: Option<Locale>) -> WireError {
        let spec = self.name.spec();
        WireError {
            status: spec.status(host),
            message: self.message_in(host, locale),
            kind: spec.kind(host).into(),
            code: spec.code(host),
            subcode: spec.subcode(host),
            transient: spec.transient,
            user_title: spec.user_title.map(str::to_owned),
            user_message: self
                .detail
                .clone()
                .or_else(|| spec.user_text.map(|text| self.fill(text).into_owned())),
        }
    }

    /// The answer's body: `{"error":{…}}` in the host's dialect, with `trace_id` as `fbtrace_id`.
    pub fn render(&self, host: Host, trace_id: &str) -> serde_json::Value {
        self.on(host).body(trace_id)
    }

    fn fill(&self, text: &'static str) -> Cow<'static, str> {
        if self.gaps.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + 32);
        let mut rest = text;
        // One pass, so that a value that looks like a gap is not filled again.
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let gap = rest.as_bytes().get(at + 1).filter(|b| b.is_ascii_digit());
            match gap.and_then(|digit| self.gaps.get(usize::from(digit - b'0'))) {
                Some(value) if rest.as_bytes().get(at + 2) == Some(&b'}') => {
                    out.push_str(value);
                    rest = &rest[at + 3..];
                }
                _ => {
                    out.push('{');
                    rest = &rest[at + 1..];
                }
            }
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}

impl From<ErrorName> for GraphError {
    fn from(name: ErrorName) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.name, self.message(Host::Facebook))
    }
}

impl std::error::Error for GraphError {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The canonical exchanges of the reference, both dialects.
    #[test]
    fn the_two_hosts_write_differently() {
        let shut = GraphError::new(ErrorName::WindowClosed);
        assert_eq!(
            shut.render(Host::Instagram, "A1"),
            json!({"error": {"message": "This message is sent outside of allowed window.", "type": "IGApiException",
                "code": 10, "error_subcode": 2_534_022, "fbtrace_id": "A1"}})
        );
        assert_eq!(shut.status(Host::Instagram), 403);
        let tagged = GraphError::new(ErrorName::HumanAgentNotApproved);
        assert_eq!(
            tagged.render(Host::Facebook, "A2"),
            json!({"error": {"message": "(#100) Cannot tag messages with 'HUMAN_AGENT' without prior approval.",
                "type": "OAuthException", "code": 100, "error_subcode": 2_018_276, "fbtrace_id": "A2"}})
        );
    }

    #[test]
    fn gaps_are_filled_once() {
        let error = GraphError::with(ErrorName::ParameterNotOneOf, ["tag", "HUMAN_AGENT", "{0}"]);
        assert_eq!(
            error.message(Host::Facebook),
            "(#100) Param tag must be one of {HUMAN_AGENT} - got \"{0}\"."
        );
    }

    #[test]
    fn the_table_is_whole() {
        for name in ErrorName::ALL {
            let spec = name.spec();
            for host in Host::BOTH {
                assert!((400..600).contains(&spec.status(*host)), "{name:?}");
                assert!(!spec.text(*host).is_empty(), "{name:?}");
            }
            assert!(!spec.source.is_empty(), "{name:?} has no source");
        }
    }
}
