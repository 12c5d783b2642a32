//! Patterns mean the same to the compiler, to the runtime and to JavaScript.
//!
//! The compiler decides with automata, the runtime searches with an engine that backtracks, and both read patterns with
//! `keyway-format`. Tried are all patterns of the corpus and of this project's catalogue, and random ones, on texts
//! that match, on texts that nearly match, and on any. Node.js is the third reader; without `node` its part is skipped,
//! which is said, and `KEYWAY_PEERS=required` makes that a failure.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod fields;
mod grammar;
mod node;
mod texts;

use grammar::Random;
use keyway::pattern::{Pattern, Unusable};
use keyway_compiler::patterns::{Language, Matcher};
use keyway_format::pattern;
use std::collections::BTreeSet;

/// How many texts each pattern is tried on.
const TEXTS: usize = 60;

/// How many random patterns are tried.
const PATTERNS: usize = 1500;

/// What both halves refuse although ECMAScript runs it.
pub(crate) const NOT_RUN: [&str; 6] = [
    "has a back-reference to a group that may not have matched before",
    "has a look-behind for texts of several lengths",
    "is longer than 4096 bytes",
    "has more groups inside one another than are read",
    "is too large once its repetitions are written out",
    "has a group that ECMAScript does not know", // inline flags, which newer engines know
];

/// A pattern with texts, and what the runtime says: why it is refused, or of each text whether it matches.
pub(crate) struct Case {
    pattern: String,
    texts: Vec<String>,
    answer: Result<Vec<Option<bool>>, &'static str>,
}

/// How often something was compared.
#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    undecided: usize,
    slow: usize,
    matches: usize,
    others: usize,
}

#[test]
fn compiler_runtime_and_javascript_agree_on_every_pattern_of_the_corpus() {
    let patterns = catalogue_patterns();
    let mut random = Random::new(1);
    let (cases, tally) = compared(patterns, &mut random);
    println!("{} patterns: {tally:?}", cases.len());
    assert_eq!((tally.slow, tally.undecided), (0, 0), "a pattern of a catalogue is not decided");
    assert!(tally.matches * 10 > tally.others && tally.others * 10 > tally.matches, "too few of one kind: {tally:?}");
    node::agrees(&cases);
}

#[test]
fn compiler_runtime_and_javascript_agree_on_random_patterns() {
    let mut random = Random::new(2);
    let patterns: BTreeSet<String> = (0..PATTERNS).map(|_| grammar::pattern(&mut random)).collect();
    let (cases, tally) = compared(patterns, &mut random);
    println!("{} patterns: {tally:?}", cases.len());
    assert!(tally.refused * 10 > cases.len() && tally.refused * 4 < cases.len() * 3, "one-sided: {tally:?}");
    assert!(tally.matches * 10 > tally.others && tally.others * 10 > tally.matches, "one-sided: {tally:?}");
    assert!(tally.slow * 50 < cases.len(), "too many take too long: {tally:?}");
    node::agrees(&cases);
}

/// What the two halves say of patterns, held against one another.
fn compared(patterns: BTreeSet<String>, random: &mut Random) -> (Vec<Case>, Tally) {
    let (mut cases, mut tally) = (Vec::new(), Tally::default());
    for pattern in patterns {
        let texts = texts::of(&pattern, TEXTS, random);
        let compiled = Pattern::compile(&pattern);
        let decided = Matcher::new(&pattern);
        let runtime = match (compiled, &decided) {
            (Ok(runtime), Ok(_)) => runtime,
            (Err(Unusable::Refused(why)), Err(refused)) => {
                assert_eq!(refused.why, why, "/{pattern}/ is refused for two reasons");
                tally.refused += 1;
                cases.push(Case { pattern, texts, answer: Err(why) });
                continue;
            }
            (runtime, compiler) => panic!("/{pattern}/ is refused by one half: {runtime:?}, {compiler:?}"),
        };
        let decided = decided.unwrap();
        tally.undecided += usize::from(decided.is_none());
        let language = Language::of(&pattern);
        let everything = Language::of("").unwrap();
        let mut answers = Vec::new();
        for text in &texts {
            let found = runtime.is_match(text).ok();
            tally.slow += usize::from(found.is_none());
            tally.matches += usize::from(found == Some(true));
            tally.others += usize::from(found == Some(false));
            if let (Some(found), Some(matcher)) = (found, &decided) {
                assert_eq!(matcher.is_match(text), found, "the compiler's verdict: /{pattern}/ on {text:?}");
            }
            answers.push(found);
        }
        // A text that `diff` and `host-escape` would show.
        if let Some(witness) = language.as_ref().and_then(|language| everything.outside(language)) {
            assert_ne!(runtime.is_match(&witness), Ok(true), "a witness against /{pattern}/: {witness:?}");
        }
        cases.push(Case { pattern, texts, answer: Ok(answers) });
    }
    (cases, tally)
}

/// The patterns of the corpus, where it is present, and of this project's own catalogue.
fn catalogue_patterns() -> BTreeSet<String> {
    let own = std::fs::read_to_string(keyway_tests::source::workspace_root().join("providers.yaml")).unwrap();
    let corpus = keyway_tests::shared::shared_text("corpus/nango-providers.yaml");
    let specs =
        [Some(own), corpus].into_iter().flatten().flat_map(|text| keyway_tests::corpus::lowered("a catalogue", text));
    let mut patterns = BTreeSet::new();
    for spec in specs {
        let fields = spec.connection_config.iter().chain(spec.credentials).chain(spec.integration_config);
        patterns.extend(fields.filter_map(|field| field.pattern).map(str::to_owned));
        patterns.extend(spec.proxy.and_then(|proxy| proxy.retry.in_body).map(|wait| wait.pattern.to_owned()));
    }
    assert!(patterns.len() > 10, "the catalogues could not be read");
    patterns
}

#[test]
fn a_witness_against_one_pattern_is_no_match_for_the_runtime() {
    for (pattern, grammar) in [("^[^.]+$", "^[a-z]+$"), (r"^\S*$", "^[!-~]*$"), ("^[]$|^b$", "^a$"), ("^.$", "^[^x]$")]
    {
        let (inner, outer) = (Language::of(pattern).unwrap(), Language::of(grammar).unwrap());
        let run = |pattern: &str, text: &str| Pattern::compile(pattern).unwrap().is_match(text).unwrap();
        match inner.outside(&outer) {
            Some(witness) => assert!(run(pattern, &witness) && !run(grammar, &witness), "{pattern} {witness:?}"),
            None => assert_eq!(pattern, r"^\S*$"),
        }
    }
}

/// What is said to be refused is; the rest of the list of `keyway-format` is in its own tests.
#[test]
fn what_is_not_run_is_said_by_both_halves_in_the_same_words() {
    for (pattern, why) in [
        (r"(a)?\1", NOT_RUN[0]),
        ("(?<=a*)b", NOT_RUN[1]),
        (&"a".repeat(5000), NOT_RUN[2]),
        (&"(".repeat(pattern::MAX_NESTING + 1), NOT_RUN[3]),
        ("(a{1,999}){1,999}", NOT_RUN[4]),
        ("(?i:a)", NOT_RUN[5]),
        ("[z-a]", "has a range that runs backwards"),
    ] {
        assert_eq!(Pattern::compile(pattern).unwrap_err(), Unusable::Refused(why));
        assert_eq!(Matcher::new(pattern).unwrap_err().why, why);
    }
}
