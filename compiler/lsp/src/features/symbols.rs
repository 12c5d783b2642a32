//! The entries of a catalogue as an outline.

use crate::protocol::Location;
use crate::session::View;
use keyway_compiler::resolve::Resolved;
use lsp_types::{DocumentSymbol, SymbolKind};
use serde_json::{Value, json};

/// Every entry that could be resolved, in file order: its key and display name.
pub(crate) fn of(view: &View<'_>) -> serde_json::Result<Value> {
    let entries = view.known.entries.iter();
    if view.client.hierarchical_symbols {
        serde_json::to_value(entries.map(|entry| nested(view, entry)).collect::<Vec<_>>())
    } else {
        Ok(entries.map(|entry| flat(view, entry)).collect())
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

/// A `SymbolInformation`. For clients that know no detail, the display name is part of the name.
fn flat(view: &View<'_>, entry: &Resolved) -> Value {
    let key = &entry.key.name;
    let name = display_name(entry).map_or_else(|| key.clone(), |name| format!("{key} ({name})"));
    let location = Location { uri: view.uri, range: view.place(entry.span) };
    json!({ "name": name, "kind": SymbolKind::MODULE, "location": location })
}

/// The name people know an entry's API by, inherited or its own.
pub(super) fn display_name(entry: &Resolved) -> Option<&str> {
    entry.body.get("display_name")?.value.as_str()
}
