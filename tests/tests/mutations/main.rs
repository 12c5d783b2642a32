//! Mistakes made in 200 entries of the corpus, as edits of their text: the right rule fires at the right line and
//! column, and nothing is said elsewhere.
//!
//! A finding counts as one of the mistake's own when it is about the changed value, the value above it, or a value that
//! refers to it or that it refers to (a field whose only use was changed is used by nothing). Everything else that is
//! new is a cascade, and fails the test. A table shows for each kind how many entries can have it.
//!
//! | file | what |
//! |---|---|
//! | `case` | an entry as a text with places |
//! | `kinds` | the mistakes |
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod case;
mod kinds;

use case::{Case, Mutant};
use keyway_compiler::diagnostic::{Diagnostic, Diagnostics};
use keyway_compiler::pipeline;
use keyway_compiler::source::{FileId, Sources};
use keyway_compiler::syntax::parse;
use kinds::{KINDS, Kind};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many entries are changed.
const ENTRIES: usize = 200;

/// What a kind came to.
#[derive(Default)]
struct Tally {
    made: usize,
    right: usize,
    failures: Vec<String>,
}

#[test]
fn the_right_rule_fires_at_the_right_place_and_nothing_elsewhere() {
    let Some(cases) = cases() else { return };
    assert_eq!(cases.len(), ENTRIES);
    // Two halves, each in a thread of its own.
    let tallies = std::thread::scope(|scope| {
        let (one, two) = cases.split_at(cases.len() / 2);
        let halves = [one, two].map(|half| scope.spawn(|| tally(half)));
        halves.map(|half| half.join().unwrap())
    });
    println!("{:45} {:>7} {:>7} {:>14}", "mistake", "made", "right", "not applicable");
    let (mut failures, mut kinds) = (String::new(), 0);
    for (at, kind) in KINDS.iter().enumerate() {
        let of = |count: fn(&Tally) -> usize| tallies.iter().map(|half| count(&half[at])).sum::<usize>();
        let (made, right) = (of(|tally| tally.made), of(|tally| tally.right));
        println!("{:45} {made:>7} {right:>7} {:>14}", kind.name, ENTRIES - made);
        kinds += usize::from(made > 0);
        for failure in tallies.iter().flat_map(|half| &half[at].failures).take(3) {
            writeln!(failures, "{}: {failure}", kind.name).unwrap();
        }
    }
    assert!(kinds >= 40, "only {kinds} kinds of mistakes could be made");
    assert!(failures.is_empty(), "\n{failures}");
}

/// The entries, evenly from the whole corpus, each with what it builds on.
fn cases() -> Option<Vec<Case>> {
    let text = keyway_tests::shared::shared_text("corpus/nango-providers.yaml")?;
    let (document, _) = parse(FileId(0), &text);
    let entries = &document.entries.entries;
    let start = |at: usize| entries.get(at).map_or(text.len(), |entry| entry.key.span.range().start);
    let of = |at: usize| &text[start(at)..start(at + 1)];
    let cases = (0..ENTRIES).map(|number| {
        let mut at = number * entries.len() / ENTRIES;
        let mut case = of(at).to_owned();
        while let Some(target) = entries[at].value.as_mapping().unwrap().get("alias") {
            let target = target.value.as_str().unwrap();
            at = entries.iter().position(|entry| entry.key.name == target).unwrap();
            case.push_str(of(at));
        }
        Case::new(case).unwrap()
    });
    Some(cases.collect())
}

/// What each kind comes to in some entries.
fn tally(cases: &[Case]) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = KINDS.iter().map(|_| Tally::default()).collect();
    for case in cases {
        let before = check(&case.text).1;
        for (kind, tally) in KINDS.iter().zip(&mut tallies) {
            let Some(mutant) = (kind.make)(case) else { continue };
            tally.made += 1;
            match judge(kind, case, &mutant, &before) {
                Ok(()) => tally.right += 1,
                Err(problem) => tally.failures.push(format!("{}: {problem}", case.key)),
            }
        }
    }
    tallies
}

fn check(text: &str) -> (Sources, Diagnostics) {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let found = pipeline::check(&sources, file).diagnostics;
    (sources, found)
}

fn judge(kind: &Kind, case: &Case, mutant: &Mutant, before: &Diagnostics) -> Result<(), String> {
    let (sources, after) = check(&mutant.text);
    let place = |at: usize| {
        let at = sources.get(FileId(0)).unwrap().line_column(at);
        format!("{}:{}", at.line, at.column)
    };
    let new = new(before, &after);
    let show = |found: &Diagnostic| {
        let at = place(found.primary.span.range().start);
        format!("{} at {at} ({}): {}", found.rule.name, found.path.join("."), found.message)
    };
    let is_right = |found: &&Diagnostic| {
        kind.rules.contains(&found.rule.name) && place(found.primary.span.range().start) == place(mutant.at)
    };
    let all = || new.iter().map(|found| show(found)).collect::<Vec<_>>().join("; ");
    if !new.iter().any(is_right) {
        return Err(format!("{:?} is not found at {}: {}", kind.rules, place(mutant.at), all()));
    }
    match new.iter().find(|found| !is_right(found) && !is_own(found, case, mutant)) {
        Some(found) => Err(format!("elsewhere: {}", show(found))),
        None => Ok(()),
    }
}

/// The findings that were not there before, by rule and path.
fn new<'d>(before: &Diagnostics, after: &'d Diagnostics) -> Vec<&'d Diagnostic> {
    let mut known: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for found in before {
        *known.entry((found.rule.name, found.path.join("/"))).or_default() += 1;
    }
    let is_new = |found: &&Diagnostic| match known.get_mut(&(found.rule.name, found.path.join("/"))) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    after.iter().filter(is_new).collect()
}

/// Whether a finding is about the changed value, the one above it, or one that is tied to it by name.
fn is_own(found: &Diagnostic, case: &Case, mutant: &Mutant) -> bool {
    let Some((_, path)) = found.path.split_first() else { return false };
    let above = &mutant.path[..mutant.path.len().saturating_sub(1)];
    let left = mutant.from.as_ref().map(|from| &from[..from.len() - 1]);
    path.starts_with(&mutant.path) || path == above || Some(path) == left || is_tied(path, case, mutant)
}

/// Whether one of the two values names the other.
fn is_tied(path: &[String], case: &Case, mutant: &Mutant) -> bool {
    let text = |path: &[String]| {
        let spot = (!path.is_empty()).then(|| case.all(&path.join("."))).into_iter().flatten().next();
        spot.map_or("", |spot| &case.text[spot.value.span.range()])
    };
    let names = |text: &str, name: Option<&String>| {
        let named = |name: &String| text.contains(&format!("{name}}}")) || text.contains(&format!("{name}."));
        name.is_some_and(named)
    };
    let changed =
        case.at(&mutant.path.join(".")).map_or(String::new(), |spot| case.text[spot.value.span.range()].to_owned());
    let all = if changed.is_empty() { lost(case, mutant) } else { changed };
    names(&all, path.last()) || names(text(path), mutant.path.last())
}

/// What the text lost by the change, as far as that can be said: what the entry said where the mutant says it no
/// longer.
fn lost(case: &Case, mutant: &Mutant) -> String {
    let same = case.text.bytes().zip(mutant.text.bytes()).take_while(|(one, other)| one == other).count();
    let line = case.text[..same].rfind('\n').map_or(0, |at| at + 1);
    case.text[line..].lines().next().unwrap_or_default().to_owned()
}
