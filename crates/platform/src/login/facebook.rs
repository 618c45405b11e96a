//! Facebook Login: `www.facebook.com/{version}/dialog/oauth` (doc: Facebook Login, manual flow; Business Login for
//! Instagram).

use super::answer::{Forms, Problem, page};
use super::consent::{self, Question};
use super::html::Html;
use super::instagram::is_shown_to;
use super::request::{Asked, always};
use super::{Answer, Visit, professional};
use crate::accounts::{self, FacebookUser, PageRole};
use crate::apps::roles::Member;
use crate::grants::{self, Giver};
use graph_api::Host;
use graph_api::ids::decimal;
use graph_api::scopes::ScopeSet;
use http::StatusCode;
use std::sync::Arc;

/// The dialog, one step after the other: who, an account and its page where they are missing, what is allowed.
pub(super) async fn dialog(visit: &mut Visit<'_>) -> Answer {
    let asked = Asked::read(visit, Host::Facebook).await?;
    match visit.step() {
        Some("choose") => sign_in(visit).await?,
        Some("switch") => visit.session.facebook = None,
        None if asked.sign_in_again => visit.session.facebook = None,
        _ => {}
    }
    let Some(user) = signed_in(visit).await? else {
        return choose(visit, &format!("Log in to continue to {}", asked.app.name)).await;
    };
    let is_served = asked.app.serves(Member::Facebook(user.id));
    if !is_served && !asked.app.settings.live {
        let why = format!("{} is in development mode, and {} has no role on it.", asked.app.name, user.name);
        return Err(Problem::new(StatusCode::FORBIDDEN, "App not active", &why));
    }
    // What has Standard Access only is not offered to people without a role (doc: Access Levels).
    let offered = if is_served { asked.scopes } else { always(Host::Facebook) };
    if visit.step() == Some("connect") {
        professional::connect(visit, user.id).await?;
    }
    let (app_id, giver, user_id) = (asked.app.id, Giver::User(user.id), user.id);
    let (before, roles) = visit
        .platform
        .db
        .read(move |db| {
            let before = grants::store::find(db, app_id, giver)?;
            Ok::<_, storage::Error>((before, accounts::store::roles_of_user(db, user_id)?))
        })
        .await?;
    let question = Question::new(&asked, offered, before);
    let chooses = chooses_pages(&asked, &question, offered);
    let is_decision = visit.step() == Some("decide");
    match visit.form.text("answer").filter(|_| is_decision && is_shown_to(visit, user.id)) {
        Some("allow") => allow(visit, asked, giver, &question, chooses.then_some(roles)).await,
        Some("deny") => consent::deny(visit, &asked),
        _ => show(visit, &asked, &user, &question, chooses.then_some(roles)).await,
    }
}

/// Whether pages and accounts are chosen now: with the first permission that is about them, and when the app asks again.
fn chooses_pages(asked: &Asked, question: &Question, offered: ScopeSet) -> bool {
    let about_pages = |scopes: ScopeSet| {
        scopes.iter().any(|s| s.name().starts_with("pages_") || s.name().starts_with("instagram_"))
    };
    let before = question.before.as_ref();
    let was_asked = before.is_some_and(|grant| about_pages(grant.granted.or(grant.declined)));
    about_pages(offered) && (!was_asked || asked.ask_again)
}

async fn show(
    visit: &Visit<'_>,
    asked: &Asked,
    user: &FacebookUser,
    question: &Question,
    roles: Option<Vec<PageRole>>,
) -> Answer {
    let Some(roles) = roles else {
        return consent::show(
            visit,
            asked,
            (&user.name, user.id),
            question,
            (&Html::default(), &Html::default()),
        );
    };
    let wants_more = visit.step() == Some("more");
    if wants_more || (roles.is_empty() && visit.step() != Some("skip")) {
        let title = "Connect an Instagram account";
        let body = Html::of("<h1>Connect an Instagram account</h1>\n<p>")
            .text(&asked.app.name)
            .raw(" works with professional accounts that are linked to a page.</p>\n")
            .html(&professional::connector(visit, user.id).await?)
            .html(&step_form(visit, "skip", "Go on without"));
        return Ok(page(visit, title, &body, Forms::Here));
    }
    let mut choices = Vec::new();
    for role in &roles {
        let view = visit.platform.directory.account(role.account_id).await?;
        if let Some((page, username)) =
            view.as_ref().and_then(|view| Some((view.account.page.clone()?, view.account.username.clone())))
        {
            choices.push((role, page.name, username));
        }
    }
    let more = Html::of("<fieldset>\n<legend>Instagram accounts</legend>\n")
        .each(&choices, |(role, _, username)| {
            Html::default().checkbox("account", &role.account_id.to_string(), username)
        })
        .raw("</fieldset>\n<fieldset>\n<legend>Pages</legend>\n")
        .each(&choices, |(role, name, username)| {
            let label = format!("{name} (linked to {username})");
            Html::default().checkbox("page", &role.page_id.to_string(), &label)
        })
        .raw("</fieldset>\n");
    let after = step_form(visit, "more", "Connect another Instagram account");
    consent::show(visit, asked, (&user.name, user.id), question, (&more, &after))
}

/// A form that is only a button.
fn step_form(visit: &Visit<'_>, step: &str, label: &str) -> Html {
    Html::of("<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", step)
        .button("answer", "go", label)
        .raw("</form>\n")
}

async fn allow(
    visit: &Visit<'_>,
    asked: Asked,
    giver: Giver,
    question: &Question,
    roles: Option<Vec<PageRole>>,
) -> Answer {
    let decided = question.answers(visit, Host::Facebook);
    let ids = |name| visit.form.all(name).filter_map(decimal).collect::<Vec<i64>>();
    let ticked = [ids("page"), ids("account")].concat();
    let targets = roles.map(|roles| {
        let all = roles.iter().flat_map(|role| [role.page_id, role.account_id]);
        all.partition::<Vec<i64>, _>(|id| ticked.contains(id))
    });
    let (code, asked) = (consent::code(visit, &asked), Arc::new(asked));
    let (platform, of_unit) = (Arc::clone(visit.platform), Arc::clone(&asked));
    let given = visit
        .platform
        .db
        .write(move |tx| {
            let given = consent::give(tx, &platform, &of_unit, giver, decided, code.clone())?;
            if let Some((chosen, left_out)) = &targets {
                grants::store::remove_targets(tx, of_unit.app.id, giver.id(), left_out)?;
                grants::store::add_targets(tx, of_unit.app.id, giver.id(), chosen)?;
            }
            Ok::<_, storage::Error>(given)
        })
        .await?;
    consent::done(visit, &asked, given)
}

/// Signs in who was chosen.
pub(super) async fn sign_in(visit: &mut Visit<'_>) -> Result<(), Problem> {
    let id = visit.form.text("user").and_then(decimal).unwrap_or_default();
    let found = visit.platform.db.read(move |db| accounts::store::user(db, id)).await?;
    let user = found.filter(|user| !user.is_system).ok_or_else(|| {
        let why = "There is no Facebook user with that id who logs in.";
        Problem::new(StatusCode::BAD_REQUEST, "Nobody of that name", why)
    })?;
    visit.session.facebook = Some(user.id);
    Ok(())
}

/// Who is signed in to Facebook.
pub(super) async fn signed_in(visit: &Visit<'_>) -> Result<Option<FacebookUser>, Problem> {
    let Some(id) = visit.session.facebook else { return Ok(None) };
    Ok(visit.platform.db.read(move |db| accounts::store::user(db, id)).await?)
}

async fn choose(visit: &Visit<'_>, title: &str) -> Answer {
    let body = Html::of("<h1>").text(title).raw("</h1>\n").html(&chooser(visit, "choose").await?);
    Ok(page(visit, title, &body, Forms::Here))
}

/// The form in which a test user of Facebook is chosen.
pub(super) async fn chooser(visit: &Visit<'_>, step: &str) -> Result<Html, Problem> {
    let users = visit.platform.db.read(|db| accounts::store::users(db)).await?;
    Ok(Html::of("<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", step)
        .raw("<label>Facebook user\n<select name=\"user\">\n")
        .each(users.iter().filter(|user| !user.is_system), |user| {
            Html::of("<option value=\"").number(user.id).raw("\">").text(&user.name).raw("</option>\n")
        })
        .raw("</select></label>\n")
        .button("answer", "choose", "Continue")
        .raw("</form>\n"))
}
