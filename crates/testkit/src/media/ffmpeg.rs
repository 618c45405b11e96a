//! Real pictures and movies, made by ffmpeg where it is installed.

use bytes::Bytes;
use std::process::{Command, Stdio};

/// The file that ffmpeg makes of the arguments, which come before the name of the file: its end says what it is. `None`:
/// ffmpeg is not installed, and the test is skipped, which it may not be where everything is to run.
///
/// # Panics
/// If ffmpeg fails, or must be there and is not.
pub fn make(arguments: &str, extension: &str) -> Option<Bytes> {
    let must = std::env::var_os("POSTHASTE_TEST_ALL").is_some();
    let folder = std::env::temp_dir().join(format!("posthaste-ffmpeg-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let name = arguments.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let file = folder.join(format!("{name:016x}.{extension}"));
    let ran = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y"])
        .args(arguments.split_whitespace())
        .arg(&file)
        .stdin(Stdio::null())
        .output();
    let output = match ran {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must => {
            skipped();
            return None;
        }
        Err(error) => panic!("ffmpeg cannot be run: {error}"),
    };
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    let bytes = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    Some(bytes.into())
}

#[expect(clippy::print_stderr, reason = "who runs the tests is told what was not tested")]
fn skipped() {
    eprintln!("skipped: ffmpeg is not installed");
}
