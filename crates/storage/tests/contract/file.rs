//! A SQLite database as a file in a folder.
//!
//! A folder that is read-only cannot be tried as root, whom nothing stops: a folder that cannot be made (its parent is
//! a file) and a file that cannot be opened (it is a folder) take the same way.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use storage::{Error, Options, params};

use crate::world::{Folder, TABLES, World, add_thing, clock, open};

/// The next id of a counter that only grows.
async fn next_id(world: &World) -> i64 {
    let next = world
        .db
        .write(|tx| tx.one::<i64>("UPDATE counter SET n = n + 1 WHERE id = $1 RETURNING n", params![1_i64]));
    next.await.unwrap().expect("the counter is there")
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let mut world = World::file();
    for start in 0..3 {
        world.db.migrate(&[TABLES]).unwrap();
        assert_eq!(next_id(&world).await, 2 * start + 1);
        assert_eq!(next_id(&world).await, 2 * start + 2);
        add_thing(&world.db, start).await.unwrap();
        world = world.reopened().await;
    }
    assert_eq!(world.things().await, [0, 1, 2]);
}

#[tokio::test]
async fn closing_leaves_everything_in_the_one_file() {
    let world = World::file();
    add_thing(&world.db, 1).await.unwrap();
    world.db.close().await.unwrap();
    let copy = Folder::new();
    fs::create_dir_all(copy.database().parent().unwrap()).unwrap();
    fs::copy(world.path(), copy.database()).unwrap();
    let clock = clock();
    let db = open(&copy.database(), &clock, Options::default()).unwrap();
    let copied = World { db, clock, folder: Some(copy), schema: None };
    assert_eq!(copied.things().await, [1]);
}

#[tokio::test]
async fn a_folder_belongs_to_one() {
    let world = World::file();
    let folder = world.path().parent().unwrap().to_owned();
    let refused = open(&world.path(), &world.clock, Options::default()).unwrap_err();
    assert_eq!(refused, Error::InUse { folder: folder.clone() });
    assert!(refused.to_string().contains(folder.to_str().unwrap()));
    let another = open(&folder.join("another.db"), &world.clock, Options::default());
    assert!(matches!(another, Err(Error::InUse { .. })), "the folder, not only the file");
    add_thing(&world.db, 1).await.unwrap();
    assert_eq!(world.reopened().await.things().await, [1], "free again");
}

fn open_error(path: &Path) -> Error {
    open(path, &clock(), Options::default()).unwrap_err()
}

#[test]
fn what_cannot_be_opened_is_named() {
    let folder = Folder::new();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let below = open_error(&file.join("data").join("world.db"));
    assert!(matches!(&below, Error::Open { path, .. } if path.starts_with(&file)), "{below:?}");
    let directory = folder.path().join("world.db");
    fs::create_dir(&directory).unwrap();
    let itself = open_error(&directory);
    assert!(matches!(&itself, Error::Open { path, .. } if *path == directory), "{itself:?}");
}

fn is_damaged(error: &Error, path: &Path) -> bool {
    matches!(error, Error::Damaged { path: named, .. } if named == path)
        && error.to_string().contains(path.to_str().unwrap())
}

#[test]
fn a_file_that_is_no_database_is_refused_and_kept() {
    let folder = Folder::new();
    let path = folder.path().join("world.db");
    let text = "this is somebody's letter, and no database ".repeat(100);
    fs::write(&path, &text).unwrap();
    let refused = open_error(&path);
    assert!(is_damaged(&refused, &path), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

/// A closed database with some pages of things.
async fn filled() -> World {
    let world = World::file();
    for id in 0..200 {
        add_thing(&world.db, id).await.unwrap();
    }
    let note = "x".repeat(500);
    world.run("UPDATE thing SET note = $1", params![note]).await.unwrap();
    world.db.close().await.unwrap();
    world
}

#[tokio::test]
async fn a_file_that_was_cut_is_refused() {
    let world = filled().await;
    let file = fs::File::options().write(true).open(world.path()).unwrap();
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    let refused = open_error(&world.path());
    assert!(is_damaged(&refused, &world.path()), "{refused:?}");
}

/// Overwrites a part of the file with nonsense.
fn spoil(path: &Path, from: u64, len: u64) {
    let mut file = fs::File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&vec![0xa5; usize::try_from(len).unwrap()]).unwrap();
}

#[tokio::test]
async fn a_damaged_list_of_tables_is_refused() {
    let world = filled().await;
    spoil(&world.path(), 100, 3996);
    let refused = open_error(&world.path());
    assert!(is_damaged(&refused, &world.path()), "{refused:?}");
}

#[tokio::test]
async fn damage_inside_is_an_error_of_who_meets_it() {
    let world = filled().await;
    let path = world.path();
    let len = fs::metadata(&path).unwrap().len();
    spoil(&path, len / 2, len / 2);
    let world = world.reopened().await;
    let read = world.db.read(|tx| tx.all::<String>("SELECT note FROM thing NOT INDEXED", params![]));
    let met = read.await.unwrap_err();
    assert!(is_damaged(&met, &path), "{met:?}");
    assert_eq!(world.one::<i64>("SELECT n FROM counter", params![]).await, 0, "the rest can be read");
}
