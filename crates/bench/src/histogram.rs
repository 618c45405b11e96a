//! Latencies in buckets: exact below 64 µs, then within 1/64 (1.6%), in a fixed array.

/// Sub-buckets of each power of two.
const SUB: u64 = 64;
const SUB_BITS: u32 = SUB.trailing_zeros();
/// Enough for 64-bit numbers.
const BUCKETS: usize = (SUB as usize) * (64 - SUB_BITS as usize + 1);

/// How often each latency occurred, in microseconds.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    buckets: Box<[u64]>,
    count: u64,
    highest: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: vec![0; BUCKETS].into_boxed_slice(), count: 0, highest: 0 }
    }
}

impl Histogram {
    /// Counts one latency.
    pub(crate) fn record(&mut self, micros: u64) {
        self.buckets[bucket(micros)] += 1;
        self.count += 1;
        self.highest = self.highest.max(micros);
    }

    /// How many were counted.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The latency that the share `quantile` of all does not exceed; 0 if nothing was counted.
    pub(crate) fn quantile(&self, quantile: f64) -> u64 {
        let wanted = ((self.count as f64 * quantile).ceil() as u64).max(1);
        let mut seen = 0;
        for (at, count) in self.buckets.iter().enumerate() {
            seen += count;
            if *count > 0 && seen >= wanted {
                return upper(at).min(self.highest);
            }
        }
        0
    }
}

fn bucket(value: u64) -> usize {
    if value < SUB {
        return value as usize;
    }
    // The highest bit decides the group, the next bits the place in it.
    let shift = value.ilog2() - SUB_BITS;
    ((u64::from(shift) + 1) * SUB + (value >> shift) - SUB) as usize
}

/// The highest value of a bucket.
fn upper(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < SUB {
        return bucket;
    }
    let shift = (bucket / SUB - 1) as u32;
    let first = (SUB + bucket % SUB) << shift;
    first + ((1 << shift) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_join_without_gaps_and_stay_narrow() {
        for value in (0..100_000).chain([1 << 20, (1 << 40) + 12345, u64::MAX - 1, u64::MAX]) {
            let high = upper(bucket(value));
            assert!(high >= value, "{value}");
            assert!(high - value <= value / SUB, "{value} is shown as {high}");
            assert_eq!(bucket(high), bucket(value));
        }
        for at in 1..BUCKETS {
            if let Some(next) = upper(at - 1).checked_add(1) {
                assert_eq!(bucket(next), at);
            }
        }
    }

    #[test]
    fn quantiles() {
        let mut all = Histogram::default();
        assert_eq!(all.quantile(0.5), 0);
        (1..=100).for_each(|n| all.record(n));
        assert_eq!(all.count(), 100);
        assert_eq!(all.quantile(0.5), 50);
        assert_eq!(all.quantile(0.0), 1);
        assert_eq!(all.quantile(1.0), 100);
        assert!((99..=100).contains(&all.quantile(0.99)));
    }
}
