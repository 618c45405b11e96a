//! The controls: the least code that does a part of the product's work on the same libraries, built with the same
//! profile. What the product costs is told as a ratio to them.

pub(crate) mod bare;
pub(crate) mod durable;
pub(crate) mod sender;
mod server;
pub(crate) mod sink;
pub(crate) mod store;

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};

/// The key with which controls sign.
pub(crate) const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

#[derive(Deserialize)]
struct Recipient {
    id: String,
}

#[derive(Deserialize)]
struct Message {
    text: String,
}

/// The body of a send, as far as a control reads it.
#[derive(Deserialize)]
struct Send {
    recipient: Recipient,
    message: Message,
}

/// The answer to a send.
#[derive(Serialize)]
struct Sent {
    recipient_id: String,
    message_id: String,
}

/// An id of 48 characters that begins with the clock, so that its index grows at one end.
fn message_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // The rest need not be random for a control, only new.
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("m_{:014x}{:032x}", now_ms(), number)
}

/// The time, in milliseconds.
fn now_ms() -> i64 {
    clock::Clock::now(&clock::OffsetClock::default()).millis()
}
