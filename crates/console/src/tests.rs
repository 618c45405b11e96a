//! What is served, and how.

use crate::files::FILES;
use crate::{POLICY, answer};
use bytes::Bytes;
use http::header::{
    ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, HeaderMap, HeaderName, HeaderValue,
    IF_NONE_MATCH, LOCATION, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Response, StatusCode};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web")
}

fn files_of(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_of(&path, found);
        } else if !path.to_str().unwrap().ends_with(".d.mts") {
            // Declarations are for the type checker.
            found.push(path.strip_prefix(web()).unwrap().to_str().unwrap().to_owned());
        }
    }
}

fn ask(method: &Method, path: &str, headers: &[(HeaderName, &str)]) -> Option<Response<Bytes>> {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
    answer(method, path, &headers)
}

fn get(path: &str) -> Response<Bytes> {
    ask(&Method::GET, path, &[]).unwrap_or_else(|| panic!("{path} is not the console's"))
}

#[test]
fn every_file_is_served_and_nothing_else() {
    let mut there = Vec::new();
    files_of(&web(), &mut there);
    there.sort();
    let mut served: Vec<&str> = FILES.iter().map(|file| file.name).collect();
    served.sort_unstable();
    assert_eq!(served, there, "src/files.rs lists what lies in web/");
    for name in served {
        let response = get(&format!("/console/{name}"));
        assert_eq!(response.status(), StatusCode::OK, "{name}");
        assert!(!response.body().is_empty(), "{name}");
        let kind = response.headers()[CONTENT_TYPE].to_str().unwrap();
        let wanted = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("js" | "mjs") => "text/javascript",
            Some("css") => "text/css",
            Some("html") => "text/html",
            Some("svg") => "image/svg+xml",
            _ => "text/plain",
        };
        assert!(kind.starts_with(wanted), "{name}: {kind}");
    }
    for path in ["/console/none.js", "/console//index.html", "/console/../Cargo.toml", "/console/vendor"] {
        assert_eq!(get(path).status(), StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/", "/consoles", "/me", "/v25.0/console/", "/sim/world"] {
        assert!(ask(&Method::GET, path, &[]).is_none(), "{path}");
    }
}

#[test]
fn the_policy_stands_on_every_answer_and_allows_nothing_inline() {
    for path in ["/console", "/console/", "/console/main.js", "/console/none.js"] {
        let response = get(path);
        assert_eq!(response.headers()[CONTENT_SECURITY_POLICY], POLICY, "{path}");
        assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
    }
    assert!(POLICY.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; "));
    for weak in ["unsafe", "*", "nonce", "sha256"] {
        assert!(!POLICY.contains(weak), "{weak}");
    }
    // Only pictures may come from elsewhere.
    for directive in POLICY.split("; ").filter(|directive| !directive.starts_with("img-src ")) {
        assert!(!directive.contains("http"), "{directive}");
    }
}

#[test]
fn the_page_has_no_inline_script_or_style() {
    let page = get("/console/");
    let page = std::str::from_utf8(page.body()).unwrap();
    for script in page.split("<script").skip(1) {
        let (attributes, rest) = script.split_once('>').unwrap();
        assert!(attributes.contains(" src=\""), "a script stands in the page: {attributes}");
        assert!(rest.starts_with("</script>"), "a script stands in the page: {rest:.40}");
    }
    for inline in
        ["<style", " style=", "javascript:", " onload=", " onclick=", " onerror=", "http://", "https://"]
    {
        assert!(!page.contains(inline), "{inline}");
    }
    // Nothing in the modules makes code of text, or markup that could bring some.
    for file in FILES.iter().filter(|file| file.name.ends_with(".js")) {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        for way in ["eval(", "new Function", "innerHTML", "document.write"] {
            assert!(!text.contains(way), "{}: {way}", file.name);
        }
    }
}

/// A module that is not served, or a bare name, would leave the page blank.
#[test]
fn every_import_leads_to_a_file() {
    let mut imports = 0;
    for file in FILES.iter().filter(|file| file.name.ends_with("js")) {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        let folder = Path::new(file.name).parent().unwrap();
        let statements = text.split("import").skip(1).filter_map(|rest| rest.split_once(';')).map(|(s, _)| s);
        let froms = statements.filter(|s| !s.contains('(')).filter_map(|statement| {
            let (_, from) = statement.rsplit_once("from").unwrap_or(("", statement));
            from.trim().strip_prefix('"')?.strip_suffix('"')
        });
        for from in froms {
            assert!(from.starts_with("./") || from.starts_with("../"), "{}: {from}", file.name);
            let mut parts: Vec<&str> = folder.iter().map(|part| part.to_str().unwrap()).collect();
            for part in from.split('/') {
                match part {
                    "." => {}
                    ".." => drop(parts.pop()),
                    part => parts.push(part),
                }
            }
            let name = parts.join("/");
            assert!(FILES.iter().any(|file| file.name == name), "{}: {from}", file.name);
            imports += 1;
        }
    }
    assert!(imports > FILES.len(), "only {imports} imports were found");
}

#[test]
fn vendored_files_are_what_they_say() {
    let folder = web().join("vendor");
    let checksums = fs::read_to_string(folder.join("CHECKSUMS")).unwrap();
    let mut listed = Vec::new();
    for line in checksums.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (sum, name) = line.split_once("  ").unwrap();
        let bytes = fs::read(folder.join(name)).unwrap();
        let hex: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, sum, "{name} was changed");
        listed.push(name.to_owned());
    }
    let mut there: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    there.retain(|name| name != "CHECKSUMS" && !name.ends_with(".d.mts"));
    there.sort();
    listed.sort();
    assert_eq!(listed, there);
    // Only the one import is written anew when it is served.
    let original = fs::read_to_string(folder.join("hooks.mjs")).unwrap();
    let served = get("/console/vendor/hooks.mjs");
    let served = std::str::from_utf8(served.body()).unwrap();
    assert_eq!(original.matches("from\"preact\"").count(), 1);
    assert_eq!(served.replace("from\"./preact.mjs\"", "from\"preact\""), original);
}

#[test]
fn a_browser_asks_again_and_gets_nothing_new() {
    let first = get("/console/");
    let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
    for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
        let again = ask(&Method::GET, "/console/", &[(IF_NONE_MATCH, &known)]).unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert!(again.body().is_empty());
    }
    let other = ask(&Method::GET, "/console/main.js", &[(IF_NONE_MATCH, &tag)]).unwrap();
    assert_eq!(other.status(), StatusCode::OK);
    let head = ask(&Method::HEAD, "/console/", &[]).unwrap();
    assert_eq!((head.status(), head.body().len()), (StatusCode::OK, 0));
    assert_eq!(ask(&Method::POST, "/console/", &[]).unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn browsers_are_led_to_it_and_programs_are_not() {
    let html = (ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
    let local = (HOST, "127.0.0.1:8430");
    let led = ask(&Method::GET, "/", &[html.clone(), local.clone()]).unwrap();
    assert_eq!((led.status(), led.headers()[LOCATION].to_str().unwrap()), (StatusCode::FOUND, "/console/"));
    let without_slash = get("/console");
    assert_eq!(without_slash.status(), StatusCode::PERMANENT_REDIRECT);
    for (method, accept, host) in [
        (Method::GET, "*/*", "127.0.0.1:8430"),
        (Method::GET, "application/json", "127.0.0.1:8430"),
        (Method::POST, "text/html", "127.0.0.1:8430"),
        (Method::GET, "text/html", "graph.instagram.com"),
        (Method::GET, "text/html", "www.facebook.com:443"),
    ] {
        assert!(ask(&method, "/", &[(ACCEPT, accept), (HOST, host)]).is_none(), "{accept} {host}");
    }
    assert!(ask(&Method::GET, "/", &[local]).is_none());
}
