//! The parts that a count has.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use storage::{FromRow, Result, Row};

/// Numbers by name, in the order of the names. As text it is a JSON object, so that it can be read where the database is looked
/// at. An answer reads thousands of them, so they are no tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts(Vec<(String, i64)>);

/// How many days ago somebody was last seen, at most: whoever was not seen for longer, or never, counts as this.
pub(super) const LONG_AGO: i64 = 31;

impl Parts {
    /// Adds to a number.
    pub(super) fn add(&mut self, name: &str, by: i64) {
        match self.place(name) {
            Ok(at) => self.0[at].1 = self.0[at].1.saturating_add(by),
            Err(at) => self.0.insert(at, (name.to_owned(), by)),
        }
    }

    fn place(&self, name: &str) -> std::result::Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    /// Adds people of whom each was last seen so many days ago.
    pub(super) fn add_people(&mut self, name: &str, gap: i64, people: i64) {
        self.add(&format!("{name}|{}", gap.clamp(1, LONG_AGO)), people);
    }

    /// A number; 0 if there is none of that name.
    pub(super) fn get(&self, name: &str) -> i64 {
        self.place(name).map_or(0, |at| self.0[at].1)
    }

    /// All numbers with their names.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, i64)> {
        self.0.iter().map(|(name, number)| (name.as_str(), *number))
    }

    /// The numbers of people: the name, how many days ago they were last seen, how many they are.
    pub(super) fn people(&self) -> impl Iterator<Item = (&str, i64, i64)> {
        self.all().filter_map(|(key, people)| {
            let (name, gap) = key.rsplit_once('|')?;
            Some((name, gap.parse().ok()?, people))
        })
    }

    /// The numbers whose names begin so, with the rest of their names.
    pub(super) fn under<'a>(&'a self, head: &'a str) -> impl Iterator<Item = (&'a str, i64)> {
        self.all().filter_map(move |(name, number)| Some((name.strip_prefix(head)?, number)))
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|e| storage::Error::Engine(format!("parts that cannot be read are stored: {e}")))
    }
}

impl Serialize for Parts {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.all())
    }
}

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Numbers;
        impl<'de> Visitor<'de> for Numbers {
            type Value = Parts;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("numbers by name")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Parts, A::Error> {
                let mut parts = Vec::new();
                while let Some(part) = map.next_entry::<String, i64>()? {
                    parts.push(part);
                }
                // They were written in order.
                parts.sort();
                Ok(Parts(parts))
            }
        }
        deserializer.deserialize_map(Numbers)
    }
}

impl FromRow for Parts {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Self::parse(&row.text(0)?)
    }
}
