//! `keyway lsp`: the language server, on standard input and output.
//!
//! The protocol is in `keyway-lsp`.

use crate::exit::Exit;
use keyway_lsp::Ended;
use std::io::{BufReader, BufWriter};

const SETTINGS: &str = "\
An editor starts this; docs/src/guide/editor.md has the settings for VS Code, Neovim and Helix.

Exit codes: 0 after `shutdown` and `exit`, 1 when the editor goes without";

/// Nothing to choose: the editor says what it wants in its first message.
#[derive(Debug, clap::Args)]
#[command(after_help = SETTINGS)]
pub(crate) struct Args {
    /// Accepted because many editors add it; there is no other way to talk
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Serves until the editor ends it.
pub(crate) fn run(_: &Args) -> Exit {
    match keyway_lsp::serve(BufReader::new(std::io::stdin()), BufWriter::new(std::io::stdout().lock())) {
        Ended::Orderly => Exit::Clean,
        Ended::Abruptly => Exit::Findings,
    }
}
