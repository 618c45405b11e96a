//! Users.

use super::{User, store};
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{EVERY, Operation, op};
use crate::conversations::removal;
use crate::hooks::events;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::{Tx, params};
use sunco_api::error::Missing;
use sunco_api::{ApiError, Body};

const ONE: &str = "/v2/apps/{appId}/users/{userIdOrExternalId}";

pub(crate) const OPERATIONS: &[Operation] = &[
    op!("CreateUser", "POST", "/v2/apps/{appId}/users", EVERY, Real, create),
    op!(
        "ListUsers",
        "GET",
        "/v2/apps/{appId}/users",
        EVERY,
        WellFormed,
        list,
        "Instagram gives no e-mail addresses, so that no user has one among its identities: the list is empty"
    ),
    op!("GetUser", "GET", ONE, EVERY, Real, show),
    op!("UpdateUser", "PATCH", ONE, EVERY, Real, update),
    op!("DeleteUser", "DELETE", ONE, EVERY, Real, delete),
    op!(
        "DeleteUserPersonalInformation",
        "DELETE",
        "/v2/apps/{appId}/users/{userIdOrExternalId}/personalinformation",
        EVERY,
        Real,
        forget
    ),
    op!(
        "SyncUser",
        "POST",
        "/v2/apps/{appId}/users/{zendeskId}/sync",
        EVERY,
        Refused,
        sync,
        "there is no Zendesk to sync with: the user of that Zendesk id is not found"
    ),
];

/// What a body says of `profile`.
fn profile(body: &Body) -> Result<Map<String, Value>, ApiError> {
    let mut profile = Map::new();
    let Some(given) = body.object("profile")? else { return Ok(profile) };
    for (name, most) in [("givenName", 128), ("surname", 128), ("email", 128), ("locale", 64)] {
        profile.extend(given.text(name, most)?.map(|text| (name.to_owned(), text.into())));
    }
    if let Some(email) = profile.get("email").and_then(Value::as_str)
        && !email.contains('@')
    {
        return Err(ApiError::bad("profile.email should match format \"email\""));
    }
    profile.extend(given.url("avatarUrl")?.map(|url| ("avatarUrl".to_owned(), url.into())));
    Ok(profile)
}

async fn create(call: &Call) -> Outcome {
    let external_id = call.body.required("externalId", 1024)?;
    let metadata = call.body.metadata("metadata", "User")?.unwrap_or_default();
    let signed_up = call.body.text("signedUpAt", 64)?;
    let mut user = User::new(&call.app_id(), call.gateway.new_id(), Some(external_id), profile(&call.body)?);
    let signed_up = signed_up.unwrap_or_else(|| crate::time(call.gateway.clock.now()));
    user.doc.set("signedUpAt", Some(signed_up.into()));
    user.doc.set("metadata", Some(metadata.into()));
    let stored = user.clone();
    match call.gateway.db.write(move |tx| store::add(tx, &stored)).await? {
        true => Answer::created(json!({ "user": user.doc.value() })),
        false => Err(ApiError::new(409, "conflict", "User already exists").into()),
    }
}

async fn list(call: &Call) -> Outcome {
    match call.query.filter("identities.email")? {
        Some(_) => Answer::ok(json!({ "users": [] })),
        None => Err(ApiError::bad("Invalid query parameters").into()),
    }
}

/// The user of the path.
pub(crate) async fn found(call: &Call) -> Outcome<User> {
    let (app_id, id) = (call.app_id(), call.id("userIdOrExternalId"));
    let user = call.gateway.db.read(move |db| store::find(db, &app_id, &id)).await?;
    Ok(user.ok_or_else(|| ApiError::not_found(Missing::User))?)
}

/// The user of the path, their row locked.
pub(crate) fn lock_found(tx: &mut Tx<'_>, app_id: &str, id: &str) -> Outcome<User> {
    let user = store::find(tx, app_id, id)?;
    let locked = user.map(|user| store::lock(tx, &user.id)).transpose()?.flatten();
    Ok(locked.ok_or_else(|| ApiError::not_found(Missing::User))?)
}

async fn show(call: &Call) -> Outcome {
    Answer::ok(json!({ "user": found(call).await?.doc.value() }))
}

/// Changes the user of the path.
async fn change(
    call: &Call,
    change: impl Fn(&mut Tx<'_>, &mut User) -> Outcome<()> + Send + 'static,
) -> Outcome {
    let (app_id, id) = (call.app_id(), call.id("userIdOrExternalId"));
    let changed = call
        .gateway
        .db
        .write(move |tx| {
            let mut user = lock_found(tx, &app_id, &id)?;
            change(tx, &mut user)?;
            store::update(tx, &user)?;
            Ok::<_, Failure>(user)
        })
        .await?;
    Answer::ok(json!({ "user": changed.doc.value() }))
}

async fn update(call: &Call) -> Outcome {
    let (changed, metadata) = (profile(&call.body)?, call.body.metadata("metadata", "User")?);
    let keeps = call.body.flag("toBeRetained")?;
    change(call, move |_, user| {
        if let Some(profile) = user.doc.0.get_mut("profile").and_then(Value::as_object_mut) {
            profile.extend(changed.clone());
        }
        if let Some(metadata) = &metadata {
            user.doc.set("metadata", Some(metadata.clone().into()));
        }
        if let Some(keeps) = keeps {
            user.doc.set("toBeRetained", Some(keeps.into()));
        }
        Ok(())
    })
    .await
}

/// Clears names, address, picture and properties, also of the clients (spec).
async fn forget(call: &Call) -> Outcome {
    change(call, |tx, user| {
        user.doc.set("profile", Some(json!({})));
        user.doc.set("metadata", Some(json!({})));
        for mut client in store::clients(tx, &user.id)? {
            for name in ["displayName", "avatarUrl"] {
                client.doc.set(name, None);
            }
            for name in ["info", "raw"] {
                client.doc.set(name, Some(json!({})));
            }
            store::update_client(tx, &client)?;
        }
        Ok(())
    })
    .await
}

async fn delete(call: &Call) -> Outcome {
    let (app_id, id, gateway) = (call.app_id(), call.id("userIdOrExternalId"), Arc::clone(&call.gateway));
    let blobs = call
        .gateway
        .db
        .write(move |tx| {
            let mut user = lock_found(tx, &app_id, &id)?;
            let mut blobs = Vec::new();
            for conversation in tx.all::<String>(
                "SELECT conversation_id FROM conversation WHERE user_id = $1 ORDER BY conversation_id",
                params![&user.id],
            )? {
                blobs.extend(removal::empty(tx, &conversation)?);
                removal::remove(tx, &conversation)?;
            }
            events::of_user(
                tx,
                &gateway,
                &mut user,
                "user:remove",
                |user, full| json!({ "user": user.in_event(full) }),
            )?;
            store::remove(tx, &user.id)?;
            Ok::<_, Failure>(blobs)
        })
        .await?;
    removal::drop_blobs(&call.gateway, blobs).await;
    Answer::done()
}

async fn sync(_: &Call) -> Outcome {
    Err(ApiError::not_found(Missing::User).into())
}
