//! Why a request got no answer, in words that a developer can act on.

use std::error::Error;
use std::net::IpAddr;

use http::StatusCode;
use hyper_util::client::legacy;

use super::connector::ConnectError;

/// Why a request got no answer. The texts are shown to developers, in the log of deliveries for example.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The answer was not there, whole, in time.
    #[error("timed out")]
    TimedOut,
    /// The host has only addresses that the policy forbids.
    #[error("{address} is not a public address, and others may not be reached")]
    Refused {
        /// One of them.
        address: IpAddr,
    },
    /// The host is not known, or does not accept the connection. Such as `connection refused (127.0.0.1:9)`.
    #[error("{0}")]
    Connect(String),
    /// The server's certificate is not good, or it speaks no TLS.
    #[error("TLS failed: {0}")]
    Tls(String),
    /// The connection broke, or what came is no HTTP.
    #[error("{0}")]
    Protocol(String),
    /// The URL is not one that can be requested.
    #[error("{0}")]
    BadUrl(String),
}

/// Why a file was not fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// There was no answer, or it broke off: not reachable, an address that may not be reached, TLS, too late.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The answer was none of success.
    #[error("the server answered {0}")]
    Status(StatusCode),
    /// The file is, or says that it is, longer than allowed.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// More redirects than allowed, or one that leads nowhere.
    #[error("{0}")]
    Redirect(String),
}

impl ClientError {
    /// From the pool's error, whose causes are those of [`ConnectError`], of TLS, or of hyper.
    pub(super) fn of_request(error: &legacy::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(inner) = cause {
            if let Some(connecting) = inner.downcast_ref::<ConnectError>() {
                return match connecting {
                    ConnectError::Refused(address) => Self::Refused { address: *address },
                    other => Self::Connect(other.to_string()),
                };
            }
            cause = inner.source();
        }
        let text = words(error);
        if error.is_connect() { Self::Tls(text) } else { Self::Protocol(text) }
    }

    /// From an error in the middle of an answer's body.
    pub(super) fn of_body(error: &hyper::Error) -> Self {
        Self::Protocol(format!("the answer's body broke off: {error}"))
    }
}

/// The causes below the pool's own error, outermost first; its own text only names the pool's step.
fn words(error: &legacy::Error) -> String {
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        // Wrappers repeat the text of what they wrap.
        if !words.contains(&text) {
            if !words.is_empty() {
                words.push_str(": ");
            }
            words.push_str(&text);
        }
        cause = inner.source();
    }
    if words.is_empty() { error.to_string() } else { words }
}
