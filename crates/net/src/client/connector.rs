//! Connecting to checked addresses only.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::AddressPolicy;

/// How long one address of several is tried before the next one.
const PER_ADDRESS: Duration = Duration::from_secs(3);

/// Why no connection was made.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    /// All addresses of the host are against the policy. This is one of them.
    #[error("{0} may not be reached")]
    Refused(IpAddr),
    /// The host's name leads to no address.
    #[error("{host} cannot be resolved: {reason}")]
    Unresolved { host: String, reason: String },
    /// No address could be connected to. This is the last one.
    #[error("{reason} ({address})")]
    Failed { address: SocketAddr, reason: String },
}

/// Makes connections for the pool: resolves, checks each address, and connects to an address that was checked; the name
/// is not looked up again.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    policy: AddressPolicy,
}

impl Connector {
    pub(super) fn new(policy: AddressPolicy) -> Self {
        Self { policy }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(connect(uri, self.policy))
    }
}

async fn connect(uri: Uri, policy: AddressPolicy) -> Result<TokioIo<TcpStream>, ConnectError> {
    let host = uri.host().unwrap_or_default();
    let default_port = if uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
    if policy == AddressPolicy::Nowhere {
        return Err(ConnectError::Refused(IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
    }
    let resolved = resolve(host, uri.port_u16().unwrap_or(default_port)).await?;
    let allowed: Vec<SocketAddr> = resolved.iter().copied().filter(|a| policy.allows(a.ip())).collect();
    let mut failure = match resolved.first() {
        Some(first) => ConnectError::Refused(first.ip()),
        None => ConnectError::Unresolved { host: host.to_owned(), reason: "it has no address".to_owned() },
    };
    for (tried, address) in allowed.iter().enumerate() {
        let connecting = TcpStream::connect(address);
        // The last address gets all the time that is left: the whole request has a limit of its own.
        let connected = if tried + 1 < allowed.len() {
            let timed = tokio::time::timeout(PER_ADDRESS, connecting).await;
            timed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        } else {
            connecting.await
        };
        match connected {
            Ok(stream) => {
                // A request is one write; Nagle's algorithm could only delay it.
                let _ = stream.set_nodelay(true);
                return Ok(TokioIo::new(stream));
            }
            Err(error) => failure = ConnectError::Failed { address: *address, reason: reason(&error) },
        }
    }
    Err(failure)
}

/// The addresses of a URI's host: itself if it is a literal, else what the system's resolver says, which also reads
/// the odd spellings of numbers.
async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let literal = inner.parse::<Ipv6Addr>();
        return literal
            .map(|ip| vec![SocketAddr::new(ip.into(), port)])
            .map_err(|e| ConnectError::Unresolved { host: host.to_owned(), reason: e.to_string() });
    }
    if let Ok(literal) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(literal, port)]);
    }
    let found = tokio::net::lookup_host((host, port)).await;
    found
        .map(Iterator::collect)
        .map_err(|e| ConnectError::Unresolved { host: host.to_owned(), reason: e.to_string() })
}

/// An error of connecting in plain words, without the system's error number where there are some.
fn reason(error: &io::Error) -> String {
    use io::ErrorKind::{ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable, TimedOut};
    match error.kind() {
        kind @ (ConnectionRefused | ConnectionReset | HostUnreachable | NetworkUnreachable | TimedOut) => {
            kind.to_string()
        }
        _ => error.to_string(),
    }
}
