//! Files: those that the business uploads, and those at Instagram that messages show.

pub(crate) mod ops;
pub(crate) mod serving;
pub(crate) mod store;
pub(crate) mod upload;
