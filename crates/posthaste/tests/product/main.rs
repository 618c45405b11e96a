//! The binary as a user runs it: started, stopped, killed, misused, and spoken to by programs of others.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the verdict")]

mod clock;
mod damage;
mod databases;
mod disk;
mod examples;
mod files;
mod killed;
mod postgres_server;
mod postman;
mod process;
mod scenarios;
mod starting;
mod sunshine;
mod uploads;
