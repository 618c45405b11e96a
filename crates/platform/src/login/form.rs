//! The fields of a query or of a form.

use form_urlencoded::parse;

/// Fields in the order in which they came; a name may come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads what a query string or form body holds. A field with U+0000 in it is not there: it is nothing that a person
    /// or an app sends, and no text in the database holds it.
    pub(super) fn read(encoded: &[u8]) -> Self {
        let is_text = |(name, value): &(std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            !name.contains('\0') && !value.contains('\0')
        };
        let fields = parse(encoded).take(1000).filter(is_text);
        Self(fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The first value of that name that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter();
        fields.find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// All values of that name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a switch is on: `1` or `true`.
    pub(super) fn is_on(&self, name: &str) -> bool {
        matches!(self.text(name), Some("1" | "true"))
    }
}
