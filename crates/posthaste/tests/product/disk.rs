//! Disks that are full, and disks that cannot be written: on a small disk in memory, which takes root (or sudo) to mount.

use crate::process::{Folder, Running, refused};
use std::path::Path;
use std::process::Command;

/// A mounted disk of a few megabytes.
struct Disk(Folder);

impl Disk {
    /// Mounts one. `None` if this user may not: `./test` says that it must be possible, plain `cargo test` goes on
    /// without.
    fn mount() -> Option<Self> {
        let folder = Folder::new();
        let mounted =
            as_root("mount", &["-t", "tmpfs", "-o", "size=12m,mode=0777", "tmpfs", path(&folder.0)]);
        assert!(
            mounted || std::env::var_os("POSTHASTE_TEST_ALL").is_none(),
            "a small disk cannot be mounted: run ./test as root, or with sudo"
        );
        mounted.then(|| Self(folder))
    }

    fn path(&self) -> &Path {
        &self.0.0
    }

    fn remount(&self, options: &str) {
        assert!(as_root("mount", &["-o", &format!("remount,{options}"), path(self.path())]));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        as_root("umount", &["--lazy", path(self.path())]);
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn as_root(program: &str, arguments: &[&str]) -> bool {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    let mut command = if is_root { Command::new(program) } else { Command::new("sudo") };
    if !is_root {
        command.args(["-n", program]);
    }
    command.args(arguments).output().is_ok_and(|output| output.status.success())
}

/// A send that finds no room is refused as one that may be tried again, and is not there later. What was acknowledged
/// is. When there is room again, the process goes on.
#[tokio::test]
async fn a_full_disk_refuses_and_goes_on() {
    let Some(disk) = Disk::mount() else { return };
    let sandbox = Running::start(disk.path(), &[]);
    let filler = "x".repeat(900);
    let mut acknowledged = Vec::new();
    let refusal = loop {
        let text = format!("{} {filler}", acknowledged.len());
        let answer = sandbox.send(&text).await;
        if answer.status != 200 {
            break answer;
        }
        acknowledged.push(text);
        assert!(acknowledged.len() < 10_000, "the disk is never full");
    };
    assert_eq!((refusal.status, refusal.error().1), (500, 2), "{}", refusal.text());
    let error = &refusal.json()["error"];
    assert_eq!(error["is_transient"], true, "{error}");
    assert!(error["error_user_msg"].as_str().unwrap().contains("full"), "{error}");
    assert_eq!(sandbox.call("GET", "/healthz").ok().await.json()["status"], "ok");
    assert_eq!(sandbox.sent().await, acknowledged, "what was refused is not there");

    disk.remount("size=64m");
    for n in 0..20 {
        let text = format!("room again {n}");
        assert_eq!(sandbox.send(&text).await.status, 200);
        acknowledged.push(text);
    }
    assert_eq!(sandbox.sent().await, acknowledged);
    sandbox.program.kill();
    let again = Running::start(disk.path(), &[]);
    assert_eq!(again.sent().await, acknowledged);
}

/// A world on a disk that is full cannot be taken up, or can: it says so, and it is all there once there is room.
#[tokio::test]
async fn a_disk_that_is_full_at_the_start_loses_nothing() {
    let Some(disk) = Disk::mount() else { return };
    let sandbox = Running::start(disk.path(), &[]);
    assert_eq!(sandbox.send("kept").await.status, 200);
    sandbox.program.kill();
    let rest = disk.path().join("rest");
    // Until nothing more fits.
    let _ = std::fs::write(&rest, vec![0; 12 << 20]);
    assert!(std::fs::metadata(&rest).unwrap().len() < 12 << 20);
    let said = refused(disk.path());
    assert!(said.contains(path(disk.path())) || said.contains("full"), "{said}");
    std::fs::remove_file(&rest).unwrap();
    assert_eq!(Running::start(disk.path(), &[]).sent().await, ["kept"]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_refused_and_left_alone() {
    let Some(disk) = Disk::mount() else { return };
    let sandbox = Running::start(disk.path(), &[]);
    assert_eq!(sandbox.send("kept").await.status, 200);
    assert!(sandbox.program.terminate());
    disk.remount("ro");
    let said = refused(disk.path());
    assert!(said.contains(path(disk.path())) && said.contains("ead-only"), "{said}");
    disk.remount("rw");
    assert_eq!(Running::start(disk.path(), &[]).sent().await, ["kept"]);
}
