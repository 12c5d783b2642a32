//! The entries of a catalogue as an outline.
//!
//! Absent here: what stands in an entry.

use crate::session::View;
use keyway_compiler::resolve::Resolved;
use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind,
};

/// Every entry that could be resolved, in file order: its key, with its display name beside it.
pub(crate) fn of(view: &View<'_>, _: &DocumentSymbolParams) -> DocumentSymbolResponse {
    let entries = view.known.entries.iter();
    if view.client.hierarchical_symbols {
        DocumentSymbolResponse::Nested(entries.map(|entry| nested(view, entry)).collect())
    } else {
        DocumentSymbolResponse::Flat(entries.map(|entry| flat(view, entry)).collect())
    }
}

#[allow(deprecated, reason = "the type has a field that is no longer used, and no default")]
fn nested(view: &View<'_>, entry: &Resolved) -> DocumentSymbol {
    DocumentSymbol {
        name: entry.key.name.clone(),
        detail: display_name(entry).map(str::to_owned),
        kind: SymbolKind::MODULE,
        tags: None,
        deprecated: None,
        range: view.place(entry.span),
        selection_range: view.place(entry.key.span),
        children: None,
    }
}

/// For clients that know no detail, the display name is part of the name.
#[allow(deprecated, reason = "the type has a field that is no longer used, and no default")]
fn flat(view: &View<'_>, entry: &Resolved) -> SymbolInformation {
    let key = &entry.key.name;
    SymbolInformation {
        name: display_name(entry).map_or_else(|| key.clone(), |name| format!("{key} ({name})")),
        kind: SymbolKind::MODULE,
        tags: None,
        deprecated: None,
        location: Location { uri: view.uri.clone(), range: view.place(entry.span) },
        container_name: None,
    }
}

/// The name people know an entry's API by, inherited or its own.
pub(super) fn display_name(entry: &Resolved) -> Option<&str> {
    entry.body.get("display_name")?.value.as_str()
}
