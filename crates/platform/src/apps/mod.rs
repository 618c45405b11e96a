//! Apps: the developer's program as Meta knows it, with two products that have an id and a secret each.

pub(crate) mod store;

use crate::world_key::WorldKey;
use graph_api::Host;

/// An app.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct App {
    /// The id of the Facebook Login product: the app's id.
    pub id: i64,
    /// The id of the Instagram Login product.
    pub instagram_id: i64,
    /// Its name.
    pub name: String,
    /// Published; an app in development gets no webhooks.
    pub live: bool,
    /// Whether the Human Agent feature is approved.
    pub human_agent: bool,
    /// The secret of the Facebook Login product.
    pub secret: String,
    /// The secret of the Instagram Login product.
    pub instagram_secret: String,
}

impl App {
    /// The secret that signs the webhooks of subscriptions made through a login.
    pub(crate) fn secret_of(&self, login: Host) -> &str {
        match login {
            Host::Instagram => &self.instagram_secret,
            Host::Facebook => &self.secret,
        }
    }

    fn with_secrets(mut self, key: &WorldKey) -> Self {
        self.secret = key.app_secret(self.id);
        self.instagram_secret = key.app_secret(self.instagram_id);
        self
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}
