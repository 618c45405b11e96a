//! The product's benchmarks: the real binary against minimal controls, alternated, in one run. `./bench` at the root
//! builds everything and runs them; what the goals mean and what was measured stands in `docs/benchmarks.md`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "measures real time on real processes, and prints its figures"
)]

mod candidate;
mod child;
mod commits;
mod control;
mod goals;
mod histogram;
mod hooks;
mod load;
mod machine;
mod proc;
mod report;
mod run;
mod sections;
mod seed;
mod slowsync;
mod verdict;
mod wire;

use clap::{Args, Parser, Subcommand};
use report::Report;
use run::Run;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Measures Posthaste against minimal controls built with the same profile.
#[derive(Parser)]
#[command(version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    options: Options,
}

#[derive(Args)]
struct Options {
    /// The product's binary; by default the one beside this program.
    #[arg(long, global = true, value_name = "FILE")]
    posthaste: Option<PathBuf>,
    /// A folder on a disk for the runs' data; by default beside this program.
    #[arg(long, global = true, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// The length of a window in seconds; at most 8, so that noise hits both sides alike.
    #[arg(long, global = true, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=8))]
    seconds: u64,
    /// How many quiet rounds are wanted.
    #[arg(long, global = true, default_value_t = 3)]
    rounds: usize,
    /// Conversations that are written to.
    #[arg(long, global = true, default_value_t = 10_000)]
    conversations: u64,
    /// Connections of the loaded windows.
    #[arg(long, global = true, default_value_t = 64)]
    connections: usize,
    /// Sends after which memory is looked at (P13).
    #[arg(long, global = true, default_value_t = 1_000_000)]
    memory_sends: u64,
    /// Messages already stored, for the section `growth`; by default 10 thousand, 100 thousand, 1 million, and with
    /// --long 10 million.
    #[arg(long, global = true, value_delimiter = ',')]
    sizes: Vec<u64>,
    /// With what takes long: 10 million messages (2.4 GB of disk), 10 thousand accounts.
    #[arg(long, global = true)]
    long: bool,
    /// A folder in which the section `instructions` leaves its profiles, for callgrind_annotate.
    #[arg(long, global = true, value_name = "DIR")]
    profiles: Option<PathBuf>,
    /// One short round of everything: shows that it runs, says nothing about speed.
    #[arg(long, global = true)]
    quick: bool,
    /// Prints Markdown, for docs/benchmarks.md.
    #[arg(long, global = true)]
    markdown: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Everything.
    All,
    /// Sends against the durable control: P1 to P4, P6, P7, P13.
    Sends,
    /// Sends against the Prism mock, which npm installs: P11.
    Prism,
    /// Sends on a disk whose flushes cost 2 ms more: P5.
    Fsync,
    /// Webhooks: P8, P12.
    Deliveries,
    /// Sends with their webhooks, whole: P9.
    Pipeline,
    /// What the gateway adds to a message, against the platform alone.
    Gateway,
    /// How cost grows with what is stored: G1 to G9.
    Growth,
    /// Instructions per send and per delivered message, by valgrind.
    Instructions,
    /// Insights of an account with millions of events: N1.
    Insights,
    /// From exec to the first answer, and memory at rest.
    Start,
    /// Only loads the product with sends, and says its process id, for a profiler.
    Profile,
    /// Runs one of the controls; used by the other commands.
    #[command(subcommand, hide = true)]
    Control(Control),
}

#[derive(Args)]
struct Listen {
    /// The address to listen on.
    #[arg(long)]
    listen: SocketAddr,
}

#[derive(Subcommand)]
enum Control {
    /// HTTP and JSON, nothing stored.
    Bare(Listen),
    /// A message in a flushed group commit before its answer.
    Durable {
        #[command(flatten)]
        listen: Listen,
        /// The new database's file.
        #[arg(long)]
        file: PathBuf,
    },
    /// The durable server, with an event for each message that is delivered.
    Pipeline {
        #[command(flatten)]
        listen: Listen,
        /// The new database's file.
        #[arg(long)]
        file: PathBuf,
        /// Where events go.
        #[arg(long)]
        hook: http::Uri,
    },
    /// Receives webhooks and counts them.
    Sink(Listen),
    /// Sends signed POSTs over and over.
    Sender {
        /// Where to.
        #[arg(long)]
        url: http::Uri,
        /// How many at a time.
        #[arg(long, default_value_t = 64)]
        at_once: usize,
        /// For how long, in milliseconds.
        #[arg(long)]
        millis: u64,
    },
}

fn main() -> ExitCode {
    let Arguments { command, options } = Arguments::parse();
    let done = match command {
        Command::Control(control) => run_control(control).map(|()| ExitCode::SUCCESS),
        section => measure(&section, options),
    };
    done.unwrap_or_else(|why| {
        eprintln!("bench: {why}");
        ExitCode::FAILURE
    })
}

fn run_control(control: Control) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| format!("the runtime does not start: {e}"))?;
    runtime.block_on(async {
        match control {
            Control::Bare(on) => control::bare::run(on.listen).await,
            Control::Durable { listen, file } => control::durable::run(listen.listen, &file, None).await,
            Control::Pipeline { listen, file, hook } => {
                control::durable::run(listen.listen, &file, Some(hook)).await
            }
            Control::Sink(on) => control::sink::run(on.listen).await,
            Control::Sender { url, at_once, millis } => {
                let began = tokio::time::Instant::now();
                let sent = control::sender::run(url, at_once, Duration::from_millis(millis)).await?;
                run::ToolRun::tell(sent, began.elapsed())
            }
        }
    })
}

fn measure(section: &Command, options: Options) -> Result<ExitCode, String> {
    let me = run::me()?;
    let beside = |name: &str| me.with_file_name(name);
    let posthaste = options.posthaste.unwrap_or_else(|| beside("posthaste"));
    if !posthaste.is_file() {
        return Err(format!("{} is not there: build it, or give --posthaste", posthaste.display()));
    }
    let mut run = Run {
        posthaste,
        scratch: child::Scratch::new(&options.scratch.unwrap_or_else(|| beside("bench-data")))?,
        window: Duration::from_secs(if options.quick { 1 } else { options.seconds }),
        rounds: if options.quick { 1 } else { options.rounds.max(1) },
        quick: options.quick,
        long: options.long,
        conversations: if options.quick { 100 } else { options.conversations.max(1) },
        connections: options.connections.max(1),
        profiles: options.profiles,
        report: Report::new(options.markdown),
    };
    run.report.note(&machine::describe(&run.posthaste));
    if matches!(section, Command::Profile) {
        return sections::sends::profile(&run).map(|()| ExitCode::SUCCESS);
    }
    let all = matches!(section, Command::All);
    if all || matches!(section, Command::Start) {
        sections::start::run(&mut run)?;
    }
    if all || matches!(section, Command::Sends) {
        sections::sends::run(&mut run, options.memory_sends)?;
    }
    if all || matches!(section, Command::Prism) {
        sections::prism::run(&mut run)?;
    }
    if all || matches!(section, Command::Fsync) {
        sections::fsync::run(&mut run)?;
    }
    if all || matches!(section, Command::Deliveries) {
        sections::deliveries::run(&mut run)?;
    }
    if all || matches!(section, Command::Pipeline) {
        sections::pipeline::run(&mut run)?;
    }
    if all || matches!(section, Command::Gateway) {
        sections::gateway::run(&mut run)?;
    }
    if all || matches!(section, Command::Instructions) {
        sections::instructions::run(&mut run)?;
    }
    if all || matches!(section, Command::Insights) {
        sections::insights::run(&mut run)?;
    }
    if all || matches!(section, Command::Growth) {
        let sizes = if options.sizes.is_empty() { sizes(run.long) } else { options.sizes };
        sections::growth::run(&mut run, &sizes)?;
    }
    Ok(conclude(&mut run))
}

/// What the run comes to. A quick run proves nothing, so it fails only by failing.
fn conclude(run: &mut Run) -> ExitCode {
    run.report.finish();
    let below = run.report.below();
    if run.report.is_noisy() {
        run.report.note("Other programs took more than 0.2 cores: no verdict where it says so.");
    }
    if run.quick {
        run.report.note("A quick run: everything runs; the figures mean nothing.");
        ExitCode::SUCCESS
    } else if below.is_empty() {
        ExitCode::SUCCESS
    } else {
        run.report.note(&format!("Below their floors: {}.", below.join(", ")));
        ExitCode::FAILURE
    }
}

/// The sizes of the section `growth`.
fn sizes(long: bool) -> Vec<u64> {
    let all = [10_000, 100_000, 1_000_000, 10_000_000];
    all.into_iter().take(if long { 4 } else { 3 }).collect()
}
