//! The gateway inside a sandbox: it has an app of its own on the platform, and speaks to it as to the real Instagram, over
//! loopback. It is connected by its first use, so that whoever does not use it sees none of its traffic.

use bytes::Bytes;
use clock::{Chance, Clock};
use gateway::{Adopted, Gateway, Parts, Settings};
use graph_client::{Access, Client, Hosts};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Method, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use platform::Platform;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use storage::{Blobs, Database};
use tokio::sync::Mutex;

/// The name of the gateway's app on the platform.
const APP: &str = "Posthaste gateway";

/// What the gateway is made of here.
pub(super) struct Making {
    pub(super) db: Database,
    pub(super) blobs: Blobs,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) chance: Arc<dyn Chance>,
    pub(super) key: [u8; 32],
    /// The listener's.
    pub(super) address: SocketAddr,
    pub(super) public_url: String,
    pub(super) sim_token: Option<String>,
}

/// The platform and the gateway behind one listener.
pub(super) struct Both {
    platform: Arc<Platform>,
    gateway: Arc<Gateway>,
    graph: Client,
    base: String,
    sim_token: Option<String>,
    /// The gateway's app on the platform.
    app: Mutex<PlatformApp>,
    is_connected: AtomicBool,
}

/// The gateway's app, as the sim shows it.
#[derive(Clone, Default)]
struct PlatformApp {
    /// Id and secret of each login: Instagram's, Facebook's.
    products: [(String, String); 2],
    accesses: Vec<Access>,
}

/// Where a gateway's files are among those of others that share the place.
pub(super) fn folder_of(key: &[u8; 32]) -> String {
    format!("gateway-{}", gateway::fingerprint(key))
}

/// Starts the gateway, and makes what it needs on the platform. Answers the lines that it adds to `sandbox.env`.
pub(super) async fn start(
    making: Making,
    platform: Arc<Platform>,
    anew: bool,
) -> Result<(Arc<Both>, Vec<(&'static str, String)>), String> {
    // The listener may be on all addresses; one of its own it always is.
    let own = if making.address.ip().is_unspecified() {
        SocketAddr::new(std::net::Ipv4Addr::LOCALHOST.into(), making.address.port())
    } else {
        making.address
    };
    let base = format!("http://{own}");
    let client = net::Client::new(net::AddressPolicy::AllowPrivate);
    let graph = Client::new(client.clone(), Hosts::at(&base));
    let parts = Parts {
        db: making.db,
        blobs: making.blobs,
        clock: making.clock,
        chance: making.chance,
        key: making.key,
        client,
        graph: graph.clone(),
        public_url: making.public_url,
        settings: Settings::default(),
    };
    let gateway = Gateway::start(parts).await.map_err(|e| e.to_string())?;
    let both = Arc::new(Both {
        platform,
        gateway,
        graph,
        base,
        sim_token: making.sim_token,
        app: Mutex::default(),
        is_connected: AtomicBool::new(false),
    });
    if anew {
        both.gateway.reset().await.map_err(|e| e.to_string())?;
    }
    let env = both.provide().await?;
    Ok((both, env))
}

/// The body of an answer of either half.
type Body = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

impl Both {
    /// Answers a request to either half.
    pub(super) async fn handle<B>(self: &Arc<Self>, request: Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: std::fmt::Display,
    {
        if let Some(file) = console::answer(request.method(), request.uri().path(), request.headers()) {
            return file.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync());
        }
        if Gateway::serves(request.uri().path()) {
            if !gateway::is_callback(request.uri().path()) {
                self.connect().await;
            }
            return self.gateway.handle(request).await.map(|body| body.map_err(Into::into).boxed_unsync());
        }
        let path = request.uri().path().trim_end_matches('/').to_owned();
        let is_post = request.method() == Method::POST;
        let answer = self.platform.handle(request).await;
        if is_post && answer.status().is_success() {
            match path.as_str() {
                "/sim/clock" => self.gateway.clock_moved().await,
                "/sim/reset" => self.begin_anew().await,
                _ => {}
            }
        }
        answer.map(|body| body.map_err(Into::into).boxed_unsync())
    }

    /// The gateway's app, keys and integrations: made if they are not there. Answers the lines of `sandbox.env`.
    async fn provide(&self) -> Result<Vec<(&'static str, String)>, String> {
        let mut access = self.platform.app_access(APP).await.map_err(|e| e.to_string())?;
        if access.is_none() {
            let made = json!({ "name": APP, "human_agent": true });
            self.sim(Method::POST, "apps", Some(made)).await?;
            access = self.platform.app_access(APP).await.map_err(|e| e.to_string())?;
        }
        let platform::AppAccess { instagram, facebook, accounts } =
            access.ok_or("the gateway's app is gone from the platform")?;
        let first = self.gateway.bootstrap().await.map_err(|e| e.to_string())?;
        let mut env = vec![
            ("SUNCO_APP_ID", first.app_id.clone()),
            ("SUNCO_KEY_ID", first.app_key.id),
            ("SUNCO_SECRET", first.app_key.secret),
            ("SUNCO_ACCOUNT_KEY_ID", first.account_key.id),
            ("SUNCO_ACCOUNT_SECRET", first.account_key.secret),
        ];
        let mut made = PlatformApp { products: [instagram.clone(), facebook.clone()], accesses: Vec::new() };
        for account in accounts {
            let (name, login, product) = match account.host {
                graph_api::Host::Facebook => ("SUNCO_INTEGRATION_ID", "page", &facebook),
                graph_api::Host::Instagram => ("SUNCO_IG_LOGIN_INTEGRATION_ID", "instagram", &instagram),
            };
            let access = Access { host: account.host, token: account.token, app_secret: product.1.clone() };
            let adopted = Adopted {
                name: login.to_owned(),
                app_id: first.app_id.clone(),
                meta_app_id: product.0.clone(),
                access: access.clone(),
                business_id: account.id,
                username: account.username,
                display_name: account.name,
                page_id: account.page_id,
            };
            env.push((name, self.gateway.adopt(adopted).await.map_err(|e| e.to_string())?));
            made.accesses.push(access);
        }
        *self.app.lock().await = made;
        Ok(env)
    }

    /// Has Instagram tell the gateway of its accounts, from the first use on. What fails is tried again at the next one.
    async fn connect(&self) {
        if self.is_connected.load(Ordering::Acquire) {
            return;
        }
        let app = self.app.lock().await;
        if self.is_connected.load(Ordering::Acquire) {
            return;
        }
        let (callback, word) = (format!("{}{}", self.base, gateway::CALLBACK), self.gateway.verify_token());
        let [_, (id, secret)] = &app.products;
        let token = format!("{id}|{secret}");
        for (product, _) in &app.products {
            if let Err(error) = self.graph.set_callback(product, &token, &callback, &word).await {
                tracing::error!(%error, "the gateway's callback cannot be set on the platform");
                return;
            }
        }
        for access in &app.accesses {
            if let Err(error) = self.graph.subscribe(access).await {
                tracing::error!(%error, "the gateway's account cannot be subscribed on the platform");
                return;
            }
        }
        let noted = match self.gateway.noted("connected").await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => match self.gateway.look_after().await {
                Ok(()) => self.gateway.note("connected", "1").await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        if let Err(error) = noted {
            tracing::error!(%error, "that the gateway is connected cannot be written");
            return;
        }
        self.is_connected.store(true, Ordering::Release);
    }

    /// Connects again what was connected before the process ended.
    pub(super) async fn resume(&self) {
        if self.gateway.noted("connected").await.ok().flatten().is_some() {
            self.connect().await;
        }
    }

    /// After the platform's reset: the gateway is as at its first start, with the same ids and keys.
    async fn begin_anew(&self) {
        self.is_connected.store(false, Ordering::Release);
        if let Err(error) = self.gateway.reset().await {
            tracing::error!(%error, "the gateway cannot be reset");
        }
        if let Err(error) = self.provide().await {
            tracing::error!(error, "the gateway's app cannot be made anew");
        }
    }

    async fn sim(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, String> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/sim/{path}"))
            .header(HOST, "127.0.0.1")
            .header(CONTENT_TYPE, "application/json");
        if let Some(token) = &self.sim_token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|e| e.to_string())?;
        let answer = self.platform.handle(request).await;
        let status = answer.status();
        let bytes = answer.into_body().collect().await.map_err(|e| e.to_string())?.to_bytes();
        match status.is_success() {
            true => serde_json::from_slice(&bytes).map_err(|e| format!("/sim/{path}: {e}")),
            false => Err(format!("/sim/{path}: {status}: {}", String::from_utf8_lossy(&bytes))),
        }
    }

    /// Ends the waiting of those who wait on events.
    pub(super) fn close(&self) {
        self.platform.close();
    }

    /// Finishes what is in flight.
    pub(super) async fn stop(&self) {
        self.gateway.stop().await;
    }
}
