use super::{deliveries, heard, set};
use serde_json::{Value, json};
use testkit::{Receiver, Sandbox};

async fn events(sandbox: &Sandbox, receiver: &Receiver) -> Vec<Value> {
    sandbox.deliver().await;
    receiver.rest().await.iter().map(testkit::Received::event).collect()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    let kind = |event: &Value| if event.get("message").is_some() { "message" } else { "edit" };
    events.iter().map(kind).collect()
}

#[tokio::test]
async fn a_phantom_edit_beside_or_instead_of_a_message() {
    let (sandbox, receiver) = heard().await;
    for (place, order) in
        [("before", vec!["edit", "message"]), ("after", vec!["message", "edit"]), ("instead", vec!["edit"])]
    {
        set(&sandbox, json!({"on": "webhook", "phantom_edit": place, "times": 1})).await;
        let mid = sandbox.person_writes("IG_USERNAME", place).await;
        let come = events(&sandbox, &receiver).await;
        assert_eq!(kinds(&come), order, "{place}");
        let phantom = come.iter().find(|event| event.get("message").is_none()).unwrap();
        assert_eq!(phantom["message_edit"], json!({"mid": mid, "num_edit": 0}));
        assert_eq!(phantom["sender"]["id"], sandbox.env("IGSID"));
        assert!(phantom["timestamp"].is_number());
        // The message itself is there for who asks.
        let read = sandbox.get(&format!("/{mid}?fields=message")).token(sandbox.env("IG_ACCESS_TOKEN"));
        assert_eq!(read.ok().await.json()["message"], place);
    }
    let unsent = deliveries(&sandbox, "suppressed").await;
    assert_eq!(unsent[0]["reason"], "fault 3 sends something else instead");
    assert_eq!(unsent[0]["event"]["message"]["text"], "instead");
    assert_eq!(deliveries(&sandbox, "delivered").await[0]["changed_by"], "fault 3");
    // The next message is in order, though nothing has moved the clock.
    sandbox.person_writes("IG_USERNAME", "as usual").await;
    assert_eq!(kinds(&events(&sandbox, &receiver).await), ["message"]);
}

/// The form without sender and recipient, and other keys that can be missing.
#[tokio::test]
async fn keys_can_be_missing() {
    let (sandbox, receiver) = heard().await;
    let bare =
        json!({"on": "webhook", "phantom_edit": "after", "missing": ["sender", "recipient"], "times": 1});
    set(&sandbox, bare).await;
    let mid = sandbox.person_writes("IG_USERNAME", "hi").await;
    let phantom = events(&sandbox, &receiver).await.remove(1);
    let keys: Vec<&String> = phantom.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["timestamp", "message_edit"]);
    assert_eq!(phantom["message_edit"]["mid"], mid);
    set(&sandbox, json!({"on": "webhook", "missing": ["sender", "text"], "times": 1})).await;
    let mid = sandbox.person_writes("IG_USERNAME", "hi").await;
    let come = events(&sandbox, &receiver).await.remove(0);
    assert_eq!((come.get("sender"), &come["message"]), (None, &json!({"mid": mid})));
    assert!(come["recipient"].is_object());
}

/// A real app that asked for edits only hears of new messages by them alone.
#[tokio::test]
async fn an_app_with_edits_only_hears_the_phantom_only() {
    let (sandbox, receiver) = heard().await;
    let fields = json!({"object": "instagram", "callback_url": receiver.url, "fields": "message_edit",
        "verify_token": sandbox.env("VERIFY_TOKEN")});
    let path = format!("/{}/subscriptions", sandbox.env("INSTAGRAM_APP_ID"));
    sandbox.post(&path).token(sandbox.env("APP_ACCESS_TOKEN")).json(&fields).ok().await;
    set(&sandbox, json!({"on": "webhook", "phantom_edit": "after"})).await;
    sandbox.person_writes("IG_USERNAME", "hi").await;
    assert_eq!(kinds(&events(&sandbox, &receiver).await), ["edit"]);
}

#[tokio::test]
async fn odd_forms_of_events() {
    let (sandbox, receiver) = heard().await;
    let odd = async |fault: Value| {
        let mut wanted = json!({"on": "webhook", "times": 1});
        wanted.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        set(&sandbox, wanted).await;
        sandbox.person_writes("IG_USERNAME", "a@b é").await;
        receiver.next().await
    };
    let plain = |received: &testkit::Received| received.event();
    assert_eq!(plain(&odd(json!({"timestamp": "string"})).await)["timestamp"], "1772442000000");
    assert_eq!(plain(&odd(json!({"timestamp": "seconds"})).await)["timestamp"], 1_772_442_000);
    assert_eq!(plain(&odd(json!({"timestamp": "iso"})).await)["timestamp"], "2026-03-02T09:00:00+0000");
    let attachment = plain(&odd(json!({"attachment_type": "unsupported_type"})).await);
    assert_eq!(attachment["message"]["attachments"], json!([{"type": "unsupported_type"}]));
    assert_eq!(attachment["message"].get("text"), None);
    assert_eq!(plain(&odd(json!({"kind": "wave"})).await)["wave"]["text"], "a@b é");
    let legacy = odd(json!({"escapes": "legacy"})).await;
    assert!(String::from_utf8_lossy(&legacy.body).contains(r"a\u0040b \u00e9"));
    let raw = odd(json!({"escapes": "utf8"})).await;
    assert!(String::from_utf8_lossy(&raw.body).contains("a@b é"));
    for received in [&legacy, &raw] {
        let header = received.header(graph_api::signature::SHA256_HEADER);
        assert!(graph_api::signature::verify(sandbox.env("INSTAGRAM_APP_SECRET"), &received.body, header));
    }
    sandbox.deliver().await;
    let list = deliveries(&sandbox, "delivered").await;
    assert_eq!(list[0]["changed_by"], "fault 7");
}

/// What an event says stays so, however often it is tried: that is what makes it poison.
#[tokio::test]
async fn a_changed_event_is_retried_and_replayed_as_it_is() {
    let (sandbox, receiver) = heard().await;
    receiver.answer_with(500);
    set(&sandbox, json!({"on": "webhook", "missing": ["sender"], "times": 1})).await;
    sandbox.person_writes("IG_USERNAME", "poison").await;
    assert_eq!(events(&sandbox, &receiver).await[0].get("sender"), None);
    receiver.answer_with(200);
    sandbox.advance("1s").await;
    assert_eq!(events(&sandbox, &receiver).await[0].get("sender"), None);
    let id = deliveries(&sandbox, "delivered").await[0]["id"].as_str().unwrap().to_owned();
    sandbox.post(&format!("/sim/deliveries/{id}/replay")).ok().await;
    assert_eq!(receiver.next().await.event().get("sender"), None);
}

/// One odd event among others in one request.
#[tokio::test]
async fn one_unknown_attachment_inside_a_batch() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "webhook", "batch": 3, "times": 1})).await;
    set(&sandbox, json!({"on": "webhook", "attachment_type": "hologram", "person": "ben.customer"})).await;
    sandbox.person_writes("IG_USERNAME", "one").await;
    sandbox.sim("people/ben.customer/send", json!({"to": "posthaste.shop", "text": "two"})).await;
    sandbox.person_writes("IG_USERNAME", "three").await;
    let body = receiver.next().await.json();
    let messages: Vec<&Value> =
        body["entry"].as_array().unwrap().iter().map(|entry| &entry["messaging"][0]["message"]).collect();
    assert_eq!(messages.len(), 3);
    let odd = messages.iter().filter(|message| message.get("attachments").is_some());
    assert_eq!(odd.count(), 1);
}

/// A unit of work that comes to nothing uses up no strike.
#[tokio::test]
async fn what_is_undone_does_not_count() {
    let (sandbox, receiver) = heard().await;
    let id = set(&sandbox, json!({"on": "webhook", "missing": ["sender"], "times": 1})).await;
    // The first picture is written before the reply to a story that is not there is refused.
    let refused = json!({"to": "posthaste.shop", "text": "x", "like_heart": true, "reply_to": {"story": "17900000000009999"}});
    let answer = sandbox.post("/sim/people/ana.customer/send").json(&refused).send().await;
    assert_ne!(answer.status, 200);
    assert_eq!(super::fault(&sandbox, &id).await["times"], 1);
    sandbox.person_writes("IG_USERNAME", "counts").await;
    assert_eq!(events(&sandbox, &receiver).await[0].get("sender"), None);
    assert_eq!(super::fault(&sandbox, &id).await["times"], 0);
}
