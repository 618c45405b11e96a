//! Conversation routing: the rules, and what needs two apps and a clock. The rest is in `scenarios/conversation_routing`.

use super::rules::{self, Entry, Leave, Target};
use super::{Control, INSTAGRAM_INBOX, Routing};
use clock::Micros;
use graph_api::ErrorName;
use graph_api::send::Tag;
use serde_json::json;
use std::time::Duration;
use testkit::{Dice, Sandbox};

const NOW: Micros = Micros::from_secs(1_000_000);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn routed() -> Routing {
    Routing { default_app: Some(1), take_control: vec![2], links: [("sale".to_owned(), 3)].into() }
}

#[test]
fn while_nobody_has_a_conversation_the_default_app_may_write_or_everybody() {
    let idle = Control::default();
    for app in [1, 2, 3] {
        assert_eq!(rules::may_send(&Routing::default(), idle, app, None, NOW), Ok(Leave::AsItIs));
    }
    assert_eq!(rules::may_send(&routed(), idle, 1, None, NOW), Ok(Leave::AsItIs));
    let refused = rules::may_send(&routed(), idle, 3, None, NOW).map_err(|error| error.name);
    assert_eq!(refused, Err(ErrorName::NotThreadOwner));
}

/// Only with the owner's leave takes a human agent the conversation with the message itself, and only with a default app.
#[test]
fn a_human_agent_takes_control_if_that_is_allowed() {
    let of_one = rules::given(1, NOW);
    let tag = Some(Tag::HumanAgent);
    assert_eq!(rules::may_send(&routed(), of_one, 2, tag, NOW), Ok(Leave::Taken));
    assert_eq!(rules::may_send(&routed(), of_one, 1, tag, NOW), Ok(Leave::AsItIs));
    let without = Routing { default_app: None, ..routed() };
    for (routing, app, tag) in [(routed(), 3, tag), (routed(), 2, None), (without, 2, tag)] {
        assert!(rules::may_send(&routing, of_one, app, tag, NOW).is_err());
    }
}

#[test]
fn control_ends_to_the_microsecond() {
    let control = rules::given(7, NOW);
    let end = NOW.plus(DAY);
    assert_eq!(rules::owner(control, Micros(end.0 - 1)), Some(7));
    assert_eq!(rules::owner(control, end), None);
}

/// Whatever happens in whatever order: at most one app has the conversation, what a person writes never shortens its time,
/// and nobody has it longer than the longest that anything grants.
#[test]
fn whatever_happens_the_owner_is_one_and_has_it_for_a_time() {
    let dice = Dice::new(9);
    let pick = |sides: usize| dice.of(sides) as u64;
    for _ in 0..2_000 {
        let routing = if pick(2) == 0 { routed() } else { Routing::default() };
        let (mut control, mut now) = (Control::default(), NOW);
        for _ in 0..12 {
            now = now.plus(Duration::from_secs(pick(40 * 3600)));
            let before = rules::owner(control, now);
            let app = i64::try_from(pick(3)).unwrap() + 1;
            match pick(6) {
                0 => {
                    let entry = match pick(3) {
                        0 => Entry::Campaign { app_id: 3, days: u32::try_from(pick(30)).unwrap() + 1 },
                        1 => Entry::Link("sale"),
                        _ => Entry::Organic,
                    };
                    let after = rules::person_wrote(&routing, control, entry, now);
                    match (before, entry) {
                        (_, Entry::Campaign { .. }) => assert_eq!(after.app_id, 3),
                        (Some(before), _) => {
                            assert_eq!(after.app_id, before);
                            assert!(after.until >= control.until);
                        }
                        (None, _) => {
                            assert_eq!(rules::owner(after, now).is_some(), routing.default_app.is_some());
                        }
                    }
                    control = after;
                }
                1 => {
                    if let Ok(to) = rules::may_pass(&routing, control, app, Target::App(2), now) {
                        assert!(before.is_none() || before == Some(app));
                        assert_ne!(before, Some(to));
                        control = rules::given(to, now);
                    }
                }
                2 => {
                    if rules::may_take(&routing, control, app, now).is_ok() {
                        assert!(app == 2 && before != Some(2) && routing.default_app.is_some());
                        control = rules::given(app, now);
                    }
                }
                3 => {
                    if rules::is_owner(control, app, now).is_ok() {
                        assert_eq!(before, Some(app));
                        control = Control::default();
                    }
                }
                4 => {
                    if rules::may_request(&routing, control, app, now) == Ok(None) {
                        assert!(before.is_none() && routing.default_app.is_none());
                        control = rules::given(app, now);
                    }
                }
                _ => {
                    let may = rules::may_send(&routing, control, app, None, now).is_ok();
                    assert_eq!(may, rules::hearer(&routing, control, now).is_none_or(|hearer| hearer == app));
                }
            }
            assert!(control.until <= now.plus(30 * DAY), "{control:?} at {now:?}");
        }
    }
}

/// The settings are in the world, survive, and are gone with it; what names nobody is refused and changes nothing.
#[tokio::test]
async fn the_dashboard_keeps_what_is_set_and_refuses_what_is_wrong() {
    let sandbox = Sandbox::start().await;
    let (path, app) = ("/sim/accounts/posthaste.shop/routing", sandbox.env("APP_ID").to_owned());
    let nothing = json!({"default_app": null, "take_control": [], "links": {}});
    assert_eq!(sandbox.get(path).ok().await.json(), nothing);
    for (body, parameter) in [
        (json!({"default_app": 5}), "default_app"),
        (json!({"default_app": [app]}), "default_app"),
        (json!({"take_control": [app, "nobody"]}), "take_control"),
        (json!({"take_control": app}), "take_control"),
        (json!({"links": {"": app}}), "links"),
        (json!({"links": {"sale": {}}}), "links"),
        (json!({"default": app}), "default"),
    ] {
        let answer = sandbox.call("PATCH", path).json(&body).send().await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert_eq!(answer.json()["error"]["parameter"], parameter, "{body}");
    }
    assert_eq!(sandbox.get(path).ok().await.json(), nothing);
    let set = json!({"default_app": "inbox", "links": {"sale": sandbox.env("INSTAGRAM_APP_ID")}});
    sandbox.call("PATCH", path).json(&set).ok().await;
    let shown =
        json!({"default_app": INSTAGRAM_INBOX.to_string(), "take_control": [], "links": {"sale": app}});
    let world = sandbox.get("/sim/world").ok().await.json();
    let of = |name: &str| {
        let accounts = world["accounts"].as_array().unwrap();
        accounts.iter().find(|account| account["username"] == name).unwrap()["routing"].clone()
    };
    assert_eq!((of("posthaste.shop"), of("posthaste.cafe")), (shown, nothing.clone()));
    sandbox.post("/sim/reset").json(&json!({})).ok().await;
    assert_eq!(sandbox.get(path).ok().await.json(), nothing);
}

/// The word for who has the conversation, in the feed and in the node of the page.
#[tokio::test]
async fn changes_of_control_are_in_the_feed_and_the_pages_status_tells_of_routing() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("PAGE_ACCESS_TOKEN");
    let status = async || {
        let answer = sandbox.get("/me?fields=messaging_feature_status").token(token).ok().await;
        answer.json()["messaging_feature_status"].clone()
    };
    assert_eq!(status().await, json!({"hop_v2": false, "msgr_multi_app": false, "ig_multi_app": false}));
    let body = json!({"recipient": {"id": sandbox.env("PAGE_IGSID")}});
    sandbox.post("/me/request_thread_control").token(token).json(&body).ok().await;
    sandbox.post("/me/release_thread_control").token(token).json(&body).ok().await;
    let feed = sandbox.get("/sim/events?type=thread_control&wait=0s").ok().await.json();
    let told: Vec<_> = feed["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["text"].clone(), e["owner_app_id"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("pass_thread_control"), json!(sandbox.env("APP_ID"))),
            (json!("release_thread_control"), json!(null))
        ]
    );
    let routing = json!({"default_app": sandbox.env("APP_ID")});
    sandbox.call("PATCH", "/sim/accounts/posthaste.cafe/routing").json(&routing).ok().await;
    assert_eq!(status().await["ig_multi_app"], true);
}
