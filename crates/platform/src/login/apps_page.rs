//! The business integrations: which apps have access, and revoking it. Here, unlike at Meta, one page shows them for both
//! logins: `www.facebook.com/settings?tab=business_tools`.

use super::answer::{Forms, Problem, page};
use super::html::Html;
use super::instagram::is_shown_to;
use super::{Answer, Visit, facebook, instagram};
use crate::apps::{self, App};
use crate::grants::callbacks::{self, Told, tell};
use crate::grants::{self, Giver, Grant};
use crate::{accounts, people};
use graph_api::ids::decimal;
use graph_api::scopes::{Scope, ScopeSet};
use http::StatusCode;
use std::sync::Arc;

/// The page, after whatever its forms did.
pub(super) async fn show(visit: &mut Visit<'_>) -> Answer {
    match visit.step() {
        Some("facebook") => facebook::sign_in(visit).await?,
        Some("instagram") => instagram::sign_in(visit).await?,
        Some("sign_out") => {
            visit.session.facebook = None;
            visit.session.instagram = None;
        }
        _ => {}
    }
    let outcome = match visit.step() {
        Some("remove") => Some(remove(visit).await?),
        _ => None,
    };
    let title = "Business integrations";
    let mut body = Html::of("<h1>Business integrations</h1>\n")
        .raw("<p>Apps that you have given access. What you left out when you connected one is remembered ")
        .raw("until you remove it here.</p>\n");
    if let Some(outcome) = &outcome {
        body = body.raw("<p class=\"note\" role=\"status\">").text(outcome).raw("</p>\n");
    }
    body = body.raw("<section>\n<h2>Facebook</h2>\n");
    body = match facebook::signed_in(visit).await? {
        None => body.html(&facebook::chooser(visit, "facebook").await?),
        Some(user) => {
            let list = list(visit, &user.name, Giver::User(user.id)).await?;
            body.html(&list)
        }
    };
    body = body.raw("</section>\n<section>\n<h2>Instagram</h2>\n");
    body = match instagram::signed_in(visit).await? {
        None => body.html(&instagram::chooser(visit, "instagram").await?),
        Some(user) => {
            let username = user.username.clone();
            let account =
                visit.platform.db.read(move |db| accounts::store::by_username(db, &username)).await?;
            match account {
                None => body.text(&user.username).raw(" is a personal account: no app has access.\n"),
                Some(account) => {
                    let list = list(visit, &account.username, Giver::Account(account.id)).await?;
                    body.html(&list)
                }
            }
        }
    };
    body = body
        .raw("</section>\n<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", "sign_out")
        .button("answer", "sign_out", "Sign out")
        .raw("</form>\n");
    Ok(page(visit, title, &body, Forms::Here))
}

/// What somebody has given, app by app.
async fn list(visit: &Visit<'_>, name: &str, giver: Giver) -> Result<Html, Problem> {
    let key = visit.platform.key.clone();
    let given: Vec<(Grant, App, Vec<String>)> = visit
        .platform
        .db
        .read(move |db| {
            let mut given = Vec::new();
            for grant in grants::store::of_giver(db, giver)? {
                let Some(app) = apps::store::find(db, &key, grant.app_id)? else { continue };
                let mut names = Vec::new();
                if let Giver::User(user_id) = giver {
                    let targets = grants::store::targets(db, app.id, user_id)?;
                    for role in accounts::store::roles_of_user(db, user_id)? {
                        let account = accounts::store::find(db, role.account_id)?;
                        let page = account.as_ref().and_then(|account| account.page.as_ref());
                        if let Some(page) = page.filter(|page| targets.contains(&page.id)) {
                            names.push(page.name.clone());
                        }
                        if let Some(account) = account.filter(|account| targets.contains(&account.id)) {
                            names.push(format!("@{}", account.username));
                        }
                    }
                }
                given.push((grant, app, names));
            }
            Ok::<_, storage::Error>(given)
        })
        .await?;
    let scopes = |scopes: ScopeSet| scopes.iter().map(Scope::name).collect::<Vec<_>>().join(", ");
    Ok(Html::of("<p>Signed in as <strong>")
        .text(name)
        .raw("</strong>.</p>\n")
        .when(given.is_empty(), || Html::of("<p>No app has access.</p>\n"))
        .each(&given, |(grant, app, names)| {
            Html::of("<article>\n<h3>")
                .text(&app.name)
                .raw("</h3>\n<p>It has: ")
                .text(&scopes(grant.granted))
                .when(!names.is_empty(), || Html::of(". For: ").text(&names.join(", ")))
                .when(!grant.declined.is_empty(), || {
                    Html::of(". You left out: ").text(&scopes(grant.declined))
                })
                .raw(".</p>\n<form method=\"post\" action=\"")
                .text(&visit.here())
                .raw("\">\n")
                .hidden("csrf", &visit.session.form_token(&visit.platform.key))
                .hidden("step", "remove")
                .hidden("as", &giver.id().to_string())
                .hidden("login", if matches!(giver, Giver::User(_)) { "facebook" } else { "instagram" })
                .hidden("app", &app.id.to_string())
                .raw("<label><input type=\"checkbox\" name=\"delete_data\" value=\"1\"> ")
                .raw("Also ask the app to delete my data</label>\n")
                .button("answer", "remove", "Remove")
                .raw("</form>\n</article>\n")
        }))
}

/// Removes an app, and says in words how that went.
async fn remove(visit: &Visit<'_>) -> Result<String, Problem> {
    let refused = |why: &str| Problem::new(StatusCode::BAD_REQUEST, "The app cannot be removed", why);
    let giver = match (visit.form.text("login"), visit.session.facebook, visit.session.instagram) {
        (Some("facebook"), Some(user), _) => Giver::User(user),
        (Some("instagram"), _, Some(number)) => {
            let found = visit.platform.db.read(move |db| {
                let user = people::store::with_number(db, number)?;
                match user {
                    Some(user) => accounts::store::by_username(db, &user.username),
                    None => Ok(None),
                }
            });
            let account = found.await?.ok_or_else(|| refused("This account has given nothing."))?;
            Giver::Account(account.id)
        }
        _ => return Err(refused("Sign in first.")),
    };
    if !is_shown_to(visit, giver.id()) {
        return Err(refused("The browser has signed in as somebody else since. Open the page again."));
    }
    let id = visit.form.text("app").and_then(decimal).unwrap_or_default();
    let (key, this) = (visit.platform.key.clone(), Arc::clone(visit.platform));
    let removal = visit.platform.db.write(move |tx| {
        let Some(app) = apps::store::find(tx, &key, id)?.map(Arc::new) else { return Ok(None) };
        let shown = callbacks::shown_id(tx, &app, giver)?;
        let was_given = callbacks::remove(tx, &this, &app, giver)?;
        Ok::<_, storage::Error>(was_given.then_some((app, shown)))
    });
    let Some((app, shown)) = removal.await? else { return Err(refused("It has no access.")) };
    if !visit.form.is_on("delete_data") {
        return Ok(format!("{} has no access any more.", app.name));
    }
    Ok(match tell(visit.platform, &app, giver, shown, Told::DataDeletion).await {
        None => format!(
            "{} has no access any more. It has set no data deletion callback, so nobody was asked to delete anything.",
            app.name
        ),
        Some(Err(why)) => {
            format!("{} has no access any more. Its data deletion callback failed: {why}.", app.name)
        }
        Some(Ok((status, body))) => format!(
            "{} has no access any more. Its data deletion callback answered {status}: {}",
            app.name,
            String::from_utf8_lossy(&body).chars().take(500).collect::<String>()
        ),
    })
}
