//! Which requests a fault is for: `POST /*/messages`.

use graph_api::Version;

/// A method and a path. `*` is any method, or any one segment; `**` at the end is any number of segments. A path that
/// names a version is for that version only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    method: Option<String>,
    version: Option<Version>,
    segments: Vec<Option<String>>,
    is_open: bool,
}

impl Pattern {
    /// Reads a pattern, or says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let form = "must be \"webhook\", \"file\", or a method and a path such as \"POST /*/messages\"";
        let (method, path) = text.trim().split_once(' ').ok_or(form)?;
        let path = path.trim().strip_prefix('/').ok_or(form)?;
        if path.contains(['?', '#', ' ']) {
            return Err("a pattern is for the path alone, without a query");
        }
        let method = match method.to_ascii_uppercase().as_str() {
            "*" => None,
            known @ ("GET" | "POST" | "DELETE") => Some(known.to_owned()),
            _ => return Err("the method must be GET, POST, DELETE or *"),
        };
        let mut names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        let is_open = names.last() == Some(&"**");
        if is_open {
            names.pop();
        }
        if names.contains(&"**") {
            return Err("** can only be the last segment");
        }
        let version = names.first().map_or(Ok(None), |first| Version::parse(first));
        let version = version.map_err(|_| "there is no such version")?;
        if version.is_some() {
            names.remove(0);
        }
        let segments = names.iter().map(|name| Some((*name).to_owned()).filter(|name| name != "*")).collect();
        Ok(Self { method, version, segments, is_open })
    }

    /// Whether a request is one of those: its method, its version if it names one, and the segments after that.
    pub(super) fn fits(&self, method: &str, version: Option<Version>, segments: &[String]) -> bool {
        let fits_length = match self.is_open {
            true => segments.len() >= self.segments.len(),
            false => segments.len() == self.segments.len(),
        };
        let mut each = self.segments.iter().zip(segments);
        fits_length
            && self.method.as_deref().is_none_or(|only| only == method)
            && self.version.is_none_or(|only| version == Some(only))
            && each.all(|(only, segment)| only.as_ref().is_none_or(|only| only == segment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, method: &str, path: &str) -> bool {
        let mut segments: Vec<String> =
            path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        let version = segments.first().and_then(|first| Version::parse(first).ok().flatten());
        if version.is_some() {
            segments.remove(0);
        }
        Pattern::parse(pattern).unwrap().fits(method, version, &segments)
    }

    #[test]
    fn segments_versions_and_the_rest() {
        for path in ["/me/messages", "/v25.0/17841400000000001/messages", "/v21.0/me/messages/"] {
            assert!(fits("POST /*/messages", "POST", path), "{path}");
            assert!(fits("* /**", "POST", path), "{path}");
            assert!(fits("post /*/**", "POST", path), "{path}");
            assert!(!fits("GET /*/messages", "POST", path), "{path}");
            assert!(!fits("POST /*", "POST", path), "{path}");
            assert!(!fits("POST /*/*/*/**", "POST", path), "{path}");
        }
        assert!(fits("POST /v25.0/me/messages", "POST", "/v25.0/me/messages"));
        assert!(!fits("POST /v25.0/me/messages", "POST", "/v24.0/me/messages"));
        assert!(!fits("POST /v25.0/me/messages", "POST", "/me/messages"));
        assert!(!fits("POST /me/messages", "POST", "/17841400000000001/messages"));
        assert!(fits("GET /", "GET", "/v25.0/"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for wrong in [
            "",
            "POST",
            "/me/messages",
            "POST me/messages",
            "PUT /me",
            "GET /**/x",
            "GET /me?a=b",
            "GET /v1.0/me",
        ] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
