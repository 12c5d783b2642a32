//! The parts of an earlier version that stay when an edit touches a few entries.
//!
//! [`Edit::plan`] decides what is read, resolved and analysed anew: the entries that the edit touches, and those that
//! build on them. [`Edit::apply`] keeps all else, moved by as much as the text behind the edit has. Nothing is planned
//! where anything about the file as a whole is wrong.

use super::known::{Known, Reading, Verdict};
use crate::diagnostic::Diagnostics;
use crate::intake;
use crate::resolve::{Resolved, resolve};
use crate::source::{FileId, Span};
use crate::syntax::{Document, Entry, Key, Lost, Mapping, Node, Reread, Text, Value};
use std::collections::{BTreeMap, BTreeSet};

/// An edit of a text that was read before, resolved.
pub(super) struct Edit {
    reread: Reread,
    /// The entries that stand where the text was read again.
    written: Vec<Resolved>,
    /// Entries elsewhere that build on what changed, by key.
    heirs: BTreeMap<String, Resolved>,
}

impl Edit {
    /// The work to do for a new text; `None` where everything has.
    pub(super) fn plan(known: &Known, file: FileId, text: &str) -> Option<Edit> {
        let Reading { text: old, outline, lost, .. } = known.reading.as_ref()?;
        let first_lost = lost.iter().map(|lost| lost.span.range().start).min();
        let reread = outline.reread(file, old, text, first_lost)?;
        let is_old = |span: Span| reread.old.contains(&span.range().start);

        // Two of one key, and heirs of what cannot be read, are the whole file's matter.
        let kept: BTreeMap<&str, &Resolved> = known
            .entries
            .iter()
            .filter(|entry| !is_old(entry.key.span))
            .map(|entry| (entry.key.name.as_str(), entry))
            .collect();
        let others = kept.iter().map(|(key, entry)| (*key, &entry.body));
        if !intake::takes_as_they_are(text, &reread.entries, others) {
            return None;
        }
        let written: BTreeSet<&str> = reread.entries.iter().map(|entry| entry.key.name.as_str()).collect();
        if written.len() < reread.entries.len() || written.iter().any(|key| kept.contains_key(key)) {
            return None;
        }

        let gone = known.entries.iter().filter(|entry| is_old(entry.key.span)).map(|entry| entry.key.name.as_str());
        let lost = lost.iter().filter(|lost| is_old(lost.span)).chain(&reread.lost);
        let mut changed: BTreeSet<&str> =
            gone.chain(lost.filter_map(|lost| lost.key.as_deref())).chain(written).collect();
        let mut heirs: BTreeMap<&str, &Resolved> = BTreeMap::new();
        loop {
            let builds =
                |entry: &&Resolved| entry.alias.as_ref().is_some_and(|alias| changed.contains(alias.target.as_str()));
            let more: Vec<&Resolved> = kept
                .values()
                .copied()
                .filter(builds)
                .filter(|entry| !heirs.contains_key(entry.key.name.as_str()))
                .collect();
            if more.is_empty() {
                break;
            }
            for entry in more {
                changed.insert(&entry.key.name);
                heirs.insert(&entry.key.name, entry);
            }
        }
        let (written, heirs) = resolved(&reread, &known.reading.as_ref()?.lost, &kept, &heirs)?;
        Some(Edit { reread, written, heirs })
    }

    /// The entries of the new text with what they say by themselves, and what reading it found.
    pub(super) fn apply(mut self, known: Known, text: &str) -> (Vec<Resolved>, Vec<Verdict>, Reading) {
        let Reread { outline, old, moved, entries: _, lost: new_lost, found: new_found } = self.reread;
        let shift = Shift::new(&old, moved);
        let is_old = |span: Span| old.contains(&span.range().start);
        let (mut lost, mut found) = (Vec::new(), Diagnostics::default());
        if let Some(reading) = known.reading {
            lost.extend(reading.lost.into_iter().filter(|lost| !is_old(lost.span)));
            found.extend(reading.found.into_iter().filter(|found| !is_old(found.primary.span)).collect());
        }
        for lost in &mut lost {
            shift.span(&mut lost.span);
        }
        shift.findings(&mut found);
        lost.extend(new_lost);
        found.extend(new_found);

        let count = known.entries.len() + self.written.len();
        let (mut entries, mut verdicts) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut written = Some(self.written);
        let mut write = |entries: &mut Vec<Resolved>, verdicts: &mut Vec<Verdict>| {
            let written = written.take().unwrap_or_default();
            verdicts.extend(written.iter().map(Verdict::of));
            entries.extend(written);
        };
        for (mut entry, mut verdict) in known.entries.into_iter().zip(known.verdicts) {
            if entry.key.span.range().start >= old.start {
                write(&mut entries, &mut verdicts);
            }
            if is_old(entry.key.span) {
                continue;
            }
            if let Some(heir) = self.heirs.remove(&entry.key.name) {
                verdict = Verdict::of(&heir);
                entry = heir;
            } else if entry.alias.is_some() || entry.key.span.start >= shift.from {
                shift.entry(&mut entry);
                shift.findings(&mut verdict.shape);
                shift.findings(&mut verdict.rules);
            }
            entries.push(entry);
            verdicts.push(verdict);
        }
        write(&mut entries, &mut verdicts);
        (entries, verdicts, Reading { text: text.to_owned(), outline, lost, found })
    }
}

/// The entries that were read again, and those that build on what changed, all as they are in the new text.
fn resolved(
    reread: &Reread,
    lost: &[Lost],
    kept: &BTreeMap<&str, &Resolved>,
    heirs: &BTreeMap<&str, &Resolved>,
) -> Option<(Vec<Resolved>, BTreeMap<String, Resolved>)> {
    let shift = Shift::new(&reread.old, reread.moved);
    let now = |mut entry: Entry| {
        shift.item(&mut entry);
        entry
    };
    let mut entries = reread.entries.clone();
    entries.extend(heirs.values().map(|heir| now(as_written(heir))));
    // What they build on is resolved already, unless it is among them.
    let targets: BTreeSet<&str> =
        entries.iter().filter_map(|entry| entry.value.as_mapping()?.get("alias")?.value.as_str()).collect();
    let targets = targets.into_iter().filter(|key| !heirs.contains_key(key)).filter_map(|key| kept.get(key));
    let targets: Vec<Entry> = targets.map(|target| now(as_resolved(target))).collect();
    let wanted = entries.len() + targets.len();
    entries.extend(targets);
    let lost = lost.iter().filter(|lost| !reread.old.contains(&lost.span.range().start));
    let lost = lost.chain(&reread.lost).cloned().collect();
    let (resolved, found) = resolve(Document { entries: Mapping { entries }, lost, ..Document::default() });
    if resolved.len() != wanted || !found.is_empty() {
        return None;
    }
    let mut resolved = resolved.into_iter();
    let written = resolved.by_ref().take(reread.entries.len()).collect();
    let heirs = resolved.take(heirs.len()).map(|heir| (heir.key.name.clone(), heir)).collect();
    Some((written, heirs))
}

/// An entry without what it inherits, as it was read.
fn as_written(entry: &Resolved) -> Entry {
    let own = |item: &Entry| !entry.inherits(item.key.span);
    let mut entries: Vec<Entry> = entry.body.iter().filter(|item| own(item)).cloned().collect();
    entries.sort_by_key(|item| item.key.span);
    entries.extend(entry.alias.as_ref().map(|alias| Entry {
        key: Key { name: "alias".to_owned(), span: alias.span },
        value: Node { span: alias.span, value: Value::Text(Text { text: alias.target.clone(), verbatim: None }) },
    }));
    let span = Span { start: entry.key.span.end, ..entry.span };
    Entry { key: entry.key.clone(), value: Node { span, value: Value::Mapping(Mapping { entries }) } }
}

/// An entry with what it inherits, as if it had written all of it.
fn as_resolved(entry: &Resolved) -> Entry {
    let span = Span { start: entry.key.span.end, ..entry.span };
    Entry { key: entry.key.clone(), value: Node { span, value: Value::Mapping(entry.body.clone()) } }
}

/// Where what stood after an edit stands now.
struct Shift {
    from: u32,
    by: i64,
}

impl Shift {
    fn new(old: &std::ops::Range<usize>, by: i64) -> Shift {
        Shift { from: u32::try_from(old.end).unwrap_or(u32::MAX), by }
    }

    fn place(&self, at: u32) -> u32 {
        u32::try_from(i64::from(at) + self.by).unwrap_or(u32::MAX)
    }

    fn span(&self, span: &mut Span) {
        if span.start >= self.from {
            *span = Span { start: self.place(span.start), end: self.place(span.end), ..*span };
        }
    }

    fn entry(&self, entry: &mut Resolved) {
        if self.by == 0 {
            return;
        }
        self.span(&mut entry.key.span);
        self.span(&mut entry.span);
        if let Some(alias) = &mut entry.alias {
            self.span(&mut alias.span);
        }
        self.map(&mut entry.body);
    }

    fn map(&self, map: &mut Mapping) {
        map.entries.iter_mut().for_each(|item| self.item(item));
    }

    fn item(&self, item: &mut Entry) {
        self.span(&mut item.key.span);
        self.node(&mut item.value);
    }

    /// The parser bounds the depth.
    fn node(&self, node: &mut Node) {
        self.span(&mut node.span);
        match &mut node.value {
            Value::Text(Text { verbatim: Some(start), .. }) if *start >= self.from => *start = self.place(*start),
            Value::Sequence(items) => items.iter_mut().for_each(|item| self.node(item)),
            Value::Mapping(map) => self.map(map),
            _ => {}
        }
    }

    fn findings(&self, found: &mut Diagnostics) {
        if self.by != 0 {
            found.each_mut(|finding| finding.spans().for_each(|span| self.span(span)));
        }
    }
}
