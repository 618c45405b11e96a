//! Clients and devices.

use super::ops::{found, lock_found};
use super::store;
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{EVERY, Operation, op};
use crate::api::paging::{self, Entries};
use crate::hooks::events;
use serde_json::json;
use std::sync::Arc;
use sunco_api::ApiError;
use sunco_api::error::Missing;

const ALL: &str = "/v2/apps/{appId}/users/{userIdOrExternalId}/clients";
const DEVICES: &str = "/v2/apps/{appId}/users/{userIdOrExternalId}/devices";

pub(crate) const OPERATIONS: &[Operation] = &[
    op!(
        "CreateClient",
        "POST",
        ALL,
        EVERY,
        Refused,
        create,
        "there are no match criteria for Instagram: nobody can be found there by an address"
    ),
    op!("ListClients", "GET", ALL, EVERY, Real, list),
    op!(
        "RemoveClient",
        "DELETE",
        "/v2/apps/{appId}/users/{userIdOrExternalId}/clients/{clientId}",
        EVERY,
        Real,
        delete
    ),
    op!(
        "ListDevices",
        "GET",
        DEVICES,
        EVERY,
        WellFormed,
        list_devices,
        "devices belong to the SDKs' clients: the list is empty"
    ),
    op!(
        "GetDevice",
        "GET",
        "/v2/apps/{appId}/users/{userIdOrExternalId}/devices/{deviceId}",
        EVERY,
        WellFormed,
        show_device,
        "there are no devices: 404"
    ),
];

async fn create(call: &Call) -> Outcome {
    found(call).await?;
    for name in ["matchCriteria", "confirmation", "target"] {
        call.body.object(name)?.ok_or_else(|| ApiError::required("", name))?;
    }
    Err(ApiError::bad("matchCriteria.type should be one that Instagram has, and it has none").into())
}

async fn list(call: &Call) -> Outcome {
    let page = call.query.page()?;
    let (user, asked) = (found(call).await?, page.clone());
    let entries = call
        .gateway
        .db
        .read(move |db| {
            // A user has a client for each integration at most: they are read together and paged here.
            let mut all: Vec<_> =
                store::clients(db, &user.id)?.into_iter().map(|client| client.doc).collect();
            let of = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
            Entries::read(
                &mut all,
                &asked,
                |all, id, n| Ok(all.iter().filter(|doc| doc.text("id") > id).take(of(n)).cloned().collect()),
                |all, id, n| {
                    Ok(all.iter().rev().filter(|doc| doc.text("id") < id).take(of(n)).cloned().collect())
                },
            )
        })
        .await?;
    Answer::ok(paging::list(call, "clients", &page, entries, &[]))
}

async fn delete(call: &Call) -> Outcome {
    let (app_id, id, client_id) = (call.app_id(), call.id("userIdOrExternalId"), call.id("clientId"));
    let gateway = Arc::clone(&call.gateway);
    call.gateway
        .db
        .write(move |tx| {
            let mut user = lock_found(tx, &app_id, &id)?;
            let clients = store::clients(tx, &user.id)?;
            let client = clients.into_iter().find(|client| client.id == client_id);
            let client = client.ok_or_else(|| ApiError::not_found(Missing::Client))?;
            store::remove_client(tx, &client.id)?;
            events::of_user(tx, &gateway, &mut user, "client:remove", |user, full| {
                json!({
                    "user": user.in_event(full),
                    "client": client.doc.value(),
                    "reason": "api",
                    "source": { "type": "api:conversations" },
                })
            })?;
            Ok::<_, Failure>(store::update(tx, &user)?)
        })
        .await?;
    Answer::done()
}

async fn list_devices(call: &Call) -> Outcome {
    found(call).await?;
    Answer::ok(json!({ "devices": [] }))
}

async fn show_device(call: &Call) -> Outcome {
    found(call).await?;
    Err(ApiError::not_found(Missing::Device).into())
}
