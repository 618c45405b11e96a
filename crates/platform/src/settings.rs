//! What the sim can set of the whole platform.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use storage::{Read, Result, Tx, params};

/// The settings, read wherever they matter and changed by the sim.
#[derive(Debug)]
pub(crate) struct Settings {
    webhook_batch: AtomicUsize,
    webhook_switch_off: AtomicBool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { webhook_batch: AtomicUsize::new(1), webhook_switch_off: AtomicBool::new(false) }
    }
}

impl Settings {
    /// Events in one webhook POST, at most: 1, as every capture has it; up to 1000 are documented.
    pub(crate) fn webhook_batch(&self) -> usize {
        self.webhook_batch.load(Ordering::Relaxed)
    }

    pub(crate) fn set_webhook_batch(&self, events: usize) {
        self.webhook_batch.store(events.clamp(1, 1000), Ordering::Relaxed);
    }

    /// Whether an hour of failures ends an app's subscription to an account.
    pub(crate) fn webhook_switch_off(&self) -> bool {
        self.webhook_switch_off.load(Ordering::Relaxed)
    }

    pub(crate) fn set_webhook_switch_off(&self, ends: bool) {
        self.webhook_switch_off.store(ends, Ordering::Relaxed);
    }

    /// Takes over what is stored.
    pub(crate) fn load(&self, db: &mut impl Read) -> Result<()> {
        let stored = read(db, WEBHOOK_BATCH)?;
        self.set_webhook_batch(stored.and_then(|text| text.parse().ok()).unwrap_or(1));
        self.set_webhook_switch_off(read(db, WEBHOOK_SWITCH_OFF)?.as_deref() == Some("true"));
        Ok(())
    }
}

pub(crate) const WEBHOOK_BATCH: &str = "webhook_batch";
pub(crate) const WEBHOOK_SWITCH_OFF: &str = "webhook_switch_off";
pub(crate) const CLOCK_OFFSET: &str = "clock_offset_us";
pub(crate) const DEMO: &str = "demo";
pub(crate) const WORLD_KEY: &str = "world_key";

/// A stored setting.
pub(crate) fn read(db: &mut impl Read, name: &'static str) -> Result<Option<String>> {
    db.one("SELECT value FROM setting WHERE name = $1", params![name])
}

/// Stores a setting.
pub(crate) fn write(tx: &mut Tx<'_>, name: &'static str, value: &str) -> Result<()> {
    tx.run(
        "INSERT INTO setting (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )?;
    Ok(())
}
