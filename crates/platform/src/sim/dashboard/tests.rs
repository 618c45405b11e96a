use serde_json::{Value, json};
use testkit::{Receiver, Sandbox};

async fn test(sandbox: &Sandbox, body: Value) -> testkit::Answer {
    sandbox.post(&format!("/sim/apps/{}/test", sandbox.env("APP_ID"))).json(&body).send().await
}

#[tokio::test]
async fn each_product_sends_its_own_form() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    sandbox.set_callback("PAGE", &receiver.url).await;
    let attempt = test(&sandbox, json!({"field": "messages", "product": "instagram"})).await;
    assert_eq!((attempt.status, &attempt.json()["accepted"]), (200, &json!(true)));
    let received = receiver.next().await;
    assert_eq!(
        String::from_utf8_lossy(&received.body),
        r#"{"entry": [{"id": "0", "time": 1772442000, "changes": [{"field": "messages", "value": {"sender": {"id": "12334"}, "recipient": {"id": "23245"}, "timestamp": "1527459824", "message": {"mid": "random_mid", "text": "random_text"}}}]}], "object": "instagram"}"#
    );
    assert_eq!(received.header("user-agent"), "Webhooks/1.0 (https://fb.me/webhooks)");
    assert_eq!((received.header("facebook-api-version"), received.header("accept-encoding")), ("", "gzip"));
    let signature = received.header(graph_api::signature::SHA256_HEADER);
    assert!(graph_api::signature::verify(sandbox.env("INSTAGRAM_APP_SECRET"), &received.body, signature));
    test(&sandbox, json!({"field": "messages", "product": "facebook"})).await;
    let received = receiver.next().await;
    assert_eq!(
        String::from_utf8_lossy(&received.body),
        r#"{"object":"instagram","entry":[{"time":1772442000000,"id":"0","messaging":[{"sender":{"id":"12334"},"recipient":{"id":"23245"},"timestamp":"1527459824","message":{"mid":"random_mid","text":"random_text"}}]}]}"#
    );
    assert_eq!(received.header("user-agent"), "facebookexternalua");
    let signature = received.header(graph_api::signature::SHA256_HEADER);
    assert!(graph_api::signature::verify(sandbox.env("APP_SECRET"), &received.body, signature));
    test(&sandbox, json!({"field": "comments", "product": "facebook"})).await;
    let change = receiver.next().await.json()["entry"][0]["changes"][0].clone();
    assert_eq!(
        change,
        json!({"field": "comments", "value": {"text": "This is an example.", "id": "123456789"}})
    );
    for field in graph_api::webhook::MESSAGING_FIELDS {
        test(&sandbox, json!({"field": field, "product": "instagram"})).await;
        assert_eq!(receiver.next().await.json()["entry"][0]["changes"][0]["field"], *field);
    }
}

/// The button passes every gate: the app's mode, the callback's fields, faults.
#[tokio::test]
async fn the_button_passes_every_gate() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    let app = format!("/sim/apps/{}", sandbox.env("APP_ID"));
    sandbox.call("PATCH", &app).json(&json!({"mode": "development"})).ok().await;
    sandbox.sim("faults", json!({"on": "webhook", "drop": 1})).await;
    test(&sandbox, json!({"field": "mentions"})).await;
    assert_eq!(receiver.next().await.json()["entry"][0]["id"], "0");
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_name() {
    let sandbox = Sandbox::start().await;
    let refused = async |body: Value| {
        let answer = test(&sandbox, body).await;
        (answer.status, answer.json()["error"]["parameter"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(refused(json!({"field": "messages"})).await, (409, "product".to_owned()), "no callback");
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    for (body, parameter) in [
        (json!({}), "field"),
        (json!({"field": "response_feedback"}), "field"),
        (json!({"field": "messages", "product": "page"}), "product"),
    ] {
        assert_eq!(refused(body).await, (400, parameter.to_owned()));
    }
    sandbox.set_callback("PAGE", &receiver.url).await;
    assert_eq!(refused(json!({"field": "messages"})).await, (409, "product".to_owned()), "which of two?");
    assert_eq!(
        sandbox.post("/sim/apps/42/test").json(&json!({"field": "messages"})).send().await.status,
        404
    );
}
