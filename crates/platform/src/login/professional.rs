//! On the way: a personal account becomes a professional one, and gets a page that it is linked to (doc: Business Login
//! for Instagram, of 2022).

use super::Visit;
use super::answer::{Forms, Problem, page as html_page};
use super::html::Html;
use super::instagram::is_shown_to;
use crate::Body;
use crate::accounts::store::{BUSINESS, CREATOR};
use crate::accounts::{self, Account};
use crate::directory::forget_after_commit;
use crate::people::{self, Person};
use http::{Response, StatusCode};
use std::sync::Arc;

/// The person's professional account; made now, if the form that makes it was sent.
pub(super) async fn account_of(visit: &Visit<'_>, user: &Person) -> Result<Option<Account>, Problem> {
    let username = user.username.clone();
    let known = visit.platform.db.read(move |db| accounts::store::by_username(db, &username)).await?;
    if known.is_some() || visit.step() != Some("convert") {
        return Ok(known);
    }
    let (user, kind, this) = (user.clone(), kind(visit), Arc::clone(visit.platform));
    let made = visit.platform.db.write(move |tx| {
        // Another tab may have been quicker.
        if let Some(known) = accounts::store::by_username(tx, &user.username)? {
            return Ok(known);
        }
        forget_after_commit(tx, &this);
        accounts::store::make_professional(tx, user.clone(), kind)
    });
    Ok(Some(made.await?))
}

fn kind(visit: &Visit<'_>) -> &'static str {
    match visit.form.text("kind") {
        Some("creator") => CREATOR,
        _ => BUSINESS,
    }
}

/// The page that offers it.
pub(super) fn page(visit: &Visit<'_>, user: &Person) -> Response<Body> {
    let title = "Switch to a professional account";
    let body = Html::of("<h1>Switch to a professional account</h1>\n<p><strong>")
        .text(&user.username)
        .raw("</strong> is a personal account. Apps work with professional ones.</p>\n")
        .raw("<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", "convert")
        .html(&kinds())
        .button("answer", "convert", "Switch")
        .raw("</form>\n");
    html_page(visit, title, &body, Forms::Here)
}

fn kinds() -> Html {
    Html::of("<label>Kind of account\n<select name=\"kind\">\n")
        .raw("<option value=\"business\">Business</option>\n<option value=\"creator\">Creator</option>\n")
        .raw("</select></label>\n")
}

/// The form that connects an Instagram account to a new page of the Facebook user: any that has no page yet.
pub(super) async fn connector(visit: &Visit<'_>, user_id: i64) -> Result<Html, Problem> {
    let (accounts, people) = visit
        .platform
        .db
        .read(|db| Ok::<_, storage::Error>((accounts::store::all(db)?, people::store::all(db)?)))
        .await?;
    let free = accounts.iter().filter(|account| account.page.is_none()).map(|account| &account.username);
    let names: Vec<&String> =
        free.chain(people.iter().map(|person| &person.username)).take(super::instagram::LISTED).collect();
    Ok(Html::of("<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n<h2>Connect another Instagram account</h2>\n<p>It becomes a professional account if it is none, and is ")
        .raw("linked to a new page of yours.</p>\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", "connect")
        .hidden("as", &user_id.to_string())
        .raw("<label>Instagram user\n<select name=\"instagram\">\n")
        .each(names, |name| {
            Html::of("<option value=\"").text(name).raw("\">").text(name).raw("</option>\n")
        })
        .raw("</select></label>\n")
        .html(&kinds())
        .raw("<label>Name of the page\n<input name=\"page_name\" maxlength=\"75\"></label>\n")
        .button("answer", "connect", "Connect")
        .raw("</form>\n"))
}

/// Connects the account that the form names.
pub(super) async fn connect(visit: &Visit<'_>, user_id: i64) -> Result<(), Problem> {
    let refused =
        |why: String| Problem::new(StatusCode::BAD_REQUEST, "The account cannot be connected", &why);
    if !is_shown_to(visit, user_id) {
        return Err(refused(
            "The browser has signed in as somebody else since. Open the page again.".to_owned(),
        ));
    }
    let named = visit.form.text("instagram").unwrap_or_default().trim_start_matches('@').to_ascii_lowercase();
    let page_name = visit.form.text("page_name").map(str::trim).filter(|name| !name.is_empty());
    let page_name: Option<String> = page_name.map(|name| name.chars().take(75).collect());
    let (kind, this, username) = (kind(visit), Arc::clone(visit.platform), named.clone());
    let connected = visit.platform.db.write(move |tx| {
        let mut account = match accounts::store::by_username(tx, &username)? {
            Some(account) if account.page.is_some() => return Ok(Err("is linked to a page already")),
            Some(account) => account,
            None => match people::store::with_username(tx, &username)? {
                Some(person) => accounts::store::make_professional(tx, person, kind)?,
                None => return Ok(Err("does not exist")),
            },
        };
        let name = page_name.clone().unwrap_or_else(|| match account.name.is_empty() {
            true => account.username.clone(),
            false => account.name.clone(),
        });
        accounts::store::create_page(tx, &mut account, &name, user_id)?;
        forget_after_commit(tx, &this);
        Ok::<_, storage::Error>(Ok(()))
    });
    connected.await?.map_err(|why| refused(format!("The Instagram user {named} {why}.")))
}
