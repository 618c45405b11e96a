//! The figures of the contract, each with its source.

use std::time::Duration;

/// Longest text of a message, in bytes of UTF-8 (doc: Send Messages; "1000 bytes or less").
pub const TEXT_BYTES: usize = 1000;
/// Longest text that the generic parameter validator lets through, in characters (rep: two Instagram bots).
pub const TEXT_PARAM_CHARS: usize = 2000;
/// The standard messaging window: counted from the action that opened it (doc: Send a Message).
pub const STANDARD_WINDOW: Duration = Duration::from_secs(24 * 3600);
/// How long after the person's last action a human agent may still answer (doc: Human Agent escalation).
pub const HUMAN_AGENT_WINDOW: Duration = Duration::from_secs(7 * 24 * 3600);
/// Life of a long-lived token (doc: Business Login for Instagram, 60 days).
pub const LONG_LIVED_TOKEN: Duration = Duration::from_secs(60 * 24 * 3600);
/// Life of a short-lived token (doc: Business Login for Instagram, 1 hour).
pub const SHORT_LIVED_TOKEN: Duration = Duration::from_secs(3600);
/// Largest image of a message, in bytes (doc: Send Messages, "8 MB"; that these are MiB is unconfirmed for messages, and
/// what the error text of publishing says).
pub const IMAGE_BYTES: u64 = 8 << 20;
/// Largest audio, video or file of a message, in bytes (doc: Send Messages, "25 MB"; MiB as above).
pub const MEDIA_BYTES: u64 = 25 << 20;
/// How long the fetching of a video may take (doc: Common Error Codes, 2018294).
pub const VIDEO_FETCH: Duration = Duration::from_secs(75);
/// How long the fetching of anything else may take (unconfirmed: only that slow hosts fail is documented).
pub const MEDIA_FETCH: Duration = Duration::from_secs(30);
/// Life of the URL of an attachment. No figure is published (unconfirmed).
pub const ASSET_URL: Duration = Duration::from_secs(48 * 3600);
