//! Taps on what an account offers outside of messages: ice breakers, the menu, ads, flows.

use super::{Refused, Result, Scene, Tapped};
use crate::conversations::{Conversation, Message};
use crate::{ads, messenger_profile, welcome_message_flows};
use graph_api::ads::AdStatus;
use graph_api::profile::{MenuItem, for_locale};
use storage::Tx;

impl Scene {
    /// The person taps the ice breaker at that position, of those in the language of their app.
    pub(crate) fn tap_ice_breaker(&self, tx: &mut Tx<'_>, at: usize) -> Result<Tapped> {
        let profile = messenger_profile::store::of_account(tx, self.key().account)?;
        match for_locale(&profile.ice_breakers, &self.person.locale).get(at) {
            Some(breaker) => self.tap_postback(tx, &breaker.question, &breaker.payload),
            None => Err(Refused::missing("ice_breaker", "the account has no ice breaker there")),
        }
    }

    /// The person taps the item of the menu at that position, of those in the language of their app.
    pub(crate) fn tap_menu(&self, tx: &mut Tx<'_>, at: usize) -> Result<Tapped> {
        let profile = messenger_profile::store::of_account(tx, self.key().account)?;
        match for_locale(&profile.persistent_menu, &self.person.locale).get(at) {
            Some(MenuItem::Postback { title, payload }) => self.tap_postback(tx, title, payload),
            Some(MenuItem::WebUrl { url, .. }) => Ok(Tapped::Opened(url.clone())),
            None => Err(Refused::missing("menu", "the account's menu has no item there")),
        }
    }

    /// The person taps an ad of the account's: the thread opens, and the messages of the ad's flow are shown.
    pub(crate) fn tap_ad(&self, tx: &mut Tx<'_>, id: i64) -> Result<(Conversation, Vec<Message>)> {
        let Some(ad) = ads::store::ad(tx, self.key().account, id)? else {
            return Err(Refused::missing("ad", "the account has no such ad"));
        };
        if ad.status != AdStatus::Active {
            return Err(Refused::conflict("ad", "the ad does not run, so nobody sees it"));
        }
        // It cannot be gone as long as the ad runs. Locked, so that its files do not go before they are shown.
        let flow = match ad.flow {
            Some(flow) => welcome_message_flows::store::lock(tx, self.key().account, flow)?,
            None => None,
        };
        let greeting = flow.map(|flow| flow.greeting());
        self.open_greeting(tx, greeting.as_ref(), Some(ad.referral()))
    }

    /// The person is shown a flow of the account's, by no ad.
    pub(crate) fn open_flow(&self, tx: &mut Tx<'_>, id: i64) -> Result<(Conversation, Vec<Message>)> {
        match welcome_message_flows::store::lock(tx, self.key().account, id)? {
            Some(flow) => self.open_greeting(tx, Some(&flow.greeting()), None),
            None => Err(Refused::missing("flow", "the account has no such flow")),
        }
    }
}
