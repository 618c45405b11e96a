//! Blobs: what a local folder and memory must both do, and what a folder does beyond it.

use std::collections::HashSet;
use std::fs;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use storage::{Blobs, Error};

use crate::world::Folder;

/// Larger than what is handed to the store at a time, and no multiple of it.
const LARGE: usize = (1 << 20) + 7;

fn pattern(size: usize) -> Bytes {
    (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect()
}

async fn put(blobs: &Blobs, key: &str, bytes: &[u8]) {
    let mut upload = blobs.put(key).await.unwrap();
    for piece in bytes.chunks(10_000) {
        upload.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    assert_eq!(upload.size(), bytes.len() as u64);
    assert_eq!(upload.finish().await.unwrap(), bytes.len() as u64);
}

async fn part(blobs: &Blobs, key: &str, range: std::ops::Range<u64>) -> storage::Result<Vec<u8>> {
    let stream = blobs.get(key, range).await?.expect("the blob is there");
    let pieces: Vec<Bytes> = stream.try_collect().await?;
    Ok(pieces.concat())
}

fn keys(list: &[&str]) -> HashSet<String> {
    list.iter().map(|&key| key.to_owned()).collect()
}

async fn what_was_put_comes_back(blobs: Blobs) {
    for (key, size) in [("empty", 0), ("one", 1), ("large", LARGE)] {
        let bytes = pattern(size);
        put(&blobs, key, &bytes).await;
        assert_eq!(blobs.size(key).await.unwrap(), Some(size as u64));
        assert_eq!(blobs.read(key).await.unwrap().unwrap(), bytes, "{key}");
    }
    assert_eq!(blobs.total().await.unwrap(), 1 + LARGE as u64);
}

async fn a_part_of_a_blob_can_be_had(blobs: Blobs) {
    let bytes = pattern(LARGE);
    put(&blobs, "large", &bytes).await;
    for range in [0..0, 0..1, 5..5, 3..70_000, 500_000..LARGE, LARGE - 1..LARGE, LARGE..LARGE] {
        let got = part(&blobs, "large", range.start as u64..range.end as u64).await.unwrap();
        assert!(got == bytes[range.clone()], "{range:?}");
    }
    // What is not there is no silent end.
    let beyond = part(&blobs, "large", LARGE as u64 - 3..LARGE as u64 + 1).await;
    assert!(matches!(beyond, Err(Error::Disk(_))), "{beyond:?}");
    assert!(part(&blobs, "large", LARGE as u64 + 5..LARGE as u64 + 6).await.is_err());
}

async fn nobody_sees_half_a_blob(blobs: Blobs) {
    let mut upload = blobs.put("key").await.unwrap();
    upload.write(pattern(LARGE)).await.unwrap();
    assert_eq!(blobs.size("key").await.unwrap(), None);
    assert!(blobs.get("key", 0..1).await.unwrap().is_none());
    assert_eq!(blobs.total().await.unwrap(), 0);
    upload.abandon().await.unwrap();
    assert_eq!(blobs.size("key").await.unwrap(), None);
    put(&blobs, "key", b"whole").await;
    // A new blob takes the place of the old one at its end, not at its beginning.
    let mut again = blobs.put("key").await.unwrap();
    again.write(Bytes::from_static(b"other")).await.unwrap();
    assert_eq!(blobs.read("key").await.unwrap().unwrap(), "whole");
    again.finish().await.unwrap();
    assert_eq!(blobs.read("key").await.unwrap().unwrap(), "other");
}

async fn what_is_deleted_is_gone(blobs: Blobs) {
    put(&blobs, "a", b"aa").await;
    put(&blobs, "b", b"bbb").await;
    blobs.delete("a").await.unwrap();
    blobs.delete("a").await.unwrap();
    blobs.delete("never").await.unwrap();
    assert_eq!(blobs.read("a").await.unwrap(), None);
    assert_eq!(blobs.size("never").await.unwrap(), None);
    assert_eq!(blobs.total().await.unwrap(), 3);
}

async fn a_sweep_removes_what_nobody_names(blobs: Blobs) {
    let (one, other) = (blobs.within("one"), blobs.within("other"));
    assert_eq!(one.sweep(keys(&["a"])).await.unwrap(), 0, "nothing was ever put");
    for key in ["a", "b", "c"] {
        put(&one, key, b"12345").await;
        put(&other, key, b"1").await;
    }
    assert_eq!(one.sweep(keys(&["a", "c", "unknown"])).await.unwrap(), 10);
    assert_eq!(one.size("b").await.unwrap(), None);
    assert_eq!((one.total().await.unwrap(), other.total().await.unwrap()), (10, 3));
    assert_eq!(blobs.total().await.unwrap(), 13);
}

async fn only_plain_keys_are_taken(blobs: Blobs) {
    for key in ["", "..", "a/b", "../a", "a b", "a\\b", "ä", "a.b", "a#1", "a\0"] {
        assert!(matches!(blobs.put(key).await, Err(Error::Unsupported(_))), "{key:?}");
        assert!(blobs.get(key, 0..0).await.is_err(), "{key:?}");
        assert!(blobs.delete(key).await.is_err(), "{key:?}");
    }
}

macro_rules! both {
    ($($case:ident),* $(,)?) => {
        mod folder {
            $(#[tokio::test]
            async fn $case() {
                let folder = crate::world::Folder::new();
                super::$case(storage::Blobs::folder(&folder.path().join("blobs")).unwrap()).await;
            })*
        }
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::$case(storage::Blobs::in_memory()).await;
            })*
        }
    };
}

both!(
    what_was_put_comes_back,
    a_part_of_a_blob_can_be_had,
    nobody_sees_half_a_blob,
    what_is_deleted_is_gone,
    a_sweep_removes_what_nobody_names,
    only_plain_keys_are_taken,
);

#[tokio::test]
async fn a_folder_keeps_its_blobs_and_no_half_ones() {
    let folder = Folder::new();
    let place = folder.path().join("deep/blobs");
    let blobs = Blobs::open(&format!("file:{}", place.display())).unwrap().within("world");
    put(&blobs, "kept", b"kept").await;
    // A process that is killed leaves what it has written so far.
    let mut upload = blobs.put("half").await.unwrap();
    upload.write(pattern(LARGE)).await.unwrap();
    std::mem::forget(upload);
    assert_eq!(fs::read_dir(place.join("world")).unwrap().count(), 2);

    let blobs = Blobs::folder(&place).unwrap().within("world");
    assert_eq!(blobs.total().await.unwrap(), 4);
    assert_eq!(blobs.sweep(keys(&["kept", "half"])).await.unwrap(), 4);
    let left: Vec<_> =
        fs::read_dir(place.join("world")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["kept"]);
    assert_eq!(blobs.read("kept").await.unwrap().unwrap(), "kept");
}

/// The folder may be one that somebody uses for other things.
#[tokio::test]
async fn a_sweep_of_a_world_touches_nothing_else() {
    let folder = Folder::new();
    fs::write(folder.path().join("photo.png"), "mine").unwrap();
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/a#1"), "mine too").unwrap();
    let blobs = Blobs::folder(folder.path()).unwrap().within("world");
    put(&blobs, "a", b"1").await;
    assert_eq!(blobs.sweep(HashSet::new()).await.unwrap(), 0);
    assert!(folder.path().join("photo.png").exists());
    assert!(folder.path().join("other/a#1").exists());
    assert_eq!(blobs.total().await.unwrap(), 0);
}

#[tokio::test]
async fn a_place_that_cannot_be_used_says_so() {
    for location in ["", "file:", "/tmp/x", "s3://bucket", "http://example.com/"] {
        assert!(matches!(Blobs::open(location), Err(Error::Unsupported(_))), "{location}");
    }
    let folder = Folder::new();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = Blobs::folder(&file.join("blobs")).unwrap_err();
    assert!(matches!(&refused, Error::Open { path, .. } if *path == file.join("blobs")), "{refused}");
}
