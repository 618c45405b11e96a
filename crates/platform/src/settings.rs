//! What the sim can set of the whole platform.

use graph_api::limits;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use storage::{Read, Result, Tx, params};

/// The settings, read wherever they matter and changed by the sim.
#[derive(Debug)]
pub(crate) struct Settings {
    webhook_batch: AtomicUsize,
    webhook_switch_off: AtomicBool,
    ad_window_days: AtomicU64,
}

/// Seconds of a day.
const DAY: u64 = 24 * 3600;
/// The most days of an ad's window, and how many it has unless that is changed.
pub(crate) const AD_WINDOW_DAYS: u64 = limits::AD_WINDOW.as_secs() / DAY;

impl Default for Settings {
    fn default() -> Self {
        Self {
            webhook_batch: AtomicUsize::new(1),
            webhook_switch_off: AtomicBool::new(false),
            ad_window_days: AtomicU64::new(AD_WINDOW_DAYS),
        }
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

    /// How many days the window stays open that the first message after the tap of a click-to-Direct ad opens.
    pub(crate) fn ad_window_days(&self) -> u64 {
        self.ad_window_days.load(Ordering::Relaxed)
    }

    /// The same as a span of time.
    pub(crate) fn ad_window(&self) -> Duration {
        Duration::from_secs(self.ad_window_days() * DAY)
    }

    pub(crate) fn set_ad_window_days(&self, days: u64) {
        self.ad_window_days.store(days.clamp(1, AD_WINDOW_DAYS), Ordering::Relaxed);
    }

    /// Everything as it is at first.
    pub(crate) fn reset(&self) {
        self.set_webhook_batch(1);
        self.set_webhook_switch_off(false);
        self.set_ad_window_days(AD_WINDOW_DAYS);
    }

    /// Takes over what is stored.
    pub(crate) fn load(&self, db: &mut impl Read) -> Result<()> {
        let stored = read(db, WEBHOOK_BATCH)?;
        self.set_webhook_batch(stored.and_then(|text| text.parse().ok()).unwrap_or(1));
        self.set_webhook_switch_off(read(db, WEBHOOK_SWITCH_OFF)?.as_deref() == Some("true"));
        let stored = read(db, AD_WINDOW)?;
        self.set_ad_window_days(stored.and_then(|text| text.parse().ok()).unwrap_or(AD_WINDOW_DAYS));
        Ok(())
    }
}

pub(crate) const WEBHOOK_BATCH: &str = "webhook_batch";
pub(crate) const WEBHOOK_SWITCH_OFF: &str = "webhook_switch_off";
pub(crate) const AD_WINDOW: &str = "ad_window_days";
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
