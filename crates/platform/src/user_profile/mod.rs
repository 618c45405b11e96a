//! User profiles: what an account may learn of a person who has written to it (doc: User Profile API, both variants).

pub(crate) mod ops;
mod rules;

#[cfg(test)]
mod tests;
