//! The error that a fault answers.

use crate::directory::{Caller, Identity};
use clock::Micros;
use graph_api::errors::WireError;
use graph_api::{ErrorName, GraphError, Host, time};
use std::time::Duration;

/// An error, as the sim was told: an entry of the table, or one of one's own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen {
    /// Which entry, if it is one.
    pub(crate) by: By,
    /// What stands in the gaps of its text.
    pub(crate) values: Vec<String>,
    /// What is not as the table has it.
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<i32>,
    pub(crate) subcode: Option<u32>,
    pub(crate) message: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) transient: Option<bool>,
    pub(crate) user_title: Option<String>,
    pub(crate) user_message: Option<String>,
}

/// How the entry of the table is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum By {
    Name(ErrorName),
    /// By [`Chosen::code`] and [`Chosen::subcode`], on the host that is spoken to.
    #[default]
    Code,
    /// The limit that the request would reach.
    Limit,
}

/// What a request is about, for the gaps of an error's text.
pub(crate) struct About<'a> {
    pub(crate) method: &'a str,
    pub(crate) segments: &'a [String],
    pub(crate) caller: Option<&'a Caller>,
    pub(crate) now: Micros,
}

impl Chosen {
    /// What is wrong with it: an error that is in no table needs a text, and gaps need values.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.message.is_some() {
            return match (self.by, self.code) {
                (By::Code, None) => Err("an error of one's own needs a code".to_owned()),
                _ => Ok(()),
            };
        }
        for host in Host::BOTH {
            let Some(name) = self.name(*host, false) else {
                return Err("there is no such error in the table: give status, code and message".to_owned());
            };
            let needed = name.gaps();
            if needed > 0 && self.values.len() != needed && !is_told_by_request(name) {
                let text = name.spec().text(*host);
                return Err(format!("values must have {needed} entries, for the gaps of {text:?}"));
            }
        }
        Ok(())
    }

    fn name(&self, host: Host, on_messages: bool) -> Option<ErrorName> {
        match self.by {
            By::Name(name) => Some(name),
            By::Code => self.code.and_then(|code| ErrorName::with_code(host, code, self.subcode)),
            By::Limit if on_messages => Some(ErrorName::SendLimitReached),
            By::Limit if host == Host::Instagram => Some(ErrorName::InstagramQuotaUsed),
            By::Limit => Some(ErrorName::PageQuotaUsed),
        }
    }

    /// The error as the host writes it, and its name if it is one of the table.
    pub(crate) fn on(&self, host: Host, about: &About<'_>) -> (Option<ErrorName>, WireError) {
        let on_messages = about.segments.last().is_some_and(|edge| edge == "messages");
        let name = self.name(host, on_messages);
        let mut error = match name {
            Some(name) => {
                let given = !self.values.is_empty();
                let values = if given { self.values.clone() } else { about.values(name, host) };
                GraphError::filled(name, values).on(host)
            }
            None => self.own(host),
        };
        error.status = self.status.unwrap_or(error.status);
        error.code = self.code.unwrap_or(error.code);
        error.subcode = self.subcode.or(error.subcode);
        error.message = self.message.clone().unwrap_or(error.message);
        error.kind = self.kind.clone().map_or(error.kind, Into::into);
        error.transient = self.transient.or(error.transient);
        error.user_title = self.user_title.clone().or(error.user_title);
        error.user_message = self.user_message.clone().or(error.user_message);
        (name, error)
    }

    /// An error that is in no table: status and type as others of its code have them (reference, 2.8 and 2.9).
    fn own(&self, host: Host) -> WireError {
        let code = self.code.unwrap_or_default();
        let status = match code {
            -1 | 1 | 2 => 500,
            10 | 200..=299 => 403,
            _ => 400,
        };
        let kind = match (host, code) {
            (Host::Facebook, _) | (_, 102 | 190) => "OAuthException",
            (Host::Instagram, _) => "IGApiException",
        };
        WireError {
            status,
            message: String::new(),
            kind: kind.into(),
            code,
            subcode: None,
            transient: None,
            user_title: None,
            user_message: None,
        }
    }
}

/// Whether a request tells what stands in the gaps.
fn is_told_by_request(name: ErrorName) -> bool {
    let about = About { method: "GET", segments: &[], caller: None, now: Micros(0) };
    !about.values(name, Host::Facebook).is_empty()
}

impl About<'_> {
    /// What stands in the gaps of an error's text; empty if the request does not tell.
    fn values(&self, name: ErrorName, host: Host) -> Vec<String> {
        let verb = self.method.to_ascii_lowercase();
        let node = self.segments.first().cloned().unwrap_or_default();
        let edge = self.segments.get(1).cloned().unwrap_or_else(|| "messages".to_owned());
        let app = self.caller.map_or(0, |caller| caller.app.id).to_string();
        let subject = match self.caller.map(|caller| &caller.identity) {
            Some(Identity::Account(view) | Identity::Page(view)) => view.account.id,
            Some(Identity::User(user)) => user.id,
            Some(Identity::App) | None => 0,
        };
        match name {
            ErrorName::TokenExpired => {
                let expired = self.now.minus(Duration::from_secs(3600));
                vec![time::token_error(expired), time::token_error(self.now)]
            }
            ErrorName::AppRemoved => vec![app],
            ErrorName::TokenUserUnconfirmed => vec![subject.to_string()],
            ErrorName::UnknownObject | ErrorName::UnknownAlias => vec![verb, node],
            ErrorName::UnsupportedMethod => vec![verb],
            ErrorName::UnknownPath => vec![format!("/{}", self.segments.join("/"))],
            ErrorName::UnknownField => {
                let kind = if host == Host::Instagram { "IGUser" } else { "Page" };
                vec![edge, kind.to_owned()]
            }
            ErrorName::MalformedRequest => vec!["Invalid parameter".to_owned()],
            ErrorName::PagePermissionMissing => vec!["pages_messaging".to_owned()],
            ErrorName::SubscribePermissionMissing => {
                vec!["messages".to_owned(), "pages_messaging".to_owned()]
            }
            _ => Vec::new(),
        }
    }
}
