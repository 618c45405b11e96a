//! What the "Test" buttons of the app dashboard send (reference of the webhooks, 5.19): for each field one payload that
//! is always the same, with ids that are nobody's.

use super::comes_as_change;
use crate::{php_json, spaced_json};
use serde_json::{Map, Value, json};

/// A test, by the sender that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DashboardTest {
    /// An element of `messaging`, as the Facebook Login product sends its messaging fields.
    Messaging(Vec<u8>),
    /// An element of `changes`: everything of the Instagram Login product, and comments, mentions and insights.
    Change(Vec<u8>),
}

/// The test of a field; `None` if no test of it is known.
///
/// Cap for `messages` and `comments`, doc for `mentions`, rep for `story_insights` (restfb issue 859). The other messaging
/// fields follow the rule that `value` is what would have been an element of `messaging`: what stands in them is
/// unconfirmed.
pub fn dashboard_test(field: &str, by_instagram_login: bool) -> Option<DashboardTest> {
    let is_change = by_instagram_login || comes_as_change(field);
    let value = value(field)?;
    Some(match is_change {
        true => DashboardTest::Change(spaced_json::to_vec(&json!({ "field": field, "value": value }))),
        false => DashboardTest::Messaging(php_json::to_vec(&value)),
    })
}

fn value(field: &str) -> Option<Value> {
    let (kind, what) = match field {
        "messages" | "standby" => ("message", json!({ "mid": "random_mid", "text": "random_text" })),
        "message_edit" => {
            ("message_edit", json!({ "mid": "random_mid", "text": "random_text", "num_edit": 1 }))
        }
        "message_reactions" => {
            let emoji = "\u{2764}\u{fe0f}";
            (
                "reaction",
                json!({ "mid": "random_mid", "action": "react", "reaction": "love", "emoji": emoji }),
            )
        }
        "messaging_postbacks" => {
            ("postback", json!({ "mid": "random_mid", "title": "random_title", "payload": "random_payload" }))
        }
        "messaging_seen" => ("read", json!({ "mid": "random_mid" })),
        "messaging_referral" => {
            ("referral", json!({ "ref": "random_ref", "source": "random_source", "type": "OPEN_THREAD" }))
        }
        "messaging_optins" => (
            "optin",
            json!({
                "type": "notification_messages",
                "payload": "random_payload",
                "notification_messages_token": "random_token",
            }),
        ),
        "messaging_handover" => (
            "pass_thread_control",
            json!({
                "previous_owner_app_id": "12345",
                "new_owner_app_id": "67890",
                "metadata": "random_metadata",
            }),
        ),
        "comments" | "live_comments" => {
            return Some(json!({ "text": "This is an example.", "id": "123456789" }));
        }
        "mentions" => {
            return Some(json!({ "media_id": "17887498072083520", "comment_id": "17887498072083520" }));
        }
        "story_insights" => {
            return Some(json!({
                "media_id": "17887498072083520",
                "exits": 3,
                "replies": 0,
                "reach": 44,
                "taps_forward": 4,
                "taps_back": 3,
                "impressions": 444,
            }));
        }
        _ => return None,
    };
    let mut value = Map::new();
    value.insert("sender".to_owned(), json!({ "id": "12334" }));
    value.insert("recipient".to_owned(), json!({ "id": "23245" }));
    value.insert("timestamp".to_owned(), "1527459824".into());
    value.insert(kind.to_owned(), what);
    Some(Value::Object(value))
}
