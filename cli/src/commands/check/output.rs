//! Formats of findings.

use crate::commands::format;
use crate::exit::Failure;
use clap::ValueEnum;
use keyway_compiler::diagnostic::Diagnostic;
use keyway_compiler::diagnostic::render::text::Style;
use keyway_compiler::diagnostic::render::{github, json, sarif, text};
use keyway_compiler::parallel;
use keyway_compiler::source::Sources;
use std::io::{self, BufWriter, Write};

/// Formats of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, with the lines in question
    Text,
    /// One object per line
    Json,
    /// One SARIF 2.1.0 document, for code scanning
    Sarif,
    /// Workflow commands, which GitHub Actions shows beside the lines
    Github,
}

impl Format {
    /// The table format for a table that is not a list of findings.
    pub(super) fn of_table(self) -> Result<format::Format, Failure> {
        match self {
            Format::Text => Ok(format::Format::Text),
            Format::Json => Ok(format::Format::Json),
            Format::Sarif | Format::Github => Err(Failure::usage("`--hosts` is written as `text` or `json`")),
        }
    }
}

/// The tool that a SARIF document names.
const TOOL: sarif::Tool<'_> =
    sarif::Tool { name: "keyway", version: env!("CARGO_PKG_VERSION"), uri: env!("CARGO_PKG_REPOSITORY") };

/// The number of findings that are held as text, each of some hundred bytes.
const AT_ONCE: usize = 1024;

/// Writes findings in their order. SARIF is one document, also of nothing.
pub(super) fn write(
    out: &mut dyn Write,
    found: &[&Diagnostic],
    sources: &Sources,
    format: Format,
    style: Style,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    if format == Format::Sarif {
        out.write_all(sarif::render(found.iter().copied(), sources, TOOL).as_bytes())?;
        return out.flush();
    }
    for found in found.chunks(AT_ONCE) {
        let rendered = parallel::map(found, |diagnostic| match format {
            Format::Text => text::render(diagnostic, sources, style) + "\n",
            Format::Github => github::render(diagnostic, sources),
            Format::Json | Format::Sarif => json::render(diagnostic, sources),
        });
        rendered.iter().try_for_each(|text| writeln!(out, "{text}"))?;
    }
    out.flush()
}
