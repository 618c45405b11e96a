//! Units that run side by side: what they are heard of in another order than that of their commits.

use std::sync::{Arc, Mutex, mpsc};

use test_postgres::Proxy;
use tokio::task::JoinHandle;
use webhooks::Options;

use crate::receiver::{LONG, Receiver, soon};
use crate::world::{Settings, World, assert_in_order};

/// A send that is committed, and of which nobody has heard yet.
struct Unheard {
    unit: JoinHandle<storage::Result<i64>>,
    go: mpsc::Sender<()>,
}

impl Unheard {
    async fn of(world: &World, lane: i64) -> Self {
        let (committed, is_committed) = mpsc::channel();
        let (go, may_go) = mpsc::channel();
        let may_go = Arc::new(Mutex::new(may_go));
        let unit = tokio::spawn(world.send(lane, move |tx| {
            let (committed, may_go) = (committed.clone(), Arc::clone(&may_go));
            // Runs before the event is handed over.
            tx.after_commit(move || {
                committed.send(()).unwrap();
                may_go.lock().unwrap().recv().unwrap();
            });
        }));
        let waiting = tokio::task::spawn_blocking(move || is_committed.recv_timeout(LONG).unwrap());
        waiting.await.unwrap();
        Self { unit, go }
    }

    async fn hear(self) {
        self.go.send(()).unwrap();
        soon(self.unit).await.unwrap().unwrap();
    }
}

/// A world whose endpoint has nothing left to be read: its events are handed over.
async fn at_work(receiver: &mut Receiver) -> Option<(World, Proxy)> {
    let (world, proxy) = World::on_postgres(receiver, Settings::default()).await?;
    soon(world.send(9, |_| ())).await.unwrap();
    world.settle().await;
    assert_eq!(receiver.rest(), [(9, 1)]);
    Some((world, proxy))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_committed_first_goes_first_though_it_hear_last() {
    let mut receiver = Receiver::start().await;
    let Some((world, _proxy)) = at_work(&mut receiver).await else { return };
    let first = Unheard::of(&world, 1).await;
    for number in 2..=4 {
        assert_eq!(soon(world.send(1, |_| ())).await, Ok(number));
    }
    soon(world.send(2, |_| ())).await.unwrap();
    assert_eq!(receiver.next().await.events, [(2, 1)], "another conversation does not wait");
    soon(world.handle.clock_moved()).await;
    assert_eq!(receiver.rest(), []);
    first.hear().await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 1), (1, 2), (1, 3), (1, 4)]);
    assert_eq!(world.rows().await, (0, 0, 0));
    assert_eq!(world.handle.in_memory(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_includes_what_waits_for_another() {
    let mut receiver = Receiver::start().await;
    let Some((world, _proxy)) = at_work(&mut receiver).await else { return };
    let first = Unheard::of(&world, 1).await;
    soon(world.send(1, |_| ())).await.unwrap();
    let handle = world.handle.clone();
    let running = tokio::spawn(async move { handle.run_due().await });
    soon(world.handle.clock_moved()).await;
    assert!(!running.is_finished());
    first.hear().await;
    soon(running).await.unwrap();
    assert_eq!(receiver.rest(), [(1, 1), (1, 2)]);
}

/// The row of an event can be read, and be gone again, before the event is heard of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_delivered_from_the_outbox_is_not_sent_when_it_hear() {
    let mut receiver = Receiver::start().await;
    let Some((world, _proxy)) = at_work(&mut receiver).await else { return };
    let first = Unheard::of(&world, 1).await;
    soon(world.handle.reload()).await.unwrap();
    assert_eq!(receiver.next().await.events, [(1, 1)]);
    world.settle().await;
    assert_eq!(world.rows().await, (0, 0, 0));
    soon(world.handle.reload()).await.unwrap();
    soon(world.send(1, |_| ())).await.unwrap();
    world.settle().await;
    first.hear().await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 2)]);
}

/// A reset: what the tables held is gone, and nobody is to hear of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_removed_from_the_tables_is_not_sent_when_it_is_heard_of() {
    let mut receiver = Receiver::start().await;
    let Some((world, _proxy)) = at_work(&mut receiver).await else { return };
    let (removed, kept) = (Unheard::of(&world, 1).await, Unheard::of(&world, 2).await);
    let remove = |tx: &mut storage::Tx<'_>| tx.run("DELETE FROM outbox WHERE lane = 1", &[]);
    world.db.write(remove).await.unwrap();
    soon(world.handle.forget()).await;
    removed.hear().await;
    kept.hear().await;
    world.settle().await;
    assert_eq!(receiver.rest(), [(2, 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_events_that_wait_for_another_few_are_in_memory() {
    let mut receiver = Receiver::start().await;
    let options = Options { capacity: 16, ..Settings::default().options };
    let settings = Settings { options, ..Settings::default() };
    let Some((world, _proxy)) = World::on_postgres(&receiver, settings).await else { return };
    let first = Unheard::of(&world, 1).await;
    for _ in 0..100 {
        soon(world.send(1, |_| ())).await.unwrap();
        assert!(world.handle.in_memory() <= 16, "{}", world.handle.in_memory());
    }
    // There was no room, so they were read: also the first one, of which the outbox knows.
    world.settle().await;
    first.hear().await;
    world.settle().await;
    assert_in_order(&receiver.rest(), 101);
    assert_eq!(world.rows().await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_lose_nothing_double_nothing_and_keep_order() {
    let mut receiver = Receiver::start().await;
    for capacity in [16, 1024] {
        let options = Options { capacity, in_flight: 4, ..Settings::default().options };
        let settings = Settings { options, ..Settings::default() };
        let Some((world, _proxy)) = World::on_postgres(&receiver, settings).await else { return };
        let world = Arc::new(world);
        for _ in 0..10 {
            let writers = (0..12).map(|writer| {
                let world = Arc::clone(&world);
                tokio::spawn(async move {
                    for _ in 0..5 {
                        world.send(writer % 3, |_| ()).await.unwrap();
                    }
                })
            });
            for writer in writers.collect::<Vec<_>>() {
                soon(writer).await.unwrap();
            }
            world.settle().await;
        }
        assert_in_order(&receiver.rest(), 600);
        assert_eq!(world.rows().await, (0, 0, 0));
        assert_eq!(world.handle.in_memory(), 0);
    }
}
