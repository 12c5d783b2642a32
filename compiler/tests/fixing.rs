//! Whatever a hand breaks: mending brings no error to light, and mending again changes nothing.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "in a test, also in its helpers, it is the assertion")]

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::diagnostic::{Diagnostics, Severity};
use keyway_compiler::fix::{Fixed, fix};
use keyway_compiler::pipeline;
use keyway_compiler::source::{FileId, Sources};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

const EVERY_MODE: &str = include_str!("fixtures/every-mode.yaml");

/// One slip of the hand: the share of the text it is made at, and which one it is.
type Slip = (f64, usize);

/// A text after a slip. What does not fit at the place is made at the next one where it does.
fn slipped(text: &str, (share, slip): Slip) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place")]
    let start = (text.len() as f64 * share) as usize;
    let replaced = |what: &str, by: &str| {
        let at = (start..text.len()).find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(what)));
        at.map(|at| format!("{}{by}{}", &text[..at], &text[at + what.len()..]))
    };
    let letter = |change: fn(char, char) -> String| {
        let is_word = |at: &usize| {
            text.get(*at..*at + 2)
                .is_some_and(|two| two.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
        };
        let at = (start..text.len()).find(is_word)?;
        let mut two = text[at..at + 2].chars();
        let changed = change(two.next()?, two.next()?);
        Some(format!("{}{changed}{}", &text[..at], &text[at + 2..]))
    };
    let slipped = match slip {
        0 => letter(|first, second| format!("{second}{first}")),
        1 => letter(|first, _| first.to_string()),
        2 => letter(|first, second| format!("{first}{first}{second}")),
        3 => letter(|first, second| format!("{}{second}", first.to_ascii_uppercase())),
        4 => replaced("https:", "http:"),
        5 => replaced("https://", ""),
        6 => replaced("https://", "https://https://"),
        7 => replaced("${", "{"),
        8 => replaced("}", ""),
        9 => replaced("true", "'true'"),
        10 => replaced("'", ""),
        11 => replaced("_", "-"),
        12 => replaced("\n", "/\n"),
        13 => replaced("_url: ", "_uri: "),
        14 => replaced("^", ""),
        15 => replaced("$'", "'"),
        16 => replaced("[", ""),
        17 => replaced("auth_mode: ", "auth_mode: OAUTH_"),
        18 => replaced(": ", ": bogus: "),
        19 => replaced("\n  ", "\n  token_params: {greant_type: authorization_code}\n  "),
        20 => replaced("\n  ", "\n  disable_pkce: false # why\n  "),
        21 => replaced("secret: true", "secret: false"),
        22 => replaced("headers:", "headers: {X-Own: a},\n"),
        23 => replaced("\n", "\r\n"),
        24..=38 => placeholder(text, start, PLACEHOLDERS[slip - 24]),
        39 => replaced(": ", ":\u{a0}"),
        40 => replaced("    ", "\u{a0}   "),
        41 => replaced("_", "_\u{200b}"),
        42 => value(text, start, "\u{201c}", "\u{201d}"),
        43 => value(text, start, "\u{201c}", "\""),
        44 => value(text, start, "\"", "\u{201d}"),
        45 => value(text, start, "\u{a0}", "\u{a0}"),
        46 => value(text, start, "", "\u{200b}"),
        47 => replaced(": ", ":"),
        48 => replaced("alias:", "alais:"),
        49 => replaced("https://", "https:/"),
        50 => replaced("https://", "//"),
        51 => replaced("type: ", "type: page_"),
        52 => replaced("auth_mode: ", "auth_mode: x-"),
        53 => replaced(": ", "\u{ff1a}"),
        54 => replaced("proxy:", "proxi:"),
        55 => replaced("auth_mode:", "type:"),
        _ => replaced("\n  ", "\n  \u{feff}"),
    };
    slipped.unwrap_or_else(|| text.to_owned())
}

/// The number of slips.
const SLIPS: usize = 57;

/// The forms of `${name}` in other languages; `N` stands for the name.
const PLACEHOLDERS: [&str; 15] = [
    "{{N}}", "{{ N }}", "{N}", "$(N)", "$N", "<N>", "%N%", "$ {N}", "${ N }", "$${N}", "${{N}}", "${N", "${N)", "#{N}",
    ":N",
];

/// The next placeholder in another spelling.
fn placeholder(text: &str, start: usize, spelling: &str) -> Option<String> {
    let start = (start..text.len()).find(|at| text.is_char_boundary(*at))?;
    let at = start + text[start..].find("${")?;
    let end = at + text[at..].find('}')?;
    let name = &text[at + 2..end];
    Some(format!("{}{}{}", &text[..at], spelling.replace('N', name), &text[end + 1..]))
}

/// The next value of a line of its own between these.
fn value(text: &str, start: usize, before: &str, behind: &str) -> Option<String> {
    let start = (start..text.len()).find(|at| text.is_char_boundary(*at))?;
    let at = start + text[start..].find(": ")? + 2;
    let end = at + text[at..].find('\n')?;
    Some(format!("{}{before}{}{behind}{}", &text[..at], &text[at..end], &text[end..]))
}

fn mended(text: &str) -> (FileId, Fixed) {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let fixed = fix(&sources, &file.into(), |_| true);
    (file, fixed)
}

fn errors(found: &Diagnostics) -> BTreeMap<(Option<String>, &'static str), usize> {
    let mut counts = BTreeMap::new();
    for found in found.iter().filter(|found| found.severity == Severity::Error) {
        *counts.entry((found.provider().map(str::to_owned), found.rule.code)).or_default() += 1;
    }
    counts
}

/// The entries of the fixture that stand at some places of it.
fn some_entries(places: &[f64]) -> String {
    let starts: Vec<usize> = EVERY_MODE
        .match_indices('\n')
        .map(|(at, _)| at + 1)
        .filter(|at| EVERY_MODE[*at..].starts_with(|first: char| first.is_ascii_lowercase()))
        .chain([EVERY_MODE.len()])
        .collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place")]
    let mut chosen: Vec<usize> = places.iter().map(|share| ((starts.len() - 1) as f64 * share) as usize).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen.into_iter().map(|at| &EVERY_MODE[starts[at]..starts[at + 1]]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn mending_brings_no_error_to_light_and_comes_to_an_end(
        entries in vec(0.0..1.0f64, 1..4),
        slips in vec((0.0..1.0f64, 0..SLIPS), 1..8),
    ) {
        let text = slips.iter().fold(some_entries(&entries), |text, slip| slipped(&text, *slip));
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text.as_str());
        let found = pipeline::check(&sources, file).diagnostics;
        let before = errors(&found);

        let (file, once) = mended(&text);
        let after = once.sources.get(file).unwrap().text.clone();
        for (error, count) in errors(&once.checked.diagnostics) {
            prop_assert!(before.get(&error).is_some_and(|before| *before >= count), "{error:?} is new in:\n{after}");
        }
        let left = once.checked.diagnostics.len();
        prop_assert!(left <= found.len(), "{left} instead of {} findings in:\n{after}", found.len());
        let (file, twice) = mended(&after);
        prop_assert_eq!(&twice.sources.get(file).unwrap().text, &after);
        prop_assert_eq!(twice.made.len(), 0);
    }
}

/// Entries of the corpus that build on no other one, each with a slip of its own, under keys of their own.
fn mutants(corpus: &str, turn: usize) -> String {
    let starts: Vec<usize> = corpus
        .match_indices('\n')
        .map(|(at, _)| at + 1)
        .filter(|at| corpus[*at..].starts_with(|first: char| first.is_ascii_alphanumeric()))
        .chain([corpus.len()])
        .collect();
    let entries = starts.windows(2).map(|pair| &corpus[pair[0]..pair[1]]);
    let own = entries.filter(|entry| !entry.contains("alias:") && entry.contains("proxy:"));
    let mutant = |(index, entry): (usize, &str)| {
        let (_, body) = entry.split_once('\n').unwrap();
        #[allow(clippy::cast_precision_loss, reason = "a place")]
        let share = ((index * 37 + turn * 11) % 100) as f64 / 100.0;
        format!("m-{index}-{turn}:\n{}", slipped(body, (share, (index + turn) % SLIPS)))
    };
    own.step_by(5).enumerate().map(mutant).collect()
}

#[test]
fn mending_the_corpus_after_slips_leaves_no_entry_with_more_findings() {
    let Some(corpus) = shared::shared_text("corpus/nango-providers.yaml") else { return };
    let mut made = 0;
    for turn in 0..3 {
        let text = mutants(&corpus, turn);
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text.as_str());
        let before = per_entry(&pipeline::check(&sources, file).diagnostics);
        let (file, once) = mended(&text);
        let after = once.sources.get(file).unwrap().text.clone();
        for (entry, count) in per_entry(&once.checked.diagnostics) {
            assert!(
                before.get(&entry).is_some_and(|before| *before >= count),
                "{entry:?} has {count} findings:\n{after}"
            );
        }
        let (file, twice) = mended(&after);
        assert_eq!(twice.sources.get(file).unwrap().text, after);
        assert_eq!(twice.made.len(), 0);
        made += once.made.len();
    }
    assert!(made > 100, "{made} fixes");
}

fn per_entry(found: &Diagnostics) -> BTreeMap<Option<String>, usize> {
    let mut counts = BTreeMap::new();
    for found in found {
        *counts.entry(found.provider().map(str::to_owned)).or_default() += 1;
    }
    counts
}

#[test]
fn the_slips_are_mistakes_and_some_of_them_are_mended() {
    let made: usize = (0..SLIPS).map(|slip| mended(&slipped(EVERY_MODE, (0.3, slip))).1.made.len()).sum();
    assert!(made >= 25, "{made} fixes");
    let clean = mended(EVERY_MODE).1;
    assert_eq!(clean.withheld, 0);
}
