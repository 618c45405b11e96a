//! Where the binary keeps files, and what uploads that go wrong leave behind.

use crate::process::{Folder, Running, run};
use std::path::{Path, PathBuf};
use std::time::Duration;
use testkit::media::files;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// The files of all worlds in a place.
fn stored(place: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    entries(place).iter().flat_map(|world| entries(world)).collect()
}

/// The beginning of a request with a file that is to be longer than what is sent of it.
async fn begin_upload(sandbox: &Running, token: &str, sent: usize) -> TcpStream {
    let address = sandbox.env("POSTHASTE_URL").trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let part = format!(
        "--b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a.mp4\"\r\n\r\n{}",
        "x".repeat(sent)
    );
    let head = format!(
        "POST /me/messages?access_token={token} HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 20000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(part.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let folder = Folder::new();
    let place = folder.0.join("blobs");
    let first = Running::start(&folder.0, &[]);
    // The demo world has pictures.
    let of_world = stored(&place).len();
    let until = |some: bool| {
        let place = place.clone();
        tokio::time::timeout(Duration::from_secs(20), async move {
            while (stored(&place).len() > of_world) != some {
                tokio::task::yield_now().await;
            }
        })
    };
    let upload = begin_upload(&first, first.env("IG_ACCESS_TOKEN"), 1 << 20).await;
    until(true).await.expect("it is being written");
    drop(upload);
    until(false).await.expect("who goes away takes it along");

    let upload = begin_upload(&first, first.env("IG_ACCESS_TOKEN"), 1 << 20).await;
    until(true).await.expect("it is being written");
    first.program.kill();
    drop(upload);
    assert_eq!(stored(&place).len(), of_world + 1);
    let second = Running::start(&folder.0, &[]);
    assert_eq!(stored(&place).len(), of_world, "the next start removes what nobody names");
    assert!(second.program.terminate());
}

/// The file is read although the request will be refused: who sent the wrong token hears of that, and not of a broken
/// connection.
#[tokio::test]
async fn a_large_file_with_a_wrong_token_gets_its_answer() {
    let folder = Folder::new();
    let sandbox = Running::start(&folder.0, &[]);
    let of_world = stored(&folder.0.join("blobs"));
    let file = files::sized(&files::mp4(b"isom"), 20 << 20);
    let head = b"--b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a.mp4\"\r\n\r\n";
    let body = [&head[..], &file, b"\r\n--b--\r\n"].concat();
    let call = sandbox.call("POST", "/me/messages").token("IGAAwrong");
    let answer = call.body("multipart/form-data; boundary=b", body).send().await;
    assert_eq!(answer.error(), (400, 190, 0), "{}", answer.text());
    assert_eq!(stored(&folder.0.join("blobs")), of_world);
}

#[test]
fn files_can_be_kept_elsewhere() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    let place = elsewhere.0.join("deep/files");
    let sandbox = Running::start(&folder.0, &["--blobs", &format!("file:{}", place.display())]);
    assert!(place.is_dir() && !folder.0.join("blobs").exists());
    assert!(sandbox.program.terminate());
    let file = elsewhere.0.join("file");
    std::fs::write(&file, "").unwrap();
    let data = folder.0.to_str().unwrap();
    for (wrong, said) in
        [("s3://bucket", "file:PATH"), (&*format!("file:{}/x", file.display()), "cannot open")]
    {
        let output = run(["sandbox", "--data", data, "--listen", "127.0.0.1:0", "--blobs", wrong]);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{wrong}: {text}");
        assert!(text.contains(said), "{wrong}: {text}");
    }
}
