//! The product: `posthaste sandbox`, run as a child and driven over HTTP as any client would.

use crate::child::{self, Server, free_address};
use crate::seed::{self, Seeded, Size};
use crate::wire;
use bytes::Bytes;
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// A running sandbox.
pub(crate) struct Candidate {
    /// Its process.
    pub server: Server,
    /// Its data folder.
    pub folder: PathBuf,
    env: HashMap<String, String>,
}

impl Candidate {
    /// Starts `posthaste sandbox` on `folder`, with `settings` in its environment.
    pub(crate) fn start(program: &Path, folder: &Path, settings: &[(&str, String)]) -> Result<Self, String> {
        Self::start_under(&[], program, folder, settings)
    }

    /// As [`Self::start`], as the argument of another program such as a profiler.
    pub(crate) fn start_under(
        under: &[String],
        program: &Path,
        folder: &Path,
        settings: &[(&str, String)],
    ) -> Result<Self, String> {
        let address = free_address()?;
        let mut command = child::command(under, program);
        command.arg("sandbox").arg("--data").arg(folder).arg("--listen").arg(address.to_string());
        // That an endpoint is down is what some sections are about.
        command.env("POSTHASTE_LOG", "error");
        command.envs(settings.iter().map(|(name, value)| (name, value)));
        let server = Server::start(&mut command, address)?;
        let env = read_env(&folder.join("sandbox.env"))?;
        Ok(Self { server, folder: folder.to_owned(), env })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        database(&self.folder)
    }

    /// A line of `sandbox.env`.
    pub(crate) fn env(&self, name: &str) -> Result<&str, String> {
        self.env.get(name).map(String::as_str).ok_or_else(|| format!("sandbox.env has no {name}"))
    }

    /// A call of the sim.
    pub(crate) fn sim(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let to = self.address();
        let json = [("Content-Type", "application/json")];
        json_of(&wire::must(to, &wire::request(to, method, path, &json, &body.to_string()))?)
    }

    /// A call of the Graph API, all parameters in the query.
    pub(crate) fn graph(&self, method: &str, path: &str, token: &str) -> Result<Value, String> {
        let to = self.address();
        let authorization = format!("Bearer {token}");
        let headers = [("Authorization", authorization.as_str())];
        json_of(&wire::must(to, &wire::request(to, method, path, &headers, ""))?)
    }

    /// Sets the demo app's callback.
    pub(crate) fn set_callback(&self, url: &str) -> Result<(), String> {
        set_callback(self, self.env("INSTAGRAM_APP_ID")?, self.env("APP_ACCESS_TOKEN")?, url)
    }

    /// The token of the demo account.
    pub(crate) fn token(&self) -> Result<&str, String> {
        self.env("IG_ACCESS_TOKEN")
    }

    /// The id of the demo account.
    pub(crate) fn account(&self) -> Result<i64, String> {
        self.env("IG_ID")?.parse().map_err(|e| format!("IG_ID: {e}"))
    }

    /// One prepared send of the demo account to each of its people.
    pub(crate) fn sends(&self, seeded: &Seeded) -> Result<Vec<Bytes>, String> {
        let token = self.token()?;
        Ok(sends(self.address(), seeded.conversations.iter().map(|key| (token, key.igsid))))
    }
}

/// Sets the callback of an app's Instagram product.
pub(crate) fn set_callback(
    candidate: &Candidate,
    product: &str,
    app_token: &str,
    url: &str,
) -> Result<(), String> {
    let path = format!("/{product}/subscriptions?object=instagram&fields=messages&callback_url={url}");
    candidate.graph("POST", &path, app_token).map(|_| ())
}

/// The database's file in a data folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("posthaste.db")
}

/// Makes a demo world in `folder` and fills it.
pub(crate) fn prepare(program: &Path, folder: &Path, size: Size) -> Result<Seeded, String> {
    let candidate = Candidate::start(program, folder, &[])?;
    let account = candidate.account()?;
    candidate.server.stop()?;
    seed::fill(&database(folder), &[account], size)
}

/// One prepared send for each pair of a token and a recipient, about 260 bytes of JSON; the same bytes for product and
/// control.
pub(crate) fn sends<'a>(to: SocketAddr, between: impl Iterator<Item = (&'a str, i64)>) -> Vec<Bytes> {
    let send = |(number, (token, recipient)): (usize, (&str, i64))| {
        let authorization = format!("Bearer {token}");
        let headers = [("Content-Type", "application/json"), ("Authorization", authorization.as_str())];
        let thanks = "thanks ".repeat(6);
        let body = format!(
            r#"{{"recipient":{{"id":"{recipient}"}},"messaging_type":"RESPONSE","message":{{"text":"Hello, and thank you for writing to us. Your order {number} left our warehouse this morning and should reach you by Friday, {thanks}"}}}}"#
        );
        wire::request(to, "POST", "/v25.0/me/messages", &headers, &body)
    };
    between.enumerate().map(send).collect()
}

fn json_of(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| format!("no JSON: {e}: {text}"))
}

fn read_env(path: &Path) -> Result<HashMap<String, String>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let lines = text.lines().filter_map(|line| line.split_once('='));
    Ok(lines.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())).collect())
}
