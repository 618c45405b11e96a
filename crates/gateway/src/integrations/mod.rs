//! Integrations: `instagram`, the channel, and `custom`, the business's own systems.

pub(crate) mod connect;
pub(crate) mod ops;
pub(crate) mod store;

use crate::apps::store::Doc;
use crate::{Gateway, HumanAgentTag, Profile};
use graph_api::Host;
use graph_client::Access;
use serde_json::Value;
use storage::{Error, Result};

/// An integration.
#[derive(Clone, Debug)]
pub(crate) struct Integration {
    pub(crate) id: String,
    pub(crate) app_id: String,
    /// `instagram` or `custom`.
    pub(crate) kind: String,
    /// The Instagram account's id; empty for custom ones.
    pub(crate) business_id: String,
    /// As the API shows it.
    pub(crate) doc: Doc,
    /// Sealed.
    pub(crate) secrets: Option<Vec<u8>>,
}

impl Integration {
    pub(crate) fn is_instagram(&self) -> bool {
        self.kind == "instagram"
    }

    /// How its account is reached.
    pub(crate) fn access(&self, gateway: &Gateway) -> Result<Access> {
        let none = || Error::Engine("an integration has no token".to_owned());
        let opened = gateway.seal.open(self.secrets.as_deref().ok_or_else(none)?)?;
        let secrets: Value = serde_json::from_str(&opened).map_err(|_| none())?;
        let of = |name: &str| secrets[name].as_str().map(str::to_owned);
        let (host, token) = match (of("pageAccessToken"), of("instagramAccessToken")) {
            (Some(token), _) => (Host::Facebook, token),
            (None, Some(token)) => (Host::Instagram, token),
            (None, None) => return Err(none()),
        };
        Ok(Access { host, token, app_secret: of("appSecret").unwrap_or_default() })
    }

    /// How rich content is shown.
    pub(crate) fn profile(&self, gateway: &Gateway) -> Profile {
        Profile::parse(self.doc.text("contentProfile")).unwrap_or(gateway.settings.profile)
    }

    /// When replies are tagged.
    pub(crate) fn human_agent_tag(&self, gateway: &Gateway) -> HumanAgentTag {
        HumanAgentTag::parse(self.doc.text("humanAgentTag")).unwrap_or(gateway.settings.human_agent_tag)
    }

    /// Whether what the owner sends from the Instagram app is imported.
    pub(crate) fn imports_echoes(&self, gateway: &Gateway) -> bool {
        self.doc.flag("importEchoes", gateway.settings.import_echoes)
    }
}
