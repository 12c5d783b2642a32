//! Open documents, and what is known of each.
//!
//! A document keeps the text as the client has it. What the compiler says about it is kept until the next edit. A
//! text goes in, a [`View`] comes out.

use super::encoding::Encoding;
use super::name;
use super::text::Text;
use keyway_compiler::incremental::{self, Known};
use keyway_compiler::resolve::Resolved;
use keyway_compiler::source::{FileId, Sources, Span};
use lsp_types::{Position, Range};
use serde_json::Value;

/// The largest document that is checked.
const MAX_CHECKED: usize = 16 * 1024 * 1024;
/// The byte-order mark that the compiler drops before it counts.
const BOM: char = '\u{feff}';

/// A client's capabilities and settings.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// The unit of its columns.
    pub(crate) encoding: Encoding,
    /// True if it shows symbols with a detail.
    pub(crate) hierarchical_symbols: bool,
    /// True if edits may name the version they are for.
    pub(crate) versioned_edits: bool,
    /// True if it shows other places that explain a finding.
    pub(crate) related_information: bool,
    /// Ends of paths that are catalogues too.
    pub(crate) catalogues: Vec<String>,
}

impl Client {
    /// Reads its first message. Unknown words are ignored.
    pub(crate) fn new(params: &Value) -> Client {
        let can = |path: &str| params.pointer(path).and_then(Value::as_bool).unwrap_or_default();
        let named = params.pointer("/initializationOptions/catalogues").and_then(Value::as_array);
        Client {
            encoding: Encoding::negotiate(params),
            hierarchical_symbols: can("/capabilities/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            versioned_edits: can("/capabilities/workspace/workspaceEdit/documentChanges"),
            related_information: can("/capabilities/textDocument/publishDiagnostics/relatedInformation"),
            catalogues: named.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
        }
    }
}

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its name as the client writes it.
    pub(crate) uri: String,
    pub(crate) version: i64,
    pub(crate) text: Text,
    language: String,
    /// The analysis of this version, or of the last one that was checked.
    known: Option<Known>,
    /// True if it is of this version.
    is_current: bool,
    /// True if the client has not seen yet what this version says.
    pub(crate) unseen: bool,
}

impl Document {
    /// A document as it was opened.
    pub(crate) fn new(uri: String, language: String, version: i64, text: String) -> Document {
        Document { uri, version, text: Text::new(text), language, known: None, is_current: false, unseen: true }
    }

    /// Takes what a client changed.
    pub(crate) fn changed(&mut self, version: Option<i64>) {
        self.version = version.unwrap_or(self.version);
        self.is_current = false;
        self.unseen = true;
    }

    /// Makes sure that what is known is known of this version. Nothing is known of a document that is not a
    /// catalogue, or is too large.
    pub(crate) fn refresh(&mut self, client: &Client) {
        let text = self.text.as_str();
        if !is_catalogue(&self.uri, &self.language, text, &client.catalogues) || text.len() > MAX_CHECKED {
            self.known = None;
        } else if !self.is_current {
            let mut sources = Sources::default();
            let file = sources.add(self.uri.as_str(), text);
            self.known = Some(incremental::check(self.known.take(), &sources, file));
        }
        self.is_current = true;
    }

    /// Its analysis, for a client.
    pub(crate) fn view<'d>(&'d self, client: &'d Client) -> Option<View<'d>> {
        let known = self.known.as_ref().filter(|_| self.is_current)?;
        // The compiler drops a byte-order mark before it counts.
        let shift = if self.text.as_str().starts_with(BOM) { BOM.len_utf8() } else { 0 };
        Some(View { uri: &self.uri, version: self.version, text: &self.text, known, shift, client })
    }
}

/// One version of a catalogue and what is known of it: what features look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'d> {
    pub(crate) uri: &'d str,
    pub(crate) version: i64,
    pub(crate) text: &'d Text,
    pub(crate) known: &'d Known,
    pub(crate) client: &'d Client,
    shift: usize,
}

impl<'d> View<'d> {
    /// The byte at a position.
    pub(crate) fn offset(&self, position: Position) -> usize {
        self.text.offset(position, self.client.encoding)
    }

    /// The positions of bytes of the document.
    pub(crate) fn range(&self, bytes: &std::ops::Range<usize>) -> Range {
        self.text.range(bytes, self.client.encoding)
    }

    /// The bytes of the document under a span.
    pub(crate) fn bytes(&self, span: Span) -> std::ops::Range<usize> {
        let range = span.range();
        range.start + self.shift..range.end + self.shift
    }

    /// The positions of a span.
    pub(crate) fn place(&self, span: Span) -> Range {
        self.range(&self.bytes(span))
    }

    /// The span of some bytes of the document.
    pub(crate) fn span(&self, bytes: &std::ops::Range<usize>) -> Span {
        Span::new(FileId(0), bytes.start.saturating_sub(self.shift), bytes.end.saturating_sub(self.shift))
    }

    /// The entry of a key, if it could be resolved.
    pub(crate) fn entry(&self, key: &str) -> Option<&'d Resolved> {
        self.known.entries.iter().find(|entry| entry.key.name == key)
    }
}

/// True if a document describes providers: its language is `keyway`; or it is named `providers.yaml` or like one of
/// `names`; or it is YAML and says so in a comment among its first lines, as in
/// `# yaml-language-server: $schema=.../providers.schema.json`.
fn is_catalogue(uri: &str, language: &str, text: &str, names: &[String]) -> bool {
    let is_named = |end: &str| name::ends_with(uri, end);
    let says_so =
        |line: &str| line.starts_with('#') && line.contains("$schema=") && line.contains("providers.schema.json");
    language == "keyway"
        || ["providers.yaml", "providers.yml"].into_iter().any(is_named)
        || names.iter().any(|name| is_named(name))
        || language == "yaml" && text.trim_start_matches(BOM).lines().take(5).any(says_so)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test it is the assertion")]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_is_known_by_language_name_or_first_lines() {
        let schema = "# x\n# yaml-language-server: $schema=../providers.schema.json\na: {}\n";
        for (uri, language, text, expected) in [
            ("file:///w/providers.yaml", "yaml", "", true),
            ("file:///w/providers.yml", "yaml", "", true),
            ("file:///w/providers.yaml", "plaintext", "", true),
            ("file:///w/providers.yaml.txt", "plaintext", schema, false),
            ("file:///w/my-providers.yaml", "yaml", "", false),
            ("file:///w/other.yaml", "yaml", "a: {}", false),
            ("file:///w/other.yaml", "yaml", schema, true),
            ("untitled:Untitled-1", "yaml", schema, true),
            ("untitled:Untitled-1", "keyway", "", true),
            ("file:///w/apis/internal.yaml", "yaml", "", true),
            ("file:///w/internal.yaml", "yaml", "", false),
        ] {
            let names = ["apis/internal.yaml".to_owned(), String::new()];
            assert_eq!(is_catalogue(uri, language, text, &names), expected, "{uri} {language}");
        }
    }
}
