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

/// Meta's own snippet loads the SDK with `crossorigin="anonymous"`.
#[tokio::test]
async fn the_sdk_loads_in_a_page_of_another_origin() {
    let sandbox = Sandbox::start().await;
    let script = sandbox.get("/en_US/sdk.js").ok().await;
    assert_eq!(script.header("access-control-allow-origin"), "*");
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
    let picture =
        sandbox.get("/v25.0/me?fields=id,name,email,picture").token(sandbox.env("USER_ACCESS_TOKEN"));
    let url = picture.ok().await.json()["picture"]["data"]["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix("http://127.0.0.1:8430").unwrap();
    assert_eq!(sandbox.get(path).ok().await.header("content-type"), "image/png");
}

/// The page that hands a token to the app's window names only an origin that the dialog has checked.
#[tokio::test]
async fn the_sdks_page_tells_nobody_whom_the_dialog_did_not_check() {
    let sandbox = Sandbox::start().await;
    let evil = "cb=1&origin=https://evil.example";
    let page = sandbox.get(&format!("/x/connect/xd_arbiter?{evil}")).ok().await;
    assert!(page.text().contains("data-origin=\"\""), "{}", page.text());
    let ask = |to: &str| {
        let to = form_urlencoded::byte_serialize(to.as_bytes()).collect::<String>();
        let id = sandbox.env("APP_ID");
        format!("/dialog/oauth?client_id={id}&response_type=token&redirect_uri={to}")
    };
    // Under another name of this machine it is an app's own address: without a signature, so that nobody is told.
    let elsewhere = ask(&format!("http://localhost:8430/x/connect/xd_arbiter?{evil}"));
    let page =
        Browser::new(&sandbox).at("127.0.0.1:8430").log_in(&elsewhere, &Login::allow("Demo Owner")).await;
    assert!(!page.location().unwrap().contains("sig="));
    let right = ask("http://127.0.0.1:8430/x/connect/xd_arbiter?cb=f1&origin=http://localhost:3000");
    let page = Browser::new(&sandbox).at("127.0.0.1:8430").log_in(&right, &Login::allow("Demo Owner")).await;
    let location = page.location().unwrap();
    let path = location.strip_prefix("http://127.0.0.1:8430").unwrap().split('#').next().unwrap();
    let told = sandbox.get(path).ok().await;
    assert!(told.text().contains("data-origin=\"http://localhost:3000\""), "{}", told.text());
}

/// Whoever declines an invitation is out, also if they belong to the business that owns the app.
#[tokio::test]
async fn who_declines_an_invitation_is_out() {
    let sandbox = Sandbox::start().await;
    let (token, name) = (sandbox.env("IG_ACCESS_TOKEN"), sandbox.env("IG_USERNAME"));
    let roles = json!([{"user": name, "role": "instagram_tester", "accepted": false}]);
    patch(
        &sandbox,
        &format!("apps/{}", sandbox.env("APP_ID")),
        json!({"mode": "development", "roles": roles}),
    )
    .await;
    let mut browser = Browser::new(&sandbox);
    let mut form = browser.open("/accounts/manage_access/").await.form("choose").unwrap();
    form.set("user", name);
    let page = browser.press(&form, "choose").await;
    let declines = |form: &&testkit::browser::Form| form.buttons.iter().any(|(_, value)| value == "decline");
    let form = page.forms.iter().find(declines).unwrap();
    browser.press(form, "decline").await;
    let answer = sandbox.get("/v25.0/me").token(token).send().await;
    assert_eq!(answer.json()["error"]["message"], "Unsupported request - method type: get");
}

/// A form acts for whom its page showed, and not for who has signed in since.
#[tokio::test]
async fn a_form_acts_for_whom_its_page_showed() {
    let sandbox = Sandbox::start().await;
    sandbox.sim("users", json!({"name": "Second"})).await;
    let mut browser = Browser::new(&sandbox);
    let sign_in = async |browser: &mut Browser<'_>, name: &str| {
        let page = browser.open("/settings?tab=business_tools").await;
        let mut form = page.form("facebook").unwrap();
        let user = form.option("user", name).unwrap().to_owned();
        form.set("user", &user);
        browser.press(&form, "choose").await
    };
    let shown = sign_in(&mut browser, "Second").await.form("remove").unwrap();
    let page = browser.open("/settings?tab=business_tools").await;
    browser.press(&page.form("sign_out").unwrap(), "sign_out").await;
    sign_in(&mut browser, "Demo Owner").await;
    let page = browser.press(&shown, "remove").await;
    assert_eq!(page.answer.status, 400, "{}", page.text());
    sandbox.get("/v25.0/me").token(sandbox.env("USER_ACCESS_TOKEN")).ok().await;
}

/// What was given before access was removed is gone with it, codes included.
#[tokio::test]
async fn a_code_of_before_access_was_removed_stays_bad() {
    let sandbox = Sandbox::start().await;
    let code = async || {
        let page = Browser::new(&sandbox).log_in(&facebook(&sandbox, ""), &Login::allow("Demo Owner")).await;
        told(&page.location().unwrap(), "code").unwrap()
    };
    let exchange = |code: &str| {
        let (id, secret) = (sandbox.env("APP_ID"), sandbox.env("APP_SECRET"));
        sandbox.get(&format!(
            "/v25.0/oauth/access_token?client_id={id}&client_secret={secret}&redirect_uri={CALLBACK}&code={code}"
        ))
    };
    let early = code().await;
    sandbox.call("DELETE", "/v25.0/me/permissions").token(sandbox.env("USER_ACCESS_TOKEN")).ok().await;
    let late = code().await;
    assert_eq!(exchange(&early).send().await.error(), (400, 100, 36_009));
    exchange(&late).ok().await;
}

/// The app by itself may look after what a user gave it, and sees nothing else of the user.
#[tokio::test]
async fn an_apps_own_token_looks_after_grants() {
    let sandbox = Sandbox::start().await;
    let (app, user) = (sandbox.env("APP_ACCESS_TOKEN"), sandbox.env("USER_ACCESS_TOKEN"));
    let id = sandbox.get("/v25.0/me").token(user).ok().await.json()["id"].as_str().unwrap().to_owned();
    let other = sandbox.sim("apps", json!({"name": "Other"})).await;
    let listed = sandbox.get(&format!("/v25.0/{id}/permissions")).token(app).ok().await.json();
    assert!(!listed["data"].as_array().unwrap().is_empty());
    for hidden in ["accounts", "adaccounts"] {
        let answer = sandbox.get(&format!("/v25.0/{id}/{hidden}")).token(app).send().await;
        assert_eq!(answer.error(), (400, 100, 33), "{hidden}");
    }
    sandbox.call("DELETE", &format!("/v25.0/{id}/permissions/public_profile")).token(app).send().await;
    sandbox.get("/v25.0/me").token(user).ok().await;
    sandbox.call("DELETE", &format!("/v25.0/{id}/permissions")).token(app).ok().await;
    assert_eq!(sandbox.get("/v25.0/me").token(user).send().await.error(), (400, 190, 458));
    let again = sandbox.get(&format!("/v25.0/{id}/permissions")).token(app).send().await;
    assert_eq!(again.error(), (400, 100, 33));
    // Another app's grant is not touched.
    let theirs =
        sandbox.get(&format!("/v25.0/{id}/permissions")).token(other["app_access_token"].as_str().unwrap());
    theirs.ok().await;
}

/// A fault at the exchange of a code has the envelope of that endpoint.
#[tokio::test]
async fn faults_of_the_exchange_are_flat() {
    let sandbox = Sandbox::start().await;
    sandbox.sim("faults", json!({"on": "POST /oauth/access_token", "error": 190, "times": 1})).await;
    let call = || sandbox.post("/oauth/access_token").host("api.instagram.com");
    let answer = call().form("client_id=1").send().await;
    assert_eq!(answer.json()["error_type"], "OAuthException", "{}", answer.text());
    let broken = call().body("application/json", b"{".to_vec()).send().await;
    assert_eq!(broken.json()["error_type"], "OAuthException", "{}", broken.text());
}
