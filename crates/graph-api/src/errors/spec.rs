//! What the table says of one error.

use crate::Host;

/// Where a fact comes from. The ledger shows it, so that users know how far to trust a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Provenance {
    /// Meta's documentation says so.
    Documented,
    /// Captured from the real system.
    Observed,
    /// Told by integrators.
    Reported,
    /// Our choice; the reference calls it unconfirmed.
    Assumed,
}

/// How an error's `type` and text depend on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Instagram: `IGApiException`, bare text. Facebook: `OAuthException`, text with `(#code) ` before it.
    Usual,
    /// As usual, but the Facebook text has no prefix either.
    Bare,
    /// `OAuthException` and no prefix on both: the token family.
    Token,
    /// `OAuthException` with the prefix on both: the validator of subscription fields is shared.
    Shared,
    /// A missing object: Facebook says `GraphMethodException`, no prefix.
    Object,
}

/// One error of the table.
#[derive(Clone, Copy, Debug)]
pub struct ErrorSpec {
    status: u16,
    facebook_status: Option<u16>,
    code: i32,
    facebook_code: Option<i32>,
    subcode: Option<u32>,
    text: &'static str,
    facebook_text: Option<&'static str>,
    dialect: Dialect,
    /// `error_user_title`, where the real server sends it.
    pub user_title: Option<&'static str>,
    /// `is_transient`, where the real server sends it.
    pub transient: Option<bool>,
    /// The operations that can raise it, by their names in the table of operations; empty: every one.
    pub operations: &'static [&'static str],
    /// The hosts on which it is raised.
    pub hosts: &'static [Host],
    /// Why nothing that a user does raises it, with the source; `None`: it is raised for real.
    pub fault_only: Option<&'static str>,
    /// Where it is known from.
    pub provenance: Provenance,
    /// The source, in words.
    pub source: &'static str,
}

impl ErrorSpec {
    pub(super) const fn new(status: u16, code: i32, text: &'static str) -> Self {
        Self {
            status,
            facebook_status: None,
            code,
            facebook_code: None,
            subcode: None,
            text,
            facebook_text: None,
            dialect: Dialect::Usual,
            user_title: None,
            transient: None,
            operations: &[],
            hosts: Host::BOTH,
            fault_only: None,
            provenance: Provenance::Assumed,
            source: "",
        }
    }
    pub(super) const fn subcode_is(mut self, subcode: u32) -> Self {
        self.subcode = Some(subcode);
        self
    }
    pub(super) const fn on_facebook(mut self, status: u16, code: i32, text: &'static str) -> Self {
        self.facebook_status = Some(status);
        self.facebook_code = Some(code);
        self.facebook_text = Some(text);
        self
    }
    pub(super) const fn written(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }
    pub(super) const fn transient(mut self) -> Self {
        self.transient = Some(true);
        self
    }
    pub(super) const fn titled(mut self, title: &'static str) -> Self {
        self.user_title = Some(title);
        self
    }
    pub(super) const fn raised_by(mut self, operations: &'static [&'static str]) -> Self {
        self.operations = operations;
        self
    }
    pub(super) const fn only_on(mut self, hosts: &'static [Host]) -> Self {
        self.hosts = hosts;
        self
    }
    pub(super) const fn fault_only(mut self, why: &'static str) -> Self {
        self.fault_only = Some(why);
        self
    }
    pub(super) const fn known(mut self, provenance: Provenance, source: &'static str) -> Self {
        self.provenance = provenance;
        self.source = source;
        self
    }

    /// HTTP status.
    pub const fn status(&self, host: Host) -> u16 {
        match (host, self.facebook_status) {
            (Host::Facebook, Some(status)) => status,
            _ => self.status,
        }
    }
    /// `code`.
    pub const fn code(&self, host: Host) -> i32 {
        match (host, self.facebook_code) {
            (Host::Facebook, Some(code)) => code,
            _ => self.code,
        }
    }
    /// `error_subcode`.
    pub const fn subcode(&self, _host: Host) -> Option<u32> {
        self.subcode
    }
    /// `message` without prefix, with its gaps `{0}`, `{1}`, ….
    pub const fn text(&self, host: Host) -> &'static str {
        match (host, self.facebook_text) {
            (Host::Facebook, Some(text)) => text,
            _ => self.text,
        }
    }
    /// `type`.
    pub const fn kind(&self, host: Host) -> &'static str {
        match (self.dialect, host) {
            (Dialect::Token | Dialect::Shared, _) | (Dialect::Usual | Dialect::Bare, Host::Facebook) => {
                "OAuthException"
            }
            (Dialect::Object, Host::Facebook) => "GraphMethodException",
            (_, Host::Instagram) => "IGApiException",
        }
    }
    /// Whether the text begins with `(#code) `.
    pub const fn prefixed(&self, host: Host) -> bool {
        matches!((self.dialect, host), (Dialect::Shared, _) | (Dialect::Usual, Host::Facebook))
    }
}
