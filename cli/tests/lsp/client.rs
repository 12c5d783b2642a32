//! A client of the language server: the real process, spoken to over its standard streams.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The wait after which a test gives up on a server that is stuck.
const STUCK: Duration = Duration::from_secs(120);

/// A session.
pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    inbox: Receiver<Value>,
    asked: i32,
    version: i32,
    /// Findings as they were published: document, version, findings.
    pub(crate) published: Vec<Value>,
    /// The number of messages that the server logged.
    pub(crate) logged: usize,
}

/// The document that most tests work on.
pub(crate) const URI: &str = "file:///work/providers.yaml";

impl Client {
    /// A server that has said nothing yet.
    pub(crate) fn spawn() -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_keyway"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let (sender, inbox) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Client { child, input, inbox, asked: 0, version: 1, published: Vec::new(), logged: 0 }
    }

    /// A server that knows its client: columns in UTF-16, and everything that is optional.
    pub(crate) fn start() -> Client {
        Client::with(&json!(["utf-16"]), &json!({}))
    }

    /// The same for other units of columns, or other options.
    pub(crate) fn with(encodings: &Value, options: &Value) -> Client {
        let mut client = Client::spawn();
        client.initialize(encodings, options);
        client
    }

    /// The first messages of a session; gives what the server can do.
    pub(crate) fn initialize(&mut self, encodings: &Value, options: &Value) -> Value {
        let capabilities = json!({
            "general": { "positionEncodings": encodings },
            "textDocument": {
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "publishDiagnostics": { "relatedInformation": true },
            },
            "workspace": { "workspaceEdit": { "documentChanges": true } },
        });
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "initializationOptions": options });
        let result = self.ask("initialize", &params);
        self.tell("initialized", &json!({}));
        result
    }

    /// Sends bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Sends a body as it is.
    pub(crate) fn raw_message(&mut self, body: &str) {
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// Sends a notification.
    pub(crate) fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request; gives its result, or the error's code.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.answer(&json!(id))
    }

    /// The answer to a request.
    pub(crate) fn answer(&mut self, id: &Value) -> Value {
        loop {
            let message = self.next();
            if message.get("method").is_none() && message["id"] == *id {
                return message.get("result").cloned().unwrap_or_else(|| message["error"]["code"].clone());
            }
        }
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn next(&mut self) -> Value {
        let message = self.inbox.recv_timeout(STUCK).expect("the server answers");
        if message["method"] == "textDocument/publishDiagnostics" {
            self.published.push(message["params"].clone());
        }
        self.logged += usize::from(message["method"] == "window/logMessage");
        message
    }

    /// Opens the document; gives its findings.
    pub(crate) fn open(&mut self, text: &str) -> Vec<Value> {
        self.open_as(URI, "yaml", text)
    }

    /// The same for a document of another name or language.
    pub(crate) fn open_as(&mut self, uri: &str, language: &str, text: &str) -> Vec<Value> {
        self.version += 1;
        let document = json!({ "uri": uri, "languageId": language, "version": self.version, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
        self.findings(uri)
    }

    /// Changes the document; gives its findings.
    pub(crate) fn change(&mut self, changes: &Value) -> Vec<Value> {
        self.version += 1;
        let document = json!({ "uri": URI, "version": self.version });
        self.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": changes }));
        self.findings(URI)
    }

    /// The findings of the present version.
    fn findings(&mut self, uri: &str) -> Vec<Value> {
        loop {
            let version = json!(self.version);
            let found = self.published.iter().find(|it| it["uri"] == uri && it["version"] == version);
            if let Some(found) = found {
                return found["diagnostics"].as_array().unwrap().clone();
            }
            self.next();
        }
    }

    /// Asks about a place of the document: `method` with a position.
    pub(crate) fn at(&mut self, method: &str, position: &Value) -> Value {
        self.ask(method, &json!({ "textDocument": { "uri": URI }, "position": position }))
    }

    /// Ends the session as the protocol asks; gives the exit code.
    pub(crate) fn finish(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", &Value::Null), Value::Null);
        self.tell("exit", &Value::Null);
        self.code()
    }

    /// Closes the stream; gives the exit code.
    pub(crate) fn code(mut self) -> i32 {
        drop(self.input.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A text with a `|` in it: the text without, and the position.
pub(crate) fn marked(text: &str) -> (String, Value) {
    let at = text.find('|').expect("a mark");
    let line = text[..at].matches('\n').count();
    let column = text[..at].rsplit('\n').next().unwrap().encode_utf16().count();
    (text.replacen('|', "", 1), json!({ "line": line, "character": column }))
}

/// The text of a range of a text, columns in UTF-16.
pub(crate) fn covered(text: &str, range: &Value) -> String {
    text[offset(text, &range["start"])..offset(text, &range["end"])].to_owned()
}

/// A text after the edits of a code action.
pub(crate) fn edited(text: &str, action: &Value) -> String {
    let edits = action["edit"]["documentChanges"][0]["edits"].as_array().unwrap();
    let mut edits: Vec<_> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(text, &range["start"]), offset(text, &range["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.0));
    edits.iter().fold(text.to_owned(), |mut text, (start, end, with)| {
        text.replace_range(start..end, with);
        text
    })
}

fn offset(text: &str, position: &Value) -> usize {
    let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
    let column = usize::try_from(position["character"].as_u64().unwrap()).unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = 0;
    let before = text[start..].chars().take_while(|c| {
        units += c.len_utf16();
        units <= column
    });
    start + before.map(char::len_utf8).sum::<usize>()
}
