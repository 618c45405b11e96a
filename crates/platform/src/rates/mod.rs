//! Limits of rates, for each account, app and endpoint, on the sandbox's clock. Off unless a setting says otherwise; what
//! counts is kept in memory and begins anew with the process.

pub(crate) mod rules;
mod window;

use clock::Micros;
use graph_api::Host;
use graph_api::limits::Rate;
use rules::Bucket;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use window::Window;

/// The counted calls.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    windows: Mutex<HashMap<Key, Window>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    app: i64,
    /// The account, page or user; 0 for the app itself.
    subject: i64,
    /// Of limits that the hosts do not share.
    host: Option<Host>,
    bucket: Bucket,
}

/// How far a limit is used after a call, for the headers that tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    /// It is a platform limit, not one of a business use case.
    pub is_platform: bool,
    /// Whole percentages.
    pub percent: u64,
    /// Whole minutes until a call goes through again; 0: at once.
    pub minutes: u64,
}

impl Rates {
    /// Counts a call about a subject: an account, a user, or 0 for the app itself. How far the limit is used then, and
    /// whether the call was too much: it does not count in that case.
    pub(crate) fn count(
        &self,
        (app, subject, host): (i64, i64, Host),
        bucket: Bucket,
        rate: Rate,
        now: Micros,
    ) -> (Used, bool) {
        let host = bucket.is_by_second().then_some(host);
        let key = Key { app, subject, host, bucket };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(key).or_default();
        let taken = window.take(now, rate);
        let percent = window.used() as u64 * 100 / u64::from(rate.calls.max(1));
        let minutes = taken.err().map_or(0, whole_minutes);
        (Used { is_platform: bucket.is_platform(), percent, minutes }, taken.is_err())
    }

    /// Forgets what was counted.
    pub(crate) fn forget(&self) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Begun minutes count: who waits so long is not refused again.
fn whole_minutes(wait: Duration) -> u64 {
    u64::try_from(wait.as_micros().div_ceil(60_000_000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_limits_by_the_second_of_their_own_and_quotas_together() {
        let (rates, rate) = (Rates::default(), Rate { calls: 1, within: Duration::from_secs(1) });
        let is_full = |host, bucket| rates.count((1, 2, host), bucket, rate, Micros(0)).1;
        assert!(!is_full(Host::Instagram, Bucket::Text));
        assert!(is_full(Host::Instagram, Bucket::Text));
        assert!(!is_full(Host::Facebook, Bucket::Text));
        assert!(!is_full(Host::Instagram, Bucket::Instagram));
        assert!(is_full(Host::Facebook, Bucket::Instagram));
    }
}
