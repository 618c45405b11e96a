//! The client against the platform, over loopback, in both variants.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the verdict")]

use graph_api::Host;
use graph_client::{Access, Client, Hosts, Kind};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use testkit::Sandbox;
use tokio::net::TcpListener;

/// A platform that listens.
struct World {
    sandbox: Sandbox,
    client: Client,
    _ends: tokio::sync::oneshot::Sender<()>,
}

impl World {
    async fn start() -> Self {
        let sandbox = Sandbox::start().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (sender, ended) = tokio::sync::oneshot::channel::<()>();
        let platform = Arc::clone(&sandbox.platform);
        let service = move |request: http::Request<_>, _: SocketAddr| {
            let platform = Arc::clone(&platform);
            async move { platform.handle(request).await }
        };
        tokio::spawn(net::serve(listener, net::Limits::default(), service, async move {
            let _ = ended.await;
        }));
        let client = Client::new(net::Client::new(net::AddressPolicy::AllowPrivate), Hosts::at(&base));
        Self { sandbox, client, _ends: sender }
    }

    fn access(&self, host: Host) -> Access {
        let (token, secret) = match host {
            Host::Instagram => ("IG_ACCESS_TOKEN", "INSTAGRAM_APP_SECRET"),
            Host::Facebook => ("PAGE_ACCESS_TOKEN", "APP_SECRET"),
        };
        Access {
            host,
            token: self.sandbox.env(token).to_owned(),
            app_secret: self.sandbox.env(secret).to_owned(),
        }
    }

    fn account(&self, host: Host) -> (&str, &str) {
        match host {
            Host::Instagram => (self.sandbox.env("IG_ID"), self.sandbox.env("IGSID")),
            Host::Facebook => (self.sandbox.env("PAGE_IG_ID"), self.sandbox.env("PAGE_IGSID")),
        }
    }
}

#[tokio::test]
async fn an_account_is_known_by_its_token_and_can_be_subscribed() {
    let world = World::start().await;
    for host in [Host::Instagram, Host::Facebook] {
        let access = world.access(host);
        let business = world.client.business(&access).await.unwrap();
        assert_eq!(business.id, world.account(host).0);
        assert_eq!(business.page_id.is_some(), host == Host::Facebook);
        assert!(!business.username.is_empty() && !business.name.is_empty());
        world.client.subscribe(&access).await.unwrap();
        world.client.unsubscribe(&access).await.unwrap();
        let wrong = Access { token: "EAAnone".to_owned(), ..access };
        assert_eq!(world.client.business(&wrong).await.unwrap_err().kind, Kind::Token);
    }
}

#[tokio::test]
async fn what_is_sent_is_found_again_in_the_conversation() {
    let world = World::start().await;
    for host in [Host::Instagram, Host::Facebook] {
        let (access, (account, igsid)) = (world.access(host), world.account(host));
        let text = json!({"recipient": {"id": igsid}, "message": {"text": "Hello"}});
        let mid = world.client.send(&access, &text).await.unwrap().unwrap();
        let newest = world.client.newest_messages(&access, account, igsid).await.unwrap();
        assert_eq!((&newest[0].mid, newest[0].from_account, newest[0].text.as_str()), (&mid, true, "Hello"));
        assert_eq!((newest[1].from_account, newest[1].attachments), (false, 0));
        assert_eq!(newest[0].at, testkit::START);
        let seen = json!({"recipient": {"id": igsid}, "sender_action": "mark_seen"});
        assert_eq!(world.client.send(&access, &seen).await.unwrap(), None);
        let profile = world.client.profile(&access, igsid).await.unwrap();
        assert_eq!(profile["username"], world.sandbox.env("PERSON_USERNAME"));
        assert_eq!(
            world.client.newest_messages(&access, account, "1").await.ok().map(|list| list.len()),
            Some(0)
        );
    }
}

#[tokio::test]
async fn failures_say_what_they_mean() {
    let world = World::start().await;
    let access = world.access(Host::Instagram);
    let igsid = world.account(Host::Instagram).1;
    let text = json!({"recipient": {"id": igsid}, "message": {"text": "Hello"}});
    let fault = |body: serde_json::Value| world.sandbox.sim("faults", body);
    fault(json!({"on": "POST /*/messages", "error": 613, "times": 1})).await;
    assert_eq!(world.client.send(&access, &text).await.unwrap_err().kind, Kind::Limit);
    fault(json!({"on": "POST /*/messages", "error": 2, "times": 1, "apply": "after"})).await;
    assert_eq!(world.client.send(&access, &text).await.unwrap_err().kind, Kind::Unclear);
    let newest =
        world.client.newest_messages(&access, world.account(Host::Instagram).0, igsid).await.unwrap();
    assert_eq!(newest[0].text, "Hello", "it was delivered all the same");
    world.sandbox.advance("25h").await;
    let closed = world.client.send(&access, &text).await.unwrap_err();
    assert_eq!((closed.kind, closed.code), (Kind::Window, 10));
    assert!(closed.underlying()["fbtrace_id"].is_string());
    let nobody = json!({"recipient": {"id": "12"}, "message": {"text": "Hello"}});
    assert_eq!(world.client.send(&access, &nobody).await.unwrap_err().kind, Kind::Person);
    let nowhere =
        Client::new(net::Client::new(net::AddressPolicy::AllowPrivate), Hosts::at("http://127.0.0.1:9"));
    assert_eq!(nowhere.send(&access, &text).await.unwrap_err().kind, Kind::Unsent);
}
