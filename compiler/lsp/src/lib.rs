//! The Keyway language server: what the compiler says about a catalogue, while it is typed.
//!
//! ```text
//! stdin -> transport -> server -> session (documents, analyses) -> features -> stdout
//! ```
//!
//! [`serve`] speaks the Language Server Protocol 3.17 over any pair of streams. Start reading at `server`.
//!
//! | file | what |
//! |---|---|
//! | `transport` | frames with limits; a bad message is answered, never fatal |
//! | `server` | the order of things: what waits, what is outdated, when to check |
//! | `name`, `protocol` | what documents are called; messages that name one |
//! | `session` | open documents, and what is known of each |
//! | `text`, `encoding` | a document's text under edits; positions in UTF-8, UTF-16 and UTF-32 |
//! | `cursor` | where in an entry the cursor is, in text that need not be YAML yet |
//! | `vocabulary` | the format's keys and values at a place |
//! | `features/` | one file per feature: analysis and place in, protocol values out |
//!
//! This crate knows nothing about the format. Keys, values, names and findings come from the compiler.

mod cursor;
mod encoding;
mod features;
mod name;
mod protocol;
mod server;
mod session;
mod text;
mod transport;
mod vocabulary;

use std::io::{BufRead, Write};

/// The end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client said `shutdown` first, as the protocol asks.
    Orderly,
    /// It said `exit` without, or its stream ended, or it no longer reads.
    Abruptly,
}

/// Serves one client until it says `exit` or its stream ends. Whatever it sends is answered or ignored, never fatal.
pub fn serve(input: impl BufRead + Send + 'static, output: impl Write) -> Ended {
    let inbox = transport::listen(input);
    server::run(&inbox, transport::Outbox::new(output))
}
