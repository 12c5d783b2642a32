//! One finding for one mistake, however many entries inherit it.
//!
//! The later stages look at whole entries, so a mistake in an inherited value can be found once per entry. This module
//! keeps the finding of the entry that wrote the value and says there who inherits it. It adds no finding.

use super::Resolved;
use crate::diagnostic::{Diagnostic, Diagnostics, EntryEdit, Label};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// The most heirs that a finding names.
const NAMED: usize = 3;

/// Folds the findings of all entries. Findings are of one mistake when rule, place and path inside the entry agree.
/// Where the entry that wrote the value has no such finding, that of its first heir stays, and names the others for
/// whom it reads the same.
pub fn fold_inherited(found: Diagnostics, entries: &[Resolved]) -> Diagnostics {
    let family = Family::new(entries);
    let (inherited, mut kept): (Vec<Diagnostic>, Vec<Diagnostic>) = found
        .into_iter()
        .partition(|found| family.finder(found).is_some_and(|entry| entry.inherits(found.primary.span)));
    let inherited: Vec<Diagnostic> = if inherited.is_empty() {
        inherited
    } else {
        let owned: HashSet<Place<'_>> = kept.iter().map(place).collect();
        inherited.into_iter().filter(|found| !owned.contains(&place(found))).collect()
    };
    for found in &mut kept {
        if family.finder(found).is_some_and(|entry| edits_of_others(found, entry)) {
            *found = found.clone().without_fix();
        }
        name_heirs(found, family.heirs(found), "also inherited by");
    }

    let mut groups: Vec<(Diagnostic, Vec<&Resolved>)> = Vec::new();
    let mut seen: HashMap<(Place<'_>, &str), usize> = HashMap::new();
    for found in &inherited {
        let same = seen.entry((place(found), found.message.as_str())).or_insert(groups.len());
        match groups.get_mut(*same) {
            Some((_, others)) => others.extend(family.finder(found)),
            // What its owner means by the value is not for an heir to mend.
            None => groups.push((found.clone().without_fix(), Vec::new())),
        }
    }
    for (mut found, others) in groups {
        if let Some(heir) = family.finder(&found)
            && let Some(alias) = &heir.alias
            && !found.secondary.iter().any(|label| label.span == alias.span)
        {
            found = found.secondary(alias.span, format!("`{}` inherits it here", heir.key.name));
        }
        name_heirs(&mut found, &others, "the same in");
        kept.push(found);
    }
    kept.into_iter().collect()
}

/// True if a finding would mend an entry by an edit in the text of another.
fn edits_of_others(found: &Diagnostic, entry: &Resolved) -> bool {
    let changed = found.change.as_ref().map(|change| match change {
        EntryEdit::Remove { key, .. } | EntryEdit::AddBehind { key, .. } | EntryEdit::DropLastBreaks { value: key } => {
            *key
        }
    });
    let edited = found.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
    edited.chain(changed).any(|span| entry.inherits(span))
}

/// The key by which findings are merged: the rule, the text and the path inside the entry.
type Place<'f> = (&'static str, Span, &'f [String]);

fn place(found: &Diagnostic) -> Place<'_> {
    (found.rule.code, found.primary.span, found.path.get(1..).unwrap_or_default())
}

/// Says at the first heir's alias who inherits a value.
fn name_heirs(found: &mut Diagnostic, heirs: &[&Resolved], how: &str) {
    if let Some(alias) = heirs.first().and_then(|heir| heir.alias.as_ref()) {
        found.secondary.push(Label { span: alias.span, text: format!("{how} {}", names(heirs)) });
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

/// Who inherits what.
struct Family<'a> {
    by_key: HashMap<&'a str, &'a Resolved>,
    /// The heirs of a top-level key, by where it is written.
    heirs: HashMap<Span, Vec<&'a Resolved>>,
}

impl<'a> Family<'a> {
    fn new(entries: &'a [Resolved]) -> Family<'a> {
        let mut heirs: HashMap<Span, Vec<&Resolved>> = HashMap::new();
        for entry in entries.iter().filter(|entry| entry.alias.is_some()) {
            for inherited in entry.body.iter().filter(|item| entry.inherits(item.key.span)) {
                heirs.entry(inherited.key.span).or_default().push(entry);
            }
        }
        Family { by_key: entries.iter().map(|entry| (entry.key.name.as_str(), entry)).collect(), heirs }
    }

    /// The entry that a finding is about.
    fn finder(&self, found: &Diagnostic) -> Option<&'a Resolved> {
        self.by_key.get(found.provider()?).copied()
    }

    /// The entries that inherit the top-level key that a finding is about, in file order.
    fn heirs(&self, found: &Diagnostic) -> &[&'a Resolved] {
        let key = found.path.get(1).and_then(|name| self.finder(found)?.body.get(name));
        key.and_then(|entry| self.heirs.get(&entry.key.span)).map_or(&[], Vec::as_slice)
    }
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
        let own = at.iter().any(|key| matches!(*key, "a" | "o"));
        let (entries, _) = resolve(parse(FileId(0), text).0);
        let finding = |key: &&str| {
            let entry = entries.iter().find(|entry| entry.key.name == *key).unwrap();
            let span = entry.body.get("x").unwrap().value.span;
            Diagnostic::new(&RULE, if own { format!("wrong in `{key}`") } else { "wrong".to_owned() }, span)
                .at(&[(*key).to_owned(), "x".to_owned()])
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
        let heirs = "also inherited by `e`, `b`, `c` and 1 more";
        for (at, expected) in [
            (&["a"][..], &[format!("wrong in `a`: {heirs}")][..]),
            (&["a", "b"], &[format!("wrong in `a`: {heirs}")]),
            (&["e", "a", "b", "c", "d"], &[format!("wrong in `a`: {heirs}")]),
            (&["b"], &["wrong: `b` inherits it here".to_owned()]),
            (&["b", "c", "e"], &["wrong: `b` inherits it here; the same in `c` and `e`".to_owned()]),
            (&["a", "o", "b"], &[format!("wrong in `a`: {heirs}"), "wrong in `o`: ".to_owned()]),
        ] {
            assert_eq!(fold(text, at), expected, "{at:?}");
        }
    }
}
