//! Text in pages.

use std::fmt;

/// A text as it stands in HTML, between tags or in a quoted attribute.
pub(crate) struct Text<'a>(pub &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_html_is_written_out() {
        let text = "é <b title=\"x\" class='y'> & Co";
        let written = "é &lt;b title=&quot;x&quot; class=&#39;y&#39;&gt; &amp; Co";
        assert_eq!(Text(text).to_string(), written);
        assert_eq!(Text("").to_string(), "");
    }
}
