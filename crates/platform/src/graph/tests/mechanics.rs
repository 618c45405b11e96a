//! Paths, versions, methods, headers and broken input.

use serde_json::json;
use testkit::Sandbox;

#[tokio::test]
async fn paths_that_lead_nowhere() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    for (path, code, subcode, message) in [
        ("/v25.0/me/messages/x/y", 2500, 0, "Unknown path components: /x/y"),
        ("/v99.0/me", 2500, 0, "Unknown path components: /me"),
        ("/v25.0/me/shoes", 100, 0, "Tried accessing nonexisting field (shoes) on node type (IGUser)"),
        ("/v25.0/somebody", 803, 0, "Unsupported get request. Object with ID 'somebody' does not exist"),
        ("/v25.0/123", 100, 33, "Unsupported get request. Object with ID '123' does not exist"),
        ("/v25.0", 100, 33, "Unsupported get request. Object with ID '' does not exist"),
        ("/", 100, 33, "Unsupported get request."),
        ("/v25.0/%ff", 100, 0, "The path is not valid UTF-8 text"),
        ("/v25.0/me/%00", 100, 0, "The path is not valid UTF-8 text"),
        // An edge that exists, but not to be read.
        ("/v25.0/me/messages", 100, 33, "Unsupported get request. Object with ID 'me'"),
    ] {
        let answer = sandbox.get(path).token(token).send().await;
        assert_eq!(answer.error(), (400, code, subcode), "{path}: {}", answer.text());
        assert!(answer.message().starts_with(message), "{path}: {}", answer.message());
    }
    // The token is looked at before the path.
    assert_eq!(sandbox.get("/v25.0/me/shoes").send().await.error(), (400, 190, 0));
    let facebook = sandbox.get("/me/shoes").token(sandbox.env("PAGE_ACCESS_TOKEN")).send().await;
    assert_eq!(facebook.message(), "(#100) Tried accessing nonexisting field (shoes) on node type (Page)");
}

#[tokio::test]
async fn methods() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    for method in ["PUT", "PATCH", "TRACE", "BREW"] {
        let answer = sandbox.call(method, "/v25.0/me").token(token).send().await;
        assert_eq!(answer.error(), (400, 100, 0), "{method}");
        assert_eq!(answer.message(), format!("Unsupported request - method type: {}", method.to_lowercase()));
    }
    let head = sandbox.call("HEAD", "/v25.0/me").token(token).ok().await;
    assert!(head.body.is_empty());
    assert_eq!(head.header("facebook-api-version"), "v25.0");
    // POST …?method=delete is a DELETE; GET with a JSON body is harmless.
    let delete = sandbox.post("/v25.0/me/subscribed_apps?method=delete").token(token).ok().await;
    assert_eq!(delete.json(), json!({"success": true}));
    let get = sandbox.get("/v25.0/me/subscribed_apps").token(token).json(&json!({})).ok().await;
    assert_eq!(get.json(), json!({"data": []}));
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let good = sandbox.get("/v23.0/me").token(token).ok().await;
    let bad = sandbox.get("/v15.0/me?fields=shoes").token(token).send().await;
    for (answer, version) in [(&good, "v23.0"), (&bad, "v21.0")] {
        assert_eq!(answer.header("facebook-api-version"), version);
        assert_eq!(answer.header("content-type"), "application/json; charset=UTF-8");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("x-app-usage").contains("call_count"));
        assert!(answer.header("x-business-use-case-usage").contains(sandbox.env("IG_ID")));
        assert!(answer.header("cache-control").contains("no-store"));
        assert_eq!(answer.header("x-fb-trace-id").len(), 23);
    }
    assert_eq!(bad.json()["error"]["fbtrace_id"], bad.header("x-fb-trace-id"));
    assert_eq!(good.header("www-authenticate"), "");
    assert!(bad.header("www-authenticate").starts_with("OAuth \"Facebook Platform\" \"invalid_request\""));
    let no_token = sandbox.get("/me").send().await;
    assert!(no_token.header("www-authenticate").contains("invalid_token"));
    assert_ne!(good.header("x-fb-trace-id"), bad.header("x-fb-trace-id"));
}

/// Which variant answers where no host is named: the token's, else the path's.
#[tokio::test]
async fn the_variant_follows_from_host_token_and_path() {
    let sandbox = Sandbox::start().await;
    let kind = |answer: &testkit::Answer| answer.json()["error"]["type"].as_str().unwrap().to_owned();
    assert_eq!(kind(&sandbox.get("/me").send().await), "IGApiException");
    assert_eq!(sandbox.get("/me").host("graph.facebook.com").send().await.error(), (400, 2500, 0));
    let page = format!("/{}", sandbox.env("PAGE_ID"));
    assert_eq!(sandbox.get(&page).send().await.error(), (400, 104, 0));
    assert_eq!(
        kind(&sandbox.get("/123").token(sandbox.env("PAGE_ACCESS_TOKEN")).send().await),
        "GraphMethodException"
    );
    assert_eq!(
        kind(&sandbox.get("/123").token(sandbox.env("IG_ACCESS_TOKEN")).send().await),
        "IGApiException"
    );
}

#[tokio::test]
async fn broken_input_is_a_clean_error() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let path = "/v25.0/me/messages";
    for (content_type, body) in [
        ("application/json", "{"),
        ("application/json", "[1,2]"),
        ("application/json", "\"text\""),
        ("application/json; charset=utf-8", "{\"recipient\": {\"id\": \"1\"}, }"),
        ("multipart/form-data", "no boundary"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n{",
        ),
        ("application/x-www-form-urlencoded", "message=%00"),
        ("application/octet-stream", "\u{1}\u{2}\u{3}"),
    ] {
        let answer = sandbox.post(path).token(token).body(content_type, body.to_owned()).send().await;
        assert_eq!(answer.error().0, 400, "{content_type} {body}: {}", answer.text());
        assert_eq!(answer.error().1, 100, "{content_type} {body}");
    }
    // A body that cannot be read hides no missing token.
    assert_eq!(sandbox.post(path).body("application/json", "{").send().await.error(), (400, 190, 0));
    // The token of a query is used although the body is broken.
    let query = format!("{path}?access_token={token}");
    assert_eq!(sandbox.post(&query).body("application/json", "{").send().await.error(), (400, 100, 0));
    let huge = format!("{{\"message\":\"{}\"}}", "x".repeat(5 << 20));
    let too_large = sandbox.post(path).token(token).body("application/json", huge).send().await;
    assert_eq!(too_large.error(), (413, 100, 0));
    assert_eq!(too_large.header("facebook-api-version"), "v26.0");
    let log = sandbox.get("/sim/requests?status=413").ok().await.json();
    assert_eq!(log["requests"][0]["trace_id"], too_large.json()["error"]["fbtrace_id"]);
    // Before the token is known, nothing may cost much.
    let pairs = "a=1&".repeat(20_000);
    assert_eq!(sandbox.post(path).form(&pairs).send().await.error(), (400, 190, 0));
    assert!(
        sandbox.post(path).token(token).form(&pairs).send().await.message().contains("too many parameters")
    );
}

/// Empty parameters, which some clients send, are as good as absent.
#[tokio::test]
async fn empty_parameters_hide_nothing() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    sandbox.get("/me?access_token=&summary=").token(token).ok().await;
    let path = "/me/messages?method=&access_token=";
    let body = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": "hi"}});
    sandbox.post(path).token(token).json(&body).ok().await;
}

#[tokio::test]
async fn a_browser_may_ask_first() {
    let sandbox = Sandbox::start().await;
    let answer =
        sandbox.call("OPTIONS", "/v25.0/me/messages").header("origin", "http://localhost:3000").ok().await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("access-control-allow-methods").contains("POST"));
    assert!(answer.header("access-control-allow-headers").contains("Authorization"));
    assert!(answer.body.is_empty());
}

/// The error is the real one; a word says that it is Posthaste that lacks the edge.
#[tokio::test]
async fn what_is_not_served_is_told_apart_from_what_does_not_exist() {
    let sandbox = Sandbox::start().await;
    let hint = |answer: testkit::Answer| {
        let text = answer.json()["error"]["error_user_msg"].as_str().unwrap_or_default().to_owned();
        text.contains("Posthaste does not serve this yet")
    };
    let token = sandbox.env("IG_ACCESS_TOKEN");
    for path in ["/v25.0/me/moderate_conversations"] {
        assert!(hint(sandbox.get(path).token(token).send().await), "{path}");
    }
    for path in ["/me/shoes", "/me?fields=shoes", "/somebody", "/123"] {
        assert!(!hint(sandbox.get(path).token(token).send().await), "{path}");
    }
}

/// A state that the caller has already is not sent again.
#[tokio::test]
async fn reads_have_a_tag() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let path = "/me?fields=followers_count";
    let first = sandbox.get(path).token(token).ok().await;
    let tag = first.header("etag").to_owned();
    assert!(tag.len() == 42 && tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let again = sandbox.get(path).token(token).header("if-none-match", &known).send().await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), tag);
    }
    let body = json!({"to": "posthaste.shop"});
    sandbox.sim("people/ana.customer/follow", body).await;
    let changed = sandbox.get(path).token(token).header("if-none-match", &tag).ok().await;
    assert_ne!(changed.header("etag"), tag);
    // What changes something has none, and neither has an error.
    let sent = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": "hi"}});
    let sent = sandbox.post("/me/messages").token(token).header("if-none-match", "*").json(&sent).ok().await;
    assert_eq!(sent.header("etag"), "");
    let wrong = sandbox.get("/me/shoes").token(token).header("if-none-match", "*").send().await;
    assert_eq!((wrong.status, wrong.header("etag")), (400, ""));
}

/// The head tells what the body would be.
#[tokio::test]
async fn a_head_has_the_length_and_the_tag_of_the_body() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let get = sandbox.get("/me").token(token).ok().await;
    let head = sandbox.call("HEAD", "/me").token(token).ok().await;
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_eq!(head.header("etag"), get.header("etag"));
    let wrong = sandbox.call("HEAD", "/me/shoes").token(token).send().await;
    assert_eq!((wrong.status, wrong.body.len()), (400, 0));
}

#[tokio::test]
async fn a_browser_may_send_the_headers_that_it_names() {
    let sandbox = Sandbox::start().await;
    let asked =
        sandbox.call("OPTIONS", "/me").header("access-control-request-headers", "x-a, x-b").ok().await;
    assert_eq!(asked.header("access-control-allow-headers"), "x-a, x-b");
    assert_eq!(asked.header("access-control-max-age"), "86400");
}

/// Programs look at code and subcode: the words are those of a language that is set, or asked for.
#[tokio::test]
async fn errors_are_told_in_the_language_that_is_set_or_asked_for() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("PAGE_ACCESS_TOKEN");
    let told = async |query: &str| {
        let body = json!({"recipient": {"id": "8198"}, "message": {"text": "hi"}});
        let answer = sandbox.post(&format!("/me/messages{query}")).token(token).json(&body).send().await;
        assert_eq!(answer.error(), (400, 100, 2_534_014));
        answer.message()
    };
    let (english, portuguese) =
        ("(#100) No matching Instagram user", "(#100) O usuário solicitado não foi encontrado.");
    assert_eq!(told("").await, english);
    assert_eq!(told("?locale=pt_BR").await, portuguese);
    let set = json!({"locale": "pt_BR"});
    let settings = sandbox.call("PATCH", "/sim/settings").json(&set).ok().await.json();
    assert_eq!(settings["locale"], "pt_BR");
    assert_eq!(told("").await, portuguese);
    assert_eq!(told("?locale=en_US").await, english);
    // A fault tells the errors of the table in the same way, and one's own as they are.
    sandbox.sim("faults", json!({"on": "GET /*", "error": "WindowClosed", "times": 1})).await;
    let struck = sandbox.get("/me").token(token).send().await;
    assert_eq!(struck.message(), "(#10) Esta mensagem foi enviada fora da janela permitida.");
    let wrong = sandbox.call("PATCH", "/sim/settings").json(&json!({"locale": "tlh"})).send().await;
    assert_eq!((wrong.status, &wrong.json()["error"]["parameter"]), (400, &json!("locale")));
    sandbox.post("/sim/reset").json(&json!({})).ok().await;
    assert_eq!(told("").await, english);
}

/// Wherever fields are chosen, what does not exist is refused by name, also in lists without an entry.
#[tokio::test]
async fn fields_that_do_not_exist_are_refused_everywhere() {
    let sandbox = Sandbox::start().await;
    let (token, user, page, app) = (
        sandbox.env("IG_ACCESS_TOKEN"),
        sandbox.env("USER_ACCESS_TOKEN"),
        sandbox.env("PAGE_ACCESS_TOKEN"),
        sandbox.env("APP_ACCESS_TOKEN"),
    );
    let conversation =
        sandbox.get("/me/conversations").token(token).ok().await.json()["data"][0]["id"].clone();
    let conversation = conversation.as_str().unwrap();
    let messages = sandbox.get(&format!("/{conversation}/messages")).token(token).ok().await.json();
    let mid = messages["data"][0]["id"].as_str().unwrap().to_owned();
    let (app_id, media, igsid) = (sandbox.env("APP_ID"), sandbox.env("IG_MEDIA_ID"), sandbox.env("IGSID"));
    for (path, token, kind) in [
        ("/me?fields=id,shoes".to_owned(), token, "IGUser"),
        ("/me?fields=shoes".to_owned(), page, "Page"),
        ("/me?fields=instagram_business_account{shoes}".to_owned(), page, "IGUser"),
        ("/me?fields=shoes".to_owned(), user, "User"),
        ("/me/accounts?fields=shoes".to_owned(), user, "Page"),
        ("/me/permissions?fields=shoes".to_owned(), user, "Permission"),
        ("/me/adaccounts?fields=shoes".to_owned(), user, "AdAccount"),
        (format!("/{media}?fields=shoes"), token, "IGMedia"),
        (format!("/{igsid}?fields=shoes"), token, "IGBusinessScopedID"),
        ("/me/conversations?fields=shoes".to_owned(), token, "Conversation"),
        ("/me/conversations?fields=participants{shoes}".to_owned(), token, "User"),
        ("/me/conversations?fields=messages{shoes}".to_owned(), token, "Message"),
        ("/me/conversations?fields=messages{from{shoes}}".to_owned(), token, "User"),
        ("/me/conversations?fields=messages{attachments{shoes}}".to_owned(), token, "MessageAttachment"),
        ("/me/conversations?fields=messages{shares{shoes}}".to_owned(), token, "MessageShare"),
        (format!("/{conversation}?fields=shoes"), token, "Conversation"),
        (format!("/{conversation}/messages?fields=shoes"), token, "Message"),
        (format!("/{mid}?fields=to{{shoes}}"), token, "User"),
        ("/me/subscribed_apps?fields=shoes".to_owned(), token, "Application"),
        (format!("/{app_id}/subscriptions?fields=shoes"), app, "Subscription"),
        (format!("/me/thread_owner?recipient={igsid}&fields=shoes"), token, "ThreadOwner"),
    ] {
        let answer = sandbox.get(&path).token(token).send().await;
        assert_eq!(answer.error(), (400, 100, 0), "{path}: {}", answer.text());
        let text = format!("Tried accessing nonexisting field (shoes) on node type ({kind})");
        assert!(answer.message().ends_with(&text), "{path}: {}", answer.message());
    }
    let syntax = sandbox.get("/me?fields=id{").token(token).send().await;
    assert_eq!(syntax.error(), (400, 2500, 0));
    assert_eq!(
        syntax.message(),
        "Syntax error \"Expected \"}\" instead of end of string.\" at character 3: id{"
    );
}

#[tokio::test]
async fn edges_that_can_be_counted_have_a_summary() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("USER_ACCESS_TOKEN");
    let get = async |path: &str| sandbox.get(path).token(token).send().await;
    let account = get("/me/adaccounts?summary=total_count").await.json();
    assert_eq!(account["summary"], json!({"total_count": 1}));
    let account = account["data"][0]["id"].as_str().unwrap().to_owned();
    for (ads, total) in [(0, 0), (3, 3)] {
        for _ in 0..ads {
            sandbox.sim("ads", json!({"account": sandbox.env("PAGE_IG_USERNAME")})).await;
        }
        for edge in ["ads", "adcreatives"] {
            let found = get(&format!("/{account}/{edge}?summary=true&limit=1")).await.json();
            assert_eq!(found["summary"], json!({"total_count": total}), "{edge}");
            assert!(found["data"].as_array().unwrap().len() <= 1);
        }
    }
    assert_eq!(
        get("/me/accounts?summary=total_count&limit=1").await.json()["summary"],
        json!({"total_count": 1})
    );
    assert!(get("/me/accounts").await.json().get("summary").is_none());
    assert!(get("/me/accounts?summary=false").await.json().get("summary").is_none());
    let wrong = get("/me/accounts?summary=shoes").await;
    assert_eq!(wrong.message(), "(#100) Tried accessing nonexisting summary field (shoes)");
}
