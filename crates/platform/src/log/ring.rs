//! A list that forgets its oldest entries: bounded in number and in bytes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The ring.
pub(super) struct Ring<T> {
    inner: Mutex<Inner<T>>,
    most: usize,
    most_bytes: usize,
}

struct Inner<T> {
    entries: VecDeque<(u64, usize, Arc<T>)>,
    next: u64,
    bytes: usize,
}

impl<T> Ring<T> {
    /// A ring of at most `most` entries and about `most_bytes` bytes, whose first cursor is `first`.
    pub(super) fn new(first: u64, most: usize, most_bytes: usize) -> Self {
        Self {
            inner: Mutex::new(Inner { entries: VecDeque::new(), next: first, bytes: 0 }),
            most,
            most_bytes,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an entry that holds about `bytes` bytes; answers its cursor. Cursors only grow.
    pub(super) fn push(&self, entry: Arc<T>, bytes: usize) -> u64 {
        // What falls out is freed after the lock is given back: others wait for the lock, some of them with a
        // transaction.
        let mut fallen = Vec::new();
        let mut inner = self.lock();
        let cursor = inner.next;
        inner.next += 1;
        inner.bytes += bytes;
        inner.entries.push_back((cursor, bytes, entry));
        while inner.entries.len() > self.most || (inner.bytes > self.most_bytes && inner.entries.len() > 1) {
            if let Some((_, bytes, entry)) = inner.entries.pop_front() {
                inner.bytes -= bytes;
                fallen.push(entry);
            }
        }
        drop(inner);
        drop(fallen);
        cursor
    }

    /// The entries after the cursor, the oldest first, and the newest cursor.
    pub(super) fn after(&self, cursor: u64) -> (Vec<(u64, Arc<T>)>, u64) {
        let inner = self.lock();
        let from = inner.entries.partition_point(|(at, ..)| *at <= cursor);
        let entries = inner.entries.range(from..).map(|(at, _, entry)| (*at, Arc::clone(entry))).collect();
        (entries, inner.next - 1)
    }

    /// All entries before the cursor, the newest first.
    pub(super) fn before(&self, cursor: Option<u64>) -> Vec<(u64, Arc<T>)> {
        let inner = self.lock();
        let to = cursor.map_or(inner.entries.len(), |c| inner.entries.partition_point(|(at, ..)| *at < c));
        inner.entries.range(..to).rev().map(|(at, _, entry)| (*at, Arc::clone(entry))).collect()
    }

    /// Forgets all entries; cursors go on growing.
    pub(super) fn clear(&self) {
        let mut inner = self.lock();
        inner.entries.clear();
        inner.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring_of(count: usize, most: usize, most_bytes: usize) -> Ring<usize> {
        let ring = Ring::new(1, most, most_bytes);
        for n in 0..count {
            ring.push(Arc::new(n), 10);
        }
        ring
    }

    #[test]
    fn the_oldest_go_and_cursors_grow() {
        let ring = ring_of(10, 4, 1000);
        let (entries, newest) = ring.after(0);
        assert_eq!(
            entries.iter().map(|(c, n)| (*c, **n)).collect::<Vec<_>>(),
            [(7, 6), (8, 7), (9, 8), (10, 9)]
        );
        assert_eq!(newest, 10);
        assert_eq!(ring.after(9).0.len(), 1);
        assert!(ring.after(10).0.is_empty());
        assert_eq!(ring.before(Some(9)).iter().map(|(c, _)| *c).collect::<Vec<_>>(), [8, 7]);
        ring.clear();
        assert_eq!(ring.after(0), (vec![], 10));
        assert_eq!(ring.push(Arc::new(1), 10), 11);
    }

    #[test]
    fn bytes_bound_it_too_but_the_newest_stays() {
        assert_eq!(ring_of(10, 100, 35).before(None).len(), 3);
        assert_eq!(ring_of(3, 100, 1).before(None).len(), 1);
    }
}
