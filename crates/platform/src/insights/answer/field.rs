//! The field `insights` of a node: `fields=insights.metric(reach).period(day)` (doc: Graph API, field expansion).

use super::super::ops;
use super::{account, media};
use crate::accounts::Account;
use crate::failure::Result;
use crate::graph::node::choose;
use crate::graph::paging::Edge;
use crate::graph::{Call, caller};
use crate::publishing::Media;
use graph_api::fields::Field;
use graph_api::{Params, Result as GraphResult};
use serde_json::Value;

/// What `GET /{ig-id}/insights` would answer to the field's modifiers, and to whoever asks.
pub(crate) async fn of_account(call: &Call<'_>, shown: &Account, field: &Field) -> Result<Value> {
    caller::allow(call.caller, &ops::ACCOUNT, call.host, call.node)?;
    let edge = Edge::of_field(call, &shown.id.to_string(), field);
    let answer = account::answer(call, shown, &params(field)?, &edge).await?;
    Ok(chosen(answer, field))
}

/// The same of a medium.
pub(crate) async fn of_medium(call: &Call<'_>, shown: &Media, field: &Field) -> Result<Value> {
    caller::allow(call.caller, &ops::MEDIA, call.host, call.node)?;
    let answer = media::answer(call, shown, &params(field)?).await?;
    Ok(chosen(answer, field))
}

/// The field's modifiers, as they would stand in a query.
fn params(field: &Field) -> GraphResult<Params> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&field.modifiers);
    let mut params = Params::default();
    params.add_form(query.finish().as_bytes())?;
    Ok(params)
}

/// Of each entry what the braces name; its id is always there.
fn chosen(mut answer: Value, field: &Field) -> Value {
    let (Some(asked), Some(data)) = (field.fields.as_deref(), answer["data"].as_array_mut()) else {
        return answer;
    };
    for entry in data {
        let mut object = choose(entry, Some(asked));
        object["id"] = entry["id"].take();
        *entry = object;
    }
    answer
}
