//! Click-to-Direct ads, as far as welcome message flows need them: the smallest part of the Marketing API, and the page
//! where an advertiser chooses partner app and flow (doc: Ads that Click to Instagram; Welcome Message Flows).
//!
//! Each Facebook user has one advertiser's account with one campaign and one set of ads, which need no rows: their ids
//! follow from the user's. Accounts without a page advertise in the Instagram app only (doc: Welcome Message Flows,
//! limitations); such ads are made on the page, and belong to no advertiser's account.

mod making;
pub(crate) mod ops;
pub(crate) mod page;

pub(crate) mod store;

#[cfg(test)]
mod tests;

use crate::conversations::{AdSeen, Referral};
use clock::Micros;
use graph_api::ads::{AdStatus, Seen};
use graph_api::ids::NodeKind;
pub(crate) use making::{Boost, boost, set_status};

/// What stands before the id of an advertiser's account in a path.
pub(crate) const PREFIX: &str = "act_";

/// An advertiser's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AdAccount {
    /// Its id, without the prefix.
    pub id: i64,
    /// The Facebook user whose it is.
    pub user_id: i64,
}

impl AdAccount {
    /// That of a Facebook user.
    pub(crate) const fn of_user(user_id: i64) -> Self {
        Self { id: NodeKind::AdAccount.range().0 + number(user_id), user_id }
    }

    /// Its id as it stands in a path.
    pub(crate) fn path_id(self) -> String {
        format!("{PREFIX}{}", self.id)
    }

    /// Its one campaign.
    const fn campaign(self) -> i64 {
        NodeKind::Campaign.range().0 + number(self.user_id)
    }

    /// Its one set of ads.
    const fn ad_set(self) -> i64 {
        NodeKind::AdSet.range().0 + number(self.user_id)
    }
}

const fn number(user_id: i64) -> i64 {
    user_id - NodeKind::User.range().0
}

/// What an ad shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Creative {
    /// The account that advertises.
    pub account: i64,
    /// Its own id.
    pub id: i64,
    /// The advertiser's account; 0: none.
    pub ad_account: i64,
    /// The welcome message flow that a tap leads to.
    pub flow: Option<i64>,
    /// Its name; may be empty.
    pub name: String,
    /// What the person sees.
    pub seen: Seen,
    /// `{"object_story_spec", "asset_feed_spec"?}` as they came.
    pub spec: serde_json::Value,
}

/// An ad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ad {
    /// The account that advertises.
    pub account: i64,
    /// Its own id.
    pub id: i64,
    /// The advertiser's account; 0: none.
    pub ad_account: i64,
    /// What it shows.
    pub creative: i64,
    /// The flow of what it shows.
    pub flow: Option<i64>,
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub status: AdStatus,
    /// `ref` of the referral; empty: none.
    pub reference: String,
    /// When it was made.
    pub created_at: Micros,
    /// When it was last changed.
    pub updated_at: Micros,
    /// What the person sees.
    pub seen: Seen,
}

impl Ad {
    /// What the first message after a tap tells of it.
    pub(crate) fn referral(&self) -> Referral {
        let Seen { title, photo_url, video_url } = self.seen.clone();
        Referral::by_ad(&self.reference, AdSeen { id: self.id.to_string(), title, photo_url, video_url })
    }
}
