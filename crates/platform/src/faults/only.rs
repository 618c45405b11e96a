//! What a fault is narrowed to.

use crate::directory::{Caller, Identity};
use crate::people;
use graph_api::Host;
use webhooks::{EndpointId, Event};

/// Everything that is said must fit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Only {
    /// The account: of the caller, or of the event.
    pub(crate) account: Option<i64>,
    /// The caller's app.
    pub(crate) app: Option<i64>,
    /// The host that is spoken to.
    pub(crate) host: Option<Host>,
    /// The event's field.
    pub(crate) field: Option<String>,
    /// Where the event goes.
    pub(crate) endpoints: Option<Vec<EndpointId>>,
    /// The person whom the event is about, by number.
    pub(crate) person: Option<i64>,
    /// Echoes, or everything else.
    pub(crate) echo: Option<bool>,
}

impl Only {
    /// Whether a request is one of those. The caller is `None` if the token is not good.
    pub(super) fn fits_caller(&self, host: Host, caller: Option<&Caller>) -> bool {
        let account = caller.and_then(|caller| match &caller.identity {
            Identity::Account(view) | Identity::Page(view) => Some(view.account.id),
            Identity::User(_) | Identity::App => None,
        });
        self.host.is_none_or(|only| only == host)
            && self.app.is_none_or(|only| caller.is_some_and(|caller| caller.app.id == only))
            && self.account.is_none_or(|only| account == Some(only))
    }

    /// Whether an event is one of those.
    pub(super) fn fits_event(&self, event: &Event) -> bool {
        self.account.is_none_or(|only| event.subject == only)
            && self.field.as_deref().is_none_or(|only| event.topic == only)
            && self.endpoints.as_deref().is_none_or(|only| only.contains(&event.endpoint))
            && self.echo.is_none_or(|only| contains(&event.body, br#""is_echo":true"#) == only)
            && self.person.is_none_or(|person| {
                // Every id that names somebody is a string, and an IGSID is nobody else's.
                let igsid = people::igsid(event.subject, person);
                contains(&event.body, format!("\"{igsid}\"").as_bytes())
            })
    }

    /// Whether a message of that person to that account is one of those.
    pub(super) fn fits_message(&self, account: i64, user_no: i64) -> bool {
        self.account.is_none_or(|only| account == only) && self.person.is_none_or(|only| user_no == only)
    }
}

fn contains(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}
