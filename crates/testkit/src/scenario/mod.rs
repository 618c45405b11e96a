//! Scenarios: requests and expected answers as data, in the folder `scenarios/` of the repository.
//!
//! A scenario is a JSON file. Each runs on a demo world of its own, in this process or, after a reset, in a running
//! sandbox. `scenarios/README.md` describes the form.

mod browse;
mod error_pattern;
mod evidence;
mod login;
mod multipart;
mod pattern;
mod request;
mod run;
mod sender;
mod values;

pub use evidence::{Evidence, Raised};
pub use run::{Target, run};

use graph_api::Host;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// A scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows, in one sentence.
    pub title: String,
    /// The variants of the API that it runs for, once each; none: it runs once and names hosts and tokens itself.
    #[serde(default, deserialize_with = "login::variants")]
    pub variants: Vec<Host>,
    /// The operations that it exercises, by their names in the table.
    #[serde(default)]
    pub operations: Vec<String>,
    /// The errors that it provokes, by their names in the error table: all of them.
    #[serde(default)]
    pub errors: Vec<String>,
    /// The webhook events that it shows.
    #[serde(default)]
    pub events: Vec<String>,
    /// Why it runs in this process only, where it does.
    pub in_process: Option<String>,
    /// The rules of which it shows how a program is tested for them.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// The file, relative to the folder.
    #[serde(skip)]
    pub file: PathBuf,
}

/// One step.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// A request and what must come back.
    Request(Box<RequestStep>),
    /// Sets the callback of one of the demo app's products to the runner's receiver.
    Callback(CallbackStep),
    /// The next delivery that the receiver gets.
    Webhook(Box<WebhookStep>),
    /// A person with a browser of their own.
    Browse(Box<BrowseStep>),
}

/// A request and what must come back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestStep {
    /// `METHOD /path?query`; `{NAME}` stands for a value of `sandbox.env` or a captured one.
    pub request: String,
    /// The `Host` header.
    pub host: Option<String>,
    /// Further headers that are sent.
    #[serde(default)]
    pub sends: Map<String, Value>,
    /// How many times it is sent; each answer must be as the step says. 1 unless set.
    pub times: Option<u32>,
    /// The token, as `Authorization: Bearer`.
    pub token: Option<String>,
    /// A JSON body.
    pub json: Option<Value>,
    /// A form body, as written, blanks and all.
    pub form: Option<String>,
    /// A multipart body: parts by name, in the order in which they stand here; texts, JSON, or files
    /// (`{"file": "a.mp4", "name"?, "type"?, "size"?}`).
    pub multipart: Option<Map<String, Value>>,
    /// Any body: a file of `{MEDIA_URL}` by its path, or a part of it (`{"file": "/a.mp4", "from"?: 0, "to"?: 100}`).
    pub bytes: Option<BytesOf>,
    /// Set if the body goes out in pieces, without a length.
    #[serde(default)]
    pub chunked: bool,
    /// Set if the sandbox fetches `{MEDIA_URL}/stalls/…` for it, which is then given up at once instead of when its time
    /// is over: in process only.
    #[serde(default)]
    pub stalls: bool,
    /// The status; `{"instagram": n, "facebook": n}` where the hosts differ.
    pub status: Value,
    /// The body's pattern, or `{"$error": {…}}`.
    pub body: Option<Value>,
    /// Patterns of headers.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// Values to keep: name → JSON pointer into the answer, in which `{NAME}` is filled too.
    #[serde(default)]
    pub capture: Map<String, Value>,
    /// The request of the source documents that this is, as `document: heading`.
    pub documented: Option<String>,
    /// Set if this step shows the stored effect of the documented request before it.
    #[serde(default)]
    pub effect: bool,
    /// Set if the real host could not take this step.
    #[serde(default)]
    pub sandbox_only: bool,
}

/// A file, or the part of one from a byte until before another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BytesOf {
    /// Its path on the server of files.
    pub file: String,
    /// The first byte.
    #[serde(default)]
    pub from: usize,
    /// The byte after the last; without it, the rest.
    pub to: Option<usize>,
}

/// Sets a callback.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallbackStep {
    /// `IG` or `PAGE`: the product; `LOGIN`: that of the variant.
    pub callback: String,
    /// The fields that it is for, with commas; those of a new callback unless they are given.
    pub fields: Option<String>,
}

/// A delivery.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookStep {
    /// The pattern of the whole body, keys in this order; `null`: nothing more may have come.
    pub webhook: Value,
    /// The path and query to which it came, where several callbacks are set; absent: any.
    pub to: Option<String>,
    /// Patterns of headers.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// The name of the value that signed it: `INSTAGRAM_APP_SECRET`, `APP_SECRET`, or the variant's `SECRET`.
    pub signed_with: Option<String>,
    /// The name of a value that did not sign it.
    pub not_signed_with: Option<String>,
    /// Set if the bytes are not written as the real sender writes them: a fault says so.
    #[serde(default)]
    pub rewritten: bool,
    /// Values to keep: name → JSON pointer into the body.
    #[serde(default)]
    pub capture: Map<String, Value>,
    /// The payload of the source documents that this is.
    pub documented: Option<String>,
}

/// A person opens one of the pages of the logins and goes through it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrowseStep {
    /// The page's path, with its query.
    pub browse: String,
    /// Who logs in, where the page is a login: as whom, what is left out, who is connected to a page on the way.
    pub login: Option<LoginStep>,
    /// Or the forms that are sent, one after the other.
    #[serde(default)]
    pub forms: Vec<FormStep>,
    /// The pattern of `{"status", "to", "told", "text"}`: where the browser is led, what it takes along in the query or
    /// behind the `#`, and what the page says. Without `"..."`, all four.
    pub leads: Value,
    /// What of the source documents this is.
    pub documented: Option<String>,
    /// Values to keep: name → JSON pointer into that.
    #[serde(default)]
    pub capture: Map<String, Value>,
}

/// How a person goes through a login.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginStep {
    /// As whom: a username, or a Facebook user's id or name.
    #[serde(rename = "as")]
    pub user: String,
    /// What is unticked: permissions, and ids of pages and accounts.
    #[serde(default)]
    pub without: Vec<String>,
    /// An Instagram user who is connected to a new page on the way.
    pub connects: Option<String>,
    /// Set if they cancel.
    #[serde(default)]
    pub denies: bool,
}

/// A form of a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormStep {
    /// The fields by whose values it is found.
    pub form: Map<String, Value>,
    /// What is set.
    #[serde(default)]
    pub fill: Map<String, Value>,
    /// The value of the button that is pressed.
    pub press: String,
}

impl Scenario {
    /// The runs that it takes: one for each variant, or one without.
    pub fn runs(&self) -> Vec<Option<Host>> {
        match self.variants.is_empty() {
            true => vec![None],
            false => self.variants.iter().copied().map(Some).collect(),
        }
    }
}

/// The folder of the scenarios.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

/// All scenarios of the folder, by file name.
///
/// # Panics
/// If one of them cannot be read: with its name.
pub fn all() -> Vec<Scenario> {
    let root = folder();
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            let mut scenario: Scenario =
                serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            scenario.file = file.strip_prefix(&root).unwrap().to_owned();
            scenario
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "json") && !path.ends_with("documents.json") {
            files.push(path);
        }
    }
}
