//! A PostgreSQL server of a test's own, which can be killed.

use crate::process::Folder;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running server; it ends, and its data are gone, with the test.
pub(crate) struct PostgresServer {
    bin: PathBuf,
    folder: Folder,
    port: u16,
}

impl PostgresServer {
    /// Makes a new one, if PostgreSQL is installed. `./test` says that it must be.
    pub(crate) fn start() -> Option<Self> {
        let Some(bin) = programs() else {
            assert!(std::env::var_os("POSTHASTE_TEST_ALL").is_none(), "PostgreSQL is not installed");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { bin, folder: Folder::new(), port };
        if is_root() {
            // PostgreSQL refuses to run as root.
            assert!(Command::new("chown").arg("postgres").arg(&server.folder.0).status().unwrap().success());
        }
        let mut initdb = server.command("initdb");
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"]);
        assert!(initdb.arg(server.data()).status().unwrap().success());
        server.start_again();
        Some(server)
    }

    /// Where a sandbox finds it.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it without a chance to tidy up: by a signal that it cannot catch, or by its own command for that.
    pub(crate) fn crash(&self, by_signal: bool) {
        if by_signal {
            let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
            let pid = pid.lines().next().unwrap();
            assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
        } else {
            assert!(self.control(&["-m", "immediate", "stop"]));
        }
    }

    /// Starts it on the data that are there.
    pub(crate) fn start_again(&self) {
        let folder = self.folder.0.display();
        let options = format!("-k {folder} -p {} -c listen_addresses=127.0.0.1 -c fsync=off", self.port);
        let log = self.folder.0.join("log");
        // Processes of a server that was killed may need a moment to notice.
        let started = (0..20).any(|_| self.control(&["-l", log.to_str().unwrap(), "-o", &options, "start"]));
        assert!(started, "{}", std::fs::read_to_string(log).unwrap_or_default());
    }

    fn control(&self, arguments: &[&str]) -> bool {
        let data = self.data();
        self.command("pg_ctl").args(["-s", "-w", "-D"]).arg(data).args(arguments).status().unwrap().success()
    }

    fn data(&self) -> PathBuf {
        self.folder.0.join("data")
    }

    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = match is_root() {
            true => Command::new("runuser"),
            false => Command::new(&program),
        };
        if is_root() {
            command.args(["-u", "postgres", "--"]).arg(program);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.control(&["-m", "immediate", "stop"]);
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The folder of the newest version's programs: where Debian has them, or where the shell finds them.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions
        .map(|version| (version.file_name().to_string_lossy().parse::<u32>().unwrap_or(0), version.path()))
        .filter(|(_, path)| path.join("bin/initdb").exists())
        .collect();
    found.sort();
    if let Some((_, path)) = found.pop() {
        return Some(path.join("bin"));
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|folder| Path::new(folder).join("initdb").exists())
}
