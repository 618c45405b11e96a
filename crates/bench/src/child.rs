//! Processes under measurement, and their folders.

use crate::wire;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::Instant;

/// A server that was started for a measurement; killed when dropped.
pub(crate) struct Server {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first answer.
    pub ready_after: Duration,
}

impl Server {
    /// Starts a server that is to listen on `address`, and waits for its first 200 to `GET /healthz`.
    pub(crate) fn start(command: &mut Command, address: SocketAddr) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let began = Instant::now();
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let process = process.map_err(|e| format!("{name} does not start: {e}"))?;
        let mut server = Self { process, address, ready_after: Duration::ZERO };
        let probe = wire::request(address, "GET", "/healthz", &[], "");
        while !matches!(wire::call(address, &probe), Ok((200, _))) {
            if let Ok(Some(status)) = server.process.try_wait() {
                return Err(format!("{name} ended at its start: {status}"));
            }
            if began.elapsed() > Duration::from_secs(120) {
                return Err(format!("{name} does not answer on {address}"));
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        server.ready_after = began.elapsed();
        Ok(server)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Ends it as a service manager would, and waits.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        let told = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        told.map_err(|e| format!("kill cannot be run: {e}"))?;
        self.process.wait().map(|_| ()).map_err(|e| e.to_string())
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// `program`, or, if `under` names another program with its arguments, that one with `program` as its last.
pub(crate) fn command(under: &[String], program: &Path) -> Command {
    match under {
        [] => Command::new(program),
        [other, arguments @ ..] => {
            let mut command = Command::new(other);
            command.args(arguments).arg(program);
            command
        }
    }
}

/// A loopback address whose port is free.
pub(crate) fn free_address() -> Result<SocketAddr, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|l| l.local_addr());
    listener.map_err(|e| format!("there is no free port: {e}"))
}

/// A folder of a run, removed when dropped. It lies on a disk: in memory, a flush would cost nothing.
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// A new, empty folder inside `parent`.
    pub(crate) fn new(parent: &Path) -> Result<Self, String> {
        let path = parent.join(format!("run-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).map_err(|e| format!("{} cannot be made: {e}", path.display()))?;
        Ok(Self { path })
    }

    /// An empty folder in it, with that name.
    pub(crate) fn fresh(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.path.join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).map_err(|e| format!("{} cannot be made: {e}", path.display()))?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
