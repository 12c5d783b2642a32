//! Texts to try a pattern on: ones that match, ones that nearly do, ones of the pattern's own letters, and any.

use crate::grammar::Random;
use keyway_format::pattern::{Alphabet, Pattern, characters};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRng, TestRunner};

/// Characters at the edges of what patterns tell apart.
const EDGES: [char; 38] = [
    '\0',
    '\u{8}',
    '\t',
    '\n',
    '\u{b}',
    '\u{c}',
    '\r',
    ' ',
    '-',
    '/',
    '@',
    '.',
    '0',
    '9',
    'A',
    'Z',
    '_',
    'a',
    'z',
    '\u{7f}',
    '\u{85}',
    '\u{a0}',
    'é',
    '\u{130}',
    '\u{17f}',
    '\u{212a}',
    '٣',
    '\u{1680}',
    '\u{2028}',
    '\u{2029}',
    '\u{3000}',
    '\u{d7ff}',
    '\u{e000}',
    '\u{feff}',
    '\u{ffff}',
    '😀',
    '\u{100000}',
    '\u{10ffff}',
];

/// Some texts.
pub(crate) fn of(pattern: &str, count: usize, random: &mut Random) -> Vec<String> {
    let own: Vec<char> = pattern.chars().collect();
    let matching = matching(pattern, count / 4, random);
    let mut texts = vec![String::new(), pattern.to_owned()];
    while texts.len() < count {
        let kind = random.below(4);
        let text = match matching.get(random.below(matching.len().max(1))) {
            Some(text) if kind == 0 => text.clone(),
            Some(text) if kind < 3 => mutated(text, &own, random),
            _ => (0..random.below(9)).map(|_| letter(&own, random)).collect(),
        };
        texts.push(text);
    }
    texts
}

/// Texts that a pattern matches, mostly: made from what is printed for an automaton, with its assertions left out.
fn matching(pattern: &str, count: usize, random: &mut Random) -> Vec<String> {
    let automaton = Pattern::parse(pattern).ok().and_then(|read| read.automaton(Alphabet::Unicode).ok());
    let mut shape = automaton.map(|automaton| automaton.text).unwrap_or_default();
    for assertion in [r"\A", r"\z", r"(?-u:\b)", r"(?-u:\B)"] {
        shape = shape.replace(assertion, "");
    }
    // An empty class has no text, which the generator does not expect: such a pattern is tried on other texts only.
    if shape.contains(r"[^\x{0}-\x{10FFFF}]") {
        return Vec::new();
    }
    let Ok(strategy) = proptest::string::string_regex(&shape) else { return Vec::new() };
    let mut seed = [0; 32];
    for byte in &mut seed {
        *byte = u8::try_from(random.below(256)).unwrap();
    }
    let rng = TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let texts = (0..count).map(|_| strategy.new_tree(&mut runner).map(|tree| characters(&tree.current()).into_owned()));
    texts.filter_map(Result::ok).collect()
}

fn mutated(text: &str, own: &[char], random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(2) {
        let at = random.below(letters.len() + 1);
        match random.below(4) {
            0 => letters.insert(at, letter(own, random)),
            1 if at < letters.len() => _ = letters.remove(at),
            2 if at < letters.len() => letters[at] = letter(own, random),
            3 => letters.truncate(at),
            _ => letters.push(letter(own, random)),
        }
    }
    letters.into_iter().collect()
}

fn letter(own: &[char], random: &mut Random) -> char {
    if own.is_empty() || random.below(2) == 0 { EDGES[random.below(EDGES.len())] } else { own[random.below(own.len())] }
}
