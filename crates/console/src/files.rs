//! The console's files, embedded.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// A file as it is served.
pub(crate) struct File {
    /// Its path below `/console/`.
    pub(crate) name: &'static str,
    /// Its bytes.
    pub(crate) bytes: Bytes,
    /// `Content-Type`.
    pub(crate) content_type: &'static str,
    /// `ETag`, quotes included.
    pub(crate) tag: String,
}

/// The file of that name.
pub(crate) fn find(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}

/// All of them.
pub(crate) static FILES: LazyLock<Vec<File>> =
    LazyLock::new(|| EMBEDDED.iter().map(|(name, bytes)| File::new(name, bytes)).collect());

impl File {
    fn new(name: &'static str, bytes: &'static [u8]) -> Self {
        let bytes = if name == HOOKS { with_path_of_preact(bytes) } else { Bytes::from_static(bytes) };
        let content_type = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html") => "text/html; charset=utf-8",
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        };
        let hex: String = Sha256::digest(&bytes).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Self { name, bytes, content_type, tag: format!("\"{hex}\"") }
    }
}

/// The one vendored module that imports another. It does so by a bare name, which a browser resolves only with an import
/// map, and an import map is an inline script.
const HOOKS: &str = "vendor/hooks.mjs";

fn with_path_of_preact(bytes: &'static [u8]) -> Bytes {
    String::from_utf8_lossy(bytes).replacen("from\"preact\"", "from\"./preact.mjs\"", 1).into()
}

macro_rules! embedded {
    ($($name:literal,)+) => {
        /// Names and bytes, as they lie in `web/`.
        const EMBEDDED: &[(&str, &[u8])] = &[$(($name, include_bytes!(concat!("../web/", $name)))),+];
    };
}

embedded![
    "index.html",
    "main.js",
    "vendor/CHECKSUMS",
    "vendor/LICENSE-htm",
    "vendor/LICENSE-preact",
    "vendor/hooks.mjs",
    "vendor/htm.mjs",
    "vendor/preact.mjs",
];
