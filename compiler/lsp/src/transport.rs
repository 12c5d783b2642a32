//! Messages in frames (LSP 3.17, "Base Protocol"), with limits.
//!
//! A thread reads, so that a burst of edits can be seen as one. What is not a message becomes
//! [`Incoming::Malformed`]; the next frame is read all the same.

use lsp_server::{ErrorCode, Message, Notification, RequestId, Response};
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Receiver, sync_channel};

/// The largest message. The largest known catalogue has 1 MB.
const MAX_MESSAGE: u64 = 64 * 1024 * 1024;
/// The longest line of a header.
const MAX_HEADER: u64 = 4 * 1024;
/// The most messages that wait before the client has to.
const MAX_WAITING: usize = 256;

/// An incoming message.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A message.
    Message(Message),
    /// Something else: the answer to give.
    Malformed(Value),
}

/// Reads messages until the stream ends.
pub(crate) fn listen(mut input: impl BufRead + Send + 'static) -> Receiver<Incoming> {
    let (sender, receiver) = sync_channel(MAX_WAITING);
    std::thread::spawn(move || {
        while let Ok(Some(incoming)) = read(&mut input) {
            if sender.send(incoming).is_err() {
                return;
            }
        }
    });
    receiver
}

/// One frame; `None` at the end of the stream.
fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let mut length = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(MAX_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let Some((name, value)) = text.trim().split_once(':') else {
            if text.trim().is_empty() {
                break;
            }
            continue; // No header: perhaps the rest of something broken. The next one may be.
        };
        if name.trim().eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<u64>().ok();
        }
    }
    let Some(length) = length else {
        return Ok(Some(malformed(ErrorCode::ParseError, "a message without Content-Length", &Value::Null)));
    };
    if length > MAX_MESSAGE {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        let message = format!("a message of more than {MAX_MESSAGE} bytes");
        return Ok(Some(malformed(ErrorCode::InvalidRequest, &message, &Value::Null)));
    }
    let mut body = Vec::new(); // Grows with what comes, not with what was promised.
    input.by_ref().take(length).read_to_end(&mut body)?;
    Ok((body.len() as u64 == length).then(|| message(&body)))
}

/// A body as a message.
fn message(body: &[u8]) -> Incoming {
    let value: Value = match serde_json::from_slice(body).or_else(|_| serde_json::from_slice(&mended(body))) {
        Ok(value) => value,
        Err(error) => return malformed(ErrorCode::ParseError, &format!("not JSON: {error}"), &Value::Null),
    };
    let has_id = value.get("id").is_some_and(|id| !id.is_null());
    let id = value.get("id").filter(|id| id.is_string() || id.is_number()).cloned();
    match (serde_json::from_value(value), id) {
        // A request whose `id` is no 32-bit integer reads as a notification, and its client would wait for ever.
        (Ok(Message::Notification(_)), id) if has_id => {
            malformed(ErrorCode::InvalidRequest, "no valid `id`", &id.unwrap_or_default())
        }
        (Ok(message), _) => Incoming::Message(message),
        (Err(_), id) => {
            malformed(ErrorCode::InvalidRequest, "neither request nor notification", &id.unwrap_or_default())
        }
    }
}

/// A body with U+FFFD in the place of what no text can hold: a lone surrogate, as an escape or as bytes, and other
/// bytes that are not UTF-8. An editor has the first where a character was cut in two; each is one unit there as
/// here.
fn mended(body: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((byte, behind)) = rest.split_first() {
        let (length, with): (usize, Option<&[u8]>) = match (byte, behind) {
            (b'\\', [b'u', ..]) => match (surrogate(rest), surrogate(rest.get(6..).unwrap_or_default())) {
                (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => (12, None),
                (Some(_), _) => (6, Some(b"\\ufffd")),
                (None, _) => (2, None),
            },
            (b'\\', [_, ..]) => (2, None),
            (0xed, [0xa0..=0xbf, 0x80..=0xbf, ..]) => (3, Some("\u{fffd}".as_bytes())),
            _ => (1, None),
        };
        let (taken, left) = rest.split_at(length.min(rest.len()));
        mended.extend_from_slice(with.unwrap_or(taken));
        rest = left;
    }
    match String::from_utf8_lossy(&mended) {
        Cow::Borrowed(_) => mended,
        Cow::Owned(text) => text.into_bytes(),
    }
}

/// The code unit of `\uXXXX` at the start of some bytes, if it is a surrogate.
fn surrogate(bytes: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = bytes else { return None };
    let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    (0xd800..0xe000).contains(&unit).then_some(unit)
}

fn malformed(code: ErrorCode, message: &str, id: &Value) -> Incoming {
    let error = json!({ "code": code as i32, "message": message });
    Incoming::Malformed(json!({ "jsonrpc": "2.0", "id": id, "error": error }))
}

/// Where answers go.
pub(crate) struct Outbox<W> {
    output: W,
    broken: bool,
}

impl<W: Write> Outbox<W> {
    /// Writes to `output`.
    pub(crate) fn new(output: W) -> Outbox<W> {
        Outbox { output, broken: false }
    }

    /// Answers a request.
    pub(crate) fn respond(&mut self, response: Response) {
        self.write(|output| Message::Response(response).write(output));
    }

    /// Refuses a request.
    pub(crate) fn refuse(&mut self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        self.respond(Response::new_err(id, code as i32, message.into()));
    }

    /// Tells the client something.
    pub(crate) fn notify(&mut self, method: &str, params: &impl Serialize) {
        let notification = Notification::new(method.to_owned(), params);
        self.write(|output| Message::Notification(notification).write(output));
    }

    /// Answers what is not a message.
    pub(crate) fn answer(&mut self, value: &Value) {
        let body = value.to_string();
        self.write(|output| {
            write!(output, "Content-Length: {}\r\n\r\n{body}", body.len()).and_then(|()| output.flush())
        });
    }

    /// True if the client no longer reads.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    fn write(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) {
        self.broken |= write(&mut self.output).is_err();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8]) -> Vec<String> {
        let mut input = input;
        let mut found = Vec::new();
        while let Ok(Some(incoming)) = read(&mut input) {
            found.push(match incoming {
                Incoming::Message(Message::Request(request)) => format!("request {}", request.id),
                Incoming::Message(Message::Response(response)) => format!("response {}", response.id),
                Incoming::Message(Message::Notification(notification)) => notification.method,
                Incoming::Malformed(answer) => format!("{} {}", answer["error"]["code"], answer["id"]),
            });
        }
        found
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn a_bad_message_is_answered_and_the_next_one_is_read() {
        let good = frame(r#"{"method":"ok"}"#);
        for (bad, expected) in [
            (frame("{"), &["-32700 null", "ok"][..]),
            (frame("\u{0}"), &["-32700 null", "ok"]),
            (frame("[]"), &["-32600 null", "ok"]),
            (frame(r#"{"id":1}"#), &["-32600 1", "ok"]),
            (frame(r#"{"id":"a","method":1}"#), &["-32600 \"a\"", "ok"]),
            (frame(r#"{"id":99999999999,"method":"m"}"#), &["-32600 99999999999", "ok"]),
            (frame(&"[".repeat(100_000)), &["-32700 null", "ok"]),
            ("Content-Type: x\r\n\r\n".to_owned(), &["-32700 null", "ok"]),
            ("Content-Length: -1\r\n\r\n".to_owned(), &["-32700 null", "ok"]),
            ("garbage\r\n".to_owned(), &["ok"]),
            (frame(r#"{"id":7,"method":"m"}"#), &["request 7", "ok"]),
            (frame(r#"{"id":7,"result":null}"#), &["response 7", "ok"]),
            ("content-length:15\n\n{\"method\":\"ok\"}".to_owned(), &["ok", "ok"]),
            ("Content-Length: 99999999999999\r\n\r\nx".to_owned(), &["-32600 null"]),
        ] {
            assert_eq!(
                all(format!("{bad}{good}").as_bytes()),
                expected,
                "{}",
                bad.chars().take(60).collect::<String>()
            );
        }
    }

    #[test]
    fn what_no_text_can_hold_becomes_a_replacement_character() {
        for (text, expected) in [
            (&br"\ud83d\ude00"[..], "\u{1f600}"),
            (br"a\ud83db", "a\u{fffd}b"),
            (br"\ude00\ud83d", "\u{fffd}\u{fffd}"),
            (br"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
            (br"\ud83d\n", "\u{fffd}\n"),
            (br"\\ud83d", "\\ud83d"),
            (b"\xed\xa0\xbd", "\u{fffd}"),
            (b"\xff\\uDC00", "\u{fffd}\u{fffd}"),
        ] {
            let body = [br#"{"method":"m","params":{"text":""#, text, br#""}}"#].concat();
            let Incoming::Message(Message::Notification(read)) = message(&body) else { panic!("{text:?}") };
            assert_eq!(read.params["text"], expected);
        }
    }

    #[test]
    fn a_stream_that_ends_within_a_message_ends() {
        for input in ["", "Content-Le", "Content-Length: 15\r\n", "Content-Length: 15\r\n\r\n{\"method\""] {
            assert_eq!(all(input.as_bytes()), Vec::<String>::new(), "{input}");
        }
    }
}
