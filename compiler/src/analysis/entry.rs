//! What an entry says by itself: its shape, its names and templates, and what rules find that look at one entry.
//!
//! A function of the entry alone: it looks the same beside any other entries.

use crate::diagnostic::Diagnostics;
use crate::lower::{self, Arena};
use crate::model::{self, Corrected, Provider};
use crate::parallel;
use crate::rules::{self, Memo, Shared, Subject};
use keyway_spec::ProviderSpec;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckLevel {
    /// All that can be wrong, and the typed entries.
    Everything,
    /// All that can be wrong. No provider is kept: together they take more memory than the entries.
    Findings,
    /// What stands in the way of lowering. No rule is asked, the schema is not consulted, and no provider is kept.
    Loadable,
}

impl CheckLevel {
    /// Whether rules and the schema have a say.
    pub(super) fn asks_rules(self) -> bool {
        self != CheckLevel::Loadable
    }
}

/// An entry as it is looked at.
pub(crate) struct Member<'a> {
    pub(super) corrected: &'a Corrected<'a>,
    known: &'a [String],
    shared: &'a Shared,
    kept: Option<&'a Memo>,
    own: Memo,
}

impl<'a> Member<'a> {
    /// An entry of a catalogue with these keys. `shared` is what rules keep while they look at one entry after another.
    pub(crate) fn new(corrected: &'a Corrected<'a>, known: &'a [String], shared: &'a Shared) -> Member<'a> {
        Member { corrected, known, shared, kept: None, own: Memo::default() }
    }

    /// The same, of which rules know something already.
    #[cfg(feature = "tools")]
    pub(crate) fn with(self, memo: &'a Memo) -> Member<'a> {
        Member { kept: Some(memo), ..self }
    }

    /// The entry as rules see it; one without an auth mode is no subject of theirs. Made anew each time: what a subject
    /// has collected for its rules is many times as large as the entry.
    pub(super) fn subject(&self) -> Option<Subject<'_>> {
        let subject = Subject::new(&self.corrected.entry, self.known, self.shared)?;
        Some(subject.with(self.kept.unwrap_or(&self.own)))
    }
}

/// What an entry says by itself.
#[derive(Debug)]
pub(crate) struct Analysed {
    /// Whether it has the shape of a provider.
    pub(crate) is_provider: bool,
    /// The typed entry, where it is a provider and everything is looked for.
    pub(crate) provider: Option<Box<Provider>>,
    /// The lowered entry, where the arena keeps it and the entry has no error of its own.
    pub(crate) spec: Option<Box<ProviderSpec>>,
    /// Findings of shape, names and templates.
    pub(crate) shape: Diagnostics,
    /// Findings of rules that look at one entry.
    pub(crate) rules: Diagnostics,
}

/// What each entry says by itself, in their order. `arena` makes the memory of a thread.
pub(crate) fn entries(members: &[Member<'_>], level: CheckLevel, arena: fn() -> Arena) -> Vec<Analysed> {
    parallel::map_in(members, arena, |arena, member| entry(member, level, *arena))
}

/// What one entry says by itself.
pub(crate) fn entry(member: &Member<'_>, level: CheckLevel, arena: Arena) -> Analysed {
    Analysed { rules: of_rules(member, level), ..shape(member.corrected, level, arena) }
}

/// All but what rules find.
fn shape(corrected: &Corrected<'_>, level: CheckLevel, arena: Arena) -> Analysed {
    let (provider, mut found) = model::lower_corrected(corrected);
    let is_refused = found.has_errors();
    if level.asks_rules() {
        found.extend(schema_disagreement(corrected, is_refused));
    }
    let misspelt = model::misspelt_alias(&corrected.entry);
    let is_sound = !is_refused && misspelt.is_empty();
    found.extend(misspelt);
    let mut spec = None;
    if let Some(provider) = &provider {
        let (lowered, more) = lower::lower_in(arena, provider);
        found.extend(corrected.as_written(more));
        spec = lowered.filter(|_| is_sound && arena.keeps()).map(Box::new);
    }
    Analysed {
        is_provider: provider.is_some(),
        provider: provider.filter(|_| level == CheckLevel::Everything).map(Box::new),
        spec,
        shape: found,
        rules: Diagnostics::default(),
    }
}

fn of_rules(member: &Member<'_>, level: CheckLevel) -> Diagnostics {
    if !level.asks_rules() {
        return Diagnostics::default();
    }
    let Some(subject) = member.subject() else { return Diagnostics::default() };
    let found = rules::alone(&subject);
    rules::remember(&subject);
    member.corrected.as_written(found)
}

/// Whether the JSON Schema says of an entry what the model says; a build without the schema has nothing to compare.
#[cfg(feature = "schema")]
fn schema_disagreement(corrected: &Corrected<'_>, is_refused: bool) -> Diagnostics {
    crate::schema::cross_check(&[(corrected.written, is_refused)])
}

#[cfg(not(feature = "schema"))]
fn schema_disagreement(_: &Corrected<'_>, _: bool) -> Diagnostics {
    Diagnostics::default()
}
