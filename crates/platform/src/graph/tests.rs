//! The way of a request: decoding, the caller, the table.

mod authorization;
mod batch;
mod malformed;
mod mechanics;
mod properties;
mod uploads;
