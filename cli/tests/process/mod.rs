//! `keyway` as a process: what it printed, and how it ended.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The exit code, standard output and standard error.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(Command::new(env!("CARGO_BIN_EXE_keyway")).current_dir(folder).args(arguments).output().unwrap())
}

/// The same with a text on standard input.
#[allow(dead_code, reason = "not every test of a command gives one")]
pub(crate) fn run_with_input(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.current_dir(folder).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that refuses its arguments does not read, and its end is closed then.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    told(child.wait_with_output().unwrap())
}

fn told(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
