//! How much may be stored, and what gives way.
//!
//! What a message shows is never taken from it. What gives way are uploaded attachments, the oldest first: their ids are
//! then unknown, as after the expiry that the real service has for them. If messages alone need more, they get it.

use super::store;
use crate::Platform;
use std::sync::Arc;
use storage::Result;

/// Above this, uploads give way, in bytes.
pub(super) const MOST_BYTES: u64 = 2 << 30;
/// Uploads that are looked at in one go.
const BATCH: u32 = 100;

/// Makes room for what is about to be stored.
pub(super) async fn make(platform: &Arc<Platform>) -> Result<()> {
    if !platform.files.is_over() {
        return Ok(());
    }
    let over = i64::try_from(platform.files.stored() - MOST_BYTES).unwrap_or(i64::MAX);
    let this = Arc::clone(platform);
    platform.db.write(move |tx| give_way(tx, &this, over)).await
}

pub(super) fn give_way(tx: &mut storage::Tx<'_>, platform: &Arc<Platform>, mut over: i64) -> Result<()> {
    for (account, id, size) in store::oldest_uploads(tx, BATCH)? {
        if over <= 0 {
            break;
        }
        store::delete(tx, platform, account, id)?;
        over -= size;
    }
    Ok(())
}
