//! The Send API: `POST /{ig-id | page-id | me}/messages`.

mod media;
mod message;
pub(crate) mod ops;
pub(crate) mod rules;
mod sender_action;

#[cfg(test)]
mod tests;
