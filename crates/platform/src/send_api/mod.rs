//! The Send API: `POST /{ig-id | page-id | me}/messages`.

pub(crate) mod media;
mod message;
pub(crate) mod ops;
pub(crate) mod private_reply;
pub(crate) mod rules;
mod sender_action;
pub(crate) mod stored;

#[cfg(test)]
mod tests;
