//! Fixing files: the edits that findings offer, applied until none is left.
//!
//! Each round makes the edits that do not touch each other, and checks the new text. A fix that does harm is not made:
//! it may bring no error to light that its entry, or an entry that builds on it, did not have, and leave no entry with
//! more findings than it had. So a round that does harm is taken back, and the fixes of the entries concerned are tried
//! one by one. Findings that are left when no more fix is made are also left when the result is fixed again. The caller
//! reads and writes the files.

use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Rule, Severity, apply};
use crate::pipeline::{self, Checked, Input};
use crate::resolve::with_ancestors;
use crate::source::Sources;
use std::collections::{BTreeMap, BTreeSet};

/// The most rounds. An edit can bring the next one to light, at most as deep as a file nests.
const MAX_ROUNDS: usize = 64;
/// The most fixes of one entry that are tried one by one in a round.
const MAX_TRIED: usize = 16;

/// Files after their fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The files, in their order.
    pub sources: Sources,
    /// Their latest analysis.
    pub checked: Checked,
    /// The rule of each fix that was made.
    pub made: Vec<&'static Rule>,
    /// The number of fixes that were not made, because each would bring something else to light.
    pub withheld: usize,
}

/// Fixes a file of providers and its overlays with the edits that the `wanted` findings offer.
pub fn fix(sources: &Sources, input: &Input, wanted: impl Fn(&Diagnostic) -> bool) -> Fixed {
    let sources = sources.with_texts(BTreeMap::new());
    let checked = pipeline::check(&sources, input.clone());
    let mut state = Fixed { sources, checked, made: Vec::new(), withheld: 0 };
    for _ in 0..MAX_ROUNDS {
        let offered: Vec<Offer> = offers(&state.checked.diagnostics, &wanted);
        if offered.is_empty() {
            state.withheld = 0;
            break;
        }
        let all: Vec<&Offer> = offered.iter().collect();
        let next = match attempt(&state, input, &all) {
            Ok(next) => Some(next),
            Err(harmed) => carefully(&state, input, &all, &harmed),
        };
        let Some(next) = next else {
            state.withheld = offered.len();
            break;
        };
        state = next;
    }
    state
}

/// A fix, and its finding.
struct Offer {
    rule: &'static Rule,
    entry: String,
    fix: Fix,
}

fn offers(found: &Diagnostics, wanted: &impl Fn(&Diagnostic) -> bool) -> Vec<Offer> {
    let of = |found: &Diagnostic| {
        let entry = found.provider().unwrap_or_default().to_owned();
        Some(Offer { rule: found.rule, entry, fix: found.fix.clone()? })
    };
    found.iter().filter(|found| wanted(found)).filter_map(of).collect()
}

/// The files after some fixes; the entries that would have an error they did not have, or more findings, if there is
/// one.
fn attempt(state: &Fixed, input: &Input, offers: &[&Offer]) -> Result<Fixed, BTreeSet<String>> {
    let applied = apply(&state.sources, offers.iter().map(|offer| &offer.fix));
    let sources = state.sources.with_texts(applied.texts);
    let checked = pipeline::check(&sources, input.clone());
    let before = errors(&state.checked.diagnostics);
    let after = errors(&checked.diagnostics);
    let grown = after.iter().filter(|(error, count)| before.get(*error).is_none_or(|before| before < count));
    let mut harmed: BTreeSet<String> = grown.map(|((entry, _), _)| entry.clone()).collect();
    let before = findings(&state.checked.diagnostics);
    let is_new = |entry: &String| !entry.is_empty() && !state.checked.keys.contains(entry);
    let more = findings(&checked.diagnostics).into_iter().filter(|(entry, count)| {
        // An entry that gets another key has the findings of the old one.
        before.get(entry).is_none_or(|before| before < count) && !is_new(entry)
    });
    harmed.extend(more.map(|(entry, _)| entry));
    if harmed.is_empty() && checked.diagnostics.len() > state.checked.diagnostics.len() {
        harmed.extend(checked.keys.iter().cloned());
    }
    if !harmed.is_empty() {
        return Err(harmed);
    }
    let made = offers.iter().zip(applied.made).filter(|(_, made)| *made).map(|(offer, _)| offer.rule);
    let made = state.made.iter().copied().chain(made).collect();
    Ok(Fixed { sources, checked, made, withheld: 0 })
}

/// The number of findings of each entry.
fn findings(found: &Diagnostics) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for found in found {
        *counts.entry(found.provider().unwrap_or_default().to_owned()).or_default() += 1;
    }
    counts
}

/// The number of errors of each entry by rule.
fn errors(found: &Diagnostics) -> BTreeMap<(String, &'static str), usize> {
    let mut counts = BTreeMap::new();
    for found in found.iter().filter(|found| found.severity == Severity::Error) {
        *counts.entry((found.provider().unwrap_or_default().to_owned(), found.rule.code)).or_default() += 1;
    }
    counts
}

/// The files after the fixes that do no harm: those of entries that have none of it, and of each other entry the first
/// one that does no harm alone.
fn carefully(state: &Fixed, input: &Input, offers: &[&Offer], harmed: &BTreeSet<String>) -> Option<Fixed> {
    let entries = &state.checked.entries;
    let suspects = with_ancestors(&harmed.iter().cloned().collect::<Vec<_>>(), entries);
    let (suspected, mut kept): (Vec<&Offer>, Vec<&Offer>) =
        offers.iter().copied().partition(|offer| suspects.contains(&offer.entry));
    let mut chosen: BTreeMap<&str, &Offer> = BTreeMap::new();
    for turn in 0..MAX_TRIED {
        let tried: Vec<&Offer> =
            turn_of(&suspected, turn).into_iter().filter(|offer| !chosen.contains_key(offer.entry.as_str())).collect();
        if tried.is_empty() {
            continue;
        }
        let harmed = attempt(state, input, &tried).err().unwrap_or_default();
        let blamed = with_ancestors(&harmed.into_iter().collect::<Vec<_>>(), entries);
        chosen.extend(
            tried.iter().filter(|offer| !blamed.contains(&offer.entry)).map(|offer| (offer.entry.as_str(), *offer)),
        );
    }
    kept.extend(chosen.into_values());
    // Fixes of entries that build on nothing in common can do no harm together; where they do, nothing is fixed.
    if kept.is_empty() { None } else { attempt(state, input, &kept).ok() }
}

/// Of each entry the fix whose turn it is.
fn turn_of<'o>(offers: &[&'o Offer], turn: usize) -> Vec<&'o Offer> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut taken = Vec::new();
    for offer in offers {
        let count = seen.entry(&offer.entry).or_default();
        if *count == turn {
            taken.push(*offer);
        }
        *count += 1;
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> (String, Fixed) {
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text);
        let fixed = fix(&sources, &file.into(), |_| true);
        (fixed.sources.get(file).unwrap().text.clone(), fixed)
    }

    const ENTRY: &str = "display_name: A, docs: 'https://a.example', categories: [other], auth_mode: NONE";

    #[test]
    fn quoting_comments_and_line_endings_survive() {
        let text = "# mine\r\na:\r\n  display_name: \"A\" # really\r\n  docs: 'https://a.example'\r\n  categories: [ other ]\r\n  \
                    auth_mode: NONE\r\n  proxy:\r\n    'base_ulr':   \"http://api.a.example/\"   # why\r\n";
        let (text_after, fixed) = mended(text);
        let expected = text.replace("base_ulr", "base_url").replace("http://api.a.example/", "https://api.a.example");
        assert_eq!(text_after, expected);
        assert_eq!((fixed.made.len(), fixed.withheld, fixed.checked.diagnostics.len()), (3, 0, 0), "{fixed:?}");
    }

    #[test]
    fn a_fix_that_would_bring_an_error_to_light_is_not_made() {
        // Both keys are there already, so the right name would be there twice.
        let twice =
            format!("a: {{{ENTRY}, proxy: {{base_url: 'https://b.a.example', headers: {{x-a: b, X-A: c}}}}}}\n");
        let (text, fixed) = mended(&twice);
        assert_eq!(text, twice);
        assert_eq!((fixed.made.len(), fixed.withheld), (0, 1), "{fixed:?}");
        // Another fix of the entry is made all the same, and so is that of another entry.
        let more = twice.replace("https://b.a.example", "https://b.a.example/");
        let other = format!("b: {{{ENTRY}, proxy: {{base_ulr: 'https://b.a.example'}}}}\n");
        let (text, fixed) = mended(&format!("{more}{other}"));
        assert_eq!(text, format!("{twice}{}", other.replace("ulr", "url")));
        assert_eq!((fixed.made.len(), fixed.withheld), (2, 1), "{fixed:?}");
    }

    #[test]
    fn an_heir_is_not_harmed_by_the_fix_of_what_it_builds_on() {
        let text = format!(
            "a: {{{ENTRY}, connection_config: {{team: {{type: string, title: T, description: D.}}, taem: {{type: string, title: T, description: D.}}}}, \
             proxy: {{base_url: 'https://a.example/${{connectionConfig.taem}}/${{connectionConfig.taemm}}'}}}}\n"
        );
        let (after, fixed) = mended(&text);
        assert_eq!(after, text.replace("taemm", "taem"), "{fixed:?}");
    }

    #[test]
    fn only_what_is_wanted_is_mended() {
        let text = format!("a: {{{ENTRY}, proxy: {{base_ulr: 'http://b.a.example/'}}}}\n");
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text.as_str());
        let fixed = fix(&sources, &file.into(), |found| found.rule.name == "unknown-key");
        assert_eq!(fixed.sources.get(file).unwrap().text, text.replace("ulr", "url"));
    }
}
