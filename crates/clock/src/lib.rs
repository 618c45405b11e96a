//! Time and chance, passed in. Nothing else in the workspace reads the ambient clock or the ambient random source.
//!
//! A world has one [`Clock`] and one [`Chance`]. The sandbox's clock is the real one plus an offset that the sim moves
//! ([`OffsetClock`]); tests hold one that stands still until they move it ([`ManualClock`]).

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// An instant: microseconds since the Unix epoch, UTC. All instants in the database are this number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    /// The instant that lies `seconds` after the epoch.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }
    /// Whole milliseconds since the epoch, cut, as webhooks carry them.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }
    /// Whole seconds since the epoch, cut.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
    /// This instant moved forward; stops at the end of the range.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }
    /// The instant before this one by that span.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }
    /// How long ago `earlier` was, or zero if it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// A world's time.
pub trait Clock: Send + Sync + 'static {
    /// The current instant of the world. May go backwards when the sim sets it back.
    fn now(&self) -> Micros;
    /// How long to wait in real time until the world reaches `at` (zero if it has), or `None` if the clock does not
    /// run by itself.
    fn until(&self, at: Micros) -> Option<Duration>;
}

/// A clock that the sim (or a test) can move. Whoever moves it tells those who wait on it.
pub trait MovableClock: Clock {
    /// Moves the world forward.
    fn advance(&self, by: Duration);
    /// Sets the world's time, also backwards.
    fn set(&self, to: Micros);
    /// Goes back to the time that the clock had or would have had without being moved.
    fn reset(&self);
    /// How far the world is from unmoved time, in microseconds.
    fn offset(&self) -> i64;
}

fn real_now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's time enters")]
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
}

/// The system's clock plus an offset that can be moved; with offset zero, the system's clock.
#[derive(Debug, Default)]
pub struct OffsetClock {
    offset: AtomicI64,
}

impl OffsetClock {
    /// The system's clock, `offset` microseconds ahead.
    pub fn new(offset: i64) -> Self {
        Self { offset: AtomicI64::new(offset) }
    }
}

impl Clock for OffsetClock {
    fn now(&self) -> Micros {
        Micros(real_now().saturating_add(self.offset.load(Ordering::Relaxed)))
    }
    fn until(&self, at: Micros) -> Option<Duration> {
        Some(at.since(self.now()))
    }
}

impl MovableClock for OffsetClock {
    fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        let moved = |o: i64| Some(o.saturating_add(by));
        let _ = self.offset.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }
    fn set(&self, to: Micros) {
        self.offset.store(to.0.saturating_sub(real_now()), Ordering::Relaxed);
    }
    fn reset(&self) {
        self.offset.store(0, Ordering::Relaxed);
    }
    fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    start: Micros,
    now: AtomicI64,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: Micros) -> Self {
        Self { start, now: AtomicI64::new(start.0) }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Micros {
        Micros(self.now.load(Ordering::Relaxed))
    }
    fn until(&self, at: Micros) -> Option<Duration> {
        (at <= self.now()).then_some(Duration::ZERO)
    }
}

impl MovableClock for ManualClock {
    fn advance(&self, by: Duration) {
        self.now.store(self.now().plus(by).0, Ordering::Relaxed);
    }
    fn set(&self, to: Micros) {
        self.now.store(to.0, Ordering::Relaxed);
    }
    fn reset(&self) {
        self.now.store(self.start.0, Ordering::Relaxed);
    }
    fn offset(&self) -> i64 {
        self.now().0.saturating_sub(self.start.0)
    }
}

/// A world's source of unpredictable bytes: trace ids, world keys, handshake challenges. Node ids do not come from
/// here: they only grow, and are counted in the database.
pub trait Chance: Send + Sync + 'static {
    /// Fills `out`.
    fn fill(&self, out: &mut [u8]);
    /// Eight bytes as a number.
    fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}

/// The operating system's random bytes, drawn in blocks so that a request does not pay a system call.
#[derive(Debug, Default)]
pub struct SystemChance {
    block: Mutex<Block>,
}

#[derive(Debug)]
struct Block {
    bytes: [u8; 1024],
    used: usize,
}

impl Default for Block {
    fn default() -> Self {
        Self { bytes: [0; 1024], used: 1024 }
    }
}

impl Chance for SystemChance {
    #[expect(
        clippy::expect_used,
        reason = "a machine without random bytes cannot run a server that makes secrets"
    )]
    fn fill(&self, out: &mut [u8]) {
        let mut block = self.block.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for piece in out.chunks_mut(1024) {
            if block.used + piece.len() > block.bytes.len() {
                getrandom::getrandom(&mut block.bytes).expect("the operating system gives random bytes");
                block.used = 0;
            }
            let from = block.used;
            block.used += piece.len();
            piece.copy_from_slice(&block.bytes[from..from + piece.len()]);
        }
    }
}

/// The same bytes for the same seed (SplitMix64): for tests and for worlds made with a seed. Not for secrets.
#[derive(Debug)]
pub struct SeededChance {
    state: AtomicU64,
}

impl SeededChance {
    /// A source whose whole sequence follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }
}

impl Chance for SeededChance {
    fn fill(&self, out: &mut [u8]) {
        for piece in out.chunks_mut(8) {
            let step = 0x9e37_79b9_7f4a_7c15_u64;
            let mut z = self.state.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            piece.copy_from_slice(&bytes[..piece.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_by_hand() {
        let clock = ManualClock::new(Micros::from_secs(100));
        let due = Micros::from_secs(160);
        assert_eq!(clock.until(due), None);
        clock.advance(Duration::from_secs(60));
        assert_eq!(clock.until(due), Some(Duration::ZERO));
        assert_eq!(clock.offset(), 60_000_000);
        clock.reset();
        assert_eq!(clock.now(), Micros::from_secs(100));
    }

    #[test]
    fn an_offset_clock_runs_and_can_be_set_back() {
        let clock = OffsetClock::default();
        let before = clock.now();
        clock.advance(Duration::from_secs(25 * 3600));
        assert!(clock.now().since(before) >= Duration::from_secs(25 * 3600));
        clock.set(Micros::from_secs(1_000));
        assert!(clock.now() < before);
        assert!(clock.until(Micros::from_secs(1_010)) <= Some(Duration::from_secs(10)));
        clock.advance(Duration::MAX);
        assert!(clock.now() > before, "the far future does not wrap round");
    }

    #[test]
    fn seeded_chance_repeats_and_system_chance_does_not() {
        let draw = |c: &dyn Chance| {
            let mut bytes = [0; 40];
            c.fill(&mut bytes);
            bytes
        };
        assert_eq!(draw(&SeededChance::new(7)), draw(&SeededChance::new(7)));
        assert_ne!(draw(&SeededChance::new(7)), draw(&SeededChance::new(8)));
        let system = SystemChance::default();
        assert_ne!(draw(&system), draw(&system));
        let mut long = vec![0; 5000];
        system.fill(&mut long);
        assert!(long.iter().any(|b| *b != 0));
    }
}
