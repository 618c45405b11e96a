//! The way of a request: decoding, the caller, the table.

mod authorization;
mod batch;
mod mechanics;
mod uploads;
