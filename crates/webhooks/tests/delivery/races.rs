//! A row that is seen in the outbox before its event is handed over.

use std::sync::{Arc, Mutex, mpsc};

use futures_util::FutureExt as _;

use crate::receiver::{LONG, Receiver, soon};
use crate::world::{ONE, Settings, World};

#[tokio::test]
async fn an_event_that_was_read_before_it_is_handed_over_is_sent_once() {
    let mut receiver = Receiver::start().await;
    let world = World::on_disk(&receiver, Settings::default(), "read_before_handed_over").await;
    let (committed, is_committed) = mpsc::channel();
    let (go, may_go) = mpsc::channel();
    let may_go = Arc::new(Mutex::new(may_go));
    let (handle, db) = (world.handle.clone(), world.db.clone());
    let event = world.events("messages", ONE, &[1]).remove(0);
    let mut unit = Box::pin(async move {
        db.write(move |tx| {
            let (committed, may_go) = (committed.clone(), Arc::clone(&may_go));
            // Runs on the writer, before the event is handed over.
            tx.after_commit(move || {
                committed.send(()).unwrap();
                may_go.lock().unwrap().recv().unwrap();
            });
            handle.append(tx, event.clone())
        })
        .await
    });
    assert!(unit.as_mut().now_or_never().is_none());
    is_committed.recv_timeout(LONG).unwrap();
    soon(world.handle.reload()).await.unwrap();
    assert_eq!(receiver.next().await.events, [(1, 1)]);
    go.send(()).unwrap();
    soon(unit).await.unwrap();
    world.settle().await;
    assert_eq!(receiver.rest(), []);
    assert_eq!(world.rows().await, (0, 0, 0));
}
