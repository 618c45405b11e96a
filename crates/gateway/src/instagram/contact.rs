//! The person behind an event: user, client and conversation, which begin here if it is the first.

use crate::Gateway;
use crate::conversations::{self, Conversation, Scene};
use crate::integrations::Integration;
use crate::users::{self, Client, User, profile_of};
use clock::Micros;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::{Result, Tx};

/// A person at hand.
pub(crate) struct Contact {
    pub(crate) scene: Scene,
    pub(crate) client: Client,
    /// The conversation has just begun; nobody was told yet.
    pub(crate) is_new: bool,
}

/// Whether the person has a conversation already.
pub(crate) fn is_known(tx: &mut Tx<'_>, integration: &Integration, igsid: &str) -> Result<bool> {
    let client = users::store::client_of(tx, &integration.id, igsid)?;
    Ok(client.is_some_and(|client| !client.conversation_id.is_empty()))
}

/// Finds the person, or makes them.
pub(crate) fn meet(
    tx: &mut Tx<'_>,
    gateway: &Arc<Gateway>,
    integration: &Integration,
    igsid: &str,
    at: Micros,
    profile: Option<&Map<String, Value>>,
) -> Result<Contact> {
    let now = tx.now();
    let mut client = match users::store::client_of(tx, &integration.id, igsid)? {
        Some(client) => client,
        None => make(tx, gateway, integration, igsid, now)?,
    };
    // The conversation's row first: everybody locks it before the user's.
    let locked = match client.conversation_id.is_empty() {
        true => None,
        false => conversations::store::lock(tx, &client.conversation_id)?,
    };
    let user = users::store::lock(tx, &client.user_id)?;
    let mut user =
        user.unwrap_or_else(|| User::new(&client.app_id, client.user_id.clone(), None, Map::new()));
    if let Some(raw) = profile {
        learn(&mut user, &mut client, raw);
        users::store::update(tx, &user)?;
    }
    if client.doc.text("lastSeen") < crate::time(at).as_str() {
        client.doc.set("lastSeen", Some(crate::time(at).into()));
    }
    let is_new = locked.is_none();
    let conversation = match locked {
        Some(conversation) => conversation,
        None => {
            let (id, participant) = (gateway.new_id(), gateway.new_id());
            let conversation = Conversation::new(&client.app_id, &client.user_id, id, participant, now);
            conversations::store::add(tx, &conversation)?;
            client.conversation_id.clone_from(&conversation.id);
            conversation
        }
    };
    users::store::update_client(tx, &client)?;
    let mut scene = Scene::of(tx, gateway, conversation, user)?;
    for known in scene.clients.iter_mut().filter(|known| known.id == client.id) {
        known.clone_from(&client);
    }
    scene.clients.sort_by(|a, b| b.doc.text("lastSeen").cmp(a.doc.text("lastSeen")));
    assign(&mut scene, integration);
    Ok(Contact { scene, client, is_new })
}

/// Control that nobody has goes to the channel's responder, or to the switchboard's default.
fn assign(scene: &mut Scene, integration: &Integration) {
    let Some(board) = &scene.board else { return };
    let active = scene.conversation.active.as_ref();
    if active.is_some_and(|id| board.by_id(id).is_some()) {
        return;
    }
    let responder = board.by_id(integration.doc.text("defaultResponderId")).map(|entry| entry.id.clone());
    scene.conversation.active = responder.or_else(|| board.default.clone());
}

fn make(
    tx: &mut Tx<'_>,
    gateway: &Arc<Gateway>,
    integration: &Integration,
    igsid: &str,
    now: Micros,
) -> Result<Client> {
    let mut user = User::new(&integration.app_id, gateway.new_id(), None, Map::new());
    user.doc.set("signedUpAt", Some(crate::time(now).into()));
    users::store::add(tx, &user)?;
    let id = gateway.new_id();
    let doc = json!({
        "id": id, "type": "instagram", "status": "active", "integrationId": integration.id, "externalId": igsid,
        "linkedAt": crate::time(now), "info": {}, "raw": {},
    });
    let client = Client {
        id,
        app_id: integration.app_id.clone(),
        user_id: user.id,
        integration_id: integration.id.clone(),
        external_id: igsid.to_owned(),
        conversation_id: String::new(),
        doc: doc.as_object().cloned().map(Into::into).unwrap_or_default(),
    };
    users::store::add_client(tx, &client)?;
    Ok(client)
}

/// Keeps what Instagram says of a person: `raw` as it is, `info` the username (unconfirmed what Sunshine has there).
fn learn(user: &mut User, client: &mut Client, raw: &Map<String, Value>) {
    let profile = profile_of(raw);
    client.doc.set("raw", Some(raw.clone().into()));
    if let Some(username) = raw.get("username") {
        client.doc.set("info", Some(json!({ "username": username })));
    }
    if let Some(own) = user.doc.0.get_mut("profile").and_then(Value::as_object_mut) {
        for (name, value) in profile {
            // What the business has set stays.
            own.entry(name).or_insert(value);
        }
    }
    client.doc.set("displayName", user.display_name().map(Value::from));
    client.doc.set("avatarUrl", user.avatar().map(Value::from));
}
