//! Checking again gives what checking anew gives, edit after edit.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests, which clippy does not take for tests")]

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::incremental::{self, Known};
use keyway_compiler::pipeline::check;
use keyway_compiler::source::Sources;
use std::path::{Path, PathBuf};

/// A generator of numbers (xorshift64): the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }

    /// A byte of a text at which a character begins.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

/// One edit, as people and editors make them.
fn edit(text: &mut String, dice: &mut Dice) {
    const WRITTEN: [&str; 14] =
        ["x", " ", "\n", "\n\n", "#", ":", "'", "{", "}", "- ", "é", "  allow: {", "alias: acme\n", "a: {b: c}\n"];
    let at = dice.place(text);
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let next = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    match dice.below(6) {
        0 | 1 => text.insert_str(at, WRITTEN[dice.below(WRITTEN.len())]),
        2 => {
            let mut end = (at + dice.below(12)).min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.replace_range(at.min(end)..end, "");
        }
        3 => text.replace_range(line..next, ""),
        4 => {
            let copy = text[line..next].to_owned();
            let to = dice.place(text);
            let to = text[..to].rfind('\n').map_or(0, |at| at + 1);
            text.insert_str(to, &copy);
        }
        // An entry moves to the front: what it builds on stands after it now.
        _ => {
            let start = text[..at].rfind("\n\n").map_or(0, |at| at + 2);
            let end = text[at..].find("\n\n").map_or(text.len(), |end| at + end + 2);
            let entry = text[start..end].to_owned();
            text.replace_range(start..end, "");
            text.insert_str(0, &entry);
        }
    }
}

#[track_caller]
fn compare(text: &str, before: Option<Known>) -> Known {
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", text);
    let again = incremental::check(before, &sources, file);
    let anew = check(&sources, file);
    assert_eq!(again.diagnostics, anew.diagnostics);
    assert_eq!((&again.entries, &again.keys), (&anew.entries, &anew.keys));
    again
}

#[test]
fn rules_of_every_stage_can_be_allowed() {
    for rule in ["missing-base-url", "unread-quirk", "module-name-clash", "dead-key", "no-such-rule"] {
        compare(
            &format!(
                "acme:\n  display_name: A\n  docs: https://a.example\n  categories: [other]\n  auth_mode: NONE\n  keyway: {{allow: {{{rule}: why}}}}\n"
            ),
            None,
        );
    }
}

/// Edits in runs: each run begins with the original, and its edits add up.
fn play(original: &str, runs: usize, edits: usize, dice: &mut Dice) {
    for _ in 0..runs {
        let mut text = original.to_owned();
        let mut known = Some(compare(&text, None));
        for _ in 0..edits {
            edit(&mut text, dice);
            known = Some(compare(&text, known));
        }
    }
}

fn read(path: PathBuf) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

#[test]
fn random_edits_of_own_catalogues() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = read(root.join("../providers.yaml")).unwrap();
    let modes = read(root.join("tests/fixtures/every-mode.yaml")).unwrap();
    let aliases = "\
acme:
    display_name: Acme
    docs: https://a.example
    auth_mode: API_KEY
    proxy: {base_url: 'http://${connectionConfig.x}.example/', headers: {a: '${apiKey}'}}

acme-eu: {alias: acme, keyway: {allow: {insecure-scheme: x}}}

acme-us: {alias: acme-eu, docs: 1}

acme_us: {alias: acme}

";
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    play(&modes, 4, 12, &mut dice);
    play(&own, 2, 10, &mut dice);
    play(aliases, 40, 12, &mut dice);
}

/// Windows of the corpus, so that one check is quick; entries whose targets are elsewhere are part of the game.
#[test]
fn random_edits_of_the_corpus() {
    let Some(text) = shared::shared_text("corpus/nango-providers.yaml") else { return };
    let entries: Vec<usize> =
        text.match_indices("\n\n").map(|(at, _)| at + 2).filter(|at| !text[*at..].starts_with(' ')).collect();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for _ in 0..16 {
        let first = dice.below(entries.len() - 30);
        let window = &text[entries[first]..entries[first + 30]];
        play(window, 1, 10, &mut dice);
    }
    play(&text, 1, 2, &mut dice);
}
