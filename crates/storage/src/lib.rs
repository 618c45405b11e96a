//! One narrow type over the databases that a world can live in.
//!
//! A unit of work is an ordinary, synchronous closure over a [`Tx`] (or a [`ReadTx`]); [`Database::write`] runs it in a
//! transaction and answers when its writes are on disk. The engines:
//!
//! - a SQLite file ([`Database::open`]): one writer thread folds the waiting units into one transaction each time, so
//!   that the price of a disk flush is shared by all who wait for it;
//! - SQLite in memory ([`Database::in_memory`]): for worlds that live as long as a test;
//! - PostgreSQL ([`Database::connect`]): for more than one machine. Units run side by side, each on a connection of its
//!   own, and cost as few round trips as they can.
//!
//! The same closure must mean the same on an engine where writers run side by side. Hence the rules:
//!
//! - SQL is one portable text with parameters `$1`, `$2`, …; each number up to the highest is used. A value is of its
//!   parameter's type: PostgreSQL refuses others, where SQLite converts what it can. Sums are cast (`BIGINT`); texts
//!   are not compared with `LIKE`, which minds the case on one engine only.
//! - A unit locks its aggregate's row first (`SELECT … FOR UPDATE`), reads it, decides, and writes. A unit that only
//!   reads locks nothing.
//! - A unit may be run more than once, and what it did before is then undone. What must happen once, and only if the
//!   writes stay, goes into [`Tx::after_commit`].
//! - A failed statement fails the unit, even if the closure swallows the error: use `ON CONFLICT` to expect a conflict.
//!
//! What is too large for a database is in [`Blobs`]: bytes by key, in a local folder or in memory.

mod blobs;
mod cause;
mod database;
mod error;
mod migration;
mod options;
mod postgres;
mod recorder;
mod row;
mod sql;
mod sqlite;
mod tx;
mod unit;
mod value;

pub use blobs::{BlobStream, BlobUpload, Blobs};
pub use cause::{cause, caused_by};
pub use database::{Database, Stats};
pub use error::{Error, Result};
pub use migration::Migration;
pub use options::{OnFatal, Options};
pub use postgres::{PostgresOptions, Tls};
pub use row::{FromColumn, FromRow, Row};
pub use sqlite::FolderLock;
pub use tx::{Read, ReadTx, Tx};
pub use unit::End;
pub use value::Value;
