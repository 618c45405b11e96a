//! The figures of the contract (spec, unless another source stands there).

/// Largest JSON body, in bytes.
pub const BODY_BYTES: usize = 100 * 1024;
/// Largest file of an attachment, in bytes.
pub const ATTACHMENT_BYTES: u64 = 50 << 20;
/// Longest text of a message, in characters.
pub const TEXT: usize = 4096;
/// Largest `metadata`, in bytes of its JSON.
pub const METADATA_BYTES: usize = 4096;
/// Messages of one conversation.
pub const MESSAGES: i64 = 30_000;
/// Keys of an app, and of an integration.
pub const KEYS: usize = 10;
/// Webhooks of an app.
pub const WEBHOOKS: usize = 10;
/// Switchboard integrations of a switchboard.
pub const SWITCHBOARD_INTEGRATIONS: usize = 10;
/// Items of a carousel or list.
pub const ITEMS: usize = 10;
/// Actions of an item.
pub const ITEM_ACTIONS: usize = 3;
/// Longest title or description of an item, in characters.
pub const ITEM_TEXT: usize = 128;
/// Longest URL of a medium, in characters.
pub const URL: usize = 2048;
/// Fields of a form.
pub const FIELDS: usize = 20;
/// Entries of a page if nothing is asked, and the most that can be.
pub const PAGE: (usize, usize) = (25, 100);
/// Messages of a page: always so many.
pub const MESSAGE_PAGE: usize = 100;
/// Longest text of one message on Instagram, in bytes (Meta: Send Messages).
pub const INSTAGRAM_TEXT_BYTES: usize = 1000;
