//! The time of an edit, from the message to the findings: `cargo bench -p keyway-lsp`.
//!
//! A client opens the corpus (this project's own catalogue where it is absent), and then its entries repeated under
//! other keys up to 11 MiB. It types one letter at a time at places all over the file, also such that break the YAML of
//! an entry. What is measured is the time from writing the edit to having read the findings of that version; the
//! server's pause before it checks is part of it and is shown by itself. Nothing here asserts a time: the budget stands
//! in `docs/performance.md`.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "the figures are the output, and there is nobody to tell")]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write, pipe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const EDITS: usize = 60;
/// The large document and the edits in it; each takes long.
const LARGE: usize = 11 * 1024 * 1024;
const EDITS_OF_LARGE: usize = 24;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("KEYWAY_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let corpus = shared.join("corpus/nango-providers.yaml");
    let path = if corpus.exists() { corpus } else { root.join("providers.yaml") };
    let text = std::fs::read_to_string(&path).unwrap();
    session(&path.file_name().unwrap().display().to_string(), &text, EDITS);
    session("the same, repeated", &repeated(&text, LARGE), EDITS_OF_LARGE);
}

/// The entries of a catalogue again and again, each time under other keys, up to some bytes. Heirs build on the entries
/// of their copy.
fn repeated(text: &str, bytes: usize) -> String {
    let mut all = text.to_owned();
    for copy in 1.. {
        if all.len() >= bytes {
            break;
        }
        for line in text.lines() {
            let is_key = line.starts_with(|c: char| c.is_ascii_alphanumeric());
            let line = line.trim_end();
            match line.strip_suffix(':').filter(|_| is_key) {
                Some(key) => all.extend([key, "-", &copy.to_string(), ":"]),
                None if line.starts_with("    alias: ") => all.extend([line, "-", &copy.to_string()]),
                None => all.push_str(line),
            }
            all.push('\n');
        }
    }
    all
}

fn session(name: &str, text: &str, edits: usize) {
    println!("{name}: {} bytes, {edits} edits", text.len());
    let (server_input, input) = pipe().unwrap();
    let (output, server_output) = pipe().unwrap();
    let server = std::thread::spawn(move || keyway_lsp::serve(BufReader::new(server_input), server_output));
    let mut client = Client { input, output: BufReader::new(output), version: 1 };
    client.send(&json!({ "id": 1, "method": "initialize", "params": { "capabilities": { "general": { "positionEncodings": ["utf-8"] } } } }));
    client.receive();

    let started = Instant::now();
    let document = json!({ "uri": "file:///providers.yaml", "languageId": "yaml", "version": 1, "text": text });
    client.send(&json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    let findings = client.findings();
    println!("opened: {:.1?}, {findings} findings", started.elapsed());

    let lines: Vec<&str> = text.lines().collect();
    for (what, letters) in [("a letter in a value", ["x", ""]), ("a bracket that breaks the entry", ["[", ""])] {
        let mut times = Vec::new();
        for turn in 0..edits / 2 {
            let wanted = |line: &&str| line.starts_with("        base_url: ") || line.starts_with("    docs: ");
            let all: Vec<usize> = (0..lines.len()).filter(|at| wanted(&lines[*at])).collect();
            let line = all[turn * all.len() / (edits / 2)];
            let column = lines[line].find(": ").unwrap() + 2;
            for (end, letter) in [(column, letters[0]), (column + 1, letters[1])] {
                let range = json!({ "start": { "line": line, "character": column }, "end": { "line": line, "character": end } });
                let started = Instant::now();
                client.change(&json!([{ "range": range, "text": letter }]));
                client.findings();
                times.push(started.elapsed());
            }
        }
        report(what, times);
    }
    client.send(&json!({ "id": 2, "method": "shutdown" }));
    client.receive();
    client.send(&json!({ "method": "exit" }));
    server.join().unwrap();
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    let (best, most) = (times[0], times[times.len() * 95 / 100]);
    println!(
        "{what}: median {median:.1?}, best {best:.1?}, 95 % {most:.1?}, worst {worst:.1?}, 30 ms of each is the pause"
    );
}

struct Client<R, W> {
    input: W,
    output: BufReader<R>,
    version: i32,
}

impl<R: Read, W: Write> Client<R, W> {
    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn change(&mut self, changes: &Value) {
        self.version += 1;
        let document = json!({ "uri": "file:///providers.yaml", "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.send(&json!({ "method": "textDocument/didChange", "params": params }));
    }

    fn receive(&mut self) -> Vec<u8> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        body
    }

    /// Reads the findings that come next; how many there are.
    fn findings(&mut self) -> usize {
        let message: Value = serde_json::from_slice(&self.receive()).unwrap();
        assert_eq!(message["params"]["version"], self.version, "findings of the version that was sent");
        message["params"]["diagnostics"].as_array().unwrap().len()
    }
}
