//! What the sim can set of the whole platform.

use crate::publishing::settings::PublishingSettings;
use graph_api::limits;
use graph_api::locale::Locale;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use storage::{Read, Result, Tx, params};

/// The settings, read wherever they matter and changed by the sim.
#[derive(Debug)]
pub(crate) struct Settings {
    webhook_batch: AtomicUsize,
    webhook_switch_off: AtomicBool,
    ad_window_days: AtomicU64,
    rate_limits: AtomicBool,
    rate_multiplier: AtomicU32,
    code_exchange: AtomicUsize,
    /// Those of publishing.
    pub(crate) publishing: PublishingSettings,
    legacy_comment_rules: AtomicBool,
    locale: RwLock<String>,
    /// Whether rates are limited unless somebody sets it.
    limits_by_default: bool,
}

/// The locale in which everything is known.
pub(crate) const ENGLISH: &str = "en_US";
/// Seconds of a day.
const DAY: u64 = 24 * 3600;
/// The most days of an ad's window, and how many it has unless that is changed.
pub(crate) const AD_WINDOW_DAYS: u64 = limits::AD_WINDOW.as_secs() / DAY;

/// How the exchange of a code of Instagram Login is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeExchange {
    /// One flat object, ids as strings, as clients in the field read it.
    Flat,
    /// The same with the id as a number, as older captures have it.
    FlatNumber,
    /// A list `data` with the permissions as one text, as the documentation shows it.
    Documented,
}

impl CodeExchange {
    const ALL: [Self; 3] = [Self::Flat, Self::FlatNumber, Self::Documented];

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::FlatNumber => "flat_number",
            Self::Documented => "documented",
        }
    }

    /// The one of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

impl Settings {
    /// The settings with nothing set.
    pub(crate) fn new(limits_by_default: bool) -> Self {
        let settings = Self {
            webhook_batch: AtomicUsize::default(),
            webhook_switch_off: AtomicBool::default(),
            ad_window_days: AtomicU64::default(),
            rate_limits: AtomicBool::default(),
            rate_multiplier: AtomicU32::default(),
            code_exchange: AtomicUsize::default(),
            publishing: PublishingSettings::default(),
            legacy_comment_rules: AtomicBool::default(),
            locale: RwLock::default(),
            limits_by_default,
        };
        settings.reset();
        settings
    }

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

    /// Whether rates are limited.
    pub(crate) fn rate_limits(&self) -> bool {
        self.rate_limits.load(Ordering::Relaxed)
    }

    pub(crate) fn set_rate_limits(&self, on: bool) {
        self.rate_limits.store(on, Ordering::Relaxed);
    }

    /// How many users, engaged people and impressions the quotas are multiplied by.
    pub(crate) fn rate_multiplier(&self) -> u32 {
        self.rate_multiplier.load(Ordering::Relaxed)
    }

    pub(crate) fn set_rate_multiplier(&self, people: u32) {
        self.rate_multiplier.store(people.clamp(1, MOST_PEOPLE), Ordering::Relaxed);
    }

    /// How the exchange of a code is answered.
    pub(crate) fn code_exchange(&self) -> CodeExchange {
        let at = self.code_exchange.load(Ordering::Relaxed);
        CodeExchange::ALL.get(at).copied().unwrap_or(CodeExchange::Flat)
    }

    pub(crate) fn set_code_exchange(&self, how: CodeExchange) {
        self.code_exchange.store(how as usize, Ordering::Relaxed);
    }

    /// Whether comments must keep the rules of the API that was retired in 2020.
    pub(crate) fn legacy_comment_rules(&self) -> bool {
        self.legacy_comment_rules.load(Ordering::Relaxed)
    }

    pub(crate) fn set_legacy_comment_rules(&self, on: bool) {
        self.legacy_comment_rules.store(on, Ordering::Relaxed);
    }

    /// The locale in which errors are told to who asks for none; `en_US` at first. A setting and not each token's user's own
    /// (as at Meta): tests must be able to rely on it.
    pub(crate) fn locale_name(&self) -> String {
        self.locale.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same, as a language that errors are known in.
    pub(crate) fn locale(&self) -> Option<Locale> {
        Locale::parse(&self.locale.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_locale(&self, locale: &str) {
        locale.clone_into(&mut self.locale.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Everything as it is at first.
    pub(crate) fn reset(&self) {
        self.set_webhook_batch(1);
        self.set_webhook_switch_off(false);
        self.set_ad_window_days(AD_WINDOW_DAYS);
        self.set_rate_limits(self.limits_by_default);
        self.set_rate_multiplier(1);
        self.set_code_exchange(CodeExchange::Flat);
        self.publishing.reset();
        self.set_legacy_comment_rules(false);
        self.set_locale(ENGLISH);
    }

    /// Takes over what is stored.
    pub(crate) fn load(&self, db: &mut impl Read) -> Result<()> {
        if let Some(batch) = read(db, WEBHOOK_BATCH)?.and_then(|text| text.parse().ok()) {
            self.set_webhook_batch(batch);
        }
        if let Some(ends) = read(db, WEBHOOK_SWITCH_OFF)?.and_then(|text| text.parse().ok()) {
            self.set_webhook_switch_off(ends);
        }
        if let Some(days) = read(db, AD_WINDOW)?.and_then(|text| text.parse().ok()) {
            self.set_ad_window_days(days);
        }
        if let Some(on) = read(db, RATE_LIMITS)?.and_then(|text| text.parse().ok()) {
            self.set_rate_limits(on);
        }
        if let Some(people) = read(db, RATE_MULTIPLIER)?.and_then(|text| text.parse().ok()) {
            self.set_rate_multiplier(people);
        }
        if let Some(how) = read(db, CODE_EXCHANGE)?.and_then(|name| CodeExchange::parse(&name)) {
            self.set_code_exchange(how);
        }
        if let Some(on) = read(db, LEGACY_COMMENT_RULES)?.and_then(|text| text.parse().ok()) {
            self.set_legacy_comment_rules(on);
        }
        if let Some(locale) = read(db, LOCALE)? {
            self.set_locale(&locale);
        }
        self.publishing.load(db)
    }
}

/// The largest multiplier of quotas: each call that counts is remembered for as long as it does.
pub(crate) const MOST_PEOPLE: u32 = 100;

pub(crate) const WEBHOOK_BATCH: &str = "webhook_batch";
pub(crate) const WEBHOOK_SWITCH_OFF: &str = "webhook_switch_off";
pub(crate) const AD_WINDOW: &str = "ad_window_days";
pub(crate) const RATE_LIMITS: &str = "rate_limits";
pub(crate) const RATE_MULTIPLIER: &str = "rate_multiplier";
pub(crate) const CODE_EXCHANGE: &str = "code_exchange";
pub(crate) const LEGACY_COMMENT_RULES: &str = "legacy_comment_rules";
pub(crate) const LOCALE: &str = "locale";
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
