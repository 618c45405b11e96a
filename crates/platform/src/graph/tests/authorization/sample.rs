//! What each row is called with, and the world in which that succeeds.

use super::{CALLBACK, Place, thread};
use crate::graph::node::NodeType;
use crate::graph::operations::{Operation, Verb};
use graph_api::Host;
use serde_json::{Value, json};
use testkit::Sandbox;
use testkit::media::MediaServer;

/// The ids of what [`prepared`] makes: the first of their kinds.
pub(super) const AD_ACCOUNT: &str = "act_1300000000000001";
const AD_SET: &str = "120210000000000001";
pub(super) const AD_CREATIVE: &str = "120220000000000001";
pub(super) const AD: &str = "120230000000000001";

/// Containers that can be published; those before them are the items of a carousel.
pub(super) const SHOP_CONTAINER: &str = "18000000000000003";
pub(super) const CAFE_CONTAINER: &str = "18000000000000006";
pub(super) const HASHTAG: &str = "17843000000000001";
/// The post with the hashtag.
pub(super) const POST: &str = "17900000000000004";
/// The comments that [`prepared`] makes under a post of each account: one, and one to be deleted.
const COMMENTS: [[&str; 2]; 2] =
    [["18100000000000001", "18100000000000002"], ["18100000000000003", "18100000000000004"]];

/// The comment that an operation is called on.
pub(super) fn comment(host: Host, verb: Verb) -> &'static str {
    COMMENTS[usize::from(host == Host::Facebook)][usize::from(verb == Verb::Delete)]
}

/// A sandbox in which everything exists that a path or sample names.
pub(super) async fn prepared() -> Sandbox {
    let sandbox = Sandbox::start().await;
    let ad = sandbox.sim("ads", json!({"account": sandbox.env("PAGE_IG_USERNAME")})).await;
    assert_eq!(ad["id"], AD);
    for token in ["IG_ACCESS_TOKEN", "PAGE_ACCESS_TOKEN", "PAGE_ACCESS_TOKEN"] {
        let call = sandbox.post("/v25.0/me/welcome_message_flows").token(sandbox.env(token));
        call.json(&new_flow()).ok().await;
    }
    for media in ["IG_MEDIA_ID", "IG_MEDIA_ID", "PAGE_MEDIA_ID", "PAGE_MEDIA_ID"] {
        let comment = json!({"media_id": sandbox.env(media), "text": "nice"});
        sandbox.sim("people/ana.customer/comment", comment).await;
    }
    let mention = json!({"to": "posthaste.shop", "media_id": sandbox.env("PAGE_MEDIA_ID")});
    assert_eq!(sandbox.sim("people/ana.customer/mention", mention).await["id"], MENTIONS[0]);
    let mention = json!({"to": "posthaste.cafe", "media_id": sandbox.env("IG_MEDIA_ID")});
    assert_eq!(sandbox.sim("people/ana.customer/mention", mention).await["id"], MENTIONS[1]);
    containers(&sandbox).await;
    sandbox
}

/// Two items of a carousel and a picture for each account; a post of the page's account with a hashtag.
async fn containers(sandbox: &Sandbox) {
    let settings = json!({"image_processing": 0, "lenient_republishing": true});
    sandbox.call("PATCH", "/sim/settings").json(&settings).ok().await;
    let media = MediaServer::start().await;
    let url = media.url("/picture/320x320/a.jpg");
    for (account, token) in [("IG_ID", "IG_ACCESS_TOKEN"), ("PAGE_IG_ID", "PAGE_ACCESS_TOKEN")] {
        let call = |edge: &str, body: Value| {
            let path = format!("/v25.0/{}/{edge}", sandbox.env(account));
            sandbox.post(&path).token(sandbox.env(token)).json(&body)
        };
        for is_item in [true, true, false] {
            call("media", json!({"image_url": url, "is_carousel_item": is_item})).ok().await;
        }
        if account == "PAGE_IG_ID" {
            let made = call("media", json!({"image_url": url, "caption": "#mug"})).ok().await.json();
            let post = call("media_publish", json!({"creation_id": made["id"]})).ok().await.json();
            assert_eq!(post["id"], POST);
        }
    }
}

/// The comments that mention an account, under the other's post.
const MENTIONS: [&str; 2] = ["18100000000000005", "18100000000000006"];

fn new_flow() -> Value {
    json!({
        "name": "Welcome", "eligible_platforms": ["instagram"],
        "welcome_message_flow": [{"message": {"text": "Hi"}}],
    })
}

/// What the right caller succeeds with: a body, or for GET a query. `None`: the row has none yet, which fails the test.
pub(super) fn sample(
    operation: &Operation,
    sandbox: &Sandbox,
    (host, kind): (Host, NodeType),
) -> Option<Value> {
    let igsid = sandbox.env(if kind == NodeType::Page { "PAGE_IGSID" } else { "IGSID" });
    Some(match operation.name().as_str() {
        "GET account" | "GET page" | "GET user" | "GET media" => json!({}),
        "GET account/media" | "GET account/stories" | "GET account/live_media" => json!({}),
        "GET account/tags" | "GET account/content_publishing_limit" | "GET container" => json!({}),
        "GET media/children" | "GET media/collaborators" | "DELETE media" | "GET hashtag" => json!({}),
        "GET account/recently_searched_hashtags" => json!({}),
        "POST account/media" => json!({"media_type": "CAROUSEL", "children": match host {
            Host::Instagram => "18000000000000001,18000000000000002",
            Host::Facebook => "18000000000000004,18000000000000005",
        }}),
        "POST account/media_publish" => json!({"creation_id": match host {
            Host::Instagram => SHOP_CONTAINER,
            Host::Facebook => CAFE_CONTAINER,
        }}),
        "GET /ig_hashtag_search" => json!({"user_id": sandbox.env("PAGE_IG_ID"), "q": "mug"}),
        "GET hashtag/recent_media" | "GET hashtag/top_media" => {
            json!({"user_id": sandbox.env("PAGE_IG_ID")})
        }
        "GET account/insights" => json!({"metric": "reach", "period": "day"}),
        "GET media/insights" => json!({"metric": "views"}),
        "GET account/conversations" => json!({"platform": "instagram"}),
        "GET conversation" | "GET conversation/messages" | "GET message" | "GET person" => json!({}),
        "GET user/adaccounts" | "GET ad_account/adsets" | "GET ad_account/adcreatives" => json!({}),
        "GET ad_account/ads" | "GET ad_creative" | "GET ad" | "DELETE ad" => json!({}),
        "POST ad" => json!({"status": "PAUSED"}),
        "POST ad_account/adcreatives" => {
            json!({"name": "Mugs", "object_story_spec": {"page_id": sandbox.env("PAGE_ID")}})
        }
        "POST ad_account/ads" => json!({
            "name": "Mugs", "adset_id": AD_SET, "status": "PAUSED", "creative": {"creative_id": AD_CREATIVE},
        }),
        "POST account/messenger_profile" => {
            json!({"platform": "instagram", "ice_breakers": [{"question": "Open?", "payload": "OPEN"}]})
        }
        "GET account/messenger_profile" | "DELETE account/messenger_profile" => {
            json!({"platform": "instagram", "fields": "ice_breakers"})
        }
        "POST account/welcome_message_flows" => new_flow(),
        "GET account/welcome_message_flows" => json!({}),
        "DELETE account/welcome_message_flows" => {
            // One for each place, since it is gone afterwards.
            json!({"flow_id": match (host, kind) {
                (Host::Instagram, _) => "2100000000000001",
                (Host::Facebook, NodeType::Page) => "2100000000000002",
                (Host::Facebook, _) => "2100000000000003",
            }})
        }
        "GET media/comments" | "GET comment" | "GET comment/replies" | "DELETE comment" => json!({}),
        "POST media" => json!({"comment_enabled": "true"}),
        "POST media/comments" | "POST comment/replies" => json!({"message": "thanks"}),
        "POST comment" => json!({"hide": "false"}),
        "POST account/mentions" => match host {
            Host::Instagram => json!({
                "media_id": sandbox.env("PAGE_MEDIA_ID"), "comment_id": MENTIONS[0], "message": "thanks",
            }),
            Host::Facebook => json!({
                "media_id": sandbox.env("IG_MEDIA_ID"), "comment_id": MENTIONS[1], "message": "thanks",
            }),
        },
        "POST account/message_attachments" => json!({"platform": "instagram"}),
        "POST account/pass_thread_control" => {
            json!({"recipient": {"id": igsid}, "target_app_id": "263902037430900"})
        }
        "POST account/take_thread_control" | "POST account/request_thread_control" => {
            json!({"recipient": {"id": igsid}})
        }
        "POST account/release_thread_control" => json!({"recipient": {"id": igsid}}),
        "POST account/extend_thread_control" => json!({"recipient": {"id": igsid}, "duration": "60"}),
        "GET account/thread_owner" => json!({"recipient": igsid}),
        "GET account/secondary_receivers" => json!({}),
        "POST account/messages" => json!({"recipient": {"id": igsid}, "message": {"text": "hi"}}),
        // A field that needs no further permission.
        "POST account/subscribed_apps" => {
            json!({"subscribed_fields": if kind == NodeType::Page { "feed" } else { "mentions" }})
        }
        "GET account/subscribed_apps" | "DELETE account/subscribed_apps" => json!({}),
        // Nobody listens there; the handshake comes after the authorisation.
        "POST app/subscriptions" => json!({"object": "instagram", "callback_url": "http://127.0.0.1:9/"}),
        "GET app/subscriptions" | "DELETE app/subscriptions" => json!({}),
        "GET user/accounts" | "GET user/permissions" => json!({}),
        "DELETE user/permissions" | "DELETE user/permissions/*" => json!({}),
        "GET /debug_token" => json!({"input_token": sandbox.env("PAGE_ACCESS_TOKEN")}),
        "GET /access_token" => {
            json!({"grant_type": "ig_exchange_token", "client_secret": sandbox.env("INSTAGRAM_APP_SECRET")})
        }
        "GET /refresh_access_token" => json!({"grant_type": "ig_refresh_token"}),
        "GET /oauth/access_token" | "POST /oauth/access_token" => match host {
            Host::Facebook => json!({
                "client_id": sandbox.env("APP_ID"), "client_secret": sandbox.env("APP_SECRET"),
                "grant_type": "client_credentials",
            }),
            Host::Instagram => json!({
                "client_id": sandbox.env("INSTAGRAM_APP_ID"),
                "client_secret": sandbox.env("INSTAGRAM_APP_SECRET"),
                "grant_type": "authorization_code", "redirect_uri": CALLBACK,
            }),
        },
        _ => return None,
    })
}

/// Who has the conversation, and what the owner has set, so that the operation succeeds.
pub(super) async fn arrange(sandbox: &Sandbox, place: &Place) {
    let (account, app) = (place.account(sandbox), sandbox.env("APP_ID"));
    let set = async |body: Value| {
        // Refused once the account has removed the app.
        sandbox.call("PATCH", &format!("/sim/accounts/{account}/routing")).json(&body).send().await;
    };
    set(json!({"default_app": app, "take_control": [app]})).await;
    let act = async |act: &str| {
        let path = format!("/sim/accounts/{account}/inbox/{}/{act}", thread(sandbox, place.host).id());
        sandbox.post(&path).json(&json!({})).send().await
    };
    // Unless the inbox has it already.
    act("take_control").await;
    match place.operation.edge {
        Some("take_thread_control") => {}
        Some("request_thread_control") => {
            act("release_control").await;
            set(json!({"default_app": null})).await;
        }
        _ => drop(act("pass_control").await),
    }
}

/// A small picture from disk, as a form with the boundary `b` and these further fields.
pub(super) fn upload(fields: &Value) -> Vec<u8> {
    let head = "--b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a.png\"\r\n\r\n";
    let mut form = [head.as_bytes(), &testkit::media::files::png(3, 2)].concat();
    let message = json!(r#"{"attachment": {"type": "image", "payload": {"is_reusable": true}}}"#);
    for (name, text) in fields.as_object().unwrap().iter().chain([(&"message".to_owned(), &message)]) {
        let text = text.as_str().unwrap();
        let part = format!("\r\n--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}");
        form.extend_from_slice(part.as_bytes());
    }
    form.extend_from_slice(b"\r\n--b--\r\n");
    form
}
