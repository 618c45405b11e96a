//! Blobs: bytes by key, for what is too large for the database.
//!
//! A blob is written once, as a stream, and appears whole and durable or not at all. The database names blobs, not the
//! other way round: first the blob is put, then the row that names it is written. What no row names (a put whose row was
//! never written, because the process was killed in between) is removed by [`Blobs::sweep`].

mod failure;
mod reading;
mod upload;

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::{Error, Result};
use failure::told;
pub use reading::BlobStream;
pub use upload::BlobUpload;

/// Where blobs are kept. Clones are handles to the same place.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    place: Place,
    /// The part of the place that this handle sees; empty: all of it.
    within: object_store::path::Path,
}

#[derive(Clone, Debug)]
enum Place {
    Folder(PathBuf),
    Memory,
}

impl Blobs {
    /// The place that a setting names: `file:PATH`, a local folder, which is made if it is missing.
    ///
    /// Blocks. [`Error::Unsupported`] for anything else, [`Error::Open`] if the folder cannot be used.
    pub fn open(location: &str) -> Result<Self> {
        match location.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Self::folder(Path::new(path)),
            _ => Err(Error::Unsupported("blobs are kept in a local folder: file:PATH")),
        }
    }

    /// A local folder, made if it is missing. A put is durable: the file and its folder are flushed to the disk.
    ///
    /// Blocks. [`Error::Open`] if the folder cannot be used.
    pub fn folder(path: &Path) -> Result<Self> {
        let failed = |reason: String| Error::Open { path: path.to_owned(), reason };
        fs::create_dir_all(path).map_err(|e| failed(e.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(|e| failed(e.to_string()))?;
        let place = fs::canonicalize(path).map_err(|e| failed(e.to_string()))?;
        Ok(Self {
            store: Arc::new(store.with_fsync(true)),
            place: Place::Folder(place),
            within: object_store::path::Path::default(),
        })
    }

    /// A new, empty place in memory, gone with its last handle.
    pub fn in_memory() -> Self {
        Self {
            store: Arc::new(InMemory::new()),
            place: Place::Memory,
            within: object_store::path::Path::default(),
        }
    }

    /// The part of the place with that name, which must be letters and digits: what several worlds put into one place
    /// stays apart, and no sweep of one touches the others.
    #[must_use]
    pub fn within(&self, name: &str) -> Self {
        Self { within: self.within.clone().join(name), ..self.clone() }
    }

    /// Begins a blob. Nobody sees it before [`BlobUpload::finish`]. `key` must be letters, digits and dashes, and should
    /// be new: a finished blob takes the place of one with the same key.
    pub async fn put(&self, key: &str) -> Result<BlobUpload> {
        let path = self.path(key)?;
        let upload = self.store.put_multipart(&path).await.map_err(|e| told(&e))?;
        Ok(BlobUpload::new(upload))
    }

    /// A part of a blob as a stream: the bytes from `range.start` to before `range.end`, which must lie within it. `None`
    /// if there is no such blob.
    pub async fn get(&self, key: &str, range: std::ops::Range<u64>) -> Result<Option<BlobStream>> {
        reading::open(&*self.store, &self.path(key)?, range).await
    }

    /// A blob's size in bytes; `None` if there is no such blob.
    pub async fn size(&self, key: &str) -> Result<Option<u64>> {
        match self.store.head(&self.path(key)?).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(told(&error)),
        }
    }

    /// Removes a blob; that there is none is no error. Who is reading it may or may not get the rest.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.store.delete(&self.path(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(told(&error)),
        }
    }

    /// The size of all blobs together, in bytes. Looks at each of them.
    pub async fn total(&self) -> Result<u64> {
        self.listed().try_fold(0_u64, |sum, (_, size)| std::future::ready(Ok(sum.saturating_add(size)))).await
    }

    /// Removes every blob whose key is not in `named`, and what interrupted puts have left behind. Answers the size of
    /// what stays, in bytes.
    ///
    /// Nothing may be put meanwhile: it would be taken for left behind. So this is for the start.
    pub async fn sweep(&self, named: HashSet<String>) -> Result<u64> {
        match &self.place {
            Place::Folder(root) => {
                let folder = root.join(self.within.as_ref());
                let swept = tokio::task::spawn_blocking(move || sweep_folder(&folder, &named)).await;
                swept.map_err(|_| Error::Panicked)?
            }
            Place::Memory => {
                let mut kept = 0;
                for (key, size) in self.listed().try_collect::<Vec<_>>().await? {
                    if named.contains(&key) {
                        kept += size;
                    } else {
                        self.delete(&key).await?;
                    }
                }
                Ok(kept)
            }
        }
    }

    /// Keys and sizes.
    fn listed(&self) -> impl Stream<Item = Result<(String, u64)>> + '_ {
        self.store.list(Some(&self.within)).map(|found| {
            let meta = found.map_err(|e| told(&e))?;
            Ok((meta.location.filename().unwrap_or_default().to_owned(), meta.size))
        })
    }

    fn path(&self, key: &str) -> Result<object_store::path::Path> {
        let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if plain {
            Ok(self.within.clone().join(key))
        } else {
            Err(Error::Unsupported("a blob's key is made of letters, digits and dashes"))
        }
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blobs").field("place", &self.place).field("within", &self.within.as_ref()).finish()
    }
}

/// Files of interrupted puts have names that are no keys, so they are in no list: the folder itself is asked.
fn sweep_folder(folder: &Path, named: &HashSet<String>) -> Result<u64> {
    let failed = |e: &std::io::Error| failure::of_disk(e);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(failed(&error)),
    };
    let mut kept = 0;
    for entry in entries {
        let entry = entry.map_err(|e| failed(&e))?;
        let meta = entry.metadata().map_err(|e| failed(&e))?;
        if !meta.is_file() {
            continue;
        }
        if entry.file_name().to_str().is_some_and(|name| named.contains(name)) {
            kept += meta.len();
        } else {
            fs::remove_file(entry.path()).map_err(|e| failed(&e))?;
        }
    }
    Ok(kept)
}

/// All bytes of a small blob: for tests and for what is known to be small.
impl Blobs {
    /// A whole blob in memory, or `None` if there is none.
    pub async fn read(&self, key: &str) -> Result<Option<Bytes>> {
        let Some(size) = self.size(key).await? else { return Ok(None) };
        let Some(stream) = self.get(key, 0..size).await? else { return Ok(None) };
        let pieces: Vec<Bytes> = stream.try_collect().await?;
        Ok(Some(pieces.concat().into()))
    }
}
