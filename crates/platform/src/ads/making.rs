//! Making and ending ads, whoever does it.

use super::{Ad, AdAccount, Creative, store};
use crate::accounts::{self, Account};
use crate::failure::{Failure, Result};
use crate::schema::next_id;
use crate::welcome_message_flows;
use graph_api::ads::{AdStatus, FLOW_PARAMETER, Seen};
use graph_api::ids::NodeKind;
use graph_api::{ErrorName, GraphError, limits};
use serde_json::json;
use storage::Tx;

/// Makes an ad of what it is to show. The flow must still be there: it is locked, so that it cannot go meanwhile.
pub(super) fn add(
    tx: &mut Tx<'_>,
    creative: &Creative,
    name: &str,
    status: AdStatus,
    reference: &str,
) -> Result<Ad> {
    if let Some(flow) = creative.flow
        && welcome_message_flows::store::lock(tx, creative.account, flow)?.is_none()
    {
        let gone = "a creative whose welcome message flow still exists";
        return Err(GraphError::invalid("creative[creative_id]", gone).into());
    }
    let ad = Ad {
        account: creative.account,
        id: next_id(tx, NodeKind::Ad)?,
        ad_account: creative.ad_account,
        creative: creative.id,
        flow: creative.flow,
        name: name.to_owned(),
        status,
        reference: reference.to_owned(),
        created_at: tx.now(),
        updated_at: tx.now(),
        seen: creative.seen.clone(),
    };
    store::add(tx, &ad)?;
    Ok(ad)
}

/// Changes an ad. One that has ended does not change any more (unconfirmed).
pub(super) fn change(
    tx: &mut Tx<'_>,
    ad: &mut Ad,
    name: Option<&str>,
    status: Option<AdStatus>,
) -> Result<()> {
    if ad.status.has_ended() {
        return Err(GraphError::invalid("status", "left as it is: the ad has ended").into());
    }
    if let Some(name) = name {
        name.clone_into(&mut ad.name);
    }
    ad.status = status.unwrap_or(ad.status);
    ad.updated_at = tx.now();
    Ok(store::save(tx, ad)?)
}

/// Changes the status of an ad of any account; `None` if there is none.
pub(crate) fn set_status(tx: &mut Tx<'_>, id: i64, status: AdStatus) -> Result<Option<Ad>> {
    let Some(account) = store::account_of(tx, id)? else { return Ok(None) };
    let Some(mut ad) = store::lock(tx, account, id)? else { return Ok(None) };
    change(tx, &mut ad, None, Some(status))?;
    Ok(Some(ad))
}

/// An ad as it is made without the Marketing API: on the sandbox's page, or by the sim.
#[derive(Clone, Debug, Default)]
pub(crate) struct Boost {
    /// The flow that a tap leads to.
    pub flow: Option<i64>,
    /// What the person sees.
    pub seen: Seen,
    /// `ref` of the referral; empty: none.
    pub reference: String,
}

/// Makes it for the account, running. It belongs to the advertiser's account of who manages the account's page.
///
/// Errors: the flow is none of the account's, or a text is too long (100).
pub(crate) fn boost(tx: &mut Tx<'_>, account: &Account, boost: &Boost) -> Result<Ad, Failure> {
    for (name, text, most) in
        [("title", &boost.seen.title, limits::NAME), ("ref", &boost.reference, limits::REF)]
    {
        if text.chars().count() > most {
            return Err(GraphError::with(ErrorName::ParameterTooLong, [name, &most.to_string()]).into());
        }
    }
    if let Some(flow) = boost.flow
        && welcome_message_flows::store::find(tx, account.id, flow)?.is_none()
    {
        return Err(flow_unknown().into());
    }
    let mut spec = json!({ "link_data": { "name": boost.seen.title } });
    if let Some(page) = &account.page {
        spec["page_id"] = page.id.to_string().into();
    }
    let mut spec = json!({ "object_story_spec": spec });
    if let Some(flow) = boost.flow {
        spec["asset_feed_spec"] =
            json!({ "additional_data": { "partner_app_welcome_message_flow_id": flow.to_string() } });
    }
    // Whoever manages the page advertises; the first of several.
    let advertiser = match &account.page {
        Some(page) => accounts::store::roles_on_page(tx, page.id)?.into_iter().next(),
        None => None,
    };
    let creative = Creative {
        account: account.id,
        id: next_id(tx, NodeKind::AdCreative)?,
        ad_account: advertiser.map_or(0, |role| AdAccount::of_user(role.user_id).id),
        flow: boost.flow,
        name: boost.seen.title.clone(),
        seen: boost.seen.clone(),
        spec,
    };
    store::add_creative(tx, &creative)?;
    add(tx, &creative, &boost.seen.title, AdStatus::Active, &boost.reference)
}

/// The error for a flow that is none of the account's (unconfirmed).
pub(super) fn flow_unknown() -> GraphError {
    GraphError::invalid(FLOW_PARAMETER, "a welcome message flow of the page's Instagram account")
}
