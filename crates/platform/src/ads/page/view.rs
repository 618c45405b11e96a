//! How the page looks.

use super::PATH;
use super::chosen::Choices;
use crate::ads::Ad;
use crate::assets::Links;
use crate::conversations::Attachment;
use crate::html::Text;
use crate::welcome_message_flows::{Flow, Shown};
use graph_api::ads::AdStatus;
use graph_api::media::AttachmentKind;
use graph_api::send::{Button, Template};
use std::fmt::Write as _;

/// The whole page.
pub(super) fn page(choices: &Choices, links: &Links<'_>) -> String {
    let mut out = head("Ads Manager");
    out.push_str("<h1>New ad that clicks to Instagram Direct</h1>\n");
    step_account(&mut out, choices);
    if let Some(account) = &choices.account {
        if account.page.is_none() {
            out.push_str(
                "<p class=\"note\">This account is linked to no page: at Meta, its flows do not appear in Ads Manager \
                 and are available when a post is boosted in the Instagram app.</p>\n",
            );
        }
        step_app(&mut out, choices, account.id);
        if let Some(app) = choices.app {
            step_flow(&mut out, choices, account.id, app);
        }
        if let Some(flow) = &choices.flow {
            preview(&mut out, flow, links);
        }
        if choices.flow.is_some() || choices.apps.is_empty() {
            step_publish(&mut out, choices, account.id);
        }
        ads(&mut out, choices);
    }
    out.push_str("</main></body></html>\n");
    out
}

/// A page that says why not.
pub(super) fn refusal(why: &str) -> String {
    let mut out = head("Ads Manager");
    let _ = write!(
        out,
        "<h1>That did not work</h1>\n<p role=\"alert\">{}</p>\n<p><a href=\"{PATH}\">Back</a></p>\n</main></body></html>\n",
        Text(why)
    );
    out
}

fn head(title: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{} - Posthaste</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"stylesheet\" href=\"{PATH}/style.css\"></head>\n<body><main>\n",
        Text(title)
    )
}

/// A choice of one: its options are `(value, text)`.
fn select(
    out: &mut String,
    (name, label): (&str, &str),
    options: impl Iterator<Item = (i64, String)>,
    chosen: Option<i64>,
) {
    let _ = write!(
        out,
        "<label for=\"{name}\">{label}</label>\n<select id=\"{name}\" name=\"{name}\" required>\n"
    );
    for (value, text) in options {
        let selected = if Some(value) == chosen { " selected" } else { "" };
        let _ = writeln!(out, "<option value=\"{value}\"{selected}>{}</option>", Text(&text));
    }
    out.push_str("</select>\n");
}

fn hidden(out: &mut String, name: &str, value: i64) {
    let _ = writeln!(out, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
}

fn step_account(out: &mut String, choices: &Choices) {
    let _ = write!(out, "<form action=\"{PATH}\" method=\"get\">\n<h2>1. Account</h2>\n");
    let accounts = choices.accounts.iter().map(|account| (account.id, account.username.clone()));
    let chosen = choices.account.as_ref().map(|account| account.id);
    select(out, ("account", "Instagram account"), accounts, chosen);
    out.push_str("<button>Continue</button>\n</form>\n");
}

fn step_app(out: &mut String, choices: &Choices, account: i64) {
    out.push_str("<section>\n<h2>2. Message template: partner app</h2>\n");
    if choices.apps.is_empty() {
        out.push_str(
            "<p>No app has made a welcome message flow for this account yet: POST /me/welcome_message_flows. \
             An ad can do without.</p>\n</section>\n",
        );
        return;
    }
    let _ = writeln!(out, "<form action=\"{PATH}\" method=\"get\">");
    hidden(out, "account", account);
    select(out, ("app", "Messaging partner app"), choices.apps.iter().cloned(), choices.app);
    out.push_str("<button>Continue</button>\n</form>\n</section>\n");
}

fn step_flow(out: &mut String, choices: &Choices, account: i64, app: i64) {
    let _ =
        write!(out, "<section>\n<h2>3. Welcome message flow</h2>\n<form action=\"{PATH}\" method=\"get\">\n");
    hidden(out, "account", account);
    hidden(out, "app", app);
    let flows = choices.flows.iter().map(|flow| (flow.id, flow.name.clone()));
    select(out, ("flow", "Flow"), flows, choices.flow.as_ref().map(|flow| flow.id));
    out.push_str("<button>Preview</button>\n</form>\n</section>\n");
}

fn step_publish(out: &mut String, choices: &Choices, account: i64) {
    let _ = write!(
        out,
        "<section>\n<h2>{}. Ad</h2>\n<form action=\"{PATH}/ads\" method=\"post\">\n",
        if choices.flow.is_some() { 4 } else { 3 }
    );
    hidden(out, "account", account);
    if let Some(flow) = &choices.flow {
        hidden(out, "flow", flow.id);
    }
    out.push_str(
        "<label for=\"title\">Headline</label>\n<input id=\"title\" name=\"title\" required maxlength=\"400\">\n\
         <label for=\"photo_url\">Address of the picture</label>\n<input id=\"photo_url\" name=\"photo_url\" type=\"url\">\n\
         <label for=\"ref\">ref, for the webhook's referral</label>\n<input id=\"ref\" name=\"ref\">\n\
         <button>Publish</button>\n</form>\n</section>\n",
    );
}

/// The messages as the person will see them.
fn preview(out: &mut String, flow: &Flow, links: &Links<'_>) {
    let _ = write!(
        out,
        "<section class=\"preview\" aria-label=\"Preview\">\n<h3>Preview: {}</h3>\n<ol>\n",
        Text(&flow.name)
    );
    for Shown { text, content } in &flow.messages {
        out.push_str("<li>");
        if !text.is_empty() {
            let _ = write!(out, "<p class=\"bubble\">{}</p>", Text(text));
        }
        for attachment in &content.attachments {
            show(out, attachment, flow.account, links);
        }
        if !content.quick_replies.is_empty() {
            out.push_str("<ul class=\"replies\">");
            for reply in &content.quick_replies {
                let title = reply.title.as_deref().unwrap_or("(filled in by the person's app)");
                let _ = write!(out, "<li>{}</li>", Text(title));
            }
            out.push_str("</ul>");
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n</section>\n");
}

fn show(out: &mut String, attachment: &Attachment, account: i64, links: &Links<'_>) {
    match attachment {
        Attachment::Media { kind, asset } => {
            let url = links.asset(account, *asset, None);
            let _ = match kind {
                AttachmentKind::Image => write!(out, "<img alt=\"Picture\" src=\"{}\">", Text(&url)),
                kind => write!(out, "<p><a href=\"{}\">{}</a></p>", Text(&url), kind.name()),
            };
        }
        Attachment::Share(post) => {
            let url = links.asset(account, post.asset, post.ends_at);
            let _ = write!(out, "<img alt=\"{}\" src=\"{}\">", Text(&post.title), Text(&url));
        }
        Attachment::LikeHeart => out.push_str("<p class=\"bubble\">\u{2764}</p>"),
        Attachment::Template(Template::Generic { elements }) => {
            for element in elements {
                let _ = write!(out, "<div class=\"card\"><strong>{}</strong>", Text(&element.title));
                if let Some(subtitle) = &element.subtitle {
                    let _ = write!(out, "<p>{}</p>", Text(subtitle));
                }
                buttons(out, &element.buttons);
                out.push_str("</div>");
            }
        }
        Attachment::Template(Template::Button { text, buttons: offered }) => {
            let _ = write!(out, "<div class=\"card\"><p>{}</p>", Text(text));
            buttons(out, offered);
            out.push_str("</div>");
        }
        Attachment::Template(Template::Product { .. })
        | Attachment::StoryMention(_)
        | Attachment::Ephemeral => {}
    }
}

fn buttons(out: &mut String, buttons: &[Button]) {
    for button in buttons {
        let _ = write!(out, "<span class=\"button\">{}</span>", Text(button.title()));
    }
}

fn ads(out: &mut String, choices: &Choices) {
    out.push_str("<section>\n<h2>Ads</h2>\n");
    if choices.ads.is_empty() {
        out.push_str("<p>There are none.</p>\n</section>\n");
        return;
    }
    out.push_str(
        "<table>\n<thead><tr><th>Ad</th><th>Id</th><th>Flow</th><th>Status</th><th></th></tr></thead>\n<tbody>\n",
    );
    for ad in &choices.ads {
        row(out, ad, choices.made == Some(ad.id));
    }
    out.push_str("</tbody>\n</table>\n</section>\n");
}

fn row(out: &mut String, ad: &Ad, is_new: bool) {
    let flow = ad.flow.map_or_else(|| "none".to_owned(), |flow| flow.to_string());
    let _ = write!(
        out,
        "<tr{}><td>{}</td><td>{}</td><td>{flow}</td><td>{}</td><td>",
        if is_new { " class=\"new\"" } else { "" },
        Text(&ad.name),
        ad.id,
        ad.status.name()
    );
    let (next, word) = match ad.status {
        AdStatus::Active => (AdStatus::Paused, "Pause"),
        _ => (AdStatus::Active, "Start"),
    };
    for (status, word) in [(next, word), (AdStatus::Deleted, "Delete")] {
        let _ = write!(
            out,
            "<form action=\"{PATH}/ads/{}\" method=\"post\"><input type=\"hidden\" name=\"status\" value=\"{}\">\
             <button>{word}</button></form>",
            ad.id,
            status.name()
        );
    }
    out.push_str("</td></tr>\n");
}
