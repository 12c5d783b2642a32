//! Messages that name a document, with names as text, and no more of each message than is used.
//!
//! The protocol's types of `lsp-types` take URIs that follow RFC 3986 and words that they know; clients send others.

use lsp_types::{DiagnosticSeverity, DiagnosticTag, Position, Range};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `textDocument/didOpen`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DidOpen {
    pub(crate) text_document: Item,
}

/// A document as it is opened.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) language_id: String,
    #[serde(default)]
    pub(crate) version: Option<i64>,
    pub(crate) text: String,
}

/// `textDocument/didChange`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DidChange {
    pub(crate) text_document: Identifier,
    pub(crate) content_changes: Vec<Change>,
}

/// `textDocument/didClose`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DidClose {
    pub(crate) text_document: Identifier,
}

/// A document that is open.
#[derive(Debug, Deserialize)]
pub(crate) struct Identifier {
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) version: Option<i64>,
}

/// A part of the text that is replaced, or the whole.
#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    #[serde(default)]
    pub(crate) range: Option<Range>,
    pub(crate) text: String,
}

/// A question about a place.
#[derive(Debug, Deserialize)]
pub(crate) struct At {
    pub(crate) position: Position,
}

/// `textDocument/codeAction`
#[derive(Debug, Deserialize)]
pub(crate) struct Actions {
    pub(crate) range: Range,
    #[serde(default)]
    pub(crate) context: Context,
}

/// The context of a code action. The findings that it knows are not read: ours are newer.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Context {
    #[serde(default)]
    pub(crate) only: Option<Vec<String>>,
}

/// `textDocument/publishDiagnostics`
#[derive(Debug, Serialize)]
pub(crate) struct Published<'d> {
    pub(crate) uri: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<i64>,
    pub(crate) diagnostics: Vec<Diagnostic<'d>>,
}

/// A finding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Diagnostic<'d> {
    pub(crate) range: Range,
    pub(crate) severity: DiagnosticSeverity,
    pub(crate) code: &'static str,
    pub(crate) code_description: Page,
    pub(crate) source: &'static str,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related_information: Vec<Related<'d>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<DiagnosticTag>,
}

/// Where a rule is explained.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    pub(crate) href: String,
}

/// Another place that explains a finding.
#[derive(Debug, Serialize)]
pub(crate) struct Related<'d> {
    pub(crate) location: Location<'d>,
    pub(crate) message: String,
}

/// A place in a document.
#[derive(Debug, Serialize)]
pub(crate) struct Location<'d> {
    pub(crate) uri: &'d str,
    pub(crate) range: Range,
}

/// Reads parameters.
///
/// # Errors
///
/// That they are not those of the message.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(params: Value) -> serde_json::Result<T> {
    serde_json::from_value(params)
}
