//! The blobs of assets, and what becomes of those that nobody names.

use super::{room, store};
use crate::world_key::WorldKey;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use storage::{Blobs, Database, Result};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};

/// Uploads that are written at a time. Others wait with their bytes unread.
const UPLOADS: usize = 32;
/// Of callers whose token is not known yet: it may come after the file. They can fill no more than this many files' room,
/// and only for as long as their request lasts.
const UPLOADS_OF_STRANGERS: usize = 4;

/// The blobs of this world's assets.
#[derive(Clone)]
pub(crate) struct Files(Arc<Shared>);

struct Shared {
    blobs: Blobs,
    db: Database,
    runtime: Handle,
    /// Removals under way.
    removing: watch::Sender<usize>,
    /// About how much is stored, in bytes.
    stored: AtomicU64,
    uploads: Semaphore,
    uploads_of_strangers: Semaphore,
}

impl Files {
    /// Takes over this world's part of `blobs`, and removes what an earlier process has left there unnamed.
    pub(crate) async fn start(blobs: &Blobs, db: &Database, key: &WorldKey) -> Result<Self> {
        let blobs = blobs.within(&key.blobs_name());
        let named = db.read(|db| store::blob_keys(db)).await?;
        let stored = blobs.sweep(named.into_iter().collect()).await?;
        Ok(Self(Arc::new(Shared {
            blobs,
            db: db.clone(),
            runtime: Handle::current(),
            removing: watch::Sender::new(0),
            stored: AtomicU64::new(stored),
            uploads: Semaphore::new(UPLOADS),
            uploads_of_strangers: Semaphore::new(UPLOADS_OF_STRANGERS),
        })))
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// About how much is stored, in bytes.
    pub(super) fn stored(&self) -> u64 {
        self.0.stored.load(Ordering::Relaxed)
    }

    /// The slots for uploads.
    pub(crate) fn uploads(&self, of_stranger: bool) -> &Semaphore {
        if of_stranger { &self.0.uploads_of_strangers } else { &self.0.uploads }
    }

    /// Takes a finished blob into account and holds it until a row names it.
    pub(super) fn hold(&self, key: String, size: u64) -> Arc<Held> {
        self.0.stored.fetch_add(size, Ordering::Relaxed);
        Arc::new(Held { key, size, files: self.clone(), settled: AtomicBool::new(false) })
    }

    /// Removes a blob, unless some row names it. Does not wait; may be called on any thread.
    pub(super) fn remove_unnamed(&self, key: String) {
        self.0.removing.send_modify(|count| *count += 1);
        let files = self.clone();
        self.0.runtime.spawn(async move {
            if let Err(error) = files.remove_if_unnamed(&key).await {
                // It stays until the sweep of the next start.
                tracing::warn!(key, %error, "a blob that nobody names could not be removed");
            }
            files.0.removing.send_modify(|count| *count -= 1);
        });
    }

    async fn remove_if_unnamed(&self, key: &str) -> Result<()> {
        let asked = key.to_owned();
        // Asked of the database, since a unit whose outcome nobody heard of may have been committed all the same.
        if self.0.db.read(move |db| store::is_named(db, &asked)).await? {
            return Ok(());
        }
        let size = self.0.blobs.size(key).await?.unwrap_or(0);
        self.0.blobs.delete(key).await?;
        let less = |stored: u64| Some(stored.saturating_sub(size));
        let _ = self.0.stored.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        Ok(())
    }

    /// Waits until nothing is being removed.
    pub(crate) async fn settled(&self) {
        // The sender lives as long as this call: the channel cannot be closed.
        let _ = self.0.removing.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Whether there is more than there should be.
    pub(super) fn is_over(&self) -> bool {
        self.stored() > room::MOST_BYTES
    }
}

/// A blob that no row names yet. Dropped so, it is removed.
pub(crate) struct Held {
    pub(super) key: String,
    pub(super) size: u64,
    files: Files,
    settled: AtomicBool,
}

impl Held {
    /// A row names it now.
    pub(super) fn named(&self) {
        self.settled.store(true, Ordering::Relaxed);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if !*self.settled.get_mut() {
            self.files.remove_unnamed(std::mem::take(&mut self.key));
        }
    }
}
