//! Apps: the developer's program as Meta knows it, with two products that have an id and a secret each.

pub(crate) mod roles;
pub(crate) mod store;

use crate::world_key::WorldKey;
use graph_api::Host;
use roles::{Member, Role};

/// An app.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct App {
    /// The id of the Facebook Login product: the app's id.
    pub id: i64,
    /// The id of the Instagram Login product.
    pub instagram_id: i64,
    /// Its name.
    pub name: String,
    /// What can be set of it.
    pub settings: AppSettings,
    /// Who has a role on it.
    pub roles: Vec<Role>,
    /// The secret of the Facebook Login product.
    pub secret: String,
    /// The secret of the Instagram Login product.
    pub instagram_secret: String,
}

/// What can be set of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppSettings {
    /// Published; an app in development gets no webhooks.
    pub live: bool,
    /// Its permissions have Advanced Access: it may serve everybody. With Standard Access it serves people with a role,
    /// and the accounts of its own business.
    pub advanced: bool,
    /// Whether the Human Agent feature is approved.
    pub human_agent: bool,
    /// Each call must bring an `appsecret_proof`.
    pub require_proof: bool,
    /// Where the app hears that somebody has removed it.
    pub deauthorize_callback: Option<String>,
    /// Where the app hears that somebody wants their data deleted.
    pub data_deletion_callback: Option<String>,
    /// Where a login may lead, besides to this machine.
    pub redirect_uris: Vec<String>,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            live: true,
            advanced: true,
            human_agent: false,
            require_proof: false,
            deauthorize_callback: None,
            data_deletion_callback: None,
            redirect_uris: Vec::new(),
        }
    }
}

impl App {
    /// The id of the product of a login.
    pub(crate) const fn id_of(&self, login: Host) -> i64 {
        match login {
            Host::Instagram => self.instagram_id,
            Host::Facebook => self.id,
        }
    }

    /// The secret of the product of a login: it signs the webhooks of subscriptions made through it.
    pub(crate) fn secret_of(&self, login: Host) -> &str {
        match login {
            Host::Instagram => &self.instagram_secret,
            Host::Facebook => &self.secret,
        }
    }

    /// Whether it serves somebody: everybody, once it is published and has Advanced Access; before that, who has an
    /// accepted role on it or belongs to its business (doc: Access Levels; App Modes).
    pub(crate) fn serves(&self, member: Member) -> bool {
        (self.settings.live && self.settings.advanced) || roles::lets_in(&self.roles, member)
    }

    /// Whether it may message and read a person: with Standard Access only who has a role on it.
    pub(crate) fn reaches(&self, user_no: i64) -> bool {
        self.settings.advanced || roles::lets_in(&self.roles, Member::Instagram(user_no))
    }

    fn with_secrets(mut self, key: &WorldKey) -> Self {
        self.secret = key.app_secret(self.id);
        self.instagram_secret = key.app_secret(self.instagram_id);
        self
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "App({} {:?})", self.id, self.name)
    }
}
