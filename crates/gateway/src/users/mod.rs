//! Users and their clients.

pub(crate) mod clients;
pub(crate) mod ops;
pub(crate) mod store;

use crate::apps::store::Doc;
use clock::Micros;
use serde_json::{Map, Value, json};

/// A user.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) external_id: Option<String>,
    /// As the API shows it.
    pub(crate) doc: Doc,
    pub(crate) events_at: Micros,
}

impl User {
    /// A user with nothing but an id and a profile.
    pub(crate) fn new(
        app_id: &str,
        id: String,
        external_id: Option<String>,
        profile: Map<String, Value>,
    ) -> Self {
        let mut doc = Doc::default();
        doc.set("id", Some(id.as_str().into()));
        doc.set("authenticated", Some(false.into()));
        doc.set("externalId", external_id.as_deref().map(Value::from));
        doc.set("profile", Some(profile.into()));
        doc.set("identities", Some(json!([])));
        doc.set("metadata", Some(json!({})));
        Self { id, app_id: app_id.to_owned(), external_id, doc, events_at: Micros(0) }
    }

    /// As events show it: `{"id","externalId"?,"authenticated"}`, or the whole of it.
    pub(crate) fn in_event(&self, full: bool) -> Value {
        if full {
            return self.doc.value();
        }
        let mut shown = Map::new();
        for name in ["id", "externalId", "authenticated"] {
            shown.extend(self.doc.0.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        Value::Object(shown)
    }

    /// What an author is shown as.
    pub(crate) fn display_name(&self) -> Option<String> {
        let profile = self.doc.0.get("profile")?;
        let of = |name: &str| profile.get(name).and_then(Value::as_str).unwrap_or_default();
        let name = format!("{} {}", of("givenName"), of("surname")).trim().to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// The picture of an author.
    pub(crate) fn avatar(&self) -> Option<String> {
        let picture = self.doc.0.get("profile")?.get("avatarUrl")?;
        picture.as_str().map(str::to_owned)
    }
}

/// A client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) user_id: String,
    pub(crate) integration_id: String,
    /// The IGSID.
    pub(crate) external_id: String,
    /// The conversation that it takes part in; empty if there is none yet.
    pub(crate) conversation_id: String,
    /// As the API shows it.
    pub(crate) doc: Doc,
}

/// The profile of a user, from what Instagram says of a person: the first word of the name, and the rest (unconfirmed how
/// Sunshine splits it).
pub(crate) fn profile_of(raw: &Map<String, Value>) -> Map<String, Value> {
    let of = |name: &str| raw.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let mut profile = Map::new();
    if let Some(name) = of("name").or_else(|| of("username")) {
        let (given, rest) = name.trim().split_once(char::is_whitespace).unwrap_or((name.trim(), ""));
        let cut = |text: &str| text.trim().chars().take(128).collect::<String>();
        profile.insert("givenName".to_owned(), cut(given).into());
        if !rest.trim().is_empty() {
            profile.insert("surname".to_owned(), cut(rest).into());
        }
    }
    // Longer ones are none that a profile may hold (spec).
    if let Some(picture) = of("profile_pic").filter(|url| url.len() <= 2048) {
        profile.insert("avatarUrl".to_owned(), picture.into());
    }
    profile
}
