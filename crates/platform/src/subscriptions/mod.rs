//! Who is told of what: callbacks of apps, subscribed accounts, and the sender of the notifications.
//!
//! An app has one callback for the object `instagram` in each of its two products. An account's events go to the
//! callbacks of the product through which the app subscribed the account, signed with that product's secret.

mod dialect;
mod handshake;
pub(crate) mod ops;
pub(crate) mod store;
pub(crate) mod switch_off;

#[cfg(test)]
mod tests;

use crate::Platform;
use crate::apps::roles::{Member, Role, lets_in};
use crate::directory::AccountView;
use crate::faults::content;
use crate::log::deliveries::Suppressed;
use bytes::Bytes;
use clock::Micros;
pub(crate) use dialect::{CHANGES, MESSAGING, MessagingDialect};
use graph_api::Host;
use graph_api::ids::{NodeKind, unscoped};
use graph_api::webhook::STANDBY;
use std::sync::Arc;
use storage::{Result, Tx};
use webhooks::{EndpointId, Event};

/// One app that hears, or could be expected to hear, of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// The app.
    pub app_id: i64,
    /// The app's name.
    pub app_name: String,
    /// The product id under which the callback is set.
    pub product_id: i64,
    /// The app is published.
    pub live: bool,
    /// Whom the app may hear of: everybody, or people with one of these roles.
    pub roles: Option<Vec<Role>>,
    /// The product.
    pub login: Host,
    /// The callback, if one is set.
    pub endpoint: Option<EndpointId>,
    /// The fields that the callback is for.
    pub fields: Vec<String>,
    /// The account is subscribed by this app through this product.
    pub subscribed: bool,
}

impl Route {
    /// Where an event of the field goes that is about the user with that number, or why it goes nowhere.
    ///
    /// The account's own list of fields filters nothing: an account that is subscribed to any field sends all fields
    /// that the app's callback is for (doc: limitations of Setup Webhooks Subscriptions).
    ///
    /// Comments are told to apps with Advanced Access only (doc: Setup Webhooks Subscriptions; one integrator saw them
    /// without it, 2026-08).
    fn verdict(&self, field: &str, user_no: impl FnOnce() -> Option<i64>) -> Result<EndpointId, Unsent> {
        let endpoint = self.endpoint.ok_or(Unsent::NoCallback)?;
        if !self.subscribed {
            Err(Unsent::NotSubscribed)
        } else if !self.live {
            Err(Unsent::InDevelopment)
        } else if self.roles.is_some() && matches!(field, "comments" | "live_comments") {
            Err(Unsent::NotAdvanced)
        } else if let Some(roles) = &self.roles
            && user_no().is_some_and(|user_no| !lets_in(roles, Member::Instagram(user_no)))
        {
            Err(Unsent::NoRole)
        } else if !self.fields.iter().any(|known| known == field) {
            Err(Unsent::OtherFields)
        } else {
            Ok(endpoint)
        }
    }

    /// The reason in words, for a developer.
    pub(crate) fn reason(&self, why: Unsent, field: &str, username: &str) -> String {
        let name = &self.app_name;
        match why {
            Unsent::NoCallback => {
                let id = self.product_id;
                format!("the app \"{name}\" has no callback: POST /{id}/subscriptions sets one")
            }
            Unsent::NotSubscribed => format!(
                "the app \"{name}\" is not subscribed to @{username} through this login: POST /me/subscribed_apps"
            ),
            Unsent::InDevelopment => {
                format!("the app \"{name}\" is in development mode: no webhooks are sent")
            }
            Unsent::NoRole => format!(
                "the app \"{name}\" has Standard Access, and the person has no role on it: no webhooks are sent"
            ),
            Unsent::NotAdvanced => {
                format!("the app \"{name}\" has Standard Access: webhooks of comments need Advanced Access")
            }
            Unsent::OtherLogin if field == "story_insights" => format!(
                "accounts subscribed through Instagram Login send no {field}: the name is taken, that is all"
            ),
            Unsent::OtherLogin => format!(
                "Instagram Login has no mentions under other accounts' posts (unconfirmed): \
                 POST /sim/people/{{username}}/mention tells @{username} of one all the same"
            ),
            Unsent::PrivateSource => {
                "who wrote it, or whose post it is, is private: nobody hears of the mention".to_owned()
            }
            Unsent::Replaced(fault) => format!("fault {fault} sends something else instead"),
            Unsent::NotInControl => format!(
                "another app has the conversation, and the callback of the app \"{name}\" is not for the field standby"
            ),
            Unsent::OtherFields => format!("the callback of the app \"{name}\" is not for the field {field}"),
        }
    }
}

/// Why an event does not go to an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// The app has no callback.
    NoCallback,
    /// The account is not subscribed by the app.
    NotSubscribed,
    /// The app is in development mode.
    InDevelopment,
    /// The app has Standard Access, and the person has no role on it.
    NoRole,
    /// The callback is for other fields.
    OtherFields,
    /// The app has Standard Access, and the field needs Advanced Access.
    NotAdvanced,
    /// The login that the app subscribed the account through has no such events.
    OtherLogin,
    /// The event comes from somebody private.
    PrivateSource,
    /// Another app has the conversation, and the callback is not for the field `standby`.
    NotInControl,
    /// The fault of that number sends something else instead.
    Replaced(u64),
}

/// An event of an account, as it is told to the apps.
pub(crate) struct Notice {
    /// What it is about, and so which of the two senders sends it.
    pub(crate) about: About,
    /// The conversation, or the commented post: events of one lane are delivered in order.
    pub(crate) lane: i64,
    /// The microsecond that is its own in there.
    pub(crate) at: Micros,
    /// The field that it comes under.
    pub(crate) field: &'static str,
    /// Its text.
    pub(crate) body: Vec<u8>,
    /// What a fault has to do with it.
    pub(crate) fault: OfFault,
}

/// Which apps hear an event, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Every app.
    All,
    /// The app that has the conversation hears it as usual, the others on standby (doc: Webhooks, standby).
    InControl {
        /// The app that has it.
        app_id: i64,
        /// Another text of the event for those on standby, but for the app of that number.
        masked: Option<(Vec<u8>, i64)>,
    },
    /// That app, and no other hears of it at all.
    Only(i64),
}

/// The same as [`Audience`], without the texts.
#[derive(Clone, Copy)]
enum Hears {
    All,
    InControl(i64),
    Only(i64),
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A conversation: the person is the lane, as the account knows them. The messaging sender sends it, to those apps.
    Conversation(Audience),
    /// A comment or mention by the user with that number; `None`: by the account itself, or a story's figures. The sender of
    /// changes sends it.
    Comment {
        /// The author.
        author: Option<i64>,
        /// Who does not hear of it although they are subscribed.
        bar: Bar,
    },
}

/// Who does not hear of a comment or mention although they are subscribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bar {
    /// Nobody.
    None,
    /// Apps that subscribed the account through Instagram Login.
    InstagramLogin,
    /// All: it comes from somebody private.
    Private,
}

impl Bar {
    fn bars(self, route: &Route) -> Option<Unsent> {
        match self {
            Self::InstagramLogin if route.login == Host::Instagram => Some(Unsent::OtherLogin),
            Self::Private => Some(Unsent::PrivateSource),
            Self::None | Self::InstagramLogin => None,
        }
    }
}

/// What a fault has to do with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfFault {
    /// Nothing.
    None,
    /// The fault of that number made it.
    Made(u64),
    /// The fault of that number sends something else instead.
    Replaced(u64),
}

/// Puts an event into the outbox, in the transaction that caused it, once for each app that is to hear of it. Where
/// an app does not, the log says why: "nothing arrives and nobody says why" is the commonest complaint of all.
pub(crate) fn publish(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    account: &Arc<AccountView>,
    notice: Notice,
) -> Result<()> {
    if account.routes.is_empty() {
        return Ok(());
    }
    let Notice { about, lane, at, field: own_field, body, fault } = notice;
    let own_body = Bytes::from(body);
    let (mut channel, author, bar, audience) = match about {
        About::Conversation(audience) => (dialect::MESSAGING, None, Bar::None, audience),
        About::Comment { author, bar } => (dialect::CHANGES, Some(author), bar, Audience::All),
    };
    let (audience, masked) = match audience {
        Audience::InControl { app_id, masked } => {
            (Hears::InControl(app_id), masked.map(|(body, app_id)| (Bytes::from(body), app_id)))
        }
        Audience::Only(app_id) => (Hears::Only(app_id), None),
        Audience::All => (Hears::All, None),
    };
    if let OfFault::Made(fault) = fault {
        channel = content::marked(channel, fault);
    }
    let user_no = || author.unwrap_or_else(|| unscoped(NodeKind::Person, account.account.id, lane));
    for (place, route) in account.routes.iter().enumerate() {
        let on_standby = match audience {
            Hears::All => false,
            Hears::InControl(app_id) => app_id != route.app_id,
            Hears::Only(app_id) if app_id != route.app_id => continue,
            Hears::Only(_) => false,
        };
        let (field, body) = match (on_standby, &masked) {
            (false, _) => (own_field, &own_body),
            (true, Some((body, app_id))) if *app_id != route.app_id => (STANDBY, body),
            (true, _) => (STANDBY, &own_body),
        };
        let verdict = match (route.verdict(field, user_no), fault) {
            (Ok(_), OfFault::Replaced(fault)) => Err(Unsent::Replaced(fault)),
            (Ok(endpoint), _) => bar.bars(route).map_or(Ok(endpoint), Err),
            (Err(Unsent::OtherFields), _) if on_standby => Err(Unsent::NotInControl),
            (verdict, _) => verdict,
        };
        match verdict {
            Ok(endpoint) => {
                let subject = account.account.id;
                let (topic, body) = (field.to_owned(), body.clone());
                let mut event = Event { endpoint, at, lane, subject, channel, topic, body };
                if platform.faults.on_content() && fault == OfFault::None {
                    platform.faults.alter(tx, &mut event);
                }
                platform.outbox().append(tx, event)?;
            }
            Err(why) => {
                let (account, body) = (Arc::clone(account), body.clone());
                let suppressed = Suppressed {
                    at: tx.now(),
                    event: (at, lane),
                    cause: tx.cause(),
                    topic: field,
                    body,
                    account,
                    route: place,
                    why,
                };
                let log = Arc::clone(&platform.log);
                tx.after_commit(move || log.deliveries.suppressed(suppressed));
            }
        }
    }
    Ok(())
}
