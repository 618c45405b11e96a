//! As much HTTP/1.1 as a load generator needs: requests as bytes, answers found in a buffer.

use bytes::Bytes;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A request, ready to be written.
pub(crate) fn request(
    to: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Bytes {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {to}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    text.into()
}

/// The head of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The status.
    pub status: u16,
    /// Where the body begins.
    pub body_at: usize,
    /// Where the answer ends.
    pub end: usize,
}

/// The head at the start of `buffer`; `None` if it is not whole yet.
pub(crate) fn head(buffer: &[u8]) -> Result<Option<Head>, String> {
    let Some(body_at) = buffer.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4) else {
        return Ok(None);
    };
    let bad = || format!("not an answer: {}", String::from_utf8_lossy(&buffer[..body_at]));
    let status = buffer.get(9..12).and_then(|s| std::str::from_utf8(s).ok()?.parse().ok()).ok_or_else(bad)?;
    let length = buffer[..body_at].split(|b| *b == b'\n').find_map(content_length).ok_or_else(bad)?;
    Ok(Some(Head { status, body_at, end: body_at + length }))
}

fn content_length(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let value = line.get(NAME.len()..).filter(|_| line[..NAME.len()].eq_ignore_ascii_case(NAME))?;
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

/// One request on a connection of its own: the status and the body.
pub(crate) fn call(to: SocketAddr, request: &[u8]) -> Result<(u16, String), String> {
    let told = |e: std::io::Error| format!("{to}: {e}");
    let mut stream = TcpStream::connect(to).map_err(told)?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(told)?;
    stream.write_all(request).map_err(told)?;
    let (mut buffer, mut piece) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let got = stream.read(&mut piece).map_err(told)?;
        buffer.extend_from_slice(&piece[..got]);
        match head(&buffer)? {
            Some(head) if buffer.len() >= head.end => {
                let body = String::from_utf8_lossy(&buffer[head.body_at..head.end]).into_owned();
                return Ok((head.status, body));
            }
            _ if got == 0 => return Err(format!("{to} broke off its answer")),
            _ => {}
        }
    }
}

/// One request that has to succeed: its body.
pub(crate) fn must(to: SocketAddr, request: &[u8]) -> Result<String, String> {
    match call(to, request)? {
        (200, body) => Ok(body),
        (status, body) => {
            let line = String::from_utf8_lossy(request);
            Err(format!("{} was answered {status}: {body}", line.lines().next().unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_found_in_a_buffer() {
        let answer = b"HTTP/1.1 200 OK\r\nX: y\r\nCONTENT-length: 2\r\n\r\nokHTTP";
        assert_eq!(head(answer).unwrap(), Some(Head { status: 200, body_at: 44, end: 46 }));
        assert_eq!(head(&answer[..40]).unwrap(), None);
        head(b"HTTP/1.1 200 OK\r\n\r\n").unwrap_err();
        head(b"nonsense\r\n\r\n").unwrap_err();
    }

    #[test]
    fn a_request_is_whole() {
        let bytes = request("127.0.0.1:80".parse().unwrap(), "POST", "/x", &[("A", "b")], "{}");
        assert_eq!(
            &bytes[..],
            b"POST /x HTTP/1.1\r\nHost: 127.0.0.1:80\r\nA: b\r\nContent-Length: 2\r\n\r\n{}"
        );
    }
}
