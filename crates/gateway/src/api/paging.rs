//! Pages of lists whose cursors are ids.

use super::call::Call;
use serde_json::{Map, Value, json};
use storage::{FromRow, Result};
use sunco_api::query::Page;

/// Sorts after every id.
const LAST: &str = "g";

/// The entries of one page, in the list's order, and whether there are more in the direction of the page.
pub(crate) struct Entries<T> {
    pub(crate) entries: Vec<T>,
    has_more: bool,
}

impl<T: FromRow> Entries<T> {
    /// Reads a page: `after` answers at most so many of the entries after an id, in order; `before` those before one, the
    /// nearest first.
    pub(crate) fn read<D>(
        db: &mut D,
        page: &Page,
        after: impl FnOnce(&mut D, &str, i64) -> Result<Vec<T>>,
        before: impl FnOnce(&mut D, &str, i64) -> Result<Vec<T>>,
    ) -> Result<Self> {
        let one_more = i64::try_from(page.size).unwrap_or(i64::MAX).saturating_add(1);
        let mut entries = match &page.before {
            Some(cursor) => before(db, if cursor.is_empty() { LAST } else { cursor }, one_more)?,
            None => after(db, page.after.as_deref().unwrap_or_default(), one_more)?,
        };
        let has_more = entries.len() > page.size;
        entries.truncate(page.size);
        if page.before.is_some() {
            entries.reverse();
        }
        Ok(Self { entries, has_more })
    }
}

/// What a page says of itself: `meta`, and `links` where there are any. `keys` are the cursors of the first and the last
/// entry; `kept` is what of the query is repeated in links.
pub(crate) fn frame(
    call: &Call,
    page: &Page,
    has_more: bool,
    keys: Option<(String, String)>,
    kept: &[(&str, &str)],
) -> Map<String, Value> {
    let mut meta = Map::new();
    meta.insert("hasMore".to_owned(), has_more.into());
    let mut links = Map::new();
    if let Some((first, last)) = keys {
        let backwards = page.before.is_some();
        let (is_prev, is_next) = match backwards {
            true => (has_more, true),
            false => (page.after.is_some(), has_more),
        };
        let link = |side: &str, cursor: &str| {
            let mut link = format!("{}{}?page[{side}]={cursor}", call.base, call.path);
            if page.size != sunco_api::limits::PAGE.0 {
                link.push_str(&format!("&page[size]={}", page.size));
            }
            for (name, value) in kept {
                let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
                link.push_str(&format!("&{name}={value}"));
            }
            link
        };
        if is_prev {
            links.insert("prev".to_owned(), link("before", &first).into());
        }
        if is_next {
            links.insert("next".to_owned(), link("after", &last).into());
        }
        meta.insert("afterCursor".to_owned(), last.into());
        meta.insert("beforeCursor".to_owned(), first.into());
    }
    let mut frame = Map::new();
    frame.insert("meta".to_owned(), meta.into());
    if !links.is_empty() {
        frame.insert("links".to_owned(), links.into());
    }
    frame
}

/// A page of documents that have an `id`.
pub(crate) fn list(
    call: &Call,
    name: &str,
    page: &Page,
    entries: Entries<crate::apps::store::Doc>,
    kept: &[(&str, &str)],
) -> Value {
    let Entries { entries, has_more } = entries;
    let docs: Vec<Value> = entries.into_iter().map(|doc| Value::Object(doc.0)).collect();
    let id = |doc: Option<&Value>| doc.and_then(|doc| doc["id"].as_str()).map(str::to_owned);
    let keys = id(docs.first()).zip(id(docs.last()));
    let mut answer = json!({ name: docs });
    if let Some(answer) = answer.as_object_mut() {
        answer.extend(frame(call, page, has_more, keys, kept));
    }
    answer
}
