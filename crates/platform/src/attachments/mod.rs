//! Attachment upload: files that are sent later, perhaps more than once (doc: Attachment Upload, both variants). The files
//! are assets; [`crate::assets`] has the rule by which the oldest give way.

pub(crate) mod ops;

#[cfg(test)]
mod tests;
