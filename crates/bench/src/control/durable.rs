//! The durable server: a message is in a flushed group commit before it is answered. With a hook it is the whole
//! pipeline: message and event in one commit, the answer, a signed POST, and the event's row deleted later.

use super::store::{self, Job};
use super::{Send, bare, message_id, sender, server};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};

/// POSTs in flight.
const WORKERS: usize = 64;
/// Events that may wait for their POST; beyond that, senders wait.
const UNDELIVERED: usize = 2000;

/// Runs it on a new file at `path`.
pub(crate) async fn run(address: SocketAddr, path: &Path, hook: Option<http::Uri>) -> Result<(), String> {
    let jobs = store::start(path)?;
    let hook = hook.map(|url| Hook::start(&url, &jobs));
    let durable = Arc::new(Durable { jobs, hook });
    server::serve(address, move |request| {
        let durable = Arc::clone(&durable);
        async move {
            match serde_json::from_slice::<Send>(request.body()) {
                Ok(send) => durable.send(send).await.unwrap_or_else(|| (503, "the writer has ended".into())),
                Err(error) => (400, error.to_string().into()),
            }
        }
    })
    .await
}

struct Durable {
    jobs: mpsc::Sender<Job>,
    hook: Option<Hook>,
}

impl Durable {
    /// Stores a message and answers. `None` if the writer has ended.
    async fn send(&self, send: Send) -> Option<server::Answer> {
        let mid = message_id();
        let (done, stored) = oneshot::channel();
        let event = self.hook.as_ref().map(|_| sender::body(&mid));
        if let Some(hook) = &self.hook {
            hook.room.acquire().await.ok()?.forget();
        }
        let recipient = send.recipient.id.parse().unwrap_or_default();
        let job =
            Job::Put { recipient, text: send.message.text, mid: mid.clone(), event: event.clone(), done };
        self.jobs.send(job).await.ok()?;
        let number = stored.await.ok()?;
        if let (Some(hook), Some(event)) = (&self.hook, event) {
            let worker = &hook.workers[number as usize % WORKERS];
            worker.send((number, event)).ok()?;
        }
        Some(bare::answer(send.recipient.id, mid))
    }
}

struct Hook {
    workers: Vec<mpsc::UnboundedSender<(i64, String)>>,
    room: Arc<Semaphore>,
}

impl Hook {
    fn start(url: &http::Uri, jobs: &mpsc::Sender<Job>) -> Self {
        let client = sender::client();
        let room = Arc::new(Semaphore::new(UNDELIVERED));
        let worker = |_| {
            let (events, mut queue) = mpsc::unbounded_channel::<(i64, String)>();
            let (client, url, jobs, room) = (client.clone(), url.clone(), jobs.clone(), Arc::clone(&room));
            tokio::spawn(async move {
                while let Some((number, event)) = queue.recv().await {
                    while !sender::deliver(&client, &url, event.clone()).await {
                        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                    }
                    let _ = jobs.send(Job::Delivered(number)).await;
                    room.add_permits(1);
                }
            });
            events
        };
        Self { workers: (0..WORKERS).map(worker).collect(), room }
    }
}
