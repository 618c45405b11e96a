//! `business_discovery`: another account as everybody may see it (doc: Business Discovery; Facebook Login only).

use super::ops::{Counts, account_node};
use super::store;
use crate::failure::Result;
use crate::graph::Call;
use crate::publishing::node::Through;
use graph_api::fields::{self, Field};
use graph_api::{ErrorName, GraphError};
use serde_json::Value;

/// The fields of an account that everybody may see.
const FIELDS: &[&str] = &[
    "id",
    "username",
    "name",
    "biography",
    "website",
    "profile_picture_url",
    "followers_count",
    "follows_count",
    "media_count",
    "media",
];

/// The account that `business_discovery.username(…){…}` names.
///
/// Errors: 110 if no professional account has the name, 100 for a field that others do not show.
pub(super) async fn find(call: &Call<'_>, field: &Field) -> Result<Value> {
    let named = field.modifier("username").unwrap_or_default().trim().trim_start_matches('@').to_owned();
    if named.is_empty() {
        return Err(GraphError::required("username").into());
    }
    let default = fields::parse("id")?;
    let asked = field.fields.as_deref().unwrap_or(&default);
    if let Some(unknown) = asked.iter().find(|field| !FIELDS.contains(&field.name.as_str())) {
        return Err(GraphError::with(ErrorName::UnknownField, [&unknown.name, "IGUser"]).into());
    }
    let username = named.clone();
    let found = call.platform.db.read(move |db| store::by_username(db, &username)).await?;
    let account = found.ok_or_else(|| GraphError::with(ErrorName::DiscoveryUnknown, [&named]))?;
    let counts = Box::pin(Counts::read(call, &account, asked, Through::Discovery)).await?;
    Ok(account_node(call, &account, &counts, asked)?)
}
