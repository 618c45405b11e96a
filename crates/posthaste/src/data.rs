//! The data folder: the world's key, `sandbox.env`, and, unless it is told to lie elsewhere, the database.

use crate::database::Location;
use clock::Chance;
use platform::WorldKey;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use storage::FolderLock;

/// The database's file name.
const DATABASE: &str = "posthaste.db";
/// The folder of the gateway's database within the data folder of a sandbox, and its file name.
const GATEWAY: (&str, &str) = ("gateway", "gateway.db");

/// The folder. It belongs to this process.
pub(crate) struct DataFolder {
    path: PathBuf,
    /// `None` where the database in the folder holds it.
    _lock: Option<FolderLock>,
}

impl DataFolder {
    /// The folder at `path`, made if it is missing, and where the database lies: in it, unless `database` says otherwise.
    pub(crate) fn open(path: &Path, database: Option<&str>) -> Result<(Self, Location), String> {
        fs::create_dir_all(path)
            .map_err(|e| format!("the data folder {} cannot be made: {e}", path.display()))?;
        let database = match database {
            Some(text) => Location::parse(text)?,
            None => Location::Sqlite(path.join(DATABASE)),
        };
        let lock = match database.is_in(path) {
            true => None,
            false => Some(FolderLock::acquire(path).map_err(|e| e.to_string())?),
        };
        Ok((Self { path: path.to_owned(), _lock: lock }, database))
    }

    /// Where a sandbox's gateway has its database: in a file of its own, wherever the platform's is. The two halves share
    /// nothing.
    pub(crate) fn gateway_database(&self) -> Location {
        let (folder, file) = GATEWAY;
        Location::Sqlite(self.path.join(folder).join(file))
    }

    /// The key that a gateway seals secrets with: a file of its own, made at the first start.
    pub(crate) fn gateway_key(&self, chance: &dyn Chance) -> Result<[u8; 32], String> {
        let path = self.path.join("gateway.key");
        match fs::read(&path) {
            Ok(bytes) => <[u8; 32]>::try_from(bytes)
                .map_err(|_| format!("{} is not a gateway's key: it must have 32 bytes", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                chance.fill(&mut bytes);
                self.write_private("gateway.key", &bytes)?;
                Ok(bytes)
            }
            Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// Where blobs are kept unless somewhere else is said.
    pub(crate) fn blobs(&self) -> PathBuf {
        self.path.join("blobs")
    }

    /// The key that the world's secrets and tokens are derived from: a file of its own, made at the first start.
    /// `stored` tells which key the world in the database has, if there is one. A world without its key is refused: all
    /// its tokens would be other ones.
    pub(crate) fn world_key(&self, stored: Option<&str>, chance: &dyn Chance) -> Result<WorldKey, String> {
        let path = self.path.join("world.key");
        match (fs::read(&path), stored) {
            (Ok(bytes), stored) => {
                let bytes = <[u8; 32]>::try_from(bytes)
                    .map_err(|_| format!("{} is not a world key: it must have 32 bytes", path.display()))?;
                let key = WorldKey::new(bytes);
                match stored.is_none_or(|stored| stored == key.fingerprint()) {
                    true => Ok(key),
                    false => Err(format!(
                        "{} is the key of another world than the one in the database: give its own folder, or \
                         another database",
                        path.display()
                    )),
                }
            }
            (Err(error), None) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                chance.fill(&mut bytes);
                self.write_private("world.key", &bytes)?;
                Ok(WorldKey::new(bytes))
            }
            (Err(error), Some(_)) if error.kind() == std::io::ErrorKind::NotFound => Err(format!(
                "{} is missing, but the database holds a world: restore the key, or take another database",
                path.display()
            )),
            (Err(error), _) => Err(format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// Writes a file of `KEY=value` lines, such as `sandbox.env`: safe to source, readable by the owner only. Answers its
    /// path.
    pub(crate) fn write_env(&self, name: &str, env: &[(&'static str, String)]) -> Result<PathBuf, String> {
        let mut text = String::new();
        for (name, value) in env {
            text.push_str(&format!("{name}={}\n", quoted(value)));
        }
        self.write_private(name, text.as_bytes())
    }

    /// Replaces a file as a whole: a reader sees the old one or the new one.
    fn write_private(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, String> {
        let path = self.path.join(name);
        let new = self.path.join(format!("{name}.new"));
        let written = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&new, &path));
        written.map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
        Ok(path)
    }
}

/// The value as a shell reads it back: plain where it is harmless, else in single quotes.
fn quoted(value: &str) -> String {
    let harmless = |b: u8| b.is_ascii_alphanumeric() || b"_-./:@".contains(&b);
    if value.bytes().all(harmless) { value.to_owned() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_safe_in_a_shell() {
        assert_eq!(quoted("http://127.0.0.1:8430"), "http://127.0.0.1:8430");
        assert_eq!(quoted("17|abc"), "'17|abc'");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(quoted(""), "");
    }
}
