//! The sections of a run.

pub(crate) mod deliveries;
pub(crate) mod fsync;
pub(crate) mod gateway;
pub(crate) mod growth;
pub(crate) mod insights;
pub(crate) mod instructions;
pub(crate) mod pipeline;
pub(crate) mod prism;
pub(crate) mod sends;
pub(crate) mod start;
