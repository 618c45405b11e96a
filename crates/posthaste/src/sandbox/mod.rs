//! `posthaste sandbox`.

mod gateway;
mod greeting;

use crate::data::DataFolder;
use crate::signals::Signals;
use clap::Args;
use clock::{MovableClock, OffsetClock, SystemChance};
use platform::{Parts, Platform};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use storage::Blobs;
use tokio::net::TcpListener;

/// What the sandbox can be told. Flags win over the environment.
#[derive(Args)]
pub(crate) struct Options {
    /// The data folder; made if it is missing. One process at a time.
    #[arg(long, env = "POSTHASTE_DATA", default_value = "posthaste-data", value_name = "DIR")]
    data: PathBuf,
    /// Where the world's data lies: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE. By default a SQLite file in
    /// the data folder. The world's key and sandbox.env are in the data folder either way.
    #[arg(long, env = "POSTHASTE_DATABASE", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// The address to listen on. Port 0 takes a free one.
    #[arg(long, env = "POSTHASTE_LISTEN", default_value = "127.0.0.1:8430", value_name = "ADDR")]
    listen: SocketAddr,
    /// Where the files of messages are kept: `file:PATH`, a folder; by default `blobs` in the data folder. Several
    /// sandboxes may share one.
    #[arg(long, env = "POSTHASTE_BLOBS", value_name = "file:PATH")]
    blobs: Option<String>,
    /// The address for links in webhook bodies, such as that of a tunnel; by default the listener's.
    #[arg(long, env = "POSTHASTE_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Makes the demo world anew before starting.
    #[arg(long)]
    reset: bool,
    /// The token that callers of /sim must show. Needed where the listener is not on loopback.
    #[arg(long, env = "POSTHASTE_SIM_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    sim_token: Option<String>,
    /// Limits the rates of calls as Meta does. The sim's settings win over it.
    #[arg(long, env = "POSTHASTE_RATE_LIMITS")]
    rate_limits: bool,
}

/// Runs until the process is told to stop.
pub(crate) async fn run(options: Options) -> Result<(), String> {
    if !options.listen.ip().is_loopback() && options.sim_token.is_none() {
        return Err(format!(
            "{} is not a loopback address: the sim would be open to the network. Give --sim-token, or listen on 127.0.0.1",
            options.listen
        ));
    }
    let signals = Signals::listen().map_err(|e| format!("the process cannot listen for signals: {e}"))?;
    let (folder, database) = DataFolder::open(&options.data, options.database.as_deref())?;
    let chance = Arc::new(SystemChance::default());
    let clock = Arc::new(OffsetClock::default());
    let db = database.open(Arc::clone(&clock) as Arc<dyn clock::Clock>)?;
    let stored = platform::stored_key(&db).await.map_err(|e| e.to_string())?;
    let key = folder.world_key(stored.as_deref(), &*chance)?;
    let gateway_key = folder.gateway_key(&*chance)?;
    let gateway_db = folder.gateway_database().open(Arc::clone(&clock) as Arc<dyn clock::Clock>)?;
    let blobs = match &options.blobs {
        Some(location) => Blobs::open(location),
        None => Blobs::folder(&folder.blobs()),
    };
    let blobs = blobs.map_err(|e| format!("the folder of blobs cannot be used: {e}"))?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e}. --listen takes another address", options.listen))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let public_url = options.public_url.unwrap_or_else(|| format!("http://{address}"));
    let public_url = public_url.trim_end_matches('/').to_owned();
    let making = gateway::Making {
        db: gateway_db.clone(),
        blobs: blobs.within(&gateway::folder_of(&gateway_key)),
        clock: Arc::clone(&clock) as Arc<dyn clock::Clock>,
        chance: Arc::clone(&chance) as Arc<dyn clock::Chance>,
        key: gateway_key,
        address,
        public_url: public_url.clone(),
        sim_token: options.sim_token.clone(),
    };
    let parts = Parts {
        db: db.clone(),
        blobs,
        clock: clock as Arc<dyn MovableClock>,
        chance,
        key,
        client: net::Client::new(net::AddressPolicy::AllowPrivate),
        public_url,
        sandbox: Some(platform::Sandbox { token: options.sim_token, rate_limits: options.rate_limits }),
    };
    let platform = Platform::start(parts).await.map_err(|e| e.to_string())?;
    if options.reset {
        platform.reset().await.map_err(|e| e.to_string())?;
    }
    let (gateway, of_gateway) = gateway::start(making, Arc::clone(&platform), options.reset).await?;
    let mut env = platform.sandbox_env().await.map_err(|e| e.to_string())?;
    env.extend(of_gateway);
    let env_file = folder.write_env("sandbox.env", &env)?;
    greeting::print(address, &env_file);
    serve(listener, Arc::clone(&gateway), signals).await;
    gateway.stop().await;
    platform.stop().await;
    gateway_db.close().await.map_err(|e| e.to_string())?;
    db.close().await.map_err(|e| e.to_string())
}

async fn serve(listener: TcpListener, both: Arc<gateway::Both>, mut signals: Signals) {
    let closing = Arc::clone(&both);
    let begun = Arc::clone(&both);
    let service = move |request: http::Request<_>, _peer: SocketAddr| {
        let both = Arc::clone(&both);
        async move { both.handle(request).await }
    };
    // What was connected before is connected again: the address may be another one now.
    tokio::spawn(async move { begun.resume().await });
    net::serve(listener, net::Limits::default(), service, async move {
        signals.next().await;
        closing.close();
    })
    .await;
}
