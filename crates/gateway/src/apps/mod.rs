//! Apps and their keys.

pub(crate) mod bootstrap;
pub(crate) mod ops;
pub(crate) mod removal;
pub(crate) mod store;
