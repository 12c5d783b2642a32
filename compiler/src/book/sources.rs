//! Where the facts of a provider were read: a table of its page, from `keyway.sources`.
//!
//! Other catalogues have no say here: a page has to be the same for every reader.

use super::cell;
use crate::emit::plain;
use crate::resolve::Resolved;
use crate::witness::{FactSource, sources};
use std::fmt::Write as _;

/// The section of an entry; nothing where it names no source.
pub(super) fn section(entry: Option<&Resolved>) -> String {
    let sources: Vec<FactSource> = entry.map(sources).unwrap_or_default();
    if sources.is_empty() {
        return String::new();
    }
    let mut text = "\n## Where facts were read\n\n| fact | page | on | |\n|---|---|---|---|\n".to_owned();
    for source in &sources {
        let page = source.page.as_deref().filter(|page| is_safe(page)).map(|page| format!("<{}>", cell(page)));
        let note = plain(source.note.as_deref().unwrap_or_default());
        let (page, read) = (page.unwrap_or_default(), source.read.as_deref().unwrap_or_default());
        let _ = writeln!(text, "| `{}` | {page} | {} | {} |", source.path, plain(read), cell(&note));
    }
    text
}

/// True if a link cannot end before its end.
fn is_safe(page: &str) -> bool {
    page.starts_with("https://") && !page.contains(['<', '>', ' ', '`'])
}
