//! No text, however broken, makes the pipeline panic, loop or point outside the file.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap")]

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::diagnostic::render::{json, text};
use keyway_compiler::pipeline::check;
use keyway_compiler::source::Sources;
use std::fmt::Write;

const EVERY_MODE: &str = include_str!("fixtures/every-mode.yaml");
const ENTRY: &str = "  display_name: A\n  docs: https://a.example\n  categories: [other]\n  auth_mode: API_KEY\n";
const MEGABYTE: usize = 1 << 20;

/// Checks a text, holds every finding to what its readers rely on, and says how many there were.
#[track_caller]
fn survive(name: &str, source: &str) -> usize {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", source);
    let checked = check(&sources, file);
    // Spans do not count a byte order mark.
    let counted = source.strip_prefix('\u{feff}').unwrap_or(source);
    for (index, finding) in checked.diagnostics.iter().enumerate() {
        let labels = std::iter::once(&finding.primary).chain(&finding.secondary).map(|label| label.span);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in labels.chain(edits) {
            assert_eq!(span.file, file, "{name}");
            assert!(counted.get(span.range()).is_some(), "{name}: {:?} of {}", span, finding.rule.code);
        }
        // Rendering is the same for all findings of a kind; the first few of each file are enough.
        if index < 20 {
            let rendered = json::render(finding, &sources);
            assert!(serde_json::from_str::<serde_json::Value>(&rendered).is_ok(), "{name}: {rendered}");
            assert!(text::render(finding, &sources, text::Style::Plain).contains(finding.rule.code), "{name}");
        }
    }
    checked.diagnostics.len()
}

/// Numbers that are the same in every run (a linear congruential generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// The text with one to four bytes replaced; what is not UTF-8 then becomes a replacement character.
fn flipped(source: &str, numbers: &mut Numbers) -> String {
    let mut bytes = source.as_bytes().to_vec();
    for _ in 0..=numbers.below(4) {
        let place = numbers.below(bytes.len());
        bytes[place] = u8::try_from(numbers.below(256)).unwrap();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The entries of a catalogue as texts of their own, some of them.
fn corpus(most: usize) -> Vec<String> {
    let Some(text) = shared::shared_text("corpus/nango-providers.yaml") else { return Vec::new() };
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with(|first: char| first.is_ascii_alphanumeric()) || entries.is_empty() {
            entries.push(String::new());
        }
        if let Some(entry) = entries.last_mut() {
            entry.push_str(line);
            entry.push('\n');
        }
    }
    let share = (entries.len() / most).max(1);
    entries.into_iter().step_by(share).take(most).collect()
}

#[test]
fn truncated_files_are_survived() {
    let mut broken = 0;
    for end in (0..EVERY_MODE.len()).step_by(97).filter(|end| EVERY_MODE.is_char_boundary(*end)) {
        broken += usize::from(survive(&format!("the first {end} bytes"), &EVERY_MODE[..end]) > 0);
    }
    assert!(broken > 50, "{broken}");
}

#[test]
fn flipped_bytes_are_survived() {
    let mut numbers = Numbers(97);
    let mut broken = 0;
    for round in 0..100 {
        broken += usize::from(survive(&format!("round {round}"), &flipped(EVERY_MODE, &mut numbers)) > 0);
    }
    for (index, entry) in corpus(50).iter().enumerate() {
        for round in 0..10 {
            survive(&format!("entry {index}, round {round}"), &flipped(entry, &mut numbers));
        }
    }
    assert!(broken > 50, "{broken}");
}

#[test]
fn oversized_and_odd_files_are_survived() {
    let template = |value: &str| format!("a:\n{ENTRY}  proxy:\n    base_url: 'https://a.example/{value}'\n");
    let titled = |value: &str| format!("a:\n{}", ENTRY.replace("display_name: A", &format!("display_name: {value}")));
    let mut many = String::new();
    for index in 0..10_000 {
        writeln!(many, "a{index}: {{display_name: A, bogus: 1}}").unwrap();
    }
    let long = "x".repeat(MEGABYTE);
    for (name, source, is_clean) in [
        ("nothing", String::new(), false),
        ("deep lists", "[".repeat(100_000), false),
        ("deep maps", "{a: ".repeat(100_000), false),
        ("deep blocks", (0..2_000).fold(String::new(), |all, depth| all + &" ".repeat(depth) + "a:\n"), false),
        ("a long scalar", titled(&long), true),
        ("a long key", format!("{long}: {{}}"), false),
        ("a long key in an entry", format!("a:\n{ENTRY}  {long}: 1\n"), false),
        ("ten thousand entries", many, false),
        ("a long template", template(&"${apiKey}".repeat(100_000 / 9)), true),
        ("an open template", template(&"${".repeat(50_000)), false),
        ("nested calls", template(&("${base64(".repeat(10_000) + &")}".repeat(10_000))), false),
        ("nested choices", template(&("${a || ".repeat(10_000) + &"}".repeat(10_000))), false),
        ("a lone surrogate", titled("\"\\ud800\""), false),
        ("escapes beyond Unicode", titled("\"\\Uffffffff\""), false),
        ("escapes cut short", titled("\"\\xf"), false),
        ("only anchors", "a: &a [*a]\n".repeat(100), false),
        ("a byte order mark", format!("\u{feff}a:\n{ENTRY}"), true),
        ("carriage returns", format!("a:\n{ENTRY}").replace('\n', "\r"), true),
    ] {
        let count = survive(name, &source);
        assert!(count > 0 || is_clean || source.is_empty(), "{name}: no finding");
    }
}

#[test]
fn control_characters_are_survived_wherever_they_stand() {
    let mut count = 0;
    for code in (0..0x20).chain(0x7f..0xa0).chain([0x2028, 0x202e, 0xfeff, 0xfffe, 0xffff]) {
        let letter = char::from_u32(code).unwrap();
        for source in [
            format!("a{letter}:\n{ENTRY}"),
            format!("a:\n{ENTRY}  bo{letter}gus: 1\n"),
            format!("a:\n{ENTRY}  proxy:\n    base_url: 'https://a.example/${{b{letter}}}'\n"),
            format!("a:\n{ENTRY}  proxy:\n    base_url: \"https://a.example/\\u{code:04x}${{b}}\"\n"),
        ] {
            count += survive(&format!("U+{code:04X}"), &source);
        }
    }
    assert!(count > 100, "{count}");
}
