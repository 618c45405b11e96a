//! What an app asks of a login, as it stands in the query of the dialog's address.

use super::Visit;
use super::answer::Problem;
use super::redirect::Redirect;
use crate::apps::App;
use crate::tokens::client;
use graph_api::Host;
use graph_api::scopes::{Scope, ScopeSet};
use http::StatusCode;
use std::sync::Arc;

/// What an app asks.
pub(super) struct Asked {
    /// Over which login.
    pub login: Host,
    /// The app.
    pub app: Arc<App>,
    /// Where the outcome goes.
    pub redirect: Redirect,
    /// What goes back with it.
    pub state: Option<String>,
    /// The permissions, those that come by themselves included.
    pub scopes: ScopeSet,
    /// Names among them that are no permissions: Facebook ignores them.
    pub ignored: Vec<String>,
    /// A code is wanted.
    pub code: bool,
    /// A token is wanted.
    pub token: bool,
    /// A list of what was granted is wanted.
    pub granted_scopes: bool,
    /// Whoever is signed in must sign in again.
    pub sign_in_again: bool,
    /// What was refused before is asked again.
    pub ask_again: bool,
}

/// What comes with every login.
pub(super) const fn always(login: Host) -> ScopeSet {
    match login {
        Host::Instagram => ScopeSet::of(&[Scope::InstagramBusinessBasic]),
        Host::Facebook => ScopeSet::of(&[Scope::PublicProfile]),
    }
}

impl Asked {
    /// Reads the query. What is wrong with app or redirect is told on the page: there is nobody to send it to.
    pub(super) async fn read(visit: &Visit<'_>, login: Host) -> Result<Self, Problem> {
        let query = &visit.query;
        let refused = |title: &str, why: &str| Problem::new(StatusCode::BAD_REQUEST, title, why);
        let id = query.text("client_id").or_else(|| query.text("app_id")).unwrap_or_default();
        let app = client::find(visit.platform, login, id).await?.ok_or_else(|| match login {
            // The texts of both pages are reported by integrators.
            Host::Instagram => refused(
                "Invalid request",
                "Request parameters are invalid: Invalid platform app. \
                 (client_id must be the Instagram app id, not the app's own.)",
            ),
            Host::Facebook => {
                refused("Invalid App ID", "The provided app ID does not look like a valid app ID.")
            }
        })?;
        let given = query.text("redirect_uri").unwrap_or_default();
        let redirect = Redirect::read(given, &app, &visit.own, &visit.platform.key).ok_or_else(|| match login {
            Host::Instagram => refused(
                "Invalid request",
                "Request parameters are invalid: Invalid redirect_uri. \
                 (PATCH /sim/apps/{id} with redirect_uris registers one; loopback needs none.)",
            ),
            Host::Facebook => refused(
                "URL blocked",
                "This redirect failed because the redirect URI is not whitelisted in the app's Client OAuth Settings. \
                 (PATCH /sim/apps/{id} with redirect_uris registers one; loopback needs none.)",
            ),
        })?;
        let wanted = query.text("response_type").unwrap_or("code");
        let mut asked = Self {
            login,
            app: Arc::new(app),
            redirect,
            state: query.text("state").map(str::to_owned),
            scopes: always(login),
            ignored: Vec::new(),
            code: false,
            token: false,
            granted_scopes: query.is_on("return_scopes"),
            sign_in_again: query.is_on("force_authentication")
                || query.is_on("force_reauth")
                || query.text("auth_type") == Some("reauthenticate"),
            ask_again: matches!(query.text("auth_type"), Some("rerequest" | "reauthorize")),
        };
        for kind in wanted.split([' ', ',']).filter(|kind| !kind.is_empty()) {
            match (login, kind) {
                (_, "code") => asked.code = true,
                (Host::Facebook, "token") => asked.token = true,
                (Host::Facebook, "granted_scopes") => asked.granted_scopes = true,
                // The SDK's own: they come with every token of its own.
                (Host::Facebook, "signed_request" | "graph_domain") => {}
                _ => {
                    let why = format!("Request parameters are invalid: Invalid response_type: {kind}");
                    return Err(refused("Invalid request", &why));
                }
            }
        }
        if !asked.code && !asked.token {
            return Err(refused("Invalid request", "response_type must name code or token."));
        }
        asked.read_scopes(visit)?;
        Ok(asked)
    }

    fn read_scopes(&mut self, visit: &Visit<'_>) -> Result<(), Problem> {
        let all = ScopeSet::all(self.login == Host::Instagram);
        // A configuration of Facebook Login for Business stands for its permissions; the one here asks for all.
        if self.login == Host::Facebook && visit.query.text("config_id").is_some() {
            self.scopes = all;
            return Ok(());
        }
        for name in visit.query.all("scope").flat_map(|list| list.split([',', ' '])).filter(|n| !n.is_empty())
        {
            match Scope::parse(name).filter(|scope| all.has(*scope)) {
                Some(scope) => self.scopes = self.scopes.or(ScopeSet::of(&[scope])),
                None => self.ignored.push(name.to_owned()),
            }
        }
        if self.login == Host::Instagram && !self.ignored.is_empty() {
            let names = self.ignored.join("\", \"");
            let why = format!("Request parameters are invalid: Invalid scope: [\"{names}\"]");
            return Err(Problem::new(StatusCode::BAD_REQUEST, "Invalid request", &why));
        }
        Ok(())
    }
}
