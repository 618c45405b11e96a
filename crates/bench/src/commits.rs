//! How many transactions a SQLite database in WAL mode has committed, seen from outside.
//!
//! The header of the shared index (`-shm`) holds a counter that grows with each commit and survives the log's being
//! begun anew (SQLite, "WAL-mode File Format", section 2.1: `iChange`). So neither the product nor the control needs a
//! counter of its own for this, and both are counted the same way.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Where `iChange` stands in the index.
const OFFSET: u64 = 8;

/// The counter of the database at `path`. Differences of it are numbers of commits.
pub(crate) fn counter(path: &Path) -> Result<u32, String> {
    let mut index = path.as_os_str().to_owned();
    index.push("-shm");
    let mut bytes = [0; 4];
    let read = File::open(&index).and_then(|file| file.read_exact_at(&mut bytes, OFFSET));
    read.map_err(|e| format!("{} cannot be read: {e}", index.display()))?;
    Ok(u32::from_ne_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_commit_counts_once() {
        let folder = std::env::temp_dir().join(format!("bench-commits-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("t.db");
        let db = rusqlite::Connection::open(&path).unwrap();
        db.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (0)").unwrap();
        let before = counter(&path).unwrap();
        for n in 0..5 {
            db.execute("INSERT INTO t VALUES (?1)", [n]).unwrap();
        }
        db.query_row("SELECT count(*) FROM t", [], |_| Ok(())).unwrap();
        db.execute_batch("BEGIN; INSERT INTO t VALUES (6); INSERT INTO t VALUES (7); COMMIT").unwrap();
        assert_eq!(counter(&path).unwrap() - before, 6);
        // Also when the log is begun anew.
        db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t VALUES (8)").unwrap();
        assert_eq!(counter(&path).unwrap() - before, 7);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
