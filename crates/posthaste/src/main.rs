//! Posthaste: an Instagram messaging platform that runs on your own machine. `posthaste --help` tells what it can do.

mod data;
mod database;
mod gateway;
mod sandbox;
mod signals;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// A request makes many small things on one thread that are freed on another: parameters, headers, log entries. The
/// system's allocator spent a fifth of a send's time on that (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An Instagram messaging platform that runs on your own machine.
#[derive(Parser)]
#[command(version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// What is logged to stderr: error, warn, info, debug, trace, or a filter such as `webhooks=debug`.
    #[arg(long, global = true, env = "POSTHASTE_LOG", default_value = "warn")]
    log: String,
}

#[derive(Subcommand)]
enum Command {
    /// Starts the platform with its sim, a small demo world, and the gateway, all in one process.
    Sandbox(sandbox::Options),
    /// Starts the gateway: Sunshine Conversations v2 for Instagram Direct, on the real Instagram or on a platform.
    Gateway(gateway::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_new(&arguments.log).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("the runtime does not start: {error}")),
    };
    let ended = match arguments.command {
        Command::Sandbox(options) => runtime.block_on(sandbox::run(options)),
        Command::Gateway(options) => runtime.block_on(gateway::run(options)),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => failed(&why),
    }
}

fn failed(why: &str) -> ExitCode {
    use std::io::Write;
    // If stderr is gone too, there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "posthaste: {why}");
    ExitCode::FAILURE
}
