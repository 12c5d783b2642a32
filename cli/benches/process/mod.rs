//! Runs of the command, each a process of its own, and the catalogue they are given.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The corpus, in the folder that `KEYWAY_SHARED` names; this project's own catalogue where it is absent.
pub(crate) fn catalogue(workspace: &Path) -> PathBuf {
    let shared = std::env::var_os("KEYWAY_SHARED").map_or_else(|| workspace.join("../shared"), PathBuf::from);
    let corpus = shared.join("corpus/nango-providers.yaml");
    if corpus.exists() {
        return corpus;
    }
    println!("there is no corpus (measuring this project's own catalogue)");
    workspace.join("providers.yaml")
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
pub(crate) fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 * 1024.0 / 1e6
}

/// One run: its time, and the highest resident size seen in kB (Linux only).
pub(crate) fn run(arguments: &[&OsStr]) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_keyway"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak = 0;
    loop {
        peak = peak.max(high_water_mark(child.id()));
        if child.try_wait().expect("the child can be waited for").is_some() {
            return (start.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

fn high_water_mark(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}
