//! The JavaScript and the Python of the book: all of it is read by its language, and one of each is run.

use crate::block::Page;
use keyway_tests::shared::skip;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// A language, its program, and a program in it that fails unless it can read each of the texts in its input.
const LANGUAGES: [(&str, &str, &str); 2] = [
    (
        "js",
        "node",
        "const Read = Object.getPrototypeOf(async () => {}).constructor;
         for (const text of JSON.parse(require('fs').readFileSync(0, 'utf8'))) new Read(text);",
    ),
    ("python", "python3", "import json, sys\nfor text in json.load(sys.stdin):\n    compile(text, 'block', 'exec')"),
];

/// The option of a program that evaluates its argument.
fn option(program: &str) -> &'static str {
    if program == "node" { "-e" } else { "-c" }
}

#[test]
fn every_snippet_is_read_by_its_language() {
    let book = crate::whole();
    for (language, program, reader) in LANGUAGES {
        let texts = blocks(book.path(), language);
        assert!(texts.len() > 20, "{language}: this test no longer finds the blocks it is about");
        let Some((success, said)) = given(program, reader, &serde_json::to_string(&texts).unwrap()) else { continue };
        assert!(success, "{language}: {said}");
        let (success, _) = given(program, reader, "[\"a b (\"]").unwrap();
        assert!(!success, "{language}: the check finds nothing");
    }
}

#[test]
fn a_snippet_calls_the_proxy_as_the_page_says() {
    let book = crate::whole();
    for (language, program, _) in LANGUAGES {
        let text = blocks(book.path(), language).into_iter().next().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        // Where the program is missing nobody connects, and the thread ends with the process.
        let server = thread::spawn(move || answer(&listener));
        let text = text.replace("127.0.0.1:3900", &address);
        let Some((success, printed)) = given(program, &text, "") else { continue };
        assert!(success && printed.contains("200 fine"), "{language}: {printed}");
        let request = server.join().unwrap().to_ascii_lowercase();
        for expected in
            ["get /proxy/", "authorization: bearer the-key", "provider-config-key: ", "connection-id: acme-inc"]
        {
            assert!(request.contains(expected), "{language} lacks `{expected}`: {request}");
        }
    }
}

/// The blocks of a language.
fn blocks(book: &Path, language: &str) -> Vec<String> {
    let pages = Page::all(book);
    let blocks = pages.iter().flat_map(Page::blocks).filter(|block| block.language() == language);
    blocks.map(|block| block.text).collect()
}

/// Evaluates a text with an input: whether it succeeds, and what it prints. `None`, which is said, without the program.
fn given(program: &str, text: &str, input: &str) -> Option<(bool, String)> {
    let mut command = Command::new(program);
    command.args(if program == "node" { &["--input-type=module"][..] } else { &[] });
    if text.contains("require(") {
        command = Command::new(program);
    }
    command.args([option(program), text]).env("KEYWAY_API_KEY", "the-key").env("no_proxy", "127.0.0.1");
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        skip(&format!("there is no `{program}`"));
        return None;
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&printed).into_owned()))
}

/// Answers one request, and returns its head.
fn answer(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let mut head = Vec::new();
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfine").unwrap();
    String::from_utf8(head).unwrap()
}
