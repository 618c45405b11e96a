//! The URLs by which files are had: as Meta's are, `…/ig_messaging_cdn/?asset_id=…&signature=…`, with an expiry.
//!
//! The signature is made with the world's key over the account, the asset and the expiry: who has a URL can have the file
//! until then, and nobody can make one. The account stands in it, because it comes first in the asset's key.

use crate::Platform;
use crate::address::CallerAddress;
use crate::world_key::WorldKey;
use clock::Micros;
use graph_api::ids::decimal;
use graph_api::limits;
use subtle::ConstantTimeEq;

/// The path of all of them.
pub(crate) const PATH: &str = "/ig_messaging_cdn/";

/// The URL of an asset for an answer, of the Graph API or of the sim: at the address that the caller used.
pub(crate) fn for_caller(platform: &Platform, address: &CallerAddress, account: i64, asset: i64) -> String {
    at(&platform.key, &address.base(platform.public_url()), account, asset, platform.clock.now())
}

/// The URL of an asset for a webhook's body: at the platform's public address. `now` is the instant of the event.
pub(crate) fn for_webhook(platform: &Platform, account: i64, asset: i64, now: Micros) -> String {
    at(&platform.key, platform.public_url(), account, asset, now)
}

fn at(key: &WorldKey, base: &str, account: i64, asset: i64, now: Micros) -> String {
    let expires = now.plus(limits::ASSET_URL).secs();
    let signature = key.asset_signature(account, asset, expires);
    format!("{base}{PATH}?asset_id={asset}&owner={account}&expires={expires}&signature={signature}")
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
