//! Formats of commands that print a table.
//!
//! Each command knows the meaning of its columns.

use clap::ValueEnum;
use serde_json::Value;
use std::io::{self, BufWriter, Write};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One object per line
    Json,
}

/// Writes one line for each row: what `text` makes of it, or `json`.
pub(super) fn print<T>(
    rows: impl IntoIterator<Item = T>,
    format: Format,
    text: impl Fn(&T) -> String,
    json: impl Fn(&T) -> Value,
) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for row in rows {
        match format {
            Format::Text => writeln!(out, "{}", text(&row).trim_end())?,
            Format::Json => writeln!(out, "{}", json(&row))?,
        }
    }
    out.flush()
}
