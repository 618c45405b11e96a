//! Files to send: tiny ones of each type, made here byte by byte, and a server that has them.

pub mod ffmpeg;
pub mod files;
pub mod movies;
mod server;

pub use server::{Asked, MediaServer, Served};
