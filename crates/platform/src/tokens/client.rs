//! An app that shows its id and secret instead of a token.

use crate::Platform;
use crate::apps::{self, App};
use crate::directory::{Caller, Identity, Standing};
use crate::failure::Result;
use graph_api::ids::decimal;
use graph_api::params::Param;
use graph_api::scopes::ScopeSet;
use graph_api::{ErrorName, GraphError, Host, Params};
use std::borrow::Cow;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The app that `client_id` and `client_secret` name.
pub(crate) async fn of_request(platform: &Platform, host: Host, params: &Params) -> Result<Arc<Caller>> {
    let id = field(host, params, "client_id")?.ok_or(ErrorName::ClientIdMissing)?;
    let app = find(platform, host, &id).await?.ok_or(ErrorName::ClientUnknown)?;
    let secret = match (field(host, params, "client_secret")?, host) {
        (Some(secret), _) => secret,
        (None, Host::Instagram) => {
            return Err(GraphError::with(ErrorName::ExchangeFieldMissing, ["client_secret"]).into());
        }
        (None, Host::Facebook) => return Err(ErrorName::ClientSecretWrong.into()),
    };
    if !bool::from(app.secret_of(host).as_bytes().ct_eq(secret.as_bytes())) {
        return Err(ErrorName::ClientSecretWrong.into());
    }
    Ok(Arc::new(Caller {
        app: Arc::new(app),
        identity: Identity::App,
        standing: Standing::Good,
        scopes: ScopeSet::default(),
        pages: Vec::new(),
        user_id: None,
        expires_at: None,
        usage: None,
    }))
}

/// The app whose product of that login has the id.
pub(crate) async fn find(platform: &Platform, login: Host, id: &str) -> Result<Option<App>> {
    let Some(id) = decimal(id.trim()) else { return Ok(None) };
    let key = platform.key.clone();
    let app = platform.db.read(move |db| apps::store::find(db, &key, id)).await?;
    Ok(app.filter(|app| app.id_of(login) == id))
}

/// A field of a request for a token; an empty one is missing. The Instagram host takes forms only: what stands in a JSON
/// body is not there (rep: integrators).
pub(super) fn field<'a>(host: Host, params: &'a Params, name: &str) -> Result<Option<Cow<'a, str>>> {
    if host == Host::Instagram && matches!(params.raw(name), Some(Param::Json(_))) {
        return Ok(None);
    }
    Ok(params.text(name)?.filter(|text| !text.is_empty()))
}
