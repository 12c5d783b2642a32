//! One finding for one mistake, however many entries inherit it.
//!
//! The later stages look at whole entries, so a mistake in an inherited value is found once per entry. This module
//! keeps the finding of the entry that wrote the value and says there who inherits it. It adds no finding.

use super::Resolved;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;
use std::collections::BTreeMap;

/// How many heirs a finding names.
const NAMED: usize = 3;

/// Folds the findings of all entries. Findings agree when rule, place and path inside the entry agree; where the
/// entry that wrote the value has no such finding, that of its first heir stays, and points at the alias too.
pub fn fold_inherited(found: Diagnostics, entries: &[Resolved]) -> Diagnostics {
    let by_key: BTreeMap<&str, &Resolved> = entries.iter().map(|entry| (entry.key.name.as_str(), entry)).collect();
    let mut kept: Vec<Finding<'_>> = Vec::new();
    let mut places: BTreeMap<(&str, Span, Vec<String>), usize> = BTreeMap::new();
    for diagnostic in found {
        let entry = diagnostic.provider().and_then(|key| by_key.get(key)).copied();
        let heir = entry.filter(|entry| entry.inherits(diagnostic.primary.span));
        let inside = diagnostic.path.iter().skip(1).cloned().collect();
        let place = (diagnostic.rule.code, diagnostic.primary.span, inside);
        match (heir, places.get(&place).and_then(|at| kept.get_mut(*at))) {
            (Some(heir), Some(finding)) => finding.heirs.push(heir),
            (None, Some(finding)) if finding.inherited => {
                finding.diagnostic = diagnostic;
                finding.inherited = false;
            }
            (heir, _) => {
                places.insert(place, kept.len());
                kept.push(Finding { diagnostic, inherited: heir.is_some(), heirs: heir.into_iter().collect() });
            }
        }
    }
    kept.into_iter().map(Finding::finish).collect()
}

struct Finding<'a> {
    diagnostic: Diagnostic,
    /// Whether only heirs have it so far.
    inherited: bool,
    heirs: Vec<&'a Resolved>,
}

impl Finding<'_> {
    /// Says at the first heir's alias who inherits it.
    fn finish(mut self) -> Diagnostic {
        self.heirs.sort_by(|a, b| (a.span, &a.key.name).cmp(&(b.span, &b.key.name)));
        self.heirs.dedup_by(|a, b| a.key.name == b.key.name);
        let Some(alias) = self.heirs.first().and_then(|heir| heir.alias.as_ref()) else {
            return self.diagnostic;
        };
        let names = names(&self.heirs);
        let text = if self.inherited { format!("inherited by {names}") } else { format!("also inherited by {names}") };
        self.diagnostic.secondary(alias.span, text)
    }
}

/// "`a`", "`a` and `b`", "`a`, `b`, `c` and 4 more"
fn names(heirs: &[&Resolved]) -> String {
    let mut names: Vec<String> = heirs.iter().take(NAMED).map(|heir| format!("`{}`", heir.key.name)).collect();
    let last = match heirs.len().saturating_sub(NAMED) {
        0 => names.pop().unwrap_or_default(),
        more => format!("{more} more"),
    };
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Rule;
    use crate::resolve::resolve;
    use crate::source::FileId;
    use crate::syntax::parse;

    static RULE: Rule = Rule::warning("KW9999", "test");

    /// A finding on `x` of each entry named; the result as `path: labels`.
    fn fold(text: &str, at: &[&str]) -> Vec<String> {
        let (entries, _) = resolve(parse(FileId(0), text).0);
        let finding = |key: &&str| {
            let entry = entries.iter().find(|entry| entry.key.name == *key).unwrap();
            let span = entry.body.get("x").unwrap().value.span;
            Diagnostic::new(&RULE, format!("wrong in `{key}`"), span).at(&[(*key).to_owned(), "x".to_owned()])
        };
        let folded = fold_inherited(at.iter().map(finding).collect(), &entries);
        let line = |found: &Diagnostic| {
            let labels: Vec<_> = found.secondary.iter().map(|label| label.text.as_str()).collect();
            format!("{}: {}", found.message, labels.join("; "))
        };
        folded.iter().map(line).collect()
    }

    #[test]
    fn an_inherited_mistake_is_reported_once_at_its_owner() {
        let text = "e: {alias: a}\na: {x: 1}\nb: {alias: a}\nc: {alias: b}\nd: {alias: c}\no: {alias: a, x: 2}";
        for (at, expected) in [
            (&["a"][..], &["wrong in `a`: "][..]),
            (&["a", "b"], &["wrong in `a`: also inherited by `b`"]),
            (&["e", "a", "b"], &["wrong in `a`: also inherited by `e` and `b`"]),
            (&["e", "a", "b", "c", "d"], &["wrong in `a`: also inherited by `e`, `b`, `c` and 1 more"]),
            (&["b"], &["wrong in `b`: inherited by `b`"]),
            (&["b", "c"], &["wrong in `b`: inherited by `b` and `c`"]),
            (&["a", "o", "b"], &["wrong in `a`: also inherited by `b`", "wrong in `o`: "]),
        ] {
            assert_eq!(fold(text, at), expected, "{at:?}");
        }
    }
}
