//! Workflow commands, which GitHub Actions shows as annotations in the changes of a pull request.
//!
//! `::error file=providers.yaml,line=7,col=5,endColumn=9,title=...::message`; line breaks and the characters that end a
//! part are written as `%0A` and the like. The caller writes the line break.

use super::message;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// One finding on one line.
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(file) = sources.get(diagnostic.primary.span.file) {
        let range = diagnostic.primary.span.range();
        let (start, end) = (file.line_column(range.start), file.line_column(range.end));
        properties.push(format!("file={}", property(&file.name)));
        properties.push(format!("line={}", start.line));
        // Columns are shown only where they are of one line.
        if start.line == end.line {
            properties.push(format!("col={},endColumn={}", start.column, end.column));
        } else {
            properties.push(format!("endLine={}", end.line));
        }
    }
    let title = format!("{} ({})", diagnostic.rule.name, diagnostic.rule.code);
    properties.push(format!("title={}", property(&title)));
    format!("::{command} {}::{}", properties.join(","), data(&message(diagnostic, "\n")))
}

/// The data after `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which also ends at a comma.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
