//! The load generator: a closed loop. Each connection sends a request, waits for the answer, and sends the next; so a
//! server that stalls is asked less, and the p99 is not corrected for that.

use crate::histogram::Histogram;
use crate::wire;
use bytes::Bytes;
use clock::{Chance, SeededChance};
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio::time::Instant;

/// How long a load goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// So long.
    Time(Duration),
    /// For so many requests, but no longer than half an hour.
    Count(u64),
}

/// What came of a load.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The latencies of the requests that were answered with 200 or 201.
    pub latencies: Histogram,
    /// How long it took.
    pub took: Duration,
    /// How many were answered otherwise or not at all.
    pub failed: u64,
    /// The first of those.
    pub failure: Option<String>,
}

impl Outcome {
    /// Good answers a second.
    pub(crate) fn per_second(&self) -> f64 {
        self.latencies.count() as f64 / self.took.as_secs_f64().max(1e-9)
    }

    /// The outcome, if every request was answered with 200 or 201: a failure is no throughput.
    pub(crate) fn all_good(self) -> Result<Self, String> {
        match self.failed {
            0 if self.latencies.count() > 0 => Ok(self),
            0 => Err("nothing was answered".to_owned()),
            n => Err(format!(
                "{n} requests failed, so there is no verdict: {}",
                self.failure.unwrap_or_default()
            )),
        }
    }
}

struct Shared {
    to: SocketAddr,
    requests: Vec<Bytes>,
    end: Instant,
    left: Cell<u64>,
    outcome: RefCell<Outcome>,
}

/// Sends requests drawn at random from `requests` over `connections` connections. Blocks; one thread.
pub(crate) fn run(
    to: SocketAddr,
    requests: &[Bytes],
    connections: usize,
    until: Until,
) -> Result<Outcome, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| format!("the generator's runtime does not start: {e}"))?;
    let began = Instant::now();
    let (time, count) = match until {
        Until::Time(time) => (time, u64::MAX),
        Until::Count(count) => (Duration::from_secs(1800), count),
    };
    let shared = Rc::new(Shared {
        to,
        requests: requests.to_vec(),
        end: began + time,
        left: Cell::new(count),
        outcome: RefCell::default(),
    });
    let tasks = LocalSet::new();
    for number in 0..connections {
        tasks.spawn_local(connection(Rc::clone(&shared), number as u64));
    }
    runtime.block_on(tasks);
    let mut outcome = shared.outcome.take();
    outcome.took = began.elapsed();
    Ok(outcome)
}

async fn connection(shared: Rc<Shared>, seed: u64) {
    if let Err(why) = requests(&shared, seed).await {
        let mut outcome = shared.outcome.borrow_mut();
        outcome.failed += 1;
        outcome.failure.get_or_insert(why);
    }
}

async fn requests(shared: &Shared, seed: u64) -> Result<(), String> {
    let told = |e: std::io::Error| format!("a connection broke: {e}");
    let mut stream = TcpStream::connect(shared.to).await.map_err(told)?;
    stream.set_nodelay(true).map_err(told)?;
    let chance = SeededChance::new(seed ^ 0x5eed);
    let mut buffer = Vec::with_capacity(64 * 1024);
    loop {
        let began = Instant::now();
        if began >= shared.end || shared.left.get() == 0 {
            return Ok(());
        }
        shared.left.set(shared.left.get() - 1);
        let drawn = chance.number() % shared.requests.len().max(1) as u64;
        stream.write_all(&shared.requests[drawn as usize]).await.map_err(told)?;
        buffer.clear();
        let head = loop {
            if stream.read_buf(&mut buffer).await.map_err(told)? == 0 {
                return Err("the server closed a connection".to_owned());
            }
            if let Some(head) = wire::head(&buffer)?
                && buffer.len() >= head.end
            {
                break head;
            }
        };
        let mut outcome = shared.outcome.borrow_mut();
        if matches!(head.status, 200 | 201) {
            outcome.latencies.record(began.elapsed().as_micros() as u64);
        } else {
            outcome.failed += 1;
            outcome.failure.get_or_insert_with(|| String::from_utf8_lossy(&buffer[..head.end]).into_owned());
        }
    }
}
