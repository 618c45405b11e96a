//! Why a person cannot do what they are told to.

/// The answer of an act.
pub(crate) type Result<T, E = Refused> = std::result::Result<T, E>;

/// Why an act is refused.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The app has no such thing to act on. The parameter, and why.
    Missing(&'static str, String),
    /// The app does not offer it as things stand. The parameter, and why.
    Conflict(&'static str, String),
    /// The database failed.
    Storage(storage::Error),
}

impl Refused {
    pub(crate) fn missing(parameter: &'static str, why: impl Into<String>) -> Self {
        Self::Missing(parameter, why.into())
    }

    pub(crate) fn conflict(parameter: &'static str, why: impl Into<String>) -> Self {
        Self::Conflict(parameter, why.into())
    }
}

impl Refused {
    /// For acts that nothing can refuse: what refused one all the same, as trouble of our own.
    pub(crate) fn into_storage(self) -> storage::Error {
        match self {
            Self::Storage(error) => error,
            Self::Missing(parameter, why) | Self::Conflict(parameter, why) => {
                storage::Error::Engine(format!("{parameter}: {why}"))
            }
        }
    }
}

impl From<storage::Error> for Refused {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}
