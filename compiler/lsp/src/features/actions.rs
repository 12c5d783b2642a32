//! Quick fixes: the compiler's own edits, and allowing a finding with a reason.
//!
//! Absent here: how a finding is mended; its fix says so.

use super::diagnostics;
use super::silence;
use crate::session::View;
use keyway_compiler::diagnostic::{Diagnostic as Finding, Edit, Fix};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

/// How many findings a range may have: nobody chooses among more.
const MOST: usize = 50;

/// What can be done about the findings at a range. What mends comes before what hides.
pub(crate) fn at(view: &View<'_>, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
    let wanted = |kind: &CodeActionKind| CodeActionKind::QUICKFIX.as_str().starts_with(kind.as_str());
    if params.context.only.as_ref().is_some_and(|only| !only.iter().any(wanted)) {
        return Vec::new();
    }
    let asked = view.offset(params.range.start)..view.offset(params.range.end);
    let touches = |finding: &&Finding| {
        let bytes = view.bytes(finding.primary.span);
        bytes.start <= asked.end && asked.start <= bytes.end
    };
    let found: Vec<&Finding> = view.known.diagnostics.iter().filter(touches).take(MOST).collect();
    let mending = found.iter().filter_map(|finding| Some(action(view, finding, finding.fix.clone()?, true)));
    let hiding = found.iter().filter_map(|finding| Some(action(view, finding, silence::fix(view, finding)?, false)));
    mending.chain(hiding).map(CodeActionOrCommand::CodeAction).collect()
}

#[allow(clippy::mutable_key_type, reason = "the protocol's type has this key")]
fn action(view: &View<'_>, finding: &Finding, fix: Fix, mends: bool) -> CodeAction {
    let edit = |edit: Edit| TextEdit { range: view.place(edit.span), new_text: edit.replacement };
    let edits: Vec<TextEdit> = fix.edits.into_iter().map(edit).collect();
    let edit = if view.client.versioned_edits {
        let text_document =
            OptionalVersionedTextDocumentIdentifier { uri: view.uri.clone(), version: Some(view.version) };
        let edits = edits.into_iter().map(OneOf::Left).collect();
        let changes = DocumentChanges::Edits(vec![TextDocumentEdit { text_document, edits }]);
        WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
    } else {
        WorkspaceEdit::new([(view.uri.clone(), edits)].into())
    };
    CodeAction {
        title: fix.title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostics::one(view, finding)]),
        edit: Some(edit),
        is_preferred: mends.then_some(true),
        ..CodeAction::default()
    }
}
