//! What Instagram tells, and what the bot hears of it.

use super::{World, error};
use crate::Settings;
use graph_api::signature;
use serde_json::{Value, json};

#[tokio::test]
async fn a_first_message_makes_user_client_and_conversation() {
    let world = World::start().await;
    let mid = world.sandbox.person_writes("PAGE_IG_USERNAME", "Hello").await;
    let heard = world.heard().await;
    let kinds: Vec<&str> = heard.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["conversation:create", "conversation:message"]);
    let (create, message) = (&heard[0].1, &heard[1].1["message"]);
    assert_eq!(create["creationReason"], "message");
    assert_eq!(create["source"], json!({"type": "instagram", "integrationId": world.page}));
    assert_eq!(message["content"], json!({"type": "text", "text": "Hello"}));
    assert_eq!(message["author"]["type"], "user");
    assert_eq!(message["author"]["displayName"], "Ana Castro");
    assert_eq!(message["author"]["user"]["authenticated"], false);
    assert_eq!(message["source"]["originalMessageId"], mid.as_str());

    let user = create["user"]["id"].as_str().unwrap();
    let shown = world.call("GET", &world.path(&format!("users/{user}"))).ok().await.json();
    assert_eq!(shown["user"]["profile"]["givenName"], "Ana");
    assert_eq!(shown["user"]["profile"]["surname"], "Castro");
    let clients = world.call("GET", &world.path(&format!("users/{user}/clients"))).ok().await.json();
    let client = &clients["clients"][0];
    assert_eq!(
        (&client["type"], &client["externalId"]),
        (&json!("instagram"), &json!(world.sandbox.env("PAGE_IGSID")))
    );
    assert_eq!(client["info"]["username"], world.sandbox.env("PERSON_USERNAME"));
    assert_eq!(client["raw"]["name"], "Ana Castro");
    let path = world.path(&format!("conversations?filter[userId]={user}"));
    let conversation = &world.call("GET", &path).ok().await.json()["conversations"][0];
    assert_eq!((&conversation["isDefault"], &conversation["type"]), (&json!(true), &json!("personal")));
    assert!(conversation["instagram"]["windowUntil"].is_string(), "{conversation}");

    // The next one is in the same conversation, and of the other login in another.
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Again").await;
    assert_eq!(world.heard_kinds().await, ["conversation:message"]);
    world.sandbox.person_writes("IG_USERNAME", "Hello").await;
    assert_eq!(world.heard_kinds().await, ["conversation:create", "conversation:message"]);
}

#[tokio::test]
async fn taps_reads_and_links_become_their_events() {
    let world = World::start().await;
    let (conversation, user) = world.met().await;
    let account = world.sandbox.env("PAGE_IG_USERNAME");
    let person = world.sandbox.env("PERSON_USERNAME").to_owned();
    let reply = json!({"type": "reply", "text": "Yes", "payload": "CHOICE_YES"});
    let postback = json!({"type": "postback", "text": "Order", "payload": "ORDER"});
    world.posts(&conversation, json!({"type": "text", "text": "Sure?", "actions": [reply]})).await;
    world.posts(&conversation, json!({"type": "text", "text": "Or?", "actions": [postback]})).await;
    world.heard().await;
    let inbox = world.sandbox.get(&format!("/sim/people/{person}/inbox")).ok().await.json();
    let with =
        inbox["conversations"].as_array().unwrap().iter().find(|c| c["with"] == account).unwrap().clone();
    let messages = with["messages"].as_array().unwrap().clone();
    let mid = |at: usize| messages[messages.len() - at]["mid"].clone();

    world.sandbox.sim(&format!("people/{person}/tap"), json!({"mid": mid(2), "quick_reply": 0})).await;
    let heard = world.heard().await;
    assert_eq!(heard[0].0, "conversation:message");
    assert_eq!(
        heard[0].1["message"]["content"],
        json!({"type": "text", "text": "Yes", "payload": "CHOICE_YES"})
    );

    world.sandbox.sim(&format!("people/{person}/tap"), json!({"mid": mid(1), "button": 0})).await;
    let heard = world.heard().await;
    assert_eq!((heard.len(), heard[0].0.as_str()), (1, "conversation:postback"));
    assert_eq!(heard[0].1["postback"], json!({"payload": "ORDER"}));
    assert_eq!(heard[0].1["user"]["id"], user.as_str());

    world.sandbox.sim(&format!("people/{person}/seen"), json!({"to": account})).await;
    let heard = world.heard().await;
    assert_eq!(heard[0].0, "conversation:read");
    assert_eq!(heard[0].1["activity"]["author"]["userId"], user.as_str());

    world.sandbox.sim(&format!("people/{person}/tap"), json!({"to": account, "ref": "spring"})).await;
    let heard = world.heard().await;
    assert_eq!(heard[0].0, "conversation:referral");
    let wanted = json!({"code": "spring", "details": {"source": "SHORTLINK", "type": "OPEN_THREAD"}});
    assert_eq!(heard[0].1["referral"], wanted);
}

#[tokio::test]
async fn postbacks_are_said_again_if_the_app_says_so() {
    let world = World::start().await;
    let body = json!({"settings": {"echoPostback": true}});
    world.call("PATCH", &format!("/v2/apps/{}", world.app)).json(&body).ok().await;
    let (conversation, _) = world.met().await;
    let postback = json!({"type": "postback", "text": "Order", "payload": "ORDER"});
    world.posts(&conversation, json!({"type": "text", "text": "Or?", "actions": [postback]})).await;
    world.heard().await;
    let person = world.sandbox.env("PERSON_USERNAME").to_owned();
    let inbox = world.sandbox.get(&format!("/sim/people/{person}/inbox")).ok().await.json();
    let account = world.sandbox.env("PAGE_IG_USERNAME");
    let with =
        inbox["conversations"].as_array().unwrap().iter().find(|c| c["with"] == account).unwrap().clone();
    let mid = with["messages"].as_array().unwrap().last().unwrap()["mid"].clone();
    world.sandbox.sim(&format!("people/{person}/tap"), json!({"mid": mid, "button": 0})).await;
    let heard = world.heard().await;
    assert_eq!(
        heard[1].1["message"]["content"],
        json!({"type": "text", "text": "Order", "payload": "ORDER"})
    );
}

#[tokio::test]
async fn stories_are_referrals_or_messages_and_can_be_switched_off() {
    let world = World::start().await;
    let person = world.sandbox.env("PERSON_USERNAME").to_owned();
    let account = world.sandbox.env("IG_USERNAME").to_owned();
    let send = format!("people/{person}/send");
    let files = testkit::media::MediaServer::start().await;
    let mention = json!({"to": account, "story_mention": {"url": files.url("/a.png")}});
    world.sandbox.sim(&send, mention.clone()).await;
    let heard = world.heard().await;
    assert_eq!(heard[0].0, "conversation:create", "{heard:?}");
    assert_eq!(heard[0].1["creationReason"], "startConversation");
    assert_eq!(heard[0].1["referral"]["details"]["type"], "STORY_MENTION");
    let story = world.sandbox.env("STORY_ID").to_owned();
    let reply = json!({"to": account, "text": "Nice", "reply_to": {"story": story}});
    world.sandbox.sim(&send, reply.clone()).await;
    let heard = world.heard().await;
    assert_eq!(heard[0].1["message"]["metadata"]["instagram.storyId"], story.as_str());

    let off = json!({"storyRepliesEnabled": false, "storyMentionsEnabled": false});
    world.call("PATCH", &world.path(&format!("integrations/{}", world.instagram))).json(&off).ok().await;
    world.sandbox.sim(&send, reply).await;
    world.sandbox.sim(&send, mention).await;
    assert_eq!(world.heard_kinds().await, Vec::<String>::new());
}

#[tokio::test]
async fn edits_unsends_and_reactions_are_events_of_our_own() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    let person = world.sandbox.env("PERSON_USERNAME").to_owned();
    let mid = world.sandbox.person_writes("PAGE_IG_USERNAME", "Helo").await;
    world.heard().await;
    let act = async |act: &str, body: Value| world.sandbox.sim(&format!("people/{person}/{act}"), body).await;
    act("edit", json!({"mid": mid, "text": "Hello you"})).await;
    let heard = world.heard().await;
    assert_eq!(heard[0].0, "instagram:message:edit", "{heard:?}");
    assert_eq!(heard[0].1["message"]["content"]["text"], "Hello you");
    act("react", json!({"mid": mid, "reaction": "love"})).await;
    assert_eq!(world.heard_kinds().await, ["instagram:message:reaction"]);
    assert_eq!(world.listed(&conversation).await, ["Hello", "Hello you"]);
    act("unsend", json!({"mid": mid})).await;
    assert_eq!(world.heard_kinds().await, ["instagram:message:unsend"]);
    let path = world.path(&format!("conversations/{conversation}/messages"));
    let list = world.call("GET", &path).ok().await.json();
    let gone = &list["messages"][1];
    assert_eq!((&gone["deleted"], &gone["content"]["text"]), (&json!(true), &json!("")));
}

#[tokio::test]
async fn strict_mode_knows_nothing_of_our_own() {
    let answer = super::strict_answer(Settings { strict: true, ..Settings::default() }).await;
    assert!(answer.contains("webhooks[0].triggers[0]"), "{answer}");
}

#[tokio::test]
async fn what_the_owner_writes_in_the_app_is_imported_and_can_be_left_out() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    let owner = world.sandbox.env("PAGE_IG_USERNAME").to_owned();
    let thread = world.sandbox.get("/sim/world").ok().await.json();
    let id = thread["conversations"].as_array().unwrap().iter().find(|c| c["account"] == owner.as_str());
    let id = id.map(|c| c["id"].as_str().unwrap().to_owned()).expect("a conversation in the world");
    let send = format!("accounts/{owner}/inbox/{id}/send");
    world.sandbox.sim(&send, json!({"text": "From my phone"})).await;
    let heard = world.heard().await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].1["message"]["author"], json!({"type": "business", "displayName": "Posthaste Café"}));
    assert_eq!(heard[0].1["message"]["source"]["type"], "instagram");
    let off = json!({"importEchoes": false});
    world.call("PATCH", &world.path(&format!("integrations/{}", world.page))).json(&off).ok().await;
    world.sandbox.sim(&send, json!({"text": "Again"})).await;
    assert_eq!(world.heard_kinds().await, Vec::<String>::new());
    assert_eq!(world.listed(&conversation).await, ["Hello", "From my phone"]);
}

#[tokio::test]
async fn notifications_must_be_signed_over_their_bytes() {
    let world = World::start().await;
    let (account, person) = (world.sandbox.env("PAGE_IG_ID"), world.sandbox.env("PAGE_IGSID"));
    let event = |mid: &str| {
        format!(
            "{{\"object\":\"instagram\",\"entry\":[{{\"time\":1772442000000,\"id\":\"{account}\",\"messaging\":[{{\
             \"sender\":{{\"id\":\"{person}\"}},\"recipient\":{{\"id\":\"{account}\"}},\"timestamp\":1772442000000,\
             \"message\":{{\"mid\":\"{mid}\",\"text\":\"caf\\u00e9 \\ud83d\\udc51 a\\/b\"}}}}]}}]}}"
        )
    };
    let post = |body: String, header: &'static str, signature: String| {
        let call = world.bare("POST", "/instagram/webhook").body("application/json", body);
        async move { call.header(header, &signature).send().await }
    };
    let secret = world.sandbox.env("APP_SECRET");
    let body = event("A");
    let good = signature::sha256(secret, body.as_bytes());
    assert_eq!(post(body.clone(), "x-hub-signature-256", good.clone()).await.status, 200);
    let older = event("B");
    let signed = signature::sha1(secret, older.as_bytes());
    assert_eq!(post(older, "x-hub-signature", signed).await.status, 200, "the older signature alone");
    // Said twice, told once.
    assert_eq!(post(body.clone(), "x-hub-signature-256", good.clone()).await.status, 200);
    let heard = world.heard().await;
    let messages = heard.iter().filter(|(kind, _)| kind == "conversation:message").count();
    assert_eq!(messages, 2, "{heard:?}");
    assert_eq!(heard[1].1["message"]["content"]["text"], "café 👑 a/b");

    for (body, header, signature) in [
        (body.clone(), "x-hub-signature-256", signature::sha256("another", body.as_bytes())),
        (body.replace("\\/", "/"), "x-hub-signature-256", good.clone()),
        (body.clone(), "x-hub-signature", good.clone()),
        (body.clone(), "x-other", String::new()),
        // Signed by the other login's app: not the account's.
    ] {
        let answer = post(body, header, signature).await;
        assert_eq!(error(&answer).0, 403);
    }
    assert_eq!(world.heard_kinds().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_list_of_secrets_is_accepted_and_batches_are_read_whole() {
    let world = World::with(Settings { secrets: vec!["rotated".to_owned()], ..Settings::default() }).await;
    let (account, person) = (world.sandbox.env("PAGE_IG_ID"), world.sandbox.env("PAGE_IGSID"));
    let event = |mid: &str| {
        json!({"sender": {"id": person}, "recipient": {"id": account}, "timestamp": 1_772_442_000_000_i64,
               "message": {"mid": mid, "text": mid}})
    };
    let body = json!({"object": "instagram", "entry": [
        {"time": 1, "id": account, "messaging": [event("one"), event("two")]},
        {"time": 2, "id": account, "messaging": [event("three")]},
        {"time": 3, "id": "17841499999999999", "messaging": [event("of another account")]},
    ]});
    let body = json!([body]).to_string();
    let signed = signature::sha256("rotated", body.as_bytes());
    let call = world.bare("POST", "/instagram/webhook").body("application/json", body);
    let answer = call.header("x-hub-signature-256", &signed).send().await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "EVENT_RECEIVED"));
    let heard = world.heard().await;
    let texts: Vec<&Value> = heard
        .iter()
        .filter(|(kind, _)| kind == "conversation:message")
        .map(|(_, payload)| &payload["message"]["content"]["text"])
        .collect();
    assert_eq!(texts, ["one", "two", "three"]);
}

#[tokio::test]
async fn the_handshake_needs_the_word() {
    let world = World::start().await;
    let word = world.gateway.verify_token();
    let ask = |word: &str| {
        let path =
            format!("/instagram/webhook?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={word}");
        world.bare("GET", &path)
    };
    let answer = ask(&word).send().await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "1158201444"));
    assert_eq!(ask("wrong").send().await.status, 403);
}

#[tokio::test]
async fn somebody_who_waits_for_a_day_is_warned_of() {
    let world = World::start().await;
    world.met().await;
    world.advance("22h").await;
    assert_eq!(world.heard_kinds().await, Vec::<String>::new());
    world.advance("2h").await;
    assert_eq!(world.heard_kinds().await, ["instagram:window:warning"]);
    let (conversation, _) = {
        world.sandbox.person_writes("PAGE_IG_USERNAME", "Anybody?").await;
        let heard = world.heard().await;
        (heard[0].1["conversation"]["id"].as_str().unwrap().to_owned(), ())
    };
    world.says(&conversation, "Yes").await;
    world.heard().await;
    world.advance("25h").await;
    assert_eq!(world.heard_kinds().await, Vec::<String>::new(), "answered");
}
