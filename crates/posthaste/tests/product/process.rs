//! Child processes that announce themselves with a line on stdout, and end with the test.

use serde_json::json;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::{Answer, Call};

/// A folder that is gone after the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("posthaste-product-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running program.
pub(crate) struct Program {
    child: Child,
    /// The first line that it printed.
    pub(crate) first_line: String,
}

impl Program {
    /// Starts it and waits for its first line.
    pub(crate) fn start(command: Command) -> Self {
        Self::start_heard(command, Stdio::inherit())
    }

    /// As [`Self::start`], with what it says on stderr going there.
    pub(crate) fn start_heard(mut command: Command, stderr: Stdio) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().expect("the program starts");
        let mut first_line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first_line).unwrap();
        Self { child, first_line }
    }

    /// Its number among the processes.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to stop, as a service manager does, and waits; answers whether it ended well.
    pub(crate) fn terminate(mut self) -> bool {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        self.child.wait().unwrap().success()
    }

    /// Kills it: no chance to tidy up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `posthaste` with these arguments.
pub(crate) fn posthaste<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_posthaste"));
    command.args(arguments);
    command
}

/// Runs `posthaste` until it ends by itself.
pub(crate) fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Output {
    posthaste(arguments).stdin(Stdio::null()).output().unwrap()
}

/// Runs `posthaste sandbox` on a folder on which it must not start; answers what it says on stderr.
pub(crate) fn refused(data: &Path) -> String {
    let output = run(["sandbox", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    // What was logged on the way may stand before it.
    assert!(text.lines().any(|line| line.starts_with("posthaste: ")), "{text}");
    text
}

/// A running sandbox.
pub(crate) struct Running {
    pub(crate) program: Program,
    pub(crate) env: HashMap<String, String>,
}

impl Running {
    /// Starts one on a free port.
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        Self::start_heard(data, more, Stdio::inherit())
    }

    /// As [`Self::start`], with what it says on stderr going there.
    pub(crate) fn start_heard(data: &Path, more: &[&str], stderr: Stdio) -> Self {
        let data = data.to_str().unwrap();
        let arguments = ["sandbox", "--listen", "127.0.0.1:0", "--data", data];
        let program = Program::start_heard(posthaste(arguments.iter().chain(more)), stderr);
        assert!(
            program.first_line.starts_with("Posthaste sandbox on http://127.0.0.1:"),
            "{}",
            program.first_line
        );
        let text = std::fs::read_to_string(Path::new(data).join("sandbox.env")).unwrap();
        let pair = |line: &str| {
            let (name, value) = line.split_once('=').unwrap();
            (name.to_owned(), value.trim_matches('\'').to_owned())
        };
        Self { program, env: text.lines().map(pair).collect() }
    }

    pub(crate) fn env(&self, name: &str) -> &str {
        &self.env[name]
    }

    /// Has the demo account send a text to the demo person.
    pub(crate) async fn send(&self, text: &str) -> Answer {
        let body = json!({"recipient": {"id": self.env("IGSID")}, "message": {"text": text}});
        self.call("POST", "/v25.0/me/messages").token(self.env("IG_ACCESS_TOKEN")).json(&body).send().await
    }

    /// The texts of the demo account to the demo person, the oldest first.
    pub(crate) async fn sent(&self) -> Vec<String> {
        let path = format!("/sim/people/{}/inbox?limit=10000", self.env("PERSON_USERNAME"));
        let inbox = self.call("GET", &path).ok().await.json();
        let account = self.env("IG_USERNAME");
        let conversations = inbox["conversations"].as_array().unwrap().iter();
        let messages = conversations.flat_map(|c| c["messages"].as_array().unwrap());
        let own = messages.filter(|message| message["from"] == account);
        own.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        let client = net::Client::new(net::AddressPolicy::AllowPrivate);
        Call::over_http(client, self.env("POSTHASTE_URL"), method.parse().unwrap(), path)
    }
}
