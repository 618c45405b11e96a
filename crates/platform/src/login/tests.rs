//! The pages of the logins, as a browser meets them. What is given and remembered has its scenarios.

use http::StatusCode;
use serde_json::json;
use testkit::Sandbox;
use testkit::browser::{Browser, Login, told};

const CALLBACK: &str = "http://127.0.0.1:9/cb";

fn instagram(sandbox: &Sandbox, more: &str) -> String {
    let id = sandbox.env("INSTAGRAM_APP_ID");
    format!("/oauth/authorize?client_id={id}&redirect_uri={CALLBACK}{more}")
}

fn facebook(sandbox: &Sandbox, more: &str) -> String {
    format!("/v25.0/dialog/oauth?client_id={}&redirect_uri={CALLBACK}{more}", sandbox.env("APP_ID"))
}

async fn patch(sandbox: &Sandbox, path: &str, body: serde_json::Value) {
    sandbox.call("PATCH", &format!("/sim/{path}")).json(&body).ok().await;
}

/// Where nobody can be trusted with an answer, the page says what is wrong.
#[tokio::test]
async fn a_wrong_request_is_told_on_the_page() {
    let sandbox = Sandbox::start().await;
    let (app, product) = (sandbox.env("APP_ID"), sandbox.env("INSTAGRAM_APP_ID"));
    for (path, status, says) in [
        ("/oauth/authorize".to_owned(), 400, "Invalid platform app"),
        (format!("/oauth/authorize?client_id={app}&redirect_uri={CALLBACK}"), 400, "Invalid platform app"),
        (format!("/oauth/authorize?client_id={product}"), 400, "Invalid redirect_uri"),
        (
            format!("/oauth/authorize?client_id={product}&redirect_uri=https://app.example/cb"),
            400,
            "Invalid redirect_uri",
        ),
        (instagram(&sandbox, "&scope=instagram_basic"), 400, "Invalid scope: [\"instagram_basic\"]"),
        (instagram(&sandbox, "&response_type=token"), 400, "Invalid response_type: token"),
        (format!("/dialog/oauth?client_id={product}&redirect_uri={CALLBACK}"), 400, "Invalid App ID"),
        (format!("/dialog/oauth?client_id={app}&redirect_uri=https://app.example/cb"), 400, "URL blocked"),
    ] {
        let answer = sandbox.get(&path).host("www.facebook.com").send().await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().replace("&quot;", "\"").contains(says), "{path}: {}", answer.text());
        assert_eq!(answer.header("location"), "", "{path}");
    }
    // A registered address is taken, and no other.
    patch(&sandbox, &format!("apps/{app}"), json!({"redirect_uris": ["https://app.example/cb"]})).await;
    let path = format!("/dialog/oauth?client_id={app}&redirect_uri=https://app.example/cb&state=s");
    let page = Browser::new(&sandbox).log_in(&path, &Login::allow("Demo Owner")).await;
    assert!(page.location().unwrap().starts_with("https://app.example/cb?code=AQ"));
}

#[tokio::test]
async fn a_form_of_another_site_or_browser_is_refused() {
    let sandbox = Sandbox::start().await;
    let path = facebook(&sandbox, "");
    let mut browser = Browser::new(&sandbox);
    let form = browser.open(&path).await.form("choose").unwrap();
    let sent = form.encode(Some(("answer", "choose")));
    // Without the cookie.
    assert_eq!(sandbox.post(&form.action).form(&sent).send().await.status, 403);
    // With another browser's.
    let mut other = Browser::new(&sandbox);
    other.open(&path).await;
    assert_eq!(other.press(&form, "choose").await.answer.status, 403);
    // From another site.
    let from = |origin: &str| sandbox.post(&form.action).form(&sent).header("origin", origin);
    assert_eq!(from("https://evil.example").send().await.status, 403);
    // Through a name that somebody else's DNS leads here.
    assert_eq!(sandbox.get(&path).host("evil.example").send().await.status, 403);
    // Its own browser goes on.
    let page = browser.press(&form, "choose").await;
    assert!(page.form("decide").is_some());
}

#[tokio::test]
async fn pages_have_strict_headers_and_run_nothing() {
    let sandbox = Sandbox::start().await;
    for path in [facebook(&sandbox, ""), instagram(&sandbox, ""), "/settings?tab=business_tools".to_owned()] {
        let answer = sandbox.get(&path).send().await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("script-src"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.header("set-cookie").contains("HttpOnly"), "{path}");
        assert!(!answer.text().contains("<script"), "{path}");
        let head = sandbox.call("HEAD", &path).send().await;
        assert_eq!((head.status, head.text().len()), (200, 0), "{path}");
    }
    let name = "<b>\"Best\"</b>";
    patch(&sandbox, &format!("apps/{}", sandbox.env("APP_ID")), json!({"name": name})).await;
    let answer = sandbox.get(&facebook(&sandbox, "")).send().await;
    assert!(answer.text().contains("&lt;b&gt;&quot;Best&quot;&lt;/b&gt;") && !answer.text().contains("<b>"));
}

/// `response_type=token` answers behind the `#`; with a code, both; what is unknown among scopes is ignored.
#[tokio::test]
async fn facebook_answers_in_the_form_that_was_asked_for() {
    let sandbox = Sandbox::start().await;
    let owner = Login::allow("Demo Owner");
    let path =
        facebook(&sandbox, "&response_type=token,granted_scopes&scope=pages_show_list,nonsense&state=a%26b");
    let page = Browser::new(&sandbox).log_in(&path, &owner).await;
    let location = page.location().unwrap();
    let (_, fragment) = location.split_once('#').unwrap();
    assert!(fragment.contains("access_token=EAA"), "{location}");
    assert_eq!(told(&location, "expires_in").as_deref(), Some("3600"));
    assert_eq!(told(&location, "state").as_deref(), Some("a&b"));
    assert!(told(&location, "granted_scopes").unwrap().contains("pages_show_list"));
    let token = told(&location, "access_token").unwrap();
    sandbox.get("/v25.0/me").token(&token).ok().await;
    let denied =
        Browser::new(&sandbox).log_in(&facebook(&sandbox, "&state=s"), &Login::deny("Demo Owner")).await;
    let location = denied.location().unwrap();
    for (name, value) in
        [("error", "access_denied"), ("error_code", "200"), ("error_reason", "user_denied"), ("state", "s")]
    {
        assert_eq!(told(&location, name).as_deref(), Some(value), "{location}");
    }
}

/// An app asks again for what was refused only if it says so.
#[tokio::test]
async fn what_was_refused_is_asked_again_on_request() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("USER_ACCESS_TOKEN");
    sandbox.call("DELETE", "/v25.0/me/permissions/pages_messaging").token(token).ok().await;
    let offers = async |more: &str| {
        let mut browser = Browser::new(&sandbox);
        let page = browser.open(&facebook(&sandbox, &format!("&scope=pages_messaging{more}"))).await;
        let mut form = page.form("choose").unwrap();
        let user = form.option("user", "Demo Owner").unwrap().to_owned();
        form.set("user", &user);
        browser.press(&form, "choose").await.form("decide").unwrap().untick("pages_messaging")
    };
    assert!(!offers("").await);
    assert!(offers("&auth_type=rerequest").await);
}

#[tokio::test]
async fn who_has_no_role_cannot_log_in_to_an_app_in_development() {
    let sandbox = Sandbox::start().await;
    sandbox.sim("people", json!({"username": "stranger"})).await;
    let user = sandbox.sim("users", json!({"name": "Somebody"})).await["id"].clone();
    // Whoever the sim makes belongs to the business; an invitation that is not accepted says otherwise.
    let settings =
        json!({"mode": "development", "roles": [{"user": user, "role": "tester", "accepted": false}]});
    patch(&sandbox, &format!("apps/{}", sandbox.env("APP_ID")), settings).await;
    let page = Browser::new(&sandbox).log_in(&instagram(&sandbox, ""), &Login::allow("stranger")).await;
    assert_eq!(page.answer.status, 403);
    assert!(page.text().contains("Insufficient Developer Role"));
    let page = Browser::new(&sandbox).log_in(&facebook(&sandbox, ""), &Login::allow("Somebody")).await;
    assert_eq!(page.answer.status, 403);
    assert!(page.text().contains("is in development mode"), "{}", page.text());
}

/// A personal account becomes professional on the way.
#[tokio::test]
async fn a_personal_account_is_converted_on_the_way() {
    let sandbox = Sandbox::start().await;
    sandbox.sim("people", json!({"username": "maker"})).await;
    let login = Login { kind: "creator".to_owned(), ..Login::allow("maker") };
    let path = instagram(&sandbox, "&scope=instagram_business_basic");
    let page = Browser::new(&sandbox).log_in(&path, &login).await;
    let code = told(&page.location().unwrap(), "code").unwrap();
    let form = format!(
        "client_id={}&client_secret={}&grant_type=authorization_code&redirect_uri={CALLBACK}&code={code}",
        sandbox.env("INSTAGRAM_APP_ID"),
        sandbox.env("INSTAGRAM_APP_SECRET")
    );
    let exchange = || sandbox.post("/oauth/access_token").host("api.instagram.com").form(&form).send();
    // A code is good once, however fast one is.
    let (one, two) = tokio::join!(exchange(), exchange());
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    let token = [one, two].into_iter().find(|answer| answer.status == 200).unwrap().json();
    let token = token["access_token"].as_str().unwrap();
    let me = sandbox.get("/v25.0/me?fields=username,account_type").token(token).ok().await.json();
    assert_eq!((&me["username"], &me["account_type"]), (&json!("maker"), &json!("MEDIA_CREATOR")));
}

/// The SDK asks who is signed in; only pages of the app's are told.
#[tokio::test]
async fn the_sdk_is_told_who_is_signed_in() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.env("APP_ID");
    let mut browser = Browser::new(&sandbox);
    let path = format!("/x/oauth/status?client_id={id}");
    let status = |cookie: String, origin: &str| {
        sandbox.get(&path).header("origin", origin).header("cookie", &cookie).send()
    };
    let nobody = status(String::new(), "http://localhost:3000").await;
    assert_eq!(nobody.json(), json!({"status": "unknown", "authResponse": null}));
    assert_eq!(nobody.header("access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(nobody.header("access-control-allow-credentials"), "true");
    browser.log_in(&facebook(&sandbox, ""), &Login::allow("Demo Owner")).await;
    let known = status(browser.cookie(), "http://localhost:3000").await.json();
    assert_eq!(known["status"], "connected");
    let token = known["authResponse"]["accessToken"].as_str().unwrap();
    let me = sandbox.get("/v25.0/me").token(token).ok().await.json();
    assert_eq!(me["id"], known["authResponse"]["userID"]);
    // The same token again, not a new one each time.
    assert_eq!(status(browser.cookie(), "http://localhost:3000").await.json(), known);
    assert_eq!(status(browser.cookie(), "https://evil.example").await.status, 403);
    sandbox.call("DELETE", "/v25.0/me/permissions").token(token).ok().await;
    let gone = status(browser.cookie(), "http://localhost:3000").await.json();
    assert_eq!(gone, json!({"status": "not_authorized", "authResponse": null}));
}

/// A sandbox that is open to the network asks a browser for its token before anything else.
#[tokio::test]
async fn a_locked_sandbox_asks_for_its_token() {
    let sandbox = Sandbox::start_locked("open sesame").await;
    let id = sandbox.env("APP_ID").to_owned();
    let path = format!("/dialog/oauth?client_id={id}&redirect_uri={CALLBACK}");
    let mut browser = Browser::new(&sandbox).at("sandbox.example:8430");
    let page = browser.open(&path).await;
    assert!(page.form("choose").is_none());
    let mut form = page.form("unlock").unwrap();
    form.set("token", "guess");
    assert_eq!(browser.press(&form, "unlock").await.answer.status, StatusCode::FORBIDDEN.as_u16());
    form.set("token", "open sesame");
    let page = browser.press(&form, "unlock").await;
    assert!(page.form("choose").is_some(), "{}", page.text());
}
