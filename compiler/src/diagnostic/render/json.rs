//! One JSON object per line, for machines. This is version 1 of the format.
//!
//! ```json
//! {"version":1,"rule":"duplicate-key","code":"KW0002","severity":"error","message":"...","file":"providers.yaml",
//!  "provider":"acme","path":"acme.proxy.headers.x/y","pointer":"/acme/proxy/headers/x~1y",
//!  "span":{"start":{"line":7,"column":5,"offset":120},"end":{"line":7,"column":9,"offset":124}},
//!  "labels":[{"file":"providers.yaml","span":{},"text":"first here"}],"help":null,
//!  "fix":{"title":"...","edits":[{"file":"providers.yaml","span":{},"replacement":"..."}]}}
//! ```
//!
//! Lines and columns count from 1, columns in characters; offsets are bytes from 0, a byte-order mark not counted.
//! The first label is that of the finding's own span. Within a version keys are only added; none goes, and none
//! changes its meaning or its type. `docs/src/reference/diagnostics.md` describes each. The caller writes the line
//! break.

use crate::diagnostic::{Diagnostic, Edit, Label};
use crate::source::{SourceFile, Sources, Span};
use serde_json::{Value, json};

/// The version of the format. Added keys leave it as it is.
pub const VERSION: u32 = 1;

/// One finding on one line.
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary);
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let edits: Value = fix.edits.iter().map(|item| edit(item, sources)).collect();
        json!({ "title": fix.title, "edits": edits })
    });
    json!({
        "version": VERSION,
        "rule": diagnostic.rule.name,
        "code": diagnostic.rule.code,
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "file": name(diagnostic.primary.span, sources),
        "provider": diagnostic.provider(),
        "path": diagnostic.path.join("."),
        "pointer": pointer(&diagnostic.path),
        "span": span(diagnostic.primary.span, sources),
        "labels": labels.map(|item| label(item, sources)).collect::<Value>(),
        "help": diagnostic.help,
        "fix": fix,
    })
    .to_string()
}

/// A JSON pointer (RFC 6901).
fn pointer(path: &[String]) -> String {
    path.iter().flat_map(|step| ["/".to_owned(), step.replace('~', "~0").replace('/', "~1")]).collect()
}

fn label(label: &Label, sources: &Sources) -> Value {
    json!({ "file": name(label.span, sources), "span": span(label.span, sources), "text": label.text })
}

fn edit(edit: &Edit, sources: &Sources) -> Value {
    json!({ "file": name(edit.span, sources), "span": span(edit.span, sources), "replacement": edit.replacement })
}

fn name(span: Span, sources: &Sources) -> Option<&str> {
    sources.get(span.file).map(|file| file.name.as_str())
}

fn span(span: Span, sources: &Sources) -> Option<Value> {
    let file = sources.get(span.file)?;
    Some(json!({ "start": place(file, span.range().start), "end": place(file, span.range().end) }))
}

fn place(file: &SourceFile, offset: usize) -> Value {
    let at = file.line_column(offset);
    json!({ "line": at.line, "column": at.column, "offset": offset })
}
