//! Videos that are uploaded: large ones in flat memory, and what of them is left when the connection breaks or the process is
//! killed.

use crate::process::{Folder, Running};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::media::movies::{Movie, padding};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The most memory that the process has had, in bytes; `None` where the system does not tell.
fn peak(sandbox: &Running) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", sandbox.program.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// A container that awaits a video, and the path to which it goes.
async fn container(sandbox: &Running) -> (String, String) {
    let path = format!("/v25.0/{}/media?media_type=REELS&upload_type=resumable", sandbox.env("PAGE_IG_ID"));
    let made = sandbox.call("POST", &path).token(sandbox.env("PAGE_ACCESS_TOKEN")).ok().await.json();
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/ig-api-upload/v25.0/{id}");
    assert!(made["uri"].as_str().unwrap().ends_with(&path));
    (id, path)
}

/// Begins an upload: `length` bytes are announced.
async fn begin(sandbox: &Running, path: &str, (offset, size, length): (u64, u64, u64)) -> TcpStream {
    let address = sandbox.env("POSTHASTE_URL").trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: OAuth {}\r\noffset: {offset}\r\nfile_size: {size}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n",
        sandbox.env("PAGE_ACCESS_TOKEN")
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// The status and body of the answer.
async fn answer(mut stream: TcpStream) -> (u16, Value) {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

async fn offset(sandbox: &Running, path: &str) -> u64 {
    let told = sandbox.call("GET", path).token(sandbox.env("PAGE_ACCESS_TOKEN")).ok().await.json();
    told["offset"].as_u64().unwrap()
}

async fn status(sandbox: &Running, container: &str) -> String {
    let path = format!("/v25.0/{container}?fields=status_code");
    let shown = sandbox.call("GET", &path).token(sandbox.env("PAGE_ACCESS_TOKEN")).ok().await.json();
    shown["status_code"].as_str().unwrap().to_owned()
}

async fn advance(sandbox: &Running) {
    sandbox.call("POST", "/sim/clock").json(&json!({"advance": "3s"})).ok().await;
}

/// 300 MB are taken and a gigabyte is refused, and the process needs no more memory for either than for a small file.
#[tokio::test]
async fn large_videos_take_little_memory() {
    const SIZE: u64 = 300_000_000;
    /// What the process may grow by, in bytes. Measured: 40 to 50 MB, which the allocator keeps for the threads that write;
    /// after 30 MB it is nearly all there, and another 300 MB add a few.
    const GROWTH: u64 = 64 << 20;
    let folder = Folder::new();
    let sandbox = Running::start(&folder.0, &[]);
    let movie = Movie::default().file();
    // The first one also pays for what is made once.
    let (small, path) = container(&sandbox).await;
    let size = movie.len() as u64;
    let mut stream = begin(&sandbox, &path, (0, size, size)).await;
    stream.write_all(&movie).await.unwrap();
    assert_eq!(answer(stream).await.0, 200);
    advance(&sandbox).await;
    assert_eq!(status(&sandbox, &small).await, "FINISHED");
    let before = peak(&sandbox);

    let (large, path) = container(&sandbox).await;
    let mut stream = begin(&sandbox, &path, (0, SIZE, SIZE)).await;
    stream.write_all(&movie).await.unwrap();
    let mut left = SIZE - size;
    let header = padding(u32::try_from(left).unwrap())[..8].to_vec();
    stream.write_all(&header).await.unwrap();
    left -= 8;
    let zeros = vec![0; 1 << 20];
    while left > 0 {
        let now = left.min(zeros.len() as u64);
        stream.write_all(&zeros[..now as usize]).await.unwrap();
        left -= now;
    }
    let (code, told) = answer(stream).await;
    assert_eq!((code, &told["success"]), (200, &json!(true)), "{told}");
    advance(&sandbox).await;
    assert_eq!(status(&sandbox, &large).await, "FINISHED");

    // A gigabyte is refused by what it says, and by what it is.
    let (_, path) = container(&sandbox).await;
    let stream = begin(&sandbox, &path, (0, 1 << 30, 1 << 30)).await;
    let (code, told) = answer(stream).await;
    assert_eq!(code, 400);
    assert!(
        told["debug_info"]["message"].as_str().unwrap().contains("file_size must be 1 to 300000000 bytes")
    );
    let stream = begin(&sandbox, &path, (0, SIZE, 1 << 30)).await;
    let (code, told) = answer(stream).await;
    assert_eq!(code, 400);
    assert!(told["debug_info"]["message"].as_str().unwrap().contains("more bytes than file_size says"));
    if let (Some(before), Some(after)) = (before, peak(&sandbox)) {
        let growth = after - before;
        assert!(growth < GROWTH, "the process grew by {} MB", growth >> 20);
        told_to_the_user(before, after);
    }
    assert!(sandbox.program.terminate());
}

#[expect(clippy::print_stderr, reason = "the figure of docs/sandbox.md")]
fn told_to_the_user(before: u64, after: u64) {
    eprintln!("peak memory: {} KB before the 300 MB, {} KB after", before >> 10, after >> 10);
}

/// What came before a connection broke, or the process was killed, need not be sent again.
#[tokio::test]
async fn an_interrupted_upload_goes_on() {
    let folder = Folder::new();
    let first = Running::start(&folder.0, &[]);
    let movie = Movie::default().file();
    let (size, half) = (movie.len() as u64, movie.len() / 2);
    let (id, path) = container(&first).await;
    let mut stream = begin(&first, &path, (0, size, size)).await;
    stream.write_all(&movie[..half]).await.unwrap();
    stream.shutdown().await.unwrap();
    drop(stream);
    let kept = async {
        while offset(&first, &path).await < half as u64 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), kept).await.expect("what came is kept");
    first.program.kill();
    let second = Running::start(&folder.0, &[]);
    assert_eq!(offset(&second, &path).await, half as u64);
    let mut stream = begin(&second, &path, (half as u64, size, size - half as u64)).await;
    stream.write_all(&movie[half..]).await.unwrap();
    let (code, told) = answer(stream).await;
    assert_eq!(code, 200, "{told}");
    advance(&second).await;
    assert_eq!(status(&second, &id).await, "FINISHED");
    assert!(second.program.terminate());
}
