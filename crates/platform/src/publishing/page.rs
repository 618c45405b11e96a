//! Where permalinks lead: a page of a post, reel, story or broadcast, as a browser without an account sees it. The sandbox's
//! own, since nobody serves `www.instagram.com` here.

use super::store;
use super::{ALBUM, BROADCAST, Media, VIDEO, rules};
use crate::accounts;
use crate::address::CallerAddress;
use crate::assets::Links;
use crate::conversations::Product;
use crate::html::Text;
use crate::{Body, Platform};
use graph_api::ids::decimal;
use graph_api::{Host, time};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use std::fmt::Write as _;

/// What a permalink names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Permalink {
    /// A post, reel or story, by its id.
    Media(i64),
    /// The broadcast of the account with that username.
    Broadcast(String),
}

impl Permalink {
    /// What a browser's request for a permalink names; `None`: it is none. The Graph hosts have no pages.
    pub(crate) fn of(head: &Parts) -> Option<Self> {
        let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let name = host.split(':').next().unwrap_or_default();
        let is_graph = Host::BOTH.iter().any(|host| host.name().eq_ignore_ascii_case(name));
        let is_read = matches!(head.method, Method::GET | Method::HEAD);
        if is_graph || !is_read { None } else { Self::at(head.uri.path()) }
    }

    fn at(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments[..] {
            ["p" | "reel" | "reels", code] => rules::of_shortcode(code).map(Self::Media),
            ["stories", _, id] => decimal(id).map(Self::Media),
            [username, "live"] if decimal(username).is_none() && username != "me" => {
                Some(Self::Broadcast(username.to_owned()))
            }
            _ => None,
        }
    }
}

/// Answers a request for a page: 404 if the medium is gone, or its story has ended.
pub(crate) async fn answer(platform: &Platform, head: &Parts, link: Permalink) -> Response<Body> {
    let found = platform
        .db
        .read(move |db| {
            let media = match &link {
                Permalink::Media(id) => store::by_id(db, *id)?,
                Permalink::Broadcast(username) => match accounts::store::by_username(db, username)? {
                    Some(account) => store::of_account(db, account.id)?
                        .into_iter()
                        .find(|media| media.product == Product::Live),
                    None => None,
                },
            };
            let Some(media) = media.filter(|media| media.is_live(db.now())) else { return Ok(None) };
            let parts = match media.media_type == ALBUM {
                true => store::children(db, media.account, media.id)?,
                false => vec![media.clone()],
            };
            let account = accounts::store::find(db, media.account)?;
            Ok::<_, storage::Error>(account.map(|account| (account.username, media, parts)))
        })
        .await;
    let (status, html) = match found {
        Ok(Some((username, media, parts))) => {
            let links = Links::new(platform, &CallerAddress::of(&head.headers));
            (StatusCode::OK, page(&username, &media, &parts, &links))
        }
        Ok(None) => (StatusCode::NOT_FOUND, frame("Sorry, this page isn't available.", "")),
        Err(error) => {
            tracing::error!(%error, "the page of a medium could not be made");
            (StatusCode::INTERNAL_SERVER_ERROR, frame("The page could not be made.", ""))
        }
    };
    let body = if head.method == Method::HEAD { String::new() } else { html };
    let mut response = Response::new(Body::full(Full::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let policy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

fn page(username: &str, media: &Media, parts: &[Media], links: &Links<'_>) -> String {
    let mut body = String::new();
    let kind = match (media.product, &*media.media_type) {
        (Product::Reels, _) => "Reel",
        (Product::Story, _) => "Story",
        (Product::Live, _) | (_, BROADCAST) => "Live",
        (Product::Feed, _) => "Post",
    };
    let link = |asset: Option<i64>| {
        let asset = asset.filter(|asset| *asset != 0)?;
        // As a path: the policy lets the page show what is its own.
        let url = links.asset(media.account, asset, media.expires_at);
        url.find("/ig_messaging_cdn").map(|at| url[at..].to_owned())
    };
    for part in parts {
        let Some(url) = link(Some(part.asset)) else { continue };
        let alt = part.details.alt_text.as_deref().unwrap_or_default();
        let _ = if part.media_type == VIDEO {
            let poster = link(part.thumbnail).unwrap_or_default();
            write!(body, "<video controls src=\"{}\" poster=\"{}\"></video>", Text(&url), Text(&poster))
        } else {
            write!(body, "<img src=\"{}\" alt=\"{}\">", Text(&url), Text(alt))
        };
    }
    if media.product == Product::Live {
        body.push_str("<p class=\"live\">LIVE</p>");
    }
    let _ = write!(
        body,
        "<p><b>{}</b> {}</p><p class=\"small\">{kind} {} · {}</p>",
        Text(username),
        Text(&media.caption),
        media.id,
        time::rfc3339(media.created_at)
    );
    frame(&format!("{kind} by {username}"), &body)
}

fn frame(title: &str, body: &str) -> String {
    let heading = if body.is_empty() { format!("<p>{}</p>", Text(title)) } else { String::new() };
    format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>{}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>\
         body{{margin:2rem auto;max-width:30rem;padding:0 1rem;font:1rem system-ui,sans-serif;color:#222;background:#fff}}\
         img,video{{display:block;width:100%;margin-bottom:.5rem;background:#eee}}\
         .small{{color:#666;font-size:.85rem}}.live{{color:#fff;background:#c13584;padding:.2rem .5rem;width:max-content}}\
         @media(prefers-color-scheme:dark){{body{{color:#ddd;background:#121212}}.small{{color:#999}}}}\
         </style><main>{heading}{body}</main></html>",
        Text(title)
    )
}
