//! A way to the server that can be watched, and cut.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use storage::{Database, PostgresOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::server::Schema;
use crate::world::{TABLES, World, clock, connect};

/// What to do to a unit's messages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Makes BEGIN a word that the server does not know.
    SpoilBegin,
    /// Ends the connection when COMMIT comes, which the server never sees.
    BeforeCommit,
    /// Ends the connection when the server has answered to COMMIT, which the client never sees.
    AfterCommit,
}

/// A listener that hands everything on to the server.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    state: Arc<State>,
}

struct State {
    server: (String, u16),
    /// How often the client has sent something after it had received something.
    turns: AtomicU32,
    cut: Mutex<Option<Cut>>,
    /// New connections are closed at once.
    refusing: AtomicBool,
    /// The number of connections that were handed on.
    accepted: watch::Sender<u32>,
    /// If there is one, clients must use TLS.
    tls: Option<TlsAcceptor>,
}

impl Proxy {
    /// Starts to listen.
    pub(crate) async fn start(schema: &Schema, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            server: schema.address(),
            turns: AtomicU32::new(0),
            cut: Mutex::new(None),
            refusing: AtomicBool::new(false),
            accepted: watch::Sender::new(0),
            tls,
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !shared.refusing.load(Ordering::SeqCst) {
                    tokio::spawn(hand_on(client, Arc::clone(&shared)));
                }
            }
        });
        Self { port, state }
    }

    pub(crate) fn turns(&self) -> u32 {
        self.state.turns.load(Ordering::SeqCst)
    }
    pub(crate) fn cut_once(&self, cut: Cut) {
        *self.state.cut.lock().unwrap() = Some(cut);
    }
    pub(crate) fn refuse(&self, refusing: bool) {
        self.state.refusing.store(refusing, Ordering::SeqCst);
    }
    /// How many connections were handed on.
    pub(crate) fn accepted(&self) -> u32 {
        *self.state.accepted.borrow()
    }
    /// Waits for one more connection than `before`.
    pub(crate) async fn another(&self, before: u32) {
        self.state.accepted.subscribe().wait_for(|count| *count > before).await.unwrap();
    }
}

/// A database with the tables that is reached through a proxy, by one connection for each kind of unit.
pub(crate) async fn world_behind_proxy(options: PostgresOptions) -> Option<(World, Proxy)> {
    let schema = Schema::new()?;
    let proxy = Proxy::start(&schema, None).await;
    let clock = clock();
    let options = PostgresOptions { connections: 1, readers: 1, ..options };
    let url = schema.url_at("127.0.0.1", proxy.port);
    let (db, clock) = blocking(move || (connect(&url, &clock, options).unwrap(), clock)).await;
    let db = migrated(db).await;
    Some((World { db, clock, folder: None, schema: Some(schema) }, proxy))
}

/// What blocks must not keep the proxy from running.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

async fn migrated(db: Database) -> Database {
    blocking(move || {
        db.migrate(&[TABLES]).unwrap();
        db
    })
    .await
}

async fn hand_on(mut client: TcpStream, state: Arc<State>) {
    let (host, port) = &state.server;
    let server = TcpStream::connect((host.as_str(), *port)).await.unwrap();
    state.accepted.send_modify(|count| *count += 1);
    match &state.tls {
        None => pump(client, server, &state).await,
        Some(tls) => {
            // The client asks whether TLS is spoken here: length 8, and a number.
            let mut request = [0; 8];
            client.read_exact(&mut request).await.unwrap();
            assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47]);
            client.write_all(b"S").await.unwrap();
            // Refused by those who do not trust us.
            if let Ok(client) = tls.accept(client).await {
                pump(client, server, &state).await;
            }
        }
    }
}

async fn pump<C: AsyncReadExt + AsyncWriteExt + Unpin>(mut client: C, mut server: TcpStream, state: &State) {
    let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut clients_turn = true;
    let mut cut = false;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Some(bytes) = some(read, &asked) else { return };
                if std::mem::take(&mut clients_turn) {
                    state.turns.fetch_add(1, Ordering::SeqCst);
                }
                let mut bytes = bytes.to_vec();
                let now = take_cut(state, &bytes);
                match now {
                    Some(Cut::SpoilBegin) => spoil_begin(&mut bytes),
                    Some(Cut::BeforeCommit) => return,
                    Some(Cut::AfterCommit) => cut = true,
                    None => {}
                }
                server.write_all(&bytes).await.unwrap();
            }
            read = server.read(&mut answered) => {
                let Some(bytes) = some(read, &answered) else { return };
                clients_turn = true;
                if !cut {
                    let _ = client.write_all(bytes).await;
                } else if ends_with_idle(bytes) {
                    return;
                }
            }
        }
    }
}

/// What is to be done now, if these bytes are those that it is to be done to.
fn take_cut(state: &State, bytes: &[u8]) -> Option<Cut> {
    let holds = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    let mut cut = state.cut.lock().unwrap();
    let now = match (*cut)? {
        Cut::SpoilBegin => holds(b"BEGIN "),
        Cut::BeforeCommit | Cut::AfterCommit => holds(b"COMMIT\0"),
    };
    if now { cut.take() } else { None }
}

fn spoil_begin(bytes: &mut [u8]) {
    let at = bytes.windows(6).position(|part| part == b"BEGIN ").unwrap();
    bytes[at..at + 5].copy_from_slice(b"BEGUN");
}

/// What was read, or `None` at the end.
fn some(read: std::io::Result<usize>, bytes: &[u8]) -> Option<&[u8]> {
    read.ok().filter(|len| *len > 0).map(|len| &bytes[..len])
}

/// Whether the server is ready for a query, and in no transaction: COMMIT is done.
fn ends_with_idle(bytes: &[u8]) -> bool {
    bytes.ends_with(b"Z\0\0\0\x05I")
}
