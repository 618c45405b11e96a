//! Chance for tests that try many cases: the same in every run.

use clock::{Chance, SeededChance};

/// Dice whose throws follow from a seed.
pub struct Dice(SeededChance);

impl Dice {
    /// Dice with that seed.
    pub fn new(seed: u64) -> Self {
        Self(SeededChance::new(seed))
    }

    /// A number from 0 to below `sides`.
    pub fn of(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % sides as u64).expect("below a usize")
    }

    /// One of several.
    pub fn one<T: Copy>(&self, of: &[T]) -> T {
        of[self.of(of.len())]
    }

    /// Yes or no.
    pub fn coin(&self) -> bool {
        self.of(2) == 0
    }
}
