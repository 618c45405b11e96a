//! Units that share a commit on a SQLite file. The writer is held inside a first unit while others gather, so which
//! units share a transaction is certain.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use storage::{Database, Error, Options, Result, Stats, Tx, params};

use crate::world::{ADD_THING, World, add_thing, hold, start};

/// What a unit does, beside noting that it was run and committed.
type Work = fn(&mut Tx<'_>) -> Result<()>;

/// Counts the runs of a unit, and notes its name after the commit.
#[derive(Clone, Default)]
struct Notes {
    runs: Arc<AtomicU32>,
    committed: Arc<Mutex<Vec<i64>>>,
}

impl Notes {
    /// A unit that makes the thing `id`, then does `work`.
    fn unit(&self, db: &Database, id: i64, work: Work) -> impl Future<Output = Result<()>> + Send + use<> {
        let (db, notes) = (db.clone(), self.clone());
        async move {
            db.write(move |tx| {
                notes.runs.fetch_add(1, Ordering::Relaxed);
                let committed = Arc::clone(&notes.committed);
                tx.after_commit(move || committed.lock().unwrap().push(id));
                tx.run(ADD_THING, params![id, format!("thing {id}")])?;
                work(tx)
            })
            .await
        }
    }
    fn runs(&self) -> u32 {
        self.runs.load(Ordering::Relaxed)
    }
    fn committed(&self) -> Vec<i64> {
        self.committed.lock().unwrap().clone()
    }
}

/// Runs the works as units 1, 2, … of one group; answers their results.
async fn together(world: &World, notes: &Notes, works: &[Work]) -> Vec<Result<()>> {
    let held = hold(&world.db).await;
    let mut waiting = Vec::new();
    for (id, work) in (1..).zip(works) {
        waiting.push(start(notes.unit(&world.db, id, *work)).await);
    }
    held.release().await;
    let mut results = Vec::new();
    for unit in waiting {
        results.push(unit.await);
    }
    results
}

const FINE: Work = |_| Ok(());
const FAILS: Work = |_| Err(Error::Text);

#[tokio::test]
async fn waiting_units_share_a_commit() {
    let world = World::file();
    let results = together(&world, &Notes::default(), &[FINE; 50]).await;
    assert_eq!(results, vec![Ok(()); 50]);
    assert_eq!(world.db.stats(), Stats { commits: 2, units: 51, round_trips: 0 });
    assert_eq!(world.things().await, (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_group_has_a_greatest_size() {
    let world = World::with(Options { group: 10, ..Options::default() });
    let results = together(&world, &Notes::default(), &[FINE; 25]).await;
    assert_eq!(results, vec![Ok(()); 25]);
    assert_eq!(world.db.stats(), Stats { commits: 1 + 3, units: 26, round_trips: 0 });
}

#[tokio::test]
async fn failing_and_panicking_units_leave_their_neighbours_intact() {
    let world = World::file();
    let notes = Notes::default();
    let works: [Work; 6] = [
        FINE,
        |_| Err(Error::Text),
        |_| panic!("on purpose"),
        FINE,
        |tx| tx.later(ADD_THING, params![1_i64, "taken by the first unit of the same group"]),
        FINE,
    ];
    let results = together(&world, &notes, &works).await;
    assert!(matches!(&results[4], Err(Error::Conflict(_))), "{results:?}");
    assert_eq!(results[..4], [Ok(()), Err(Error::Text), Err(Error::Panicked), Ok(())]);
    assert_eq!(results[5], Ok(()));
    assert_eq!(world.things().await, [1, 4, 6]);
    assert_eq!(notes.committed(), [1, 4, 6]);
    assert_eq!(world.db.stats(), Stats { commits: 2, units: 1 + 3, round_trips: 0 });
}

/// What has written nothing leaves nothing to be undone, so that its neighbours need not be kept apart from it.
#[tokio::test]
async fn units_that_fail_before_they_write_cost_their_neighbours_nothing() {
    let world = World::file();
    let notes = Notes::default();
    let held = hold(&world.db).await;
    let mut waiting = Vec::new();
    for id in 1..=6 {
        waiting.push(start(notes.unit(&world.db, id, FINE)).await);
        let (db, runs) = (world.db.clone(), Arc::clone(&notes.runs));
        let refused = start(async move {
            db.write(move |tx| {
                runs.fetch_add(1, Ordering::Relaxed);
                let name = tx.one::<String>("SELECT name FROM thing WHERE id = $1", params![id])?;
                assert_eq!(name, Some(format!("thing {id}")), "a neighbour's writes are seen");
                if id % 2 == 0 { panic!("on purpose") } else { Err(Error::Text) }
            })
            .await
        });
        waiting.push(refused.await);
    }
    held.release().await;
    for (at, unit) in waiting.into_iter().enumerate() {
        let wanted = match at % 4 {
            1 => Err(Error::Text),
            3 => Err(Error::Panicked),
            _ => Ok(()),
        };
        assert_eq!(unit.await, wanted, "{at}");
    }
    assert_eq!(world.things().await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(notes.runs(), 12, "nobody was run again");
    assert_eq!(world.db.stats(), Stats { commits: 2, units: 1 + 6, round_trips: 0 });
}

/// A unit that is alone is undone with its transaction.
#[tokio::test]
async fn a_unit_that_fails_alone_is_run_once() {
    let world = World::file();
    let notes = Notes::default();
    assert_eq!(notes.unit(&world.db, 1, FAILS).await, Err(Error::Text));
    assert_eq!((notes.runs(), notes.committed()), (1, vec![]));
    assert!(world.things().await.is_empty());
}

#[tokio::test]
async fn a_group_of_failures_commits_nothing() {
    let world = World::file();
    let results = together(&world, &Notes::default(), &[FAILS; 3]).await;
    assert_eq!(results, vec![Err(Error::Text); 3]);
    assert_eq!(world.db.stats(), Stats { commits: 1, units: 1, round_trips: 0 });
    assert!(world.things().await.is_empty());
}

/// `OR ROLLBACK` makes SQLite undo the whole transaction by itself, as it also does when memory or the disk runs out.
#[tokio::test]
async fn a_unit_that_undoes_the_transaction_leaves_its_neighbours_intact() {
    let world = World::file();
    let notes = Notes::default();
    let spoil: Work = |tx| {
        let _ = tx.run("INSERT OR ROLLBACK INTO thing (id, name) VALUES (1, 'x')", params![]);
        // Outside of any transaction this would be kept.
        let _ = tx.run("INSERT INTO thing (id, name) VALUES (99, 'y')", params![]);
        Ok(())
    };
    let results = together(&world, &notes, &[FINE, spoil, FINE, spoil, FINE]).await;
    for good in [0, 2, 4] {
        assert_eq!(results[good], Ok(()));
    }
    for bad in [1, 3] {
        assert!(matches!(&results[bad], Err(Error::Conflict(_))), "{results:?}");
    }
    assert_eq!(world.things().await, [1, 3, 5]);
    assert_eq!(notes.committed(), [1, 3, 5], "each once, though they were run again");
    assert!(notes.runs() > 5);
}

#[tokio::test]
async fn a_broken_promise_leaves_the_neighbours_intact() {
    let world = World::file();
    let notes = Notes::default();
    let broken: Work = |tx| tx.later("INSERT INTO promise (id, thing_id) VALUES (1, 99)", params![]);
    let results = together(&world, &notes, &[FINE, broken, FINE]).await;
    assert!(matches!(&results[1], Err(Error::Conflict(_))), "{results:?}");
    assert_eq!((&results[0], &results[2]), (&Ok(()), &Ok(())));
    assert_eq!(world.things().await, [1, 3]);
    assert_eq!(notes.committed(), [1, 3]);
}

#[tokio::test]
async fn a_unit_in_the_queue_does_not_need_its_caller() {
    let world = World::file();
    let held = hold(&world.db).await;
    drop(start(add_thing(&world.db, 1)).await);
    let last = start(add_thing(&world.db, 2)).await;
    held.release().await;
    last.await.unwrap();
    assert_eq!(world.things().await, [1, 2]);
}
