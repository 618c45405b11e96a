//! The person decides: what is shown, and where the answer goes.

use super::answer::{Forms, page, redirect};
use super::html::Html;
use super::request::{Asked, always};
use super::{Answer, Visit, codes};
use crate::Platform;
use crate::apps::App;
use crate::directory::forget_after_commit;
use crate::grants::{self, Giver, Grant};
use crate::tokens::{self, NewToken, Token};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::signature::signed_request;
use graph_api::{Host, limits};
use serde_json::json;
use std::sync::Arc;
use storage::{Result, Tx};

/// What a permission lets an app do, in a person's words.
const fn meaning(scope: Scope) -> &'static str {
    match scope {
        Scope::InstagramBusinessBasic | Scope::InstagramBasic => "See your Instagram profile and posts",
        Scope::InstagramBusinessManageMessages | Scope::InstagramManageMessages => {
            "Read and answer your Instagram messages"
        }
        Scope::InstagramBusinessManageComments | Scope::InstagramManageComments => {
            "Read, answer and hide comments"
        }
        Scope::InstagramBusinessContentPublish | Scope::InstagramContentPublish => {
            "Publish posts, reels and stories"
        }
        Scope::InstagramManageContents => "Delete what was published",
        Scope::InstagramBusinessManageInsights | Scope::InstagramManageInsights => "See insights",
        Scope::PagesManageMetadata => "Subscribe to webhooks of your pages and change their settings",
        Scope::PagesShowList => "See a list of the pages you manage",
        Scope::PagesMessaging => "Send messages for your pages",
        Scope::PagesReadEngagement => "Read what your pages publish",
        Scope::BusinessManagement => "Manage your business",
        Scope::AdsManagement => "Make and change your ads",
        Scope::Email => "See your email address",
        Scope::PublicProfile => "See your name",
    }
}

/// Whether the person was asked before, and what is left to decide.
pub(super) struct Question {
    /// What the person has said before.
    pub before: Option<Grant>,
    /// What is to be decided now.
    pub open: ScopeSet,
}

impl Question {
    /// What the app asks of somebody, and what of that is decided already. Decisions stand until access is revoked; an
    /// app can ask again for what was refused, if it says so.
    pub(super) fn new(asked: &Asked, offered: ScopeSet, before: Option<Grant>) -> Self {
        let mut open = match &before {
            None => offered,
            Some(grant) => grant.undecided(offered),
        };
        if let (true, Some(grant)) = (asked.ask_again, &before) {
            open = open.or(grant.declined.and(offered));
        }
        Self { open: open.without(always(asked.login)), before }
    }

    /// What the form says of it: what is ticked is granted, what is not is refused.
    pub(super) fn answers(&self, visit: &Visit<'_>, login: Host) -> (ScopeSet, ScopeSet) {
        let ticked: ScopeSet = visit.form.all("scope").filter_map(Scope::parse).collect();
        let granted = self.open.and(ticked).or(always(login));
        (granted, self.open.without(granted))
    }
}

/// The page: who asks whom for what. `more` are the login's own questions, in the form and after it.
pub(super) fn show(
    visit: &Visit<'_>,
    asked: &Asked,
    who: (&str, i64),
    question: &Question,
    (more, after): (&Html, &Html),
) -> Answer {
    let title = format!("{} wants access", asked.app.name);
    let earlier = question.before.as_ref();
    let body = Html::of("<h1>")
        .text(&title)
        .raw("</h1>\n<p>You are signed in as <strong>")
        .text(who.0)
        .raw("</strong>.</p>\n")
        .when(!asked.ignored.is_empty(), || {
            Html::of("<p class=\"note\">Invalid Scopes: ")
                .text(&asked.ignored.join(", "))
                .raw(". They are ignored. Only developers see this.</p>\n")
        })
        .raw("<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", "decide")
        .hidden("as", &who.1.to_string())
        .html(more)
        .when(!question.open.is_empty(), || {
            Html::of("<fieldset>\n<legend>Choose what you allow</legend>\n")
                .each(question.open.iter(), |scope| {
                    let label = format!("{} ({})", meaning(scope), scope.name());
                    Html::default().checkbox("scope", scope.name(), &label)
                })
                .raw("</fieldset>\n")
        })
        .when(earlier.is_some(), || already(earlier, &visit.own))
        .button("answer", "allow", if earlier.is_some() { "Continue" } else { "Allow" })
        .button("answer", "deny", "Cancel")
        .raw("</form>\n")
        .html(after)
        .raw("<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", "switch")
        .button("answer", "switch", "Not you? Switch account")
        .raw("</form>\n");
    Ok(page(visit, &title, &body, Forms::ToTheApp))
}

/// What was decided before, and where that can be undone.
fn already(grant: Option<&Grant>, own: &str) -> Html {
    let names = |scopes: ScopeSet| scopes.iter().map(Scope::name).collect::<Vec<_>>().join(", ");
    let Some(grant) = grant else { return Html::default() };
    Html::of("<p>You have connected this app before. It has: ")
        .text(&names(grant.granted))
        .when(!grant.declined.is_empty(), || Html::of(". You left out: ").text(&names(grant.declined)))
        .raw(". To choose anew, first remove the app from your <a href=\"")
        .text(own)
        .raw("/settings?tab=business_tools\">business integrations</a>.</p>\n")
}

/// Back to the app with a refusal.
pub(super) fn deny(visit: &Visit<'_>, asked: &Asked) -> Answer {
    let mut told = vec![("error", "access_denied".to_owned())];
    match asked.login {
        // Doc: Business Login for Instagram.
        Host::Instagram => told.extend([
            ("error_reason", "user_denied".to_owned()),
            ("error_description", "The user denied your request".to_owned()),
        ]),
        // Doc: Facebook Login, manual flow; the code is reported.
        Host::Facebook => told.extend([
            ("error_code", "200".to_owned()),
            ("error_description", "Permissions error".to_owned()),
            ("error_reason", "user_denied".to_owned()),
        ]),
    }
    told.extend(asked.state.clone().map(|state| ("state", state)));
    Ok(redirect(visit, &asked.redirect.with(&told, false, tail(asked.login))))
}

/// What the two logins put behind the `#` (doc for Instagram; rep for Facebook).
const fn tail(login: Host) -> &'static str {
    match login {
        Host::Instagram => "#_",
        Host::Facebook => "#_=_",
    }
}

/// What the person gave, still in its transaction: the code or token that goes back.
pub(super) struct Given {
    code: Option<String>,
    token: Option<Token>,
    grant: Grant,
}

/// Writes down the decision, and makes the code or token.
pub(super) fn give(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    asked: &Asked,
    giver: Giver,
    (granted, declined): (ScopeSet, ScopeSet),
    code: Option<String>,
) -> Result<Given> {
    let grant = grants::store::decide(tx, asked.app.id, giver, granted, declined)?;
    if let Some(code) = &code {
        let redirect_uri = asked.redirect.bound_to();
        codes::issue(tx, &platform.key, code, asked.app.id, giver, redirect_uri)?;
    }
    let token = match (asked.token, giver) {
        (true, Giver::User(_)) => Some(short_token(tx, platform, &grant)?),
        _ => None,
    };
    forget_after_commit(tx, platform);
    Ok(Given { code, token, grant })
}

/// A token of a Facebook user that lives an hour.
pub(super) fn short_token(tx: &mut Tx<'_>, platform: &Platform, grant: &Grant) -> Result<Token> {
    tokens::store::issue(tx, &platform.key, NewToken::of_login(grant, tx.now()))
}

/// Text for a code, if one is wanted.
pub(super) fn code(visit: &Visit<'_>, asked: &Asked) -> Option<String> {
    asked.code.then(|| codes::text(&*visit.platform.chance))
}

/// Back to the app with what was given.
pub(super) fn done(visit: &Visit<'_>, asked: &Asked, given: Given) -> Answer {
    let mut told = Vec::new();
    if let Some(token) = &given.token {
        let (user_id, issued) = (token.made.subject, token.issued_at);
        let lives = token.made.expires_at.map_or(0, |expiry| expiry.since(issued).as_secs());
        told.extend([
            ("access_token", token.text(&visit.platform.key)),
            ("data_access_expiration_time", issued.plus(limits::DATA_ACCESS).secs().to_string()),
            ("expires_in", lives.to_string()),
            ("signed_request", signed(&asked.app, user_id, issued.secs())),
            ("graph_domain", "facebook".to_owned()),
            ("user_id", user_id.to_string()),
        ]);
    }
    told.extend(given.code.map(|code| ("code", code)));
    if asked.granted_scopes {
        told.push(("granted_scopes", given.grant.granted.to_string()));
        told.push(("denied_scopes", given.grant.declined.to_string()));
    }
    told.extend(asked.state.clone().map(|state| ("state", state)));
    let to = asked.redirect.with(&told, given.token.is_some(), tail(asked.login));
    Ok(redirect(visit, &to))
}

/// What tells an app's server who is signed in to the app's page (doc: Facebook SDK for JavaScript).
pub(super) fn signed(app: &App, user_id: i64, issued_at: i64) -> String {
    let payload = json!({
        "user_id": user_id.to_string(), "algorithm": "HMAC-SHA256", "issued_at": issued_at,
    });
    signed_request(&app.secret, &payload)
}
