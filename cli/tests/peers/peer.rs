//! A program of `tests/peers` as a process: its first line says where it listens, every later one answers a command.

use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// The time limit of a program to start, or to answer: loading a framework takes seconds on a busy machine.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(180);

/// A running program. Killed when it is dropped.
pub(crate) struct Peer {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    folder: TempDir,
    /// The line that it printed when it was ready.
    pub(crate) about: Value,
}

/// Where the peers are installed; `None` where a test has to be skipped, which is said.
pub(crate) fn installed() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../peers");
    if folder.join("installed").exists() {
        return Some(folder);
    }
    let required = std::env::var("KEYWAY_PEERS").is_ok_and(|value| value == "required");
    assert!(!required, "the peers are not installed in {}: run `tests/peers/install`", folder.display());
    keyway_tests::skip("the peers are not installed; `tests/peers/install` does it");
    None
}

impl Peer {
    /// Starts a program in JavaScript.
    pub(crate) fn node(installed: &Path, program: &str, arguments: &[&str]) -> Peer {
        let mut command = Command::new("node");
        // The packages lie beside the link to the programs, not beside the programs.
        command.args(["--preserve-symlinks", "--preserve-symlinks-main"]);
        command.arg(installed.join("node/programs").join(program)).args(arguments);
        Peer::start(command, program)
    }

    /// Starts a program in Python.
    pub(crate) fn python(installed: &Path, program: &str, arguments: &[&str]) -> Peer {
        let mut command = Command::new(installed.join("python/bin/python"));
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONWARNINGS", "ignore");
        command.arg(root().join("tests/peers").join(program)).args(arguments);
        Peer::start(command, program)
    }

    /// The origin that it listens on.
    pub(crate) fn url(&self) -> &str {
        self.about["url"].as_str().unwrap()
    }

    /// Has it do something; what it answered.
    pub(crate) fn ask(&mut self, what: &str, given: Value) -> Value {
        let mut line = given;
        line["do"] = json!(what);
        writeln!(self.input, "{line}").unwrap();
        let answer = self.line();
        assert!(answer.get("failed").is_none(), "{what}: {}", answer["failed"].as_str().unwrap_or_default());
        answer
    }

    fn start(mut command: Command, program: &str) -> Peer {
        let folder = tempfile::tempdir().unwrap();
        let errors = File::create(folder.path().join("errors")).unwrap();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors).env("TMPDIR", folder.path());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {program}: {error}"));
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut peer = Peer { child, input, lines, folder, about: Value::Null };
        peer.about = peer.line();
        peer
    }

    fn line(&self) -> Value {
        let said = self.lines.recv_timeout(ANSWER_TIMEOUT);
        let line = said.unwrap_or_else(|error| panic!("no answer ({error}): {}", self.errors()));
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn errors(&self) -> String {
        fs::read_to_string(self.folder.path().join("errors")).unwrap_or_default()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("the peer said: {}", self.errors());
        }
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
