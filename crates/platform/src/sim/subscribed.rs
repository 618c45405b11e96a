//! Where the events of accounts go: callbacks of apps, and subscriptions of apps to accounts.

use super::world::World;
use crate::accounts::Account;
use crate::apps::App;
use graph_api::Host;
use serde_json::{Value, json};

impl World {
    /// The callbacks of an app, one for each of its products that has one.
    pub(super) fn callbacks_of(&self, app: &App) -> Vec<Value> {
        let of_app = self.callbacks.iter().filter(|callback| callback.app_id == app.id);
        let shown = of_app.map(|callback| {
            let product = if callback.login == Host::Instagram { app.instagram_id } else { app.id };
            json!({
                "login": login_name(callback.login),
                "product_id": product.to_string(),
                "endpoint": callback.endpoint.0.to_string(),
                "callback_url": callback.url,
                "fields": callback.fields,
            })
        });
        shown.collect()
    }

    /// The apps that are subscribed to an account, each by a login.
    pub(super) fn subscribed_to(&self, account: &Account) -> Vec<Value> {
        let of_account = self.subscribed.iter().filter(|subscribed| subscribed.account_id == account.id);
        let shown = of_account.map(|subscribed| {
            json!({
                "app_id": subscribed.app_id.to_string(),
                "login": login_name(subscribed.login),
                "fields": subscribed.fields,
            })
        });
        shown.collect()
    }
}

/// A login as the sim names it.
const fn login_name(login: Host) -> &'static str {
    match login {
        Host::Instagram => "instagram",
        Host::Facebook => "facebook",
    }
}
