//! The facts of an entry: where each was read, and which other catalogues state it.
//!
//! The compiler compares. A fact that `keyway.sources` names and that is not compared is a row too.

use crate::commands::format::{self, Format};
use crate::commands::plural;
use crate::exit::{Failure, written};
use crate::terminal::say;
use keyway_compiler::resolve::Resolved;
use keyway_compiler::witness::{ComparedFact, FactSource, Opposing, SecondSources, sources};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A fact, or a source of something that is not compared.
struct FactRow {
    path: String,
    fact: Option<ComparedFact>,
    source: Option<FactSource>,
}

/// Writes the facts, and says how many have a source. Without `others` nothing is compared.
pub(super) fn report(
    entry: &Resolved,
    entries: &[Resolved],
    others: Option<SecondSources>,
    format: Format,
) -> Result<(), Failure> {
    let is_compared = others.is_some();
    let rows = rows(entry, entries, &others.unwrap_or_default());
    let docs = entry.body.get("docs").and_then(|docs| docs.value.as_str()).unwrap_or_default();
    written(format::print(&rows, format, |row| text(row, is_compared), |row| object(row, entry, docs, is_compared)))?;
    say(&summary(&rows, docs, is_compared));
    Ok(())
}

fn rows(entry: &Resolved, entries: &[Resolved], others: &SecondSources) -> Vec<FactRow> {
    let (compared, _) = others.compare(entries);
    let facts = compared.into_iter().find(|compared| compared.key == entry.key.name);
    let facts = facts.map(|compared| compared.facts).unwrap_or_default();
    let mut rows: Vec<FactRow> = facts
        .into_iter()
        .map(|fact| FactRow { path: fact.path.join("."), source: fact.source.clone(), fact: Some(fact) })
        .collect();
    for source in sources(entry) {
        if !rows.iter().any(|row| row.path == source.path) {
            rows.push(FactRow { path: source.path.clone(), fact: None, source: Some(source) });
        }
    }
    rows
}

/// `token_url: https://...`, then a line for each thing that is known about it.
fn text(row: &FactRow, is_compared: bool) -> String {
    let mut out = row.path.clone();
    if let Some(fact) = &row.fact {
        let _ = write!(out, ": {}", fact.value);
    }
    if let Some(source) = &row.source {
        let page = source.page.as_deref().unwrap_or_default();
        let _ = write!(out, "\n    read on {} at {page}", source.read.as_deref().unwrap_or_default());
        if let Some(note) = &source.note {
            let _ = write!(out, "\n    {note}");
        }
    }
    let Some(fact) = row.fact.as_ref().filter(|_| is_compared) else { return out };
    if !fact.agreed.is_empty() {
        let _ = write!(out, "\n    the same in {}", fact.agreed.join(", "));
    }
    for Opposing { source, values, explained, .. } in &fact.opposing {
        let known = if *explained { ", which is explained" } else { "" };
        let _ = write!(out, "\n    in {source}: {}{known}", values.join(", "));
    }
    out
}

fn object(row: &FactRow, entry: &Resolved, docs: &str, is_compared: bool) -> Value {
    let source = row.source.as_ref();
    let fact = row.fact.as_ref();
    let mut object = json!({
        "provider": entry.key.name,
        "path": row.path,
        "fact": fact.map(|fact| fact.kind.name()),
        "value": fact.map(|fact| fact.value.as_str()),
        "docs": docs,
        "page": source.and_then(|source| source.page.as_deref()),
        "read": source.and_then(|source| source.read.as_deref()),
        "note": source.and_then(|source| source.note.as_deref()),
    });
    if let (Some(fact), true, Some(members)) = (fact, is_compared, object.as_object_mut()) {
        let opposing = fact.opposing.iter().map(|other| {
            json!({ "source": other.source, "values": other.values, "stale": other.stale, "explained": other.explained })
        });
        members.insert("standing".to_owned(), fact.standing.name().into());
        members.insert("agreed".to_owned(), json!(fact.agreed));
        members.insert("opposing".to_owned(), opposing.collect());
    }
    object
}

/// `12 facts, 3 with a page of their own, 9 with a second source; the rest: https://...`
fn summary(rows: &[FactRow], docs: &str, is_compared: bool) -> String {
    let count = |of: &dyn Fn(&FactRow) -> bool| rows.iter().filter(|row| of(row)).count();
    let mut text = plural(rows.len(), "fact", "facts");
    let _ = write!(text, ", {} with a page of their own", count(&|row| row.source.is_some()));
    if is_compared {
        let agreed = count(&|row| row.fact.as_ref().is_some_and(|fact| !fact.agreed.is_empty()));
        let _ = write!(text, ", {agreed} with a second source");
    }
    if docs.is_empty() { text } else { text + "; the others: " + docs }
}
