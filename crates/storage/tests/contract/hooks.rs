//! What runs after a commit.

use std::sync::{Arc, Mutex};

use storage::{End, Error, Tx, params};

use crate::world::{ADD_THING, World, add_thing};

type Log = Arc<Mutex<Vec<&'static str>>>;

fn note(log: &Log, what: &'static str) -> impl FnOnce() + Send + 'static {
    let log = Arc::clone(log);
    move || log.lock().unwrap().push(what)
}

pub(crate) async fn hooks_run_before_the_answer_and_in_order(world: World) {
    let log = Log::default();
    for (first, second) in [("a", "b"), ("c", "d")] {
        let inside = Arc::clone(&log);
        let unit = world.db.write::<_, Error>(move |tx| {
            tx.after_commit(note(&inside, first));
            tx.after_commit(note(&inside, second));
            Ok(inside.lock().unwrap().len())
        });
        let before = unit.await.unwrap();
        assert_eq!(log.lock().unwrap().len(), before + 2, "not inside the unit, and before the answer");
    }
    assert_eq!(*log.lock().unwrap(), ["a", "b", "c", "d"]);
}

pub(crate) async fn a_failed_unit_runs_no_hooks(world: World) {
    let log = Log::default();
    add_thing(&world.db, 1).await.unwrap();

    let inside = Arc::clone(&log);
    let failed = world.db.write::<(), _>(move |tx| {
        tx.after_commit(note(&inside, "failed"));
        Err(Error::Busy)
    });
    failed.await.unwrap_err();

    let inside = Arc::clone(&log);
    let panicked = world.db.write::<(), Error>(move |tx| {
        tx.after_commit(note(&inside, "panicked"));
        panic!("on purpose");
    });
    panicked.await.unwrap_err();

    let inside = Arc::clone(&log);
    let conflict = world.db.write(move |tx| {
        tx.after_commit(note(&inside, "conflict"));
        tx.later(ADD_THING, params![1_i64, "one again"])
    });
    conflict.await.unwrap_err();

    let inside = Arc::clone(&log);
    let promise = world.db.write(move |tx| {
        tx.after_commit(note(&inside, "broken promise"));
        tx.run("INSERT INTO promise (id, thing_id) VALUES (1, 9)", params![])
    });
    promise.await.unwrap_err();

    add_thing(&world.db, 2).await.unwrap();
    assert!(log.lock().unwrap().is_empty(), "{log:?}");
}

pub(crate) async fn a_unit_is_told_how_it_ended_whichever_way(world: World) {
    let ends: Arc<Mutex<Vec<End>>> = Arc::default();
    let unit = |work: fn(&mut Tx<'_>) -> Result<u64, Error>| {
        let ends = Arc::clone(&ends);
        world.db.write(move |tx| {
            let ends = Arc::clone(&ends);
            tx.at_end(move |end| ends.lock().unwrap().push(end));
            work(tx)
        })
    };
    let told = || std::mem::take(&mut *ends.lock().unwrap());
    unit(|tx| tx.run(ADD_THING, params![1_i64, "one"])).await.unwrap();
    assert_eq!(told(), [End::Committed], "before the answer");
    unit(|_| Err(Error::Busy)).await.unwrap_err();
    assert_eq!(told(), [End::Undone]);
    unit(|_| panic!("on purpose")).await.unwrap_err();
    assert_eq!(told(), [End::Undone]);
    unit(|tx| tx.later(ADD_THING, params![1_i64, "one again"]).map(|()| 1)).await.unwrap_err();
    assert_eq!(told(), [End::Undone]);
    unit(|tx| tx.run("INSERT INTO promise (id, thing_id) VALUES (1, 9)", params![])).await.unwrap_err();
    let broken = told();
    // Where several units share a commit, each was run again, alone.
    assert!(!broken.is_empty() && broken.iter().all(|end| *end == End::Undone), "{broken:?}");
}

pub(crate) async fn a_panicking_hook_harms_nobody(world: World) {
    let log = Log::default();
    let inside = Arc::clone(&log);
    let unit = world.db.write(move |tx| {
        tx.after_commit(|| panic!("on purpose"));
        tx.after_commit(note(&inside, "next"));
        tx.run(ADD_THING, params![1_i64, "one"])
    });
    assert_eq!(unit.await, Ok(1), "what is committed is committed");
    assert_eq!(*log.lock().unwrap(), ["next"]);
    add_thing(&world.db, 2).await.unwrap();
    assert_eq!(world.things().await, [1, 2]);
}
