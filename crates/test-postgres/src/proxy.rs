//! A way to the server that can be watched, and cut.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::Schema;

/// What to do to a unit's messages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Makes BEGIN a word that the server does not know.
    SpoilBegin,
    /// Ends the connection when COMMIT comes, which the server never sees.
    BeforeCommit,
    /// Ends the client's connection when COMMIT has come, and lets the server go on: it hears of it only when it is done.
    DuringCommit,
    /// Ends the connection when the server has answered to COMMIT, which the client never sees.
    AfterCommit,
}

/// A listener that hands everything on to the server.
pub struct Proxy {
    /// Its port on 127.0.0.1.
    pub port: u16,
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
    pub async fn start(schema: &Schema, tls: Option<TlsAcceptor>) -> Self {
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

    /// How often a client has sent something after it had received something.
    pub fn turns(&self) -> u32 {
        self.state.turns.load(Ordering::SeqCst)
    }
    /// Does this to the next unit that it can be done to.
    pub fn cut_once(&self, cut: Cut) {
        *self.state.cut.lock().unwrap() = Some(cut);
    }
    /// Whether new connections are closed at once.
    pub fn refuse(&self, refusing: bool) {
        self.state.refusing.store(refusing, Ordering::SeqCst);
    }
    /// How many connections were handed on.
    pub fn accepted(&self) -> u32 {
        *self.state.accepted.borrow()
    }
    /// Waits for one more connection than `before`.
    pub async fn another(&self, before: u32) {
        self.state.accepted.subscribe().wait_for(|count| *count > before).await.unwrap();
    }
}

/// Runs what blocks on another thread: it must not keep the proxy from running.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

async fn hand_on(mut client: TcpStream, state: Arc<State>) {
    let (host, port) = &state.server;
    let server = TcpStream::connect((host.as_str(), *port)).await.unwrap();
    // As without a proxy: nothing waits for more to be sent.
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
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
                    Some(Cut::DuringCommit) | None => {}
                }
                server.write_all(&bytes).await.unwrap();
                if now == Some(Cut::DuringCommit) {
                    drop(client);
                    return finish(server).await;
                }
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

/// Waits until the server is done with what it was sent.
async fn finish(mut server: TcpStream) {
    let mut answered = vec![0; 1 << 16];
    while some(server.read(&mut answered).await, &answered).is_some_and(|bytes| !ends_with_idle(bytes)) {}
}

/// What is to be done now, if these bytes are those that it is to be done to.
fn take_cut(state: &State, bytes: &[u8]) -> Option<Cut> {
    let holds = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    let mut cut = state.cut.lock().unwrap();
    let now = match (*cut)? {
        Cut::SpoilBegin => holds(b"BEGIN "),
        Cut::BeforeCommit | Cut::DuringCommit | Cut::AfterCommit => holds(b"COMMIT\0"),
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
