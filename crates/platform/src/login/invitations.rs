//! Invitations to test an app, which an Instagram user must accept: `www.instagram.com/accounts/manage_access/` (rep:
//! integrators; doc: Instagram testers).

use super::answer::{Forms, Problem, page};
use super::html::Html;
use super::instagram::is_shown_to;
use super::{Answer, Visit, instagram};
use crate::apps;
use crate::apps::roles::{Member, Role, RoleName};
use crate::directory::forget_after_commit;
use graph_api::ids::decimal;
use std::sync::Arc;

/// The page, after whatever its forms did.
pub(super) async fn show(visit: &mut Visit<'_>) -> Answer {
    match visit.step() {
        Some("choose") => instagram::sign_in(visit).await?,
        Some("switch") => visit.session.instagram = None,
        _ => {}
    }
    let Some(user) = instagram::signed_in(visit).await? else {
        return instagram::choose(visit, "Tester invitations", "choose").await;
    };
    let member = Member::Instagram(user.user_no);
    if visit.step() == Some("answer") && is_shown_to(visit, user.user_no) {
        answer(visit, member).await?;
    }
    let key = visit.platform.key.clone();
    let apps = visit.platform.db.read(move |db| apps::store::all(db, &key)).await?;
    let invited: Vec<(i64, &str, bool)> = apps
        .iter()
        .flat_map(|app| app.roles.iter().map(move |role| (app, role)))
        .filter(|(_, role)| role.member == member && role.name == RoleName::InstagramTester)
        .map(|(app, role)| (app.id, app.name.as_str(), role.accepted))
        .collect();
    let form = |id: i64, value: &'static str, label: &str| {
        Html::of("<form method=\"post\" action=\"")
            .text(&visit.here())
            .raw("\">\n")
            .hidden("csrf", &visit.session.form_token(&visit.platform.key))
            .hidden("step", "answer")
            .hidden("as", &user.user_no.to_string())
            .hidden("app", &id.to_string())
            .button("answer", value, label)
            .raw("</form>\n")
    };
    let body = Html::of("<h1>Tester invitations</h1>\n<p>Signed in as <strong>")
        .text(&user.username)
        .raw("</strong>.</p>\n")
        .when(invited.is_empty(), || Html::of("<p>There are none.</p>\n"))
        .each(invited, |(id, name, accepted)| {
            let heading = Html::of("<article>\n<h2>").text(name).raw("</h2>\n");
            match accepted {
                true => heading.raw("<p>Accepted.</p>\n").html(&form(id, "decline", "Leave")),
                false => heading.html(&form(id, "accept", "Accept")).html(&form(id, "decline", "Decline")),
            }
            .raw("</article>\n")
        })
        .raw("<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", "switch")
        .button("answer", "switch", "Switch account")
        .raw("</form>\n");
    Ok(page(visit, "Tester invitations", &body, Forms::Here))
}

/// Accepts or declines an invitation that is there.
async fn answer(visit: &Visit<'_>, member: Member) -> Result<(), Problem> {
    let id = visit.form.text("app").and_then(decimal).unwrap_or_default();
    let accepts = visit.form.text("answer") == Some("accept");
    let (key, this) = (visit.platform.key.clone(), Arc::clone(visit.platform));
    let answered = visit.platform.db.write(move |tx| {
        let Some(app) = apps::store::find(tx, &key, id)? else { return Ok(()) };
        let name = RoleName::InstagramTester;
        if !app.roles.iter().any(|role| role.member == member && role.name == name) {
            return Ok(());
        }
        match accepts {
            true => apps::store::add_role(tx, app.id, &Role { member, name, accepted: true })?,
            // Who declines is out, also if they belong to the business that owns the app.
            false => {
                apps::store::remove_role(tx, app.id, member, name)?;
                apps::store::remove_role(tx, app.id, member, RoleName::Owner)?;
            }
        }
        forget_after_commit(tx, &this);
        Ok::<_, storage::Error>(())
    });
    Ok(answered.await?)
}
