//! Where the world's data lies: `--database`.

use clock::Clock;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use storage::{Database, PostgresOptions};

/// What `--database` says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// A file.
    Sqlite(PathBuf),
    /// A server and a database on it, as a URL.
    Postgres(String),
}

impl Location {
    /// Reads `sqlite:PATH`, `postgres://…` or `postgresql://…`. The error says what is wrong with it and shows nothing of
    /// it but the scheme: there may be a password in it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        const FORMS: &str = "sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE";
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(format!("--database must be {FORMS}"));
        };
        match scheme {
            "sqlite" if rest.is_empty() => Err(format!("--database has no path: it must be {FORMS}")),
            "sqlite" => Ok(Self::Sqlite(PathBuf::from(rest))),
            "postgres" | "postgresql" if rest.starts_with("//") => Ok(Self::Postgres(text.to_owned())),
            _ => Err(format!("--database must be {FORMS}; \"{scheme}:\" is neither")),
        }
    }

    /// Opens it. It then belongs to this process alone.
    pub(crate) fn open(&self, clock: Arc<dyn Clock>) -> Result<Database, String> {
        let opened = match self {
            Self::Sqlite(path) => Database::open(path, clock, storage::Options::default()),
            Self::Postgres(url) => {
                let options = PostgresOptions { alone: true, ..PostgresOptions::default() };
                Database::connect(url, clock, options)
            }
        };
        opened.map_err(|e| e.to_string())
    }

    /// Whether opening it takes hold of that folder, too.
    pub(crate) fn is_in(&self, folder: &Path) -> bool {
        let Self::Sqlite(path) = self else { return false };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let real = |path: &Path| path.canonicalize().ok();
        // A folder that is not there yet is not one that is.
        real(parent.unwrap_or(Path::new("."))).is_some_and(|parent| Some(parent) == real(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_says_is_read_and_a_password_is_never_shown() {
        let sqlite = |path: &str| Ok(Location::Sqlite(PathBuf::from(path)));
        assert_eq!(Location::parse("sqlite:a/b.db"), sqlite("a/b.db"));
        assert_eq!(Location::parse("sqlite:/a/b.db"), sqlite("/a/b.db"));
        for url in ["postgres://u:p@h/d", "postgresql://h/d?sslmode=require"] {
            assert_eq!(Location::parse(url), Ok(Location::Postgres(url.to_owned())));
        }
        for (wrong, said) in [
            ("", "must be sqlite:PATH or postgres://"),
            ("secret", "must be sqlite:PATH or postgres://"),
            ("sqlite:", "no path"),
            ("postgres:secret", "\"postgres:\" is neither"),
            ("mysql://u:secret@h/d", "\"mysql:\" is neither"),
        ] {
            let why = Location::parse(wrong).unwrap_err();
            assert!(why.contains(said) && !why.contains("secret"), "{wrong}: {why}");
        }
    }

    #[test]
    fn a_file_in_the_folder_is_in_it_however_it_is_written() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (path, inside) in [
            (folder.join("a.db"), true),
            (folder.join("src/../a.db"), true),
            (PathBuf::from("a.db"), true),
            (folder.join("src/a.db"), false),
            (folder.join("nowhere/a.db"), false),
        ] {
            assert_eq!(Location::Sqlite(path.clone()).is_in(folder), inside, "{}", path.display());
        }
        assert!(!Location::Postgres("postgres://h/d".to_owned()).is_in(folder));
    }
}
