//! `appsecret_proof`: that a call comes from who knows the app's secret (doc: Securing Graph API Requests).

use crate::directory::{Caller, Identity};
use clock::Micros;
use graph_api::signature::appsecret_proof;
use graph_api::{ErrorName, GraphError, Host, Params, limits};
use subtle::ConstantTimeEq;

/// Checks the proof that came with a token; none need come unless the app requires it. An app's own token is proof
/// enough: it holds the secret.
pub(crate) fn check(
    caller: &Caller,
    host: Host,
    token: &str,
    params: &Params,
    now: Micros,
) -> Result<(), GraphError> {
    let is_app = matches!(caller.identity, Identity::App);
    let Some(proof) = params.text("appsecret_proof")?.filter(|proof| !proof.is_empty()) else {
        return match caller.app.settings.require_proof && !is_app {
            true => Err(GraphError::new(ErrorName::ProofRequired)),
            false => Ok(()),
        };
    };
    let time = params.text("appsecret_time")?.filter(|time| !time.is_empty());
    let is_fresh = time.as_deref().is_none_or(|time| {
        let made = time.parse::<i64>().ok().map(Micros::from_secs);
        made.is_some_and(|made| now.since(made).max(made.since(now)) <= limits::PROOF_AGE)
    });
    // An app's token tells itself which product's it is.
    let login = match super::app_token(token) {
        Some((id, _)) if id == caller.app.instagram_id => Host::Instagram,
        Some(_) => Host::Facebook,
        None => host,
    };
    let right = appsecret_proof(caller.app.secret_of(login), token, time.as_deref());
    let is_right = bool::from(right.as_bytes().ct_eq(proof.as_bytes()));
    if is_right && is_fresh { Ok(()) } else { Err(GraphError::new(ErrorName::ProofInvalid)) }
}
