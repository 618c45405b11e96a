//! The URLs by which files are had: as Meta's are, `…/ig_messaging_cdn/?asset_id=…&signature=…`, with an expiry.
//!
//! The signature is made with the world's key over the account, the asset and the expiry: who has a URL can have the file
//! until then, and nobody can make one. The account stands in it, because it comes first in the asset's key.

use crate::Platform;
use crate::address::CallerAddress;
use crate::graph::Call;
use crate::world_key::WorldKey;
use clock::Micros;
use graph_api::ids::decimal;
use graph_api::limits;
use subtle::ConstantTimeEq;

/// The path of all of them.
pub(crate) const PATH: &str = "/ig_messaging_cdn/";

/// The URL of an asset for the answer to a Graph request: at the address that the caller used.
pub(crate) fn for_caller(call: &Call<'_>, account: i64, asset: i64, until: Option<Micros>) -> String {
    at(&call.platform.key, &call.base(), (account, asset), (call.platform.clock.now(), until))
}

/// The URL of a user's picture, at that address. It lives longer than others.
pub(crate) fn of_picture(platform: &Platform, base: &str, user_no: i64, picture: i64) -> String {
    let expires = platform.clock.now().plus(limits::PICTURE_URL).secs();
    signed(&platform.key, base, (user_no, picture), expires)
}

/// The URL of an asset for a webhook's body: at the platform's public address. `life` is the instant of the event, and when
/// the asset ends, if it does.
pub(crate) fn for_webhook(
    platform: &Platform,
    account: i64,
    asset: i64,
    life: (Micros, Option<Micros>),
) -> String {
    at(&platform.key, platform.public_url(), (account, asset), life)
}

/// A URL dies after its time, or with the asset if that ends before.
fn at(
    key: &WorldKey,
    base: &str,
    (account, asset): (i64, i64),
    (now, until): (Micros, Option<Micros>),
) -> String {
    let expires = until.map_or(i64::MAX, Micros::secs).min(now.plus(limits::ASSET_URL).secs());
    signed(key, base, (account, asset), expires)
}

fn signed(key: &WorldKey, base: &str, (account, asset): (i64, i64), expires: i64) -> String {
    let signature = key.asset_signature(account, asset, expires);
    format!("{base}{PATH}?asset_id={asset}&owner={account}&expires={expires}&signature={signature}")
}

/// Makes the URLs of many assets for one caller.
pub(crate) struct Links<'a> {
    platform: &'a Platform,
    base: String,
}

impl<'a> Links<'a> {
    /// For who reached the platform at that address.
    pub(crate) fn new(platform: &'a Platform, address: &CallerAddress) -> Self {
        Self { platform, base: address.base(platform.public_url()) }
    }

    /// The address that the caller used, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The URL of an account's asset.
    pub(crate) fn asset(&self, account: i64, asset: i64, until: Option<Micros>) -> String {
        at(&self.platform.key, &self.base, (account, asset), (self.platform.clock.now(), until))
    }
}

/// What a URL says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) account: i64,
    pub(super) asset: i64,
}

/// Reads a query; `None` if the signature is not ours or the URL has expired.
pub(super) fn read(key: &WorldKey, query: &str, now: Micros) -> Option<Named> {
    let (mut account, mut asset, mut expires, mut signature) = (None, None, None, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "owner" => account = decimal(&value),
            "asset_id" => asset = decimal(&value),
            "expires" => expires = decimal(&value),
            "signature" => signature = Some(value),
            _ => {}
        }
    }
    let (account, asset, expires, signature) = (account?, asset?, expires?, signature?);
    let ours = key.asset_signature(account, asset, expires);
    let signed = bool::from(ours.as_bytes().ct_eq(signature.as_bytes()));
    (signed && now.secs() < expires).then_some(Named { account, asset })
}
