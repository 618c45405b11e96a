//! Pages of edges: `limit`, `after`, `before`, and the links that lead on (reference, section 2.5).

use super::Call;
use clock::Micros;
use graph_api::fields::{self, Field};
use graph_api::{ErrorName, GraphError, Params, Result};
use serde_json::{Map, Value, json};

/// Entries of a page where the request names no number (mem: Graph's usual page).
const USUAL: u32 = 25;
/// The most entries of a page (mem); a larger `limit` counts as this one.
const MOST: u32 = 100;

/// The part of an edge that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many entries.
    pub limit: u32,
    /// Where it begins or ends.
    pub from: Bound,
}

/// Where a page begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// With the first entry.
    Start,
    /// After the entry with that cursor.
    After(Cursor),
    /// Before the entry with that cursor.
    Before(Cursor),
}

/// The place of an entry in an edge's order: what the order is made of. Outside it is an opaque text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cursor(pub i64, pub i64);

impl Cursor {
    /// As it stands in answers: letters and digits only.
    pub(crate) fn text(self) -> String {
        format!("{:016x}{:016x}", self.0, self.1)
    }

    /// Reads one of ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let half = |range| u64::from_str_radix(text.get(range)?, 16).ok().map(u64::cast_signed);
        plain.then(|| Some(Self(half(0..16)?, half(16..32)?))).flatten()
    }
}

impl Page {
    /// The page that a request asks of the edge in its path.
    pub(crate) fn of_request(params: &Params) -> Result<Self> {
        let text = |name| params.text(name).map(|text| text.filter(|text| !text.is_empty()));
        Self::read(text("limit")?.as_deref(), text("after")?.as_deref(), text("before")?.as_deref())
    }

    /// The page that the modifiers of a field ask of the edge that the field is.
    pub(crate) fn of_field(field: &Field) -> Result<Self> {
        Self::read(field.modifier("limit"), field.modifier("after"), field.modifier("before"))
    }

    fn read(limit: Option<&str>, after: Option<&str>, before: Option<&str>) -> Result<Self> {
        let limit = match limit {
            None => USUAL,
            Some(text) => text
                .trim()
                .parse::<u32>()
                .ok()
                .filter(|limit| *limit > 0)
                .ok_or_else(|| GraphError::invalid("limit", "an integer greater than 0"))?
                .min(MOST),
        };
        let cursor = |text| Cursor::parse(text).ok_or(GraphError::new(ErrorName::CursorInvalid));
        let from = match (after, before) {
            (Some(after), _) => Bound::After(cursor(after)?),
            (None, Some(before)) => Bound::Before(cursor(before)?),
            (None, None) => Bound::Start,
        };
        Ok(Self { limit, from })
    }

    /// The same for an edge that gives at most so many entries, and as many where no number is named.
    pub(crate) fn of_request_within(params: &Params, most: u32) -> Result<Self> {
        let page = Self::of_request(params)?;
        Ok(page.within(most, !params.has("limit")))
    }

    /// The same for the modifiers of a field.
    pub(crate) fn of_field_within(field: &Field, most: u32) -> Result<Self> {
        let page = Self::of_field(field)?;
        Ok(page.within(most, field.modifier("limit").is_none()))
    }

    fn within(self, most: u32, is_open: bool) -> Self {
        let limit = if is_open { most } else { self.limit.min(most) };
        Self { limit, ..self }
    }

    /// One entry more than the page has tells whether another page follows.
    pub(crate) const fn look(&self) -> u32 {
        self.limit + 1
    }
}

/// The edge of a node, with everything that a link to another page of it repeats.
pub(crate) struct Edge {
    address: String,
    /// The query without the page.
    query: Vec<(String, String)>,
    /// Each page has both cursors.
    has_both_cursors: bool,
    /// Pages have no links to others.
    is_linked: bool,
    /// The number of entries, if it is told.
    total: Option<i64>,
}

/// Whether the request asks for a summary of the edge. Errors: a member that no summary has.
pub(crate) fn wants_summary(params: &Params) -> Result<bool> {
    let words = params.words("summary")?.unwrap_or_default();
    match words
        .iter()
        .map(String::as_str)
        .find(|word| !matches!(*word, "total_count" | "true" | "1" | "false" | "0"))
    {
        Some(unknown) => Err(GraphError::with(ErrorName::UnknownSummaryField, [unknown])),
        None => Ok(words.iter().any(|word| !matches!(word.as_str(), "false" | "0"))),
    }
}

impl Edge {
    /// The edge of the request's path.
    pub(crate) fn of_request(call: &Call<'_>) -> Self {
        let edge = call.operation.edge.unwrap_or_default();
        let mut query = Vec::new();
        for name in
            call.params.names().filter(|name| !matches!(*name, "limit" | "after" | "before" | "access_token"))
        {
            if let Ok(Some(text)) = call.params.text(name) {
                query.push((name.to_owned(), text.into_owned()));
            }
        }
        Self::new(call, &call.node.path_id(), edge, query)
    }

    /// An edge that a field stands for.
    pub(crate) fn of_field(call: &Call<'_>, node: &str, field: &Field) -> Self {
        let asked = field.fields.as_deref().map(|asked| ("fields".to_owned(), fields::write(asked)));
        let modifiers = field.modifiers.iter();
        let others = modifiers.filter(|(word, _)| !matches!(word.as_str(), "limit" | "after" | "before"));
        Self::new(call, node, &field.name, others.cloned().chain(asked).collect())
    }

    /// The link works as it is given: it holds the token, wherever the request had it.
    fn new(call: &Call<'_>, node: &str, edge: &str, mut query: Vec<(String, String)>) -> Self {
        query.push(("access_token".to_owned(), call.token.to_owned()));
        let address = format!("{}/{}/{node}/{edge}", call.base(), call.version);
        Self { address, query, has_both_cursors: false, is_linked: true, total: None }
    }

    /// Has the answer tell how many entries the edge has in all, if `summary` asks for it (doc: Graph API, `summary` of
    /// edges; User accounts: `total_count`).
    pub(crate) fn with_summary(mut self, total: Option<i64>) -> Self {
        self.total = total;
        self
    }

    /// Has each page tell both cursors, as Graph's edges usually do (cap: welcome message flows).
    pub(crate) fn with_both_cursors(mut self) -> Self {
        self.has_both_cursors = true;
        self
    }

    /// Has pages tell their cursors, and no links to others.
    pub(crate) fn without_links(mut self) -> Self {
        self.is_linked = false;
        self
    }

    /// `paging` of an edge whose pages are ranges of time: the links lead to the ranges beside this one (cap).
    pub(crate) fn windows(&self, since: Micros, until: Micros) -> Value {
        let span = until.since(since);
        let link = |since: Micros, until: Micros| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(self.query.iter().filter(|(name, _)| name != "since" && name != "until"));
            query.append_pair("since", &since.secs().to_string());
            query.append_pair("until", &until.secs().to_string());
            format!("{}?{}", self.address, query.finish())
        };
        json!({ "previous": link(since.minus(span), since), "next": link(until, until.plus(span)) })
    }

    fn link(&self, page: &Page, direction: &str, cursor: Cursor) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query);
        query.append_pair("limit", &page.limit.to_string());
        query.append_pair(direction, &cursor.text());
        format!("{}?{}", self.address, query.finish())
    }

    /// `{"data", "paging"}` of a page's entries, which come in the edge's order and are one more than the page has if
    /// another page follows in the direction of reading. Cap: the captured pages of conversations and messages have the
    /// cursor `after` only, and a look-up of one conversation has no `paging` at all.
    pub(crate) fn answer(&self, page: &Page, mut entries: Vec<(Cursor, Value)>) -> Value {
        let more = entries.len() > page.limit as usize;
        if more {
            match page.from {
                Bound::Before(_) => drop(entries.remove(0)),
                _ => drop(entries.pop()),
            }
        }
        let (Some(first), Some(last)) = (entries.first().map(|e| e.0), entries.last().map(|e| e.0)) else {
            return self.summed(json!({ "data": [] }));
        };
        let (has_next, has_previous) = match page.from {
            Bound::Start => (more, false),
            Bound::After(_) => (more, true),
            Bound::Before(_) => (true, more),
        };
        let mut paging = Map::new();
        let mut cursors = json!({ "after": last.text() });
        if has_previous || self.has_both_cursors {
            cursors = json!({ "before": first.text(), "after": last.text() });
        }
        paging.insert("cursors".into(), cursors);
        if has_next && self.is_linked {
            paging.insert("next".into(), self.link(page, "after", last).into());
        }
        if has_previous && self.is_linked {
            paging.insert("previous".into(), self.link(page, "before", first).into());
        }
        let data: Vec<Value> = entries.into_iter().map(|entry| entry.1).collect();
        self.summed(json!({ "data": data, "paging": paging }))
    }

    fn summed(&self, mut answer: Value) -> Value {
        if let Some(total) = self.total {
            answer["summary"] = json!({ "total_count": total });
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_and_nothing_else_does() {
        for cursor in
            [Cursor(0, 0), Cursor(i64::MAX, i64::MIN), Cursor(1_762_020_315_339_000, 1_000_000_000_000_001)]
        {
            assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        }
        for wrong in ["", "x", &"0".repeat(31), &"G".repeat(32), &"+".repeat(32), &"é".repeat(16)] {
            assert_eq!(Cursor::parse(wrong), None, "{wrong}");
        }
    }
}
