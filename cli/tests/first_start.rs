//! The first start of `keyway serve`, killed at any moment: what it leaves behind is usable, and no key is lost.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn start(folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.current_dir(folder).args(["serve", "--listen", "127.0.0.1:0"]);
    for name in ["KEYWAY_API_KEY", "KEYWAY_ENCRYPTION_KEY", "KEYWAY_LOG", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn killed_at_any_moment_it_leaves_no_key_that_nobody_was_shown() {
    for milliseconds in (0..400).step_by(8) {
        let folder = tempfile::tempdir().unwrap();
        let mut child = start(folder.path());
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        let mut banner = String::new();
        child.stdout.take().unwrap().read_to_string(&mut banner).unwrap();
        child.wait().unwrap();

        let left = names(folder.path());
        let shown = banner.contains("kw_");
        assert!(left.iter().all(|name| name.starts_with("keyway.db")), "{milliseconds} ms: {left:?}");
        #[cfg(target_os = "linux")]
        assert!(!left.iter().any(|name| name.contains("tmp")), "{milliseconds} ms: {left:?}");
        assert!(shown || !left.iter().any(|name| name == "keyway.db.api-key"), "{milliseconds} ms: {left:?}");
        // A key file is whole: the Base64 of 32 bytes.
        if let Ok(key) = fs::read_to_string(folder.path().join("keyway.db.key")) {
            assert_eq!(key.len(), 45, "{milliseconds} ms");
        }

        let kept = left.iter().any(|name| name == "keyway.db.api-key");
        let mut child = start(folder.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut banner = String::new();
        while !banner.contains("curl ") && lines.read_line(&mut banner).unwrap() > 0 {}
        child.kill().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        assert!(banner.contains("curl "), "{milliseconds} ms: the next start fails: {said}");
        assert_eq!(banner.contains("kw_"), !kept, "{milliseconds} ms: a key that is not kept is made and shown");
    }
}

#[test]
fn a_first_start_that_cannot_listen_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    let command = command.current_dir(folder.path()).args(["serve", "--listen", &address]);
    let output = command.env_remove("KEYWAY_API_KEY").env_remove("KEYWAY_ENCRYPTION_KEY").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(names(folder.path()), [""; 0]);
}
