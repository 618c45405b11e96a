//! Where the sandbox needs a token, its pages do too: it is asked for once in a browser.

use super::Visit;
use super::answer::{Forms, Problem, page as html_page};
use super::html::Html;
use crate::Body;
use http::{Response, StatusCode};
use subtle::ConstantTimeEq;

/// The page that asks for it.
pub(super) fn page(visit: &Visit<'_>) -> Response<Body> {
    let body = Html::of("<h1>This sandbox is locked</h1>\n<form method=\"post\" action=\"")
        .text(&visit.here())
        .raw("\">\n")
        .hidden("csrf", &visit.session.form_token(&visit.platform.key))
        .hidden("step", "unlock")
        .raw("<label>The token that it was started with (--sim-token)\n")
        .raw("<input type=\"password\" name=\"token\" autocomplete=\"off\" required></label>\n")
        .button("answer", "unlock", "Unlock")
        .raw("</form>\n");
    html_page(visit, "This sandbox is locked", &body, Forms::Here)
}

/// Whether a form with the token was sent; a wrong token is a problem.
pub(super) fn unlocked(visit: &Visit<'_>, token: &str) -> Result<Option<bool>, Problem> {
    if visit.step() != Some("unlock") {
        return Ok(None);
    }
    let shown = visit.form.text("token").unwrap_or_default();
    if bool::from(token.as_bytes().ct_eq(shown.as_bytes())) {
        return Ok(Some(true));
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "Wrong token", "This is not the token of the sandbox."))
}
