//! The way of a request: path and query, credentials, the table of operations, the answer.

pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod operations;
pub(crate) mod paging;
pub(crate) mod server;

#[cfg(test)]
mod tests;
