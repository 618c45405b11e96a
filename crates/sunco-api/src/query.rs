//! The query of a request: `page` and `filter` come in three spellings.
//!
//! The document says `page[size]=2` (spec). The JavaScript client sends that, but only the first key of each object; the
//! Python client sends one JSON object, `page={"size": 2}` (run). All of them are read alike, and null is absent.

use crate::ids::is_id;
use crate::{ApiError, Result, limits};
use serde_json::{Map, Value};

/// The parameters of a query.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// After the record with this id.
    pub after: Option<String>,
    /// Before the record with this id.
    pub before: Option<String>,
    /// The most entries.
    pub size: usize,
}

impl Query {
    /// Reads a query.
    pub fn read(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self { pairs: pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect() }
    }

    /// A plain parameter; empty counts as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The members of an object that comes in any spelling.
    fn object(&self, name: &str) -> Result<Map<String, Value>> {
        let mut members = Map::new();
        for (key, value) in &self.pairs {
            if key == name {
                let wrong = || ApiError::bad("Invalid query parameters");
                match serde_json::from_str(value).map_err(|_| wrong())? {
                    Value::Object(given) => members.extend(given.into_iter().filter(|(_, v)| !v.is_null())),
                    Value::Null => {}
                    _ => return Err(wrong()),
                }
            } else if let Some(inner) = key.strip_prefix(name).and_then(|rest| rest.strip_prefix('['))
                && let Some(inner) = inner.strip_suffix(']')
            {
                members.insert(inner.to_owned(), value.as_str().into());
            }
        }
        Ok(members)
    }

    /// A member of `filter`; empty counts as absent.
    pub fn filter(&self, name: &str) -> Result<Option<String>> {
        Ok(self.object("filter")?.get(name).map(plain).filter(|value| !value.is_empty()))
    }

    /// `page`.
    ///
    /// # Errors
    /// `after` together with `before`, or what is no cursor: 400 (spec: "Invalid page query parameters").
    pub fn page(&self) -> Result<Page> {
        let wrong = || ApiError::bad("Invalid page query parameters");
        let members = self.object("page").map_err(|_| wrong())?;
        let cursor = |name: &str| match members.get(name).map(plain).filter(|cursor| !cursor.is_empty()) {
            Some(cursor) if is_id(&cursor) => Ok(Some(cursor)),
            Some(_) => Err(wrong()),
            None => Ok(None),
        };
        let (after, before) = (cursor("after")?, cursor("before")?);
        if after.is_some() && before.is_some() {
            return Err(wrong());
        }
        let (usual, most) = limits::PAGE;
        let size = match members.get("size").map(plain).filter(|size| !size.is_empty()) {
            // Python's models hold it as a float at times.
            Some(size) => match size.parse::<f64>() {
                Ok(size) if size.fract() == 0.0 && (1.0..=most as f64).contains(&size) => size as usize,
                _ => return Err(wrong()),
            },
            None => usual,
        };
        Ok(Page { after, before, size })
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "5ea868f862cdd24abf010b38";

    #[test]
    fn all_spellings_mean_the_same() {
        let wanted = Page { after: None, before: Some(ID.to_owned()), size: 2 };
        for query in [
            format!("page[before]={ID}&page[size]=2"),
            format!("page%5Bbefore%5D={ID}&page%5Bsize%5D=2"),
            format!("page=%7B%22before%22%3A+%22{ID}%22%2C+%22size%22%3A+2%7D"),
            format!("page=%7B%22before%22%3A%22{ID}%22%2C%22after%22%3Anull%2C%22size%22%3A2%7D"),
        ] {
            assert_eq!(Query::read(&query).page(), Ok(wanted.clone()), "{query}");
        }
        for query in
            ["filter[userId]=u%2F1", "filter%5BuserId%5D=u/1", "filter=%7B%22userId%22%3A%22u/1%22%7D"]
        {
            assert_eq!(Query::read(query).filter("userId"), Ok(Some("u/1".to_owned())), "{query}");
        }
        assert_eq!(Query::read("").page(), Ok(Page { after: None, before: None, size: 25 }));
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for query in [
            format!("page[before]={ID}&page[after]={ID}"),
            "page[before]=12".to_owned(),
            "page[size]=0".to_owned(),
            "page[size]=101".to_owned(),
            "page[size]=x".to_owned(),
            "page=x".to_owned(),
            "page=[]".to_owned(),
        ] {
            let error = Query::read(&query).page().unwrap_err();
            assert_eq!(
                (error.status, error.title.as_str()),
                (400, "Invalid page query parameters"),
                "{query}"
            );
        }
        assert!(Query::read("filter=x").filter("userId").is_err());
    }
}
