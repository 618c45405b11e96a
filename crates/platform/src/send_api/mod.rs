//! The Send API: `POST /{ig-id | page-id | me}/messages`.

pub(crate) mod ops;
pub(crate) mod rules;

#[cfg(test)]
mod tests;
