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
    "css/controls.css",
    "css/first.css",
    "css/messages.css",
    "css/phone.css",
    "css/sheet.css",
    "css/shell.css",
    "css/steps.css",
    "css/templates.css",
    "css/thread.css",
    "css/tokens.css",
    "css/wire.css",
    "css/world.css",
    "html.js",
    "icon.svg",
    "index.html",
    "main.js",
    "phone/AccountMenu.js",
    "phone/AccountSheet.js",
    "phone/AttachSheet.js",
    "phone/Attached.js",
    "phone/Composer.js",
    "phone/ConversationList.js",
    "phone/IceBreakers.js",
    "phone/MessageActions.js",
    "phone/MessageRow.js",
    "phone/PersonPicker.js",
    "phone/Phone.js",
    "phone/Picture.js",
    "phone/QuickReplies.js",
    "phone/Sponsored.js",
    "phone/TemplateCards.js",
    "phone/Thread.js",
    "phone/ThreadStart.js",
    "phone/VoiceButton.js",
    "phone/recorder.worklet.js",
    "phone/recording.js",
    "phone/words.js",
    "shell/App.js",
    "shell/Avatar.js",
    "shell/BottomBar.js",
    "shell/ClockChip.js",
    "shell/CopyButton.js",
    "shell/Form.js",
    "shell/Locked.js",
    "shell/NoticeLine.js",
    "shell/Secret.js",
    "shell/Sheet.js",
    "shell/TopBar.js",
    "shell/icons.js",
    "state/address.js",
    "state/callbacks.js",
    "state/feed.js",
    "state/inbox.js",
    "state/notice.js",
    "state/route.js",
    "state/sim.js",
    "state/store.js",
    "state/theme.js",
    "state/time.js",
    "state/traces.js",
    "state/world.js",
    "vendor/CHECKSUMS",
    "vendor/LICENSE-htm",
    "vendor/LICENSE-preact",
    "vendor/hooks.mjs",
    "vendor/htm.mjs",
    "vendor/preact.mjs",
    "wire/ActStep.js",
    "wire/AttemptLine.js",
    "wire/ChangeStep.js",
    "wire/Code.js",
    "wire/DeliveryStep.js",
    "wire/FirstSteps.js",
    "wire/HandshakeStep.js",
    "wire/Payload.js",
    "wire/RequestStep.js",
    "wire/ResponseStep.js",
    "wire/RulesStep.js",
    "wire/SignatureCheck.js",
    "wire/Step.js",
    "wire/TraceDetail.js",
    "wire/TraceRow.js",
    "wire/Wire.js",
    "wire/curl.js",
    "wire/decisions.js",
    "wire/titles.js",
    "world/AccountChoice.js",
    "world/Accounts.js",
    "world/Apps.js",
    "world/ClockAndSettings.js",
    "world/Faults.js",
    "world/FlowEditor.js",
    "world/Flows.js",
    "world/LoginPart.js",
    "world/MessageFields.js",
    "world/People.js",
    "world/Preview.js",
    "world/Profile.js",
    "world/Section.js",
    "world/Tokens.js",
    "world/WorldPage.js",
];
