//! How tables come to be.

/// One step of the schema. Steps are applied once each, in the order of the list, and never changed afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its name, unique for all time: the database remembers it.
    pub name: &'static str,
    /// One or several portable statements. `{bytes}` stands for the engine's type of byte strings; the other types are
    /// `BIGINT` and `TEXT`, in capitals. The texts in a column are in the order of their bytes on every engine.
    pub sql: &'static str,
}
