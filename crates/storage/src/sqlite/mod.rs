//! The embedded engine.

mod checkpoint;
mod failure;
mod file;
mod folder;
mod memory;
mod mover;
mod readers;
mod schema;
mod session;
mod time_limit;
mod writer;

pub(crate) use file::File;
pub use folder::FolderLock;
pub(crate) use memory::Memory;
pub(crate) use session::{Session, cell};
