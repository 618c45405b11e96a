//! The operations of the Marketing API that ads with a flow need. They take a user's token, or the token of a page that the
//! user manages (doc: Ads that Click to Instagram).

use super::making::{self, flow_unknown};
use super::{Ad, AdAccount, Creative, store};
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::graph::node::{FieldValue, Node, NodeType, asked, choose, select};
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use crate::graph::paging::{Cursor, Edge, Page, wants_summary};
use crate::schema::next_id;
use crate::welcome_message_flows;
use graph_api::ads::{AdChange, AdRequest, AdStatus, CreativeRequest};
use graph_api::fields::Field;
use graph_api::ids::{NodeKind, decimal};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;
use graph_api::{ErrorName, GraphError, Host, time};
use serde_json::{Value, json};

const fn row(
    verb: Verb,
    (node, edge): (&'static str, Option<&'static str>),
    at: &'static [(Host, NodeType)],
    handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>,
) -> Operation {
    Operation {
        verb,
        node,
        edge,
        at,
        instagram_scopes: ScopeSet::of(&[]),
        facebook_scopes: ScopeSet::of(&[Scope::AdsManagement]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::Any,
        use_case: UseCase::Other,
        takes_file: false,
        section: "Marketing API",
        handler,
    }
}

const USER: &[(Host, NodeType)] = &[(Host::Facebook, NodeType::User)];
const ACCOUNT: &[(Host, NodeType)] = &[(Host::Facebook, NodeType::AdAccount)];
const CREATIVE: &[(Host, NodeType)] = &[(Host::Facebook, NodeType::AdCreative)];
const AD: &[(Host, NodeType)] = &[(Host::Facebook, NodeType::Ad)];

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(Verb::Get, ("user", Some("adaccounts")), USER, |call| {
        Box::pin(std::future::ready(ad_accounts(call)))
    }),
    row(Verb::Get, ("ad_account", Some("adsets")), ACCOUNT, |call| {
        Box::pin(std::future::ready(ad_sets(call)))
    }),
    row(Verb::Post, ("ad_account", Some("adcreatives")), ACCOUNT, |call| Box::pin(create_creative(call))),
    row(Verb::Get, ("ad_account", Some("adcreatives")), ACCOUNT, |call| Box::pin(list_creatives(call))),
    row(Verb::Get, ("ad_creative", None), CREATIVE, |call| Box::pin(std::future::ready(read_creative(call)))),
    row(Verb::Post, ("ad_account", Some("ads")), ACCOUNT, |call| Box::pin(create(call))),
    row(Verb::Get, ("ad_account", Some("ads")), ACCOUNT, |call| Box::pin(list(call))),
    row(Verb::Get, ("ad", None), AD, |call| Box::pin(std::future::ready(read(call)))),
    row(Verb::Post, ("ad", None), AD, |call| Box::pin(change(call))),
    row(Verb::Delete, ("ad", None), AD, |call| Box::pin(delete(call))),
];

fn ad_account(call: &Call<'_>) -> Result<AdAccount> {
    match call.node {
        Node::AdAccount(account) => Ok(*account),
        _ => Err(ErrorName::Unknown.into()),
    }
}

/// A list that is never long, with its summary if that is asked for.
fn one(call: &Call<'_>, value: &Value) -> Result<Value> {
    let mut list = json!({ "data": [value] });
    if wants_summary(call.params)? {
        list["summary"] = json!({ "total_count": 1 });
    }
    Ok(list)
}

/// `GET /me/adaccounts`: the user's one.
fn ad_accounts(call: &Call<'_>) -> Result<Value> {
    let Node::User(user) = call.node else { return Err(ErrorName::Unknown.into()) };
    let account = AdAccount::of_user(user.id);
    let value =
        select(NodeType::AdAccount, account.path_id(), &asked(call.params, "account_id,id")?, |field| {
            Ok(match field.name.as_str() {
                "account_id" => FieldValue::Is(account.id.to_string().into()),
                "name" => FieldValue::Is(user.name.as_str().into()),
                // Active.
                "account_status" => FieldValue::Is(1.into()),
                _ => FieldValue::Unknown,
            })
        })?;
    one(call, &value)
}

/// `GET /act_{id}/adsets`: the account's one, which every ad belongs to.
fn ad_sets(call: &Call<'_>) -> Result<Value> {
    let account = ad_account(call)?;
    let value = select(NodeType::AdSet, account.ad_set().to_string(), &asked(call.params, "id")?, |field| {
        Ok(FieldValue::Is(match field.name.as_str() {
            "name" => "Click to Direct".into(),
            "account_id" => account.id.to_string().into(),
            "campaign_id" => account.campaign().to_string().into(),
            "destination_type" => "INSTAGRAM_DIRECT".into(),
            "status" | "effective_status" => "ACTIVE".into(),
            _ => return Ok(FieldValue::Unknown),
        }))
    })?;
    one(call, &value)
}

/// `POST /act_{id}/adcreatives` → `{"id"}`.
async fn create_creative(call: &Call<'_>) -> Result<Value> {
    let (ad_account, request) = (ad_account(call)?, CreativeRequest::read(call.params)?);
    let page = decimal(request.page_id.trim()).and_then(|id| call.caller.page(id));
    let account = page.map(|page| page.account_id).ok_or_else(|| {
        GraphError::invalid("object_story_spec[page_id]", "a page that the advertiser manages")
    })?;
    let id = call
        .platform
        .db
        .write(move |tx| {
            let flow = match request.flow_id.as_deref().map(str::trim) {
                None => None,
                Some(text) => {
                    let found = match decimal(text) {
                        Some(id) => welcome_message_flows::store::find(tx, account, id)?,
                        None => None,
                    };
                    Some(found.ok_or_else(flow_unknown)?.id)
                }
            };
            let mut spec = json!({ "object_story_spec": request.object_story_spec });
            if let Some(feed) = &request.asset_feed_spec {
                spec["asset_feed_spec"] = json!(feed);
            }
            let creative = Creative {
                account,
                id: next_id(tx, NodeKind::AdCreative)?,
                ad_account: ad_account.id,
                flow,
                name: request.name.clone(),
                seen: request.seen.clone(),
                spec,
            };
            store::add_creative(tx, &creative)?;
            Ok::<_, Failure>(creative.id)
        })
        .await?;
    Ok(json!({ "id": id.to_string() }))
}

/// `GET /act_{id}/adcreatives`, the newest first.
async fn list_creatives(call: &Call<'_>) -> Result<Value> {
    let account = ad_account(call)?.id;
    let (asked, page) = (asked(call.params, "id")?, Page::of_request(call.params)?);
    let of_page = page.clone();
    let counts = wants_summary(call.params)?;
    let (found, total) = call
        .platform
        .db
        .read(move |db| {
            let total = if counts { store::count_creatives(db, account)? } else { None };
            Ok::<_, storage::Error>((store::creatives(db, account, &of_page)?, total))
        })
        .await?;
    let entries = found.iter().map(|one| Ok((Cursor(one.id, 0), creative_node(one, &asked)?)));
    Ok(Edge::of_request(call)
        .with_both_cursors()
        .with_summary(total)
        .answer(&page, entries.collect::<graph_api::Result<Vec<_>>>()?))
}

fn read_creative(call: &Call<'_>) -> Result<Value> {
    let Node::AdCreative(creative) = call.node else { return Err(ErrorName::Unknown.into()) };
    Ok(creative_node(creative, &asked(call.params, "id")?)?)
}

fn creative_node(creative: &Creative, asked: &[Field]) -> graph_api::Result<Value> {
    select(NodeType::AdCreative, creative.id.to_string(), asked, |field| {
        let spec = |name: &str| {
            let spec = creative.spec.get(name);
            spec.map(|spec| choose(spec, field.fields.as_deref())).into()
        };
        Ok(match field.name.as_str() {
            "name" => FieldValue::Is(creative.name.as_str().into()),
            "account_id" => FieldValue::Is(creative.ad_account.to_string().into()),
            "instagram_user_id" => FieldValue::Is(creative.account.to_string().into()),
            "status" => FieldValue::Is("ACTIVE".into()),
            "title" => FieldValue::Is(creative.seen.title.as_str().into()),
            "object_story_spec" | "asset_feed_spec" => spec(&field.name),
            _ => FieldValue::Unknown,
        })
    })
}

/// `POST /act_{id}/ads` → `{"id"}`.
async fn create(call: &Call<'_>) -> Result<Value> {
    let (ad_account, request) = (ad_account(call)?, AdRequest::read(call.params)?);
    if decimal(request.adset_id.trim()) != Some(ad_account.ad_set()) {
        let known = format!("the set of ads of {}: GET /{0}/adsets", ad_account.path_id());
        return Err(GraphError::invalid("adset_id", &known).into());
    }
    let advertised = call.caller.accounts_of_pages();
    let id = call
        .platform
        .db
        .write(move |tx| {
            let mut creative = None;
            if let Some(id) = decimal(request.creative_id.trim()) {
                for account in &advertised {
                    creative = creative.or(store::creative(tx, *account, id)?);
                }
            }
            let creative = creative.ok_or_else(|| {
                GraphError::invalid("creative[creative_id]", "an ad creative of the account")
            })?;
            Ok::<_, Failure>(making::add(tx, &creative, &request.name, request.status, "")?.id)
        })
        .await?;
    Ok(json!({ "id": id.to_string() }))
}

/// `GET /act_{id}/ads`, the newest first; not those that have ended.
async fn list(call: &Call<'_>) -> Result<Value> {
    let account = ad_account(call)?;
    let (asked, page) = (asked(call.params, "id")?, Page::of_request(call.params)?);
    let of_page = page.clone();
    let counts = wants_summary(call.params)?;
    let (found, total) = call
        .platform
        .db
        .read(move |db| {
            let total = if counts { store::count(db, account.id)? } else { None };
            Ok::<_, storage::Error>((store::page(db, account.id, &of_page)?, total))
        })
        .await?;
    let entries = found.iter().map(|ad| Ok((Cursor(ad.id, 0), ad_node(account, ad, &asked)?)));
    Ok(Edge::of_request(call)
        .with_both_cursors()
        .with_summary(total)
        .answer(&page, entries.collect::<graph_api::Result<Vec<_>>>()?))
}

fn read(call: &Call<'_>) -> Result<Value> {
    let Node::Ad(account, ad) = call.node else { return Err(ErrorName::Unknown.into()) };
    Ok(ad_node(*account, ad, &asked(call.params, "id")?)?)
}

/// Nobody reviews ads here, so that one that is to run does.
fn ad_node(account: AdAccount, ad: &Ad, asked: &[Field]) -> graph_api::Result<Value> {
    select(NodeType::Ad, ad.id.to_string(), asked, |field| {
        Ok(FieldValue::Is(match field.name.as_str() {
            "name" => ad.name.as_str().into(),
            "status" | "effective_status" | "configured_status" => ad.status.name().into(),
            "account_id" => account.id.to_string().into(),
            "adset_id" => account.ad_set().to_string().into(),
            "campaign_id" => account.campaign().to_string().into(),
            "creative" => json!({ "id": ad.creative.to_string() }),
            "created_time" => time::graph(ad.created_at).into(),
            "updated_time" => time::graph(ad.updated_at).into(),
            _ => return Ok(FieldValue::Unknown),
        }))
    })
}

/// `POST /{ad-id}` with `status` or `name` → `{"success":true}`.
async fn change(call: &Call<'_>) -> Result<Value> {
    let AdChange { name, status } = AdChange::read(call.params)?;
    alter(call, name, status).await
}

/// `DELETE /{ad-id}` → `{"success":true}`.
async fn delete(call: &Call<'_>) -> Result<Value> {
    alter(call, None, Some(AdStatus::Deleted)).await
}

async fn alter(call: &Call<'_>, name: Option<String>, status: Option<AdStatus>) -> Result<Value> {
    let Node::Ad(_, ad) = call.node else { return Err(ErrorName::Unknown.into()) };
    let (account, id) = (ad.account, ad.id);
    call.platform
        .db
        .write(move |tx| {
            let mut ad = store::lock(tx, account, id)?.ok_or(ErrorName::Unknown)?;
            making::change(tx, &mut ad, name.as_deref(), status)
        })
        .await?;
    Ok(json!({ "success": true }))
}
