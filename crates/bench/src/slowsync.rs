//! A disk whose flushes cost more: a library that is loaded before the C library of a server. It must be C, so the
//! section is left out where there is no `cc` (which the product's own build needs for SQLite, too).

use std::path::Path;
use std::process::Command;

/// The settings under which a server's flushes take `micros` longer; `None`: there is no C compiler.
pub(crate) fn settings(folder: &Path, micros: u32) -> Result<Option<Vec<(&'static str, String)>>, String> {
    let told = |e: std::io::Error| format!("{}: {e}", folder.display());
    let (source, library) = (folder.join("slowsync.c"), folder.join("slowsync.so"));
    std::fs::write(&source, include_str!("slowsync.c")).map_err(told)?;
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(&source).arg("-ldl");
    match cc.output() {
        Ok(output) if output.status.success() => Ok(Some(vec![
            ("LD_PRELOAD", library.to_string_lossy().into_owned()),
            ("SYNC_DELAY_US", micros.to_string()),
        ])),
        Ok(output) => Err(format!("cc: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cc: {error}")),
    }
}
