//! The answers.

mod account;
mod field;
mod media;

pub(super) use account::account;
pub(crate) use field::of_account;
pub(in crate::insights) use field::of_medium;
pub(super) use media::media;

use serde_json::{Map, Value, json};

/// An entry of `data`, up to what it is worth: `name`, `period`, and what every entry ends with.
struct Entry {
    /// The node's id.
    node: i64,
    name: &'static str,
    period: &'static str,
    title: &'static str,
    description: &'static str,
}

impl Entry {
    /// A series, or the one value of a medium: `values` comes before the words (cap).
    fn of_values(&self, values: Value, total: Option<Value>) -> Value {
        let mut entry = self.begin();
        entry.insert("values".into(), values);
        self.words(&mut entry);
        if let Some(total) = total {
            entry.insert("total_value".into(), total);
        }
        self.end(entry)
    }

    /// A total: `total_value` comes after the words (cap); some entries have none.
    fn of_total(&self, total: Option<Value>) -> Value {
        let mut entry = self.begin();
        self.words(&mut entry);
        if let Some(total) = total {
            entry.insert("total_value".into(), total);
        }
        self.end(entry)
    }

    fn begin(&self) -> Map<String, Value> {
        let mut entry = Map::new();
        entry.insert("name".into(), self.name.into());
        entry.insert("period".into(), self.period.into());
        entry
    }

    fn words(&self, entry: &mut Map<String, Value>) {
        entry.insert("title".into(), self.title.into());
        entry.insert("description".into(), self.description.into());
    }

    fn end(&self, mut entry: Map<String, Value>) -> Value {
        let id = format!("{}/insights/{}/{}", self.node, self.name, self.period);
        entry.insert("id".into(), id.into());
        Value::Object(entry)
    }
}

/// `breakdowns`: one, with its results if there are any.
fn breakdowns(keys: &[&str], results: &[(Vec<&str>, i64)]) -> Value {
    let mut breakdown = json!({ "dimension_keys": keys });
    if !results.is_empty() {
        let rows =
            results.iter().map(|(values, number)| json!({ "dimension_values": values, "value": number }));
        breakdown["results"] = rows.collect();
    }
    json!([breakdown])
}
