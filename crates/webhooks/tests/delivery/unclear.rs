//! Units of which nobody hears how they ended: the connection is lost while they are being committed.

use std::sync::{Arc, Mutex, mpsc};

use storage::{Error, params};
use test_postgres::Cut;
use tokio::task::JoinHandle;

use crate::receiver::{LONG, Receiver, soon};
use crate::world::{Settings, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_committed_without_an_answer_is_delivered() {
    let mut receiver = Receiver::start().await;
    let Some((world, proxy)) = World::on_postgres(&receiver, Settings::default()).await else { return };
    soon(world.send(1, |_| ())).await.unwrap();
    world.settle().await;
    proxy.cut_once(Cut::AfterCommit);
    assert_eq!(soon(world.send(1, |_| ())).await, Err(Error::Unclear));
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 1), (1, 2)]);
    soon(world.send(1, |_| ())).await.unwrap();
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 3)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_committed_keeps_nobody_waiting() {
    let mut receiver = Receiver::start().await;
    let Some((world, proxy)) = World::on_postgres(&receiver, Settings::default()).await else { return };
    proxy.cut_once(Cut::BeforeCommit);
    assert_eq!(soon(world.send(1, |_| ())).await, Err(Error::Unclear));
    for number in 1..=2 {
        assert_eq!(soon(world.send(1, |_| ())).await, Ok(number));
    }
    world.settle().await;
    assert_eq!(receiver.rest(), [(1, 1), (1, 2)]);
}

/// The lane in which the server takes long to commit.
const SLOW: i64 = 7;

/// Keeps the server from committing in the lane [`SLOW`] until it is let go.
struct Brake {
    unit: JoinHandle<storage::Result<()>>,
    go: mpsc::Sender<()>,
}

impl Brake {
    async fn on(world: &World) -> Self {
        let name = &world.schema.as_ref().unwrap().name;
        world.schema.as_ref().unwrap().ask(&format!(
            "CREATE TABLE {name}.brake (id BIGINT PRIMARY KEY);
             INSERT INTO {name}.brake VALUES (1);
             CREATE FUNCTION {name}.brake() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM 1 FROM {name}.brake FOR UPDATE; RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER brake AFTER INSERT ON {name}.outbox DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW WHEN (NEW.lane = {SLOW}) EXECUTE FUNCTION {name}.brake()"
        ));
        let (locked, is_locked) = mpsc::channel();
        let (go, may_go) = mpsc::channel();
        let may_go = Arc::new(Mutex::new(may_go));
        let db = world.db.clone();
        let unit = tokio::spawn(async move {
            db.write(move |tx| {
                tx.one::<i64>("SELECT id FROM brake FOR UPDATE", params![])?;
                locked.send(()).unwrap();
                may_go.lock().unwrap().recv().unwrap();
                Ok(())
            })
            .await
        });
        tokio::task::spawn_blocking(move || is_locked.recv_timeout(LONG).unwrap()).await.unwrap();
        Self { unit, go }
    }

    async fn let_go(self) {
        self.go.send(()).unwrap();
        soon(self.unit).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_commits_long_after_it_was_cut_off_is_delivered() {
    let mut receiver = Receiver::start().await;
    let Some((world, proxy)) = World::on_postgres(&receiver, Settings::default()).await else { return };
    let brake = Brake::on(&world).await;
    proxy.cut_once(Cut::DuringCommit);
    assert_eq!(soon(world.send(SLOW, |_| ())).await, Err(Error::Unclear));
    // It is looked for at once, in vain.
    world.settle().await;
    assert_eq!(receiver.rest(), []);
    brake.let_go().await;
    assert_eq!(receiver.next().await.events, [(SLOW, 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_commits_late_goes_before_what_comes_later() {
    let mut receiver = Receiver::start().await;
    let Some((world, proxy)) = World::on_postgres(&receiver, Settings::default()).await else { return };
    let brake = Brake::on(&world).await;
    proxy.cut_once(Cut::DuringCommit);
    assert_eq!(soon(world.send(SLOW, |_| ())).await, Err(Error::Unclear));
    world.settle().await;
    // They wait for the conversation's lock, which the server holds.
    let later = [tokio::spawn(world.send(SLOW, |_| ())), tokio::spawn(world.send(SLOW, |_| ()))];
    brake.let_go().await;
    for unit in later {
        soon(unit).await.unwrap().unwrap();
    }
    world.settle().await;
    assert_eq!(receiver.rest(), [(SLOW, 1), (SLOW, 2), (SLOW, 3)]);
    assert_eq!(world.rows().await, (0, 0, 0));
}
