//! An endpoint's server: records what it is sent, and answers by a script.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;

/// Longer than anything here takes, unless it hangs.
pub(crate) const LONG: Duration = Duration::from_secs(30);

/// Waits for what must happen.
pub(crate) async fn soon<F: Future>(event: F) -> F::Output {
    tokio::time::timeout(LONG, event).await.expect("it happens in time")
}

/// What the script says to a request.
pub(crate) enum Answer {
    Status(u16),
    /// 200, once the test has opened the gate for it.
    Gate,
    Hang,
}

/// A request, as [`crate::world::Endpoint`] makes them: `lane:number` of each event.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) headers: HeaderMap,
    pub(crate) events: Vec<(i64, i64)>,
}

type Script = Box<dyn FnMut(&Seen) -> Answer + Send>;

struct State {
    script: Mutex<Script>,
    gate: Semaphore,
    seen: mpsc::UnboundedSender<Seen>,
    peers: Mutex<HashSet<SocketAddr>>,
    in_flight: Mutex<InFlight>,
}

#[derive(Default)]
struct InFlight {
    now: usize,
    most: usize,
    by_lane: HashMap<i64, usize>,
    most_of_a_lane: usize,
}

pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
    seen: mpsc::UnboundedReceiver<Seen>,
    accepting: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Receiver {
    /// Answers 200 to everything.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (sender, seen) = mpsc::unbounded_channel();
        let state = Arc::new(State {
            script: Mutex::new(Box::new(|_| Answer::Status(200))),
            gate: Semaphore::new(0),
            seen: sender,
            peers: Mutex::default(),
            in_flight: Mutex::default(),
        });
        let address = listener.local_addr().unwrap();
        let service_state = Arc::clone(&state);
        let service = move |request, peer| answer(request, peer, Arc::clone(&service_state));
        let limits = net::Limits::default();
        let accepting = tokio::spawn(net::serve(listener, limits, service, std::future::pending()));
        Self { address, state, seen, accepting }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Answers by `script` from now on.
    pub(crate) fn answer(&self, script: impl FnMut(&Seen) -> Answer + Send + 'static) {
        *self.state.script.lock().unwrap() = Box::new(script);
    }
    pub(crate) fn answer_all(&self, status: u16) {
        self.answer(move |_| Answer::Status(status));
    }

    /// Lets `count` requests through that wait at the gate, or will.
    pub(crate) fn open_gate(&self, count: usize) {
        self.state.gate.add_permits(count);
    }

    /// The next request that was not looked at yet.
    pub(crate) async fn next(&mut self) -> Seen {
        soon(self.seen.recv()).await.unwrap()
    }
    /// The `lane:number` of all events of the next `count` requests.
    pub(crate) async fn next_events(&mut self, count: usize) -> Vec<(i64, i64)> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.extend(self.next().await.events);
        }
        events
    }
    /// All events of requests that have come and were not looked at yet.
    pub(crate) fn rest(&mut self) -> Vec<(i64, i64)> {
        std::iter::from_fn(|| self.seen.try_recv().ok()).flat_map(|seen| seen.events).collect()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.peers.lock().unwrap().len()
    }
    /// Waits until no request is in flight: all are answered, or their sender has hung up.
    pub(crate) async fn at_rest(&self) {
        let at_rest = async {
            while self.state.in_flight.lock().unwrap().now > 0 {
                tokio::task::yield_now().await;
            }
        };
        soon(at_rest).await;
    }
    /// The most requests that were in flight at a time: of all lanes, and of one.
    pub(crate) fn most_in_flight(&self) -> (usize, usize) {
        let in_flight = self.state.in_flight.lock().unwrap();
        (in_flight.most, in_flight.most_of_a_lane)
    }
}

async fn answer(request: Request<Incoming>, peer: SocketAddr, state: Arc<State>) -> Response<Full<Bytes>> {
    state.peers.lock().unwrap().insert(peer);
    let (head, body) = request.into_parts();
    let body = net::read_body(body, 1 << 20, LONG).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let events: Vec<(i64, i64)> = text
        .split(',')
        .map(|event| event.split_once(':').unwrap())
        .map(|(lane, number)| (lane.parse().unwrap(), number.parse().unwrap()))
        .collect();
    let seen = Seen { headers: head.headers, events };
    let _here = Here::enter(&state, &seen);
    let answer = (state.script.lock().unwrap())(&seen);
    let _ = state.seen.send(seen.clone());
    // Others get a chance to be in flight at the same time.
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    let status = match answer {
        Answer::Status(status) => status,
        Answer::Gate => {
            state.gate.acquire().await.unwrap().forget();
            200
        }
        Answer::Hang => std::future::pending().await,
    };
    Response::builder().status(status).body(Full::new(Bytes::from("EVENT_RECEIVED"))).unwrap()
}

/// A request in flight, counted.
struct Here {
    state: Arc<State>,
    lanes: Vec<i64>,
}

impl Here {
    fn enter(state: &Arc<State>, seen: &Seen) -> Self {
        let mut lanes: Vec<i64> = seen.events.iter().map(|(lane, _)| *lane).collect();
        lanes.dedup();
        let mut in_flight = state.in_flight.lock().unwrap();
        in_flight.now += 1;
        in_flight.most = in_flight.most.max(in_flight.now);
        for lane in &lanes {
            let of_lane = in_flight.by_lane.entry(*lane).or_default();
            *of_lane += 1;
            let of_lane = *of_lane;
            in_flight.most_of_a_lane = in_flight.most_of_a_lane.max(of_lane);
        }
        Self { state: Arc::clone(state), lanes }
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        let mut in_flight = self.state.in_flight.lock().unwrap();
        in_flight.now -= 1;
        for lane in &self.lanes {
            *in_flight.by_lane.entry(*lane).or_default() -= 1;
        }
    }
}
