//! Quick fixes: the compiler's own edits, and allowing a finding with a reason.
//!
//! The edit of a fix comes with the finding.

use super::diagnostics;
use super::silence;
use crate::protocol::Actions;
use crate::session::View;
use keyway_compiler::diagnostic::{Diagnostic as Finding, Edit, Fix};
use lsp_types::TextEdit;
use serde_json::{Value, json};

/// The kind of every action here.
const KIND: &str = "quickfix";

/// The most findings of a range that get quick fixes; a longer list is of no use.
const MAX_FINDINGS: usize = 50;

/// The actions for the findings at a range. Fixes come before suppressions.
pub(crate) fn at(view: &View<'_>, params: &Actions) -> Vec<Value> {
    let wanted = |kind: &String| KIND.starts_with(kind.as_str());
    if params.context.only.as_ref().is_some_and(|only| !only.iter().any(wanted)) {
        return Vec::new();
    }
    let asked = view.offset(params.range.start)..view.offset(params.range.end);
    let touches = |finding: &&Finding| {
        let bytes = view.bytes(finding.primary.span);
        bytes.start <= asked.end && asked.start <= bytes.end
    };
    let found: Vec<&Finding> = view.known.diagnostics.iter().filter(touches).take(MAX_FINDINGS).collect();
    let mending = found.iter().filter_map(|finding| Some(action(view, finding, finding.fix.clone()?, true)));
    let hiding = found.iter().filter_map(|finding| Some(action(view, finding, silence::fix(view, finding)?, false)));
    mending.chain(hiding).collect()
}

/// A `CodeAction`. New lines end as those of the document do.
fn action(view: &View<'_>, finding: &Finding, fix: Fix, mends: bool) -> Value {
    let edit = |edit: Edit| {
        let line_end = view.text.line_end(view.bytes(edit.span).start);
        // Some of the compiler's edits end lines as the text does already.
        let lines = edit.replacement.replace("\r\n", "\n").replace('\r', "\n");
        TextEdit { range: view.place(edit.span), new_text: lines.replace('\n', line_end) }
    };
    let edits: Vec<TextEdit> = fix.edits.into_iter().map(edit).collect();
    let edit = if view.client.versioned_edits {
        let document = json!({ "uri": view.uri, "version": view.version });
        json!({ "documentChanges": [{ "textDocument": document, "edits": edits }] })
    } else {
        json!({ "changes": { view.uri: edits } })
    };
    let found = diagnostics::one(view, finding);
    let mut action = json!({ "title": fix.title, "kind": KIND, "diagnostics": [found], "edit": edit });
    if mends {
        action["isPreferred"] = Value::Bool(true);
    }
    action
}
