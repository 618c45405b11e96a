//! What touches sockets: a listener with limits ([`serve`]) and outgoing HTTP to checked addresses ([`Client`]).
//!
//! Both halves of Posthaste stand behind [`serve`], and everything that a half sends out (webhooks, the fetching of
//! media, the gateway's calls) goes through a [`Client`]. All timeouts here are of sockets and run on the monotonic
//! clock, never on a world's.

mod address;
mod body;
mod client;
mod server;

pub use address::{AddressPolicy, is_public};
pub use body::{BodyError, read_body};
pub use client::{Client, ClientError, Fetch, FetchError, Fetched, Response};
pub use server::{Limits, serve};
