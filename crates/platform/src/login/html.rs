//! HTML with every text escaped: only what is written in this program goes in as it is.

use std::fmt::Write as _;

/// HTML in the making.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Some HTML.
    pub(super) fn of(html: &'static str) -> Self {
        Self(html.to_owned())
    }

    /// Adds HTML.
    pub(super) fn raw(mut self, html: &'static str) -> Self {
        self.0.push_str(html);
        self
    }

    /// Adds a text, which may also stand in an attribute in double quotes.
    pub(super) fn text(mut self, text: &str) -> Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Adds a number.
    pub(super) fn number(mut self, number: i64) -> Self {
        let _ = write!(self.0, "{number}");
        self
    }

    /// Adds other HTML.
    pub(super) fn html(mut self, html: &Self) -> Self {
        self.0.push_str(&html.0);
        self
    }

    /// Adds HTML for each of a list.
    pub(super) fn each<T>(
        mut self,
        items: impl IntoIterator<Item = T>,
        mut html: impl FnMut(T) -> Self,
    ) -> Self {
        for item in items {
            self.0.push_str(&html(item).0);
        }
        self
    }

    /// Adds HTML if something holds.
    pub(super) fn when(self, holds: bool, html: impl FnOnce() -> Self) -> Self {
        if holds { self.html(&html()) } else { self }
    }

    /// A hidden field of a form.
    pub(super) fn hidden(self, name: &'static str, value: &str) -> Self {
        self.raw("<input type=\"hidden\" name=\"").raw(name).raw("\" value=\"").text(value).raw("\">\n")
    }

    /// A box to tick, ticked.
    pub(super) fn checkbox(self, name: &'static str, value: &str, label: &str) -> Self {
        self.raw("<label><input type=\"checkbox\" name=\"")
            .raw(name)
            .raw("\" value=\"")
            .text(value)
            .raw("\" checked> ")
            .text(label)
            .raw("</label>\n")
    }

    /// A button that sends its form, with a value.
    pub(super) fn button(self, name: &'static str, value: &'static str, label: &str) -> Self {
        self.raw("<button name=\"")
            .raw(name)
            .raw("\" value=\"")
            .raw(value)
            .raw("\">")
            .text(label)
            .raw("</button>\n")
    }

    /// The text.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_end_what_they_stand_in() {
        let html = Html::of("<p title=\"").text("\"><script>alert('&')</script>").raw("\">");
        assert_eq!(
            html.into_string(),
            "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;\">"
        );
    }
}
