//! The data folder: the database, the world's key, and `sandbox.env`.

use clock::Chance;
use platform::WorldKey;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The database's file name.
const DATABASE: &str = "posthaste.db";

/// The folder.
pub(super) struct DataFolder {
    path: PathBuf,
    /// There was a database before this start.
    holds_world: bool,
}

impl DataFolder {
    /// The folder at `path`, made if it is missing.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        fs::create_dir_all(path)
            .map_err(|e| format!("the data folder {} cannot be made: {e}", path.display()))?;
        Ok(Self { path: path.to_owned(), holds_world: path.join(DATABASE).exists() })
    }

    /// The database's file.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Where blobs are kept unless somewhere else is said.
    pub(super) fn blobs(&self) -> PathBuf {
        self.path.join("blobs")
    }

    /// The key that the world's secrets and tokens are derived from: a file of its own beside the database, made at
    /// the first start. A database without its key is refused: all its tokens would be other ones.
    pub(super) fn world_key(&self, chance: &dyn Chance) -> Result<WorldKey, String> {
        let path = self.path.join("world.key");
        match fs::read(&path) {
            Ok(bytes) => {
                let bytes = <[u8; 32]>::try_from(bytes)
                    .map_err(|_| format!("{} is not a world key: it must have 32 bytes", path.display()))?;
                Ok(WorldKey::new(bytes))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if self.holds_world {
                    return Err(format!(
                        "{} is missing, but the folder holds a world: restore the key, or remove the folder",
                        path.display()
                    ));
                }
                let mut bytes = [0; 32];
                chance.fill(&mut bytes);
                self.write_private("world.key", &bytes)?;
                Ok(WorldKey::new(bytes))
            }
            Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// Writes `sandbox.env`: `KEY=value` lines, safe to source, readable by the owner only. Answers its path.
    pub(super) fn write_env(&self, env: &[(&'static str, String)]) -> Result<PathBuf, String> {
        let mut text = String::new();
        for (name, value) in env {
            text.push_str(&format!("{name}={}\n", quoted(value)));
        }
        self.write_private("sandbox.env", text.as_bytes())
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
