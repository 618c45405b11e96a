//! `posthaste gateway`.

use crate::data::DataFolder;
use crate::signals::Signals;
use clap::{Args, ValueEnum};
use clock::{OffsetClock, SystemChance};
use gateway::{Gateway, HumanAgentTag, Parts, Profile, Settings};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use storage::Blobs;
use tokio::net::TcpListener;

/// What the gateway can be told. Flags win over the environment.
#[derive(Args)]
pub(crate) struct Options {
    /// The data folder; made if it is missing. One process at a time.
    #[arg(long, env = "POSTHASTE_DATA", default_value = "posthaste-gateway", value_name = "DIR")]
    data: PathBuf,
    /// Where the data lies: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE. By default a SQLite file in the data
    /// folder. The gateway's key and gateway.env are in the data folder either way.
    #[arg(long, env = "POSTHASTE_DATABASE", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// The address to listen on. Port 0 takes a free one.
    #[arg(long, env = "POSTHASTE_LISTEN", default_value = "127.0.0.1:8431", value_name = "ADDR")]
    listen: SocketAddr,
    /// Where the files of messages are kept: `file:PATH`, a folder; by default `blobs` in the data folder.
    #[arg(long, env = "POSTHASTE_BLOBS", value_name = "file:PATH")]
    blobs: Option<String>,
    /// The address at which Instagram reaches the gateway, for its callback and for files; by default the listener's.
    #[arg(long, env = "POSTHASTE_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// The address of a platform to use in place of the real graph.facebook.com and graph.instagram.com.
    #[arg(long, env = "POSTHASTE_GRAPH_URL", value_name = "URL")]
    graph_url: Option<String>,
    /// Webhooks and media may be at loopback and private addresses, too.
    #[arg(long, env = "POSTHASTE_ALLOW_PRIVATE")]
    allow_private: bool,
    /// Nothing but what Sunshine has: no properties, triggers and events of Posthaste's own.
    #[arg(long, env = "POSTHASTE_STRICT")]
    strict: bool,
    /// What becomes of rich content, unless an integration says otherwise.
    #[arg(long, env = "POSTHASTE_CONTENT_PROFILE", value_enum, default_value = "native")]
    content_profile: ContentProfile,
    /// When replies carry the tag HUMAN_AGENT, unless an integration says otherwise.
    #[arg(long, env = "POSTHASTE_HUMAN_AGENT_TAG", value_enum, default_value = "auto")]
    human_agent_tag: Tag,
    /// What the owner sends from the Instagram app does not become a message.
    #[arg(long, env = "POSTHASTE_IGNORE_ECHOES")]
    ignore_echoes: bool,
    /// A closed window fails as `message_window_expired` rather than `uncategorized_error`.
    #[arg(long, env = "POSTHASTE_WINDOW_EXPIRED_CODE")]
    window_expired_code: bool,
    /// The line under messages of an author of the subtype AI.
    #[arg(long, env = "POSTHASTE_AI_DISCLAIMER", value_name = "TEXT")]
    ai_disclaimer: Option<String>,
    /// A secret that may have signed what Instagram sends, besides those of the integrations. Can be given several times.
    #[arg(
        long,
        env = "POSTHASTE_WEBHOOK_SECRETS",
        value_name = "SECRET",
        value_delimiter = ',',
        hide_env_values = true
    )]
    webhook_secret: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum ContentProfile {
    Native,
    Sunshine,
}

#[derive(Clone, Copy, ValueEnum)]
enum Tag {
    Always,
    Auto,
    Never,
}

impl Options {
    fn settings(&self) -> Settings {
        Settings {
            profile: match self.content_profile {
                ContentProfile::Native => Profile::Native,
                ContentProfile::Sunshine => Profile::Sunshine,
            },
            human_agent_tag: match self.human_agent_tag {
                Tag::Always => HumanAgentTag::Always,
                Tag::Auto => HumanAgentTag::Auto,
                Tag::Never => HumanAgentTag::Never,
            },
            strict: self.strict,
            import_echoes: !self.ignore_echoes,
            window_expired_code: self.window_expired_code,
            ai_disclaimer: self.ai_disclaimer.clone(),
            secrets: self.webhook_secret.clone(),
        }
    }
}

/// Runs until the process is told to stop.
pub(crate) async fn run(options: Options) -> Result<(), String> {
    let signals = Signals::listen().map_err(|e| format!("the process cannot listen for signals: {e}"))?;
    let (folder, database) = DataFolder::open(&options.data, options.database.as_deref())?;
    let chance = Arc::new(SystemChance::default());
    let clock = Arc::new(OffsetClock::default());
    let db = database.open(Arc::clone(&clock) as Arc<dyn clock::Clock>)?;
    let blobs = match &options.blobs {
        Some(location) => Blobs::open(location),
        None => Blobs::folder(&folder.blobs()),
    };
    let blobs = blobs.map_err(|e| format!("the folder of blobs cannot be used: {e}"))?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e}. --listen takes another address", options.listen))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let public_url = options.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let policy = match options.allow_private {
        true => net::AddressPolicy::AllowPrivate,
        false => net::AddressPolicy::Public,
    };
    // Where Instagram is, its operator says; everything else is said by others.
    let (hosts, graph_policy) = match &options.graph_url {
        Some(url) => (graph_client::Hosts::at(url), net::AddressPolicy::AllowPrivate),
        None => (graph_client::Hosts::default(), policy),
    };
    let parts = Parts {
        db: db.clone(),
        blobs,
        clock,
        key: folder.gateway_key(&*chance)?,
        chance,
        client: net::Client::new(policy),
        graph: graph_client::Client::new(net::Client::new(graph_policy), hosts),
        public_url: public_url.trim_end_matches('/').to_owned(),
        settings: options.settings(),
    };
    let gateway = Gateway::start(parts).await.map_err(|e| e.to_string())?;
    let env = env(&gateway, public_url.trim_end_matches('/')).await?;
    let env_file = folder.write_env("gateway.env", &env)?;
    greet(address, &env_file);
    serve(listener, Arc::clone(&gateway), signals).await;
    gateway.stop().await;
    db.close().await.map_err(|e| e.to_string())
}

/// The lines of `gateway.env`.
async fn env(gateway: &Arc<Gateway>, public_url: &str) -> Result<Vec<(&'static str, String)>, String> {
    let first = gateway.bootstrap().await.map_err(|e| e.to_string())?;
    Ok(vec![
        ("POSTHASTE_URL", public_url.to_owned()),
        ("CALLBACK_URL", gateway.callback_url()),
        ("VERIFY_TOKEN", gateway.verify_token()),
        ("SUNCO_ACCOUNT_KEY_ID", first.account_key.id),
        ("SUNCO_ACCOUNT_SECRET", first.account_key.secret),
        ("SUNCO_APP_ID", first.app_id),
        ("SUNCO_KEY_ID", first.app_key.id),
        ("SUNCO_SECRET", first.app_key.secret),
    ])
}

/// What the gateway says when it is ready. A closed stdout is no reason not to run.
fn greet(address: SocketAddr, env_file: &Path) {
    let text = format!(
        "Posthaste gateway on http://{address}\n\nKeys, and the callback for your Meta app: {}     Stop: Ctrl-C\n",
        env_file.display()
    );
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

async fn serve(listener: TcpListener, gateway: Arc<Gateway>, mut signals: Signals) {
    let service = move |request: http::Request<_>, _peer: SocketAddr| {
        let gateway = Arc::clone(&gateway);
        async move { gateway.handle(request).await }
    };
    net::serve(listener, net::Limits::default(), service, async move { signals.next().await }).await;
}
