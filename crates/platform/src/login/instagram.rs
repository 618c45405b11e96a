//! Business Login for Instagram: `www.instagram.com/oauth/authorize` (doc).

use super::answer::{Forms, Problem, page};
use super::consent::{self, Question};
use super::html::Html;
use super::request::Asked;
use super::{Answer, Visit, professional};
use crate::accounts::{self, Account};
use crate::apps::roles::Member;
use crate::grants::{self, Giver};
use crate::people::{self, Person};
use graph_api::Host;
use http::StatusCode;
use std::sync::Arc;

/// So many people are listed at most; others are named.
pub(super) const LISTED: usize = 500;

/// The dialog, one step after the other: who, professional or not, what is allowed.
pub(super) async fn dialog(visit: &mut Visit<'_>) -> Answer {
    let asked = Asked::read(visit, Host::Instagram).await?;
    match visit.step() {
        Some("choose") => sign_in(visit).await?,
        Some("switch") => visit.session.instagram = None,
        // Who is signed in does it again, but not after each step.
        None if asked.sign_in_again => visit.session.instagram = None,
        _ => {}
    }
    let Some(user) = signed_in(visit).await? else {
        return choose(visit, &format!("Sign in to continue to {}", asked.app.name), "choose").await;
    };
    if !asked.app.serves(Member::Instagram(user.user_no)) {
        let why = format!(
            "Insufficient Developer Role: {} is not open to everybody, and {} has no accepted role on it.",
            asked.app.name, user.username
        );
        return Err(Problem::new(StatusCode::FORBIDDEN, "Insufficient Developer Role", &why));
    }
    let Some(account) = professional::account_of(visit, &user).await? else {
        return Ok(professional::page(visit, &user));
    };
    let (app_id, giver) = (asked.app.id, Giver::Account(account.id));
    let before = visit.platform.db.read(move |db| grants::store::find(db, app_id, giver)).await?;
    let question = Question::new(&asked, asked.scopes, before);
    let is_decision = visit.step() == Some("decide");
    match visit.form.text("answer").filter(|_| is_decision && is_shown_to(visit, account.id)) {
        Some("allow") => allow(visit, asked, giver, &question).await,
        Some("deny") => consent::deny(visit, &asked),
        _ => {
            let nothing = (&Html::default(), &Html::default());
            consent::show(visit, &asked, (&account.username, account.id), &question, nothing)
        }
    }
}

async fn allow(visit: &Visit<'_>, asked: Asked, giver: Giver, question: &Question) -> Answer {
    let decided = question.answers(visit, Host::Instagram);
    let (code, asked) = (consent::code(visit, &asked), Arc::new(asked));
    let (platform, of_unit) = (Arc::clone(visit.platform), Arc::clone(&asked));
    let given = visit
        .platform
        .db
        .write(move |tx| consent::give(tx, &platform, &of_unit, giver, decided, code.clone()))
        .await?;
    consent::done(visit, &asked, given)
}

/// Whether the form was shown to who is signed in now: the browser may have signed in as another in between.
pub(super) fn is_shown_to(visit: &Visit<'_>, id: i64) -> bool {
    visit.form.text("as") == Some(id.to_string().as_str())
}

/// Signs in who was chosen or named.
pub(super) async fn sign_in(visit: &mut Visit<'_>) -> Result<(), Problem> {
    let named = visit.form.text("other").or_else(|| visit.form.text("user")).unwrap_or_default();
    let username = named.trim_start_matches('@').to_ascii_lowercase();
    let found = visit.platform.db.read(move |db| people::store::with_username(db, &username)).await?;
    let user = found.ok_or_else(|| {
        let why = format!("There is no Instagram user {named}.");
        Problem::new(StatusCode::BAD_REQUEST, "Nobody of that name", &why)
    })?;
    visit.session.instagram = Some(user.user_no);
    Ok(())
}

/// Who is signed in to Instagram.
pub(super) async fn signed_in(visit: &Visit<'_>) -> Result<Option<Person>, Problem> {
    let Some(number) = visit.session.instagram else { return Ok(None) };
    Ok(visit.platform.db.read(move |db| people::store::with_number(db, number)).await?)
}

/// The page on which a test user is chosen.
pub(super) async fn choose(visit: &Visit<'_>, title: &str, step: &str) -> Answer {
    let body = Html::of("<h1>").text(title).raw("</h1>\n").html(&chooser(visit, step).await?);
    Ok(page(visit, title, &body, Forms::Here))
}

/// The form in which a test user of Instagram is chosen.
pub(super) async fn chooser(visit: &Visit<'_>, step: &str) -> Result<Html, Problem> {
    let (accounts, people): (Vec<Account>, Vec<Person>) = visit
        .platform
        .db
        .read(|db| Ok::<_, storage::Error>((accounts::store::all(db)?, people::store::all(db)?)))
        .await?;
    let option = |username: &str, what: &'static str| {
        Html::of("<option value=\"").text(username).raw("\">").text(username).raw(what).raw("</option>\n")
    };
    Ok(Html::of("<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", step)
        .raw("<label>Instagram user\n<select name=\"user\">\n")
        .each(accounts.iter().take(LISTED), |account| option(&account.username, " (professional)"))
        .each(people.iter().take(LISTED), |person| option(&person.username, " (personal)"))
        .raw(
            "</select></label>\n<label>or by username\n<input name=\"other\" autocomplete=\"off\"></label>\n",
        )
        .button("answer", "choose", "Continue")
        .raw("</form>\n"))
}
