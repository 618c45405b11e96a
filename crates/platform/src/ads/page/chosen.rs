//! What there is to choose, and what has been chosen.

use super::Fields;
use crate::Platform;
use crate::accounts::{self, Account};
use crate::ads::{self, Ad};
use crate::apps;
use crate::welcome_message_flows::{self, Flow};
use graph_api::ids::decimal;

/// The page's content.
pub(super) struct Choices {
    /// All accounts.
    pub(super) accounts: Vec<Account>,
    /// The account that advertises.
    pub(super) account: Option<Account>,
    /// The apps that have flows for it: id and name.
    pub(super) apps: Vec<(i64, String)>,
    /// The partner app.
    pub(super) app: Option<i64>,
    /// The app's flows for the account.
    pub(super) flows: Vec<Flow>,
    /// The flow.
    pub(super) flow: Option<Flow>,
    /// The account's ads that have not ended.
    pub(super) ads: Vec<Ad>,
    /// The ad that was just made.
    pub(super) made: Option<i64>,
}

impl Choices {
    /// What a query has chosen of what there is. What is not there is not chosen.
    pub(super) async fn read(platform: &Platform, asked: &Fields) -> storage::Result<Self> {
        let id = |name: &str| asked.get(name).and_then(|id| decimal(id.trim()));
        let (account, app, flow, made) = (id("account"), id("app"), id("flow"), id("made"));
        let key = platform.key.clone();
        platform
            .db
            .read(move |db| {
                let accounts = accounts::store::all(db)?;
                let account = accounts.iter().find(|known| Some(known.id) == account).cloned();
                let of_account = account.as_ref().map(|account| account.id);
                let mut flows = welcome_message_flows::store::all(db)?;
                flows.retain(|flow| Some(flow.account) == of_account);
                let mut apps: Vec<_> =
                    apps::store::all(db, &key)?.into_iter().map(|app| (app.id, app.name)).collect();
                apps.retain(|(id, _)| flows.iter().any(|flow| flow.app == *id));
                let app = apps.iter().map(|(id, _)| *id).find(|known| Some(*known) == app);
                flows.retain(|flow| Some(flow.app) == app);
                let flow = flows.iter().find(|known| Some(known.id) == flow).cloned();
                let mut ads = ads::store::all(db)?;
                ads.retain(|ad| Some(ad.account) == of_account);
                Ok::<_, storage::Error>(Self { accounts, account, apps, app, flows, flow, ads, made })
            })
            .await
    }
}
