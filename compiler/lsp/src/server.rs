//! The main loop of the server. START HERE.
//!
//! Messages are taken as they come, as many as wait at once. Edits are applied at once and checked when there is a
//! pause: a burst of them is one check. A question about an older text than the one that is known is answered as
//! outdated, a cancelled one as cancelled. A panic costs its request an error, never the process. The answers are made
//! in `features`.

use super::Ended;
use super::encoding::Encoding;
use super::features;
use super::name;
use super::protocol::{self, DidChange, DidClose, DidOpen, Published};
use super::session::{Client, Document};
use super::transport::{Incoming, Outbox};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self, Notification as _};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The silence of the client after which edits are checked.
const CHECK_DELAY: Duration = Duration::from_millis(30);
/// The longest time that edits wait while more of them arrive.
const MAX_CHECK_DELAY: Duration = Duration::from_millis(250);

/// Serves until the client ends it.
pub(crate) fn run<W: Write>(inbox: &Receiver<Incoming>, outbox: Outbox<W>) -> Ended {
    let mut server = Server { outbox, stage: Stage::Fresh, documents: BTreeMap::new(), edited: None };
    loop {
        let first = match server.wait() {
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(wait) => inbox.recv_timeout(wait),
        };
        match first {
            Ok(first) => {
                let waiting: VecDeque<Incoming> = std::iter::once(first).chain(inbox.try_iter()).collect();
                if let Some(ended) = server.take(waiting) {
                    return ended;
                }
            }
            Err(RecvTimeoutError::Timeout) => server.publish(),
            Err(RecvTimeoutError::Disconnected) => return Ended::Abruptly,
        }
        if server.outbox.is_broken() {
            return Ended::Abruptly;
        }
    }
}

struct Server<W> {
    outbox: Outbox<W>,
    stage: Stage,
    /// By the key of their names.
    documents: BTreeMap<Vec<u8>, Document>,
    /// When the oldest edit that is not checked came in.
    edited: Option<Instant>,
}

/// The stage of a session.
enum Stage {
    /// Nothing was said yet.
    Fresh,
    /// The client is known.
    Running(Box<Client>),
    /// The client wants to leave.
    Leaving,
}

impl<W: Write> Server<W> {
    /// The wait for a message before edits are checked; `None` if there are none.
    fn wait(&self) -> Option<Duration> {
        self.edited.map(|since| CHECK_DELAY.min(MAX_CHECK_DELAY.saturating_sub(since.elapsed())))
    }

    /// Takes all messages that wait.
    fn take(&mut self, waiting: VecDeque<Incoming>) -> Option<Ended> {
        let mut fate = Fate::of(&waiting);
        for (index, incoming) in waiting.into_iter().enumerate() {
            match incoming {
                Incoming::Malformed(answer) => {
                    self.outbox.answer(&answer);
                    self.log("a message could not be read", answer["error"]["message"].as_str().unwrap_or_default());
                }
                Incoming::Message(Message::Response(_)) => {} // Nothing is asked of the client.
                Incoming::Message(Message::Notification(notification)) => {
                    if notification.method == notification::Exit::METHOD {
                        let orderly = matches!(self.stage, Stage::Leaving);
                        return Some(if orderly { Ended::Orderly } else { Ended::Abruptly });
                    }
                    self.notified(notification);
                }
                Incoming::Message(Message::Request(request)) => {
                    let refusal = fate.refusal(index, &request);
                    self.asked(request, refusal);
                }
            }
        }
        None
    }

    fn asked(&mut self, request: Request, refusal: Option<(ErrorCode, &str)>) {
        let id = request.id.clone();
        if let Some((code, why)) = refusal {
            return self.outbox.refuse(id, code, why);
        }
        match (&self.stage, request.method.as_str()) {
            (Stage::Fresh, "initialize") => self.initialize(request),
            (Stage::Fresh, _) => self.outbox.refuse(id, ErrorCode::ServerNotInitialized, "say `initialize` first"),
            (Stage::Leaving, _) => self.outbox.refuse(id, ErrorCode::InvalidRequest, "after `shutdown` comes `exit`"),
            (Stage::Running(_), "initialize") => {
                self.outbox.refuse(id, ErrorCode::InvalidRequest, "a second `initialize`");
            }
            (Stage::Running(_), "shutdown") => {
                self.stage = Stage::Leaving;
                self.documents.clear();
                self.edited = None;
                self.outbox.respond(Response::new_ok(id, Value::Null));
            }
            (Stage::Running(client), _) => {
                let documents = &mut self.documents;
                let answer = guarded(|| answer(&request, documents, client));
                match answer {
                    Some(Ok(value)) => self.outbox.respond(Response::new_ok(id, value)),
                    Some(Err((code, why))) => self.outbox.refuse(id, code, why),
                    None => self.outbox.refuse(id, ErrorCode::InternalError, "a mistake in keyway; please report it"),
                }
            }
        }
    }

    fn initialize(&mut self, request: Request) {
        let client = Client::new(&request.params);
        let result = features::capabilities(&client);
        self.stage = Stage::Running(Box::new(client));
        self.outbox.respond(Response::new_ok(request.id, result));
    }

    /// Tells a client that is known what could not be done for it.
    fn log(&mut self, what: &str, why: &str) {
        if matches!(self.stage, Stage::Running(_)) {
            // 2: a warning (LSP 3.17, `MessageType`).
            self.outbox.notify("window/logMessage", &json!({ "type": 2, "message": format!("keyway: {what}: {why}") }));
        }
    }

    /// Handles a notification. Failures are logged, since it has no answer.
    fn notified(&mut self, notification: Notification) {
        let Stage::Running(client) = &self.stage else { return };
        let Notification { method, params } = notification;
        let done = match method.as_str() {
            notification::DidOpenTextDocument::METHOD => opened(&mut self.documents, params),
            notification::DidChangeTextDocument::METHOD => changed(&mut self.documents, params, client.encoding),
            notification::DidCloseTextDocument::METHOD => closed(&mut self.documents, params).map(|document| {
                // What is closed has no findings to show.
                let nothing = Published { uri: &document.uri, version: None, diagnostics: Vec::new() };
                self.outbox.notify(notification::PublishDiagnostics::METHOD, &nothing);
            }),
            _ => return,
        };
        match done {
            Ok(()) if self.documents.values().any(|document| document.unseen) => {
                self.edited.get_or_insert_with(Instant::now);
            }
            Ok(()) => {}
            Err(why) => self.log(&format!("`{method}` was left out"), why),
        }
    }

    /// Checks what was edited, and tells the client.
    fn publish(&mut self) {
        self.edited = None;
        let Stage::Running(client) = &self.stage else { return };
        for document in self.documents.values_mut().filter(|document| document.unseen) {
            document.unseen = false;
            let checked = guarded(|| document.refresh(client));
            let document: &Document = document;
            let found = checked.and_then(|()| {
                guarded(|| document.view(client).map(|view| features::diagnostics::all(&view)).unwrap_or_default())
            });
            let diagnostics = found.unwrap_or_default();
            let found = Published { uri: &document.uri, version: Some(document.version), diagnostics };
            self.outbox.notify(notification::PublishDiagnostics::METHOD, &found);
        }
    }
}

/// Why a notification cannot be followed. It never quotes one: texts of documents may stand in it.
const UNREADABLE: &str = "its parameters are not those of the protocol";
const NOT_OPEN: &str = "no such document is open";

fn opened(documents: &mut BTreeMap<Vec<u8>, Document>, params: Value) -> Result<(), &'static str> {
    let it = protocol::read::<DidOpen>(params).map_err(|_| UNREADABLE)?.text_document;
    let key = name::key(&it.uri);
    documents.insert(key, Document::new(it.uri, it.language_id, it.version.unwrap_or_default(), it.text));
    Ok(())
}

fn changed(documents: &mut BTreeMap<Vec<u8>, Document>, params: Value, encoding: Encoding) -> Result<(), &'static str> {
    let DidChange { text_document, content_changes } = protocol::read(params).map_err(|_| UNREADABLE)?;
    let document = documents.get_mut(&name::key(&text_document.uri)).ok_or(NOT_OPEN)?;
    for change in content_changes {
        document.text.change(change, encoding);
    }
    document.changed(text_document.version);
    Ok(())
}

fn closed(documents: &mut BTreeMap<Vec<u8>, Document>, params: Value) -> Result<Document, &'static str> {
    let DidClose { text_document } = protocol::read(params).map_err(|_| UNREADABLE)?;
    documents.remove(&name::key(&text_document.uri)).ok_or(NOT_OPEN)
}

/// The answer to a request about a document.
fn answer(
    request: &Request,
    documents: &mut BTreeMap<Vec<u8>, Document>,
    client: &Client,
) -> Result<Value, (ErrorCode, String)> {
    let Some(feature) = features::of(&request.method) else {
        return Err((ErrorCode::MethodNotFound, format!("`{}` is not supported", request.method)));
    };
    let uri = document_of(&request.params).ok_or((ErrorCode::InvalidParams, "no document".to_owned()))?;
    let Some(document) = documents.get_mut(&name::key(uri)) else { return Ok(Value::Null) };
    document.refresh(client);
    let Some(view) = document.view(client) else { return Ok(Value::Null) };
    feature(&view, request.params.clone()).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

/// The document that parameters are about.
fn document_of(params: &Value) -> Option<&str> {
    params.get("textDocument")?.get("uri")?.as_str()
}

/// Runs a step; `None` if it panicked, which the panic itself has reported.
fn guarded<T>(step: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(step)).ok()
}

/// The effect of waiting messages on the requests that wait with them.
struct Fate {
    cancelled: BTreeSet<RequestId>,
    /// Of each document, the last edit.
    edits: BTreeMap<Vec<u8>, usize>,
}

impl Fate {
    fn of(waiting: &VecDeque<Incoming>) -> Fate {
        let mut fate = Fate { cancelled: BTreeSet::new(), edits: BTreeMap::new() };
        for (index, incoming) in waiting.iter().enumerate() {
            let Incoming::Message(Message::Notification(notification)) = incoming else { continue };
            match notification.method.as_str() {
                notification::Cancel::METHOD => {
                    let id = notification.params.get("id").cloned().unwrap_or_default();
                    fate.cancelled.extend(serde_json::from_value::<RequestId>(id));
                }
                notification::DidChangeTextDocument::METHOD => {
                    fate.edits.extend(document_of(&notification.params).map(|uri| (name::key(uri), index)));
                }
                _ => {}
            }
        }
        fate
    }

    /// Why a request need not be answered any more.
    fn refusal(&mut self, index: usize, request: &Request) -> Option<(ErrorCode, &'static str)> {
        if self.cancelled.remove(&request.id) {
            return Some((ErrorCode::RequestCanceled, "cancelled"));
        }
        let edit = self.edits.get(&name::key(document_of(&request.params)?))?;
        (*edit > index).then_some((ErrorCode::ContentModified, "the document was edited since"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test it is the assertion")]
mod tests {
    use super::*;
    use serde_json::json;

    /// Takes messages that wait together, and what is due after them; gives what was said.
    fn said(batches: &[&[Value]]) -> Vec<String> {
        let mut written = Vec::new();
        let outbox = Outbox::new(&mut written);
        let mut server = Server { outbox, stage: Stage::Fresh, documents: BTreeMap::new(), edited: None };
        let first = [json!({ "id": 0, "method": "initialize", "params": { "capabilities": {} } })];
        for batch in std::iter::once(&first[..]).chain(batches.iter().copied()) {
            let messages = batch.iter().map(|message| serde_json::from_value(message.clone()).unwrap());
            assert_eq!(server.take(messages.map(Incoming::Message).collect()), None);
            if server.edited.is_some() {
                server.publish();
            }
        }
        drop(server);
        let text = String::from_utf8(written).unwrap();
        let bodies = text.split("Content-Length: ").filter_map(|frame| frame.split_once("\r\n\r\n"));
        let shown = bodies.map(|(_, body)| {
            let message: Value = serde_json::from_str(body).unwrap();
            match message["id"].as_i64() {
                Some(id) => format!("{id} {}", message["error"]["code"]),
                None if message["method"] == "window/logMessage" => "log".to_owned(),
                None => format!(
                    "version {} {}",
                    message["params"]["version"],
                    message["params"]["diagnostics"] != json!([])
                ),
            }
        });
        shown.skip(1).collect()
    }

    fn opened(text: &str) -> Value {
        let document = json!({ "uri": "file:///providers.yaml", "languageId": "yaml", "version": 1, "text": text });
        json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } })
    }

    fn edited(version: i32, text: &str) -> Value {
        let document = json!({ "uri": "file:///providers.yaml", "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        json!({ "method": "textDocument/didChange", "params": params })
    }

    fn asked(id: i32) -> Value {
        let document = json!({ "uri": "file:///providers.yaml" });
        let position = json!({ "line": 0, "character": 0 });
        json!({ "id": id, "method": "textDocument/hover", "params": { "textDocument": document, "position": position } })
    }

    #[test]
    fn a_burst_of_edits_is_checked_once_at_its_last_version() {
        let burst: Vec<Value> = (2..50).map(|version| edited(version, &format!("a: {version}"))).collect();
        let clean = "a: {display_name: A, docs: 'https://a.example', categories: [other], auth_mode: NONE, proxy: {base_url: 'https://api.a.example'}}";
        let last = [edited(50, clean)];
        assert_eq!(
            said(&[&[opened("a: 1")], &burst, &last]),
            ["version 1 true", "version 49 true", "version 50 false"]
        );
    }

    #[test]
    fn what_is_outdated_or_cancelled_is_not_worked_out() {
        let cancel = json!({ "method": "$/cancelRequest", "params": { "id": 8 } });
        let batch = [asked(7), edited(2, "a: 2"), asked(8), asked(9), cancel];
        let modified = ErrorCode::ContentModified as i32;
        let cancelled = ErrorCode::RequestCanceled as i32;
        let expected =
            ["version 1 true".to_owned(), format!("7 {modified}"), format!("8 {cancelled}"), "9 null".to_owned()];
        assert_eq!(said(&[&[opened("a: 1")], &batch])[..4], expected);
    }

    #[test]
    fn a_closed_document_takes_its_findings_along() {
        let close = json!({ "method": "textDocument/didClose", "params": { "textDocument": { "uri": "file:///providers.yaml" } } });
        assert_eq!(
            said(&[&[opened("a: 1")], &[close], &[edited(2, "a: 2"), asked(3)]]),
            ["version 1 true", "version null false", "log", "3 null"]
        );
    }
}
