//! The project's own catalogue and the corpus, compared with nine other catalogues.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::pipeline::{self, Checked};
use keyway_compiler::source::Sources;
use keyway_compiler::witness::{ComparedEntry, KindCounts, SecondSources, Standing, counts};
use std::time::{Duration, Instant};

/// The lines of every catalogue in `../shared/witness`.
fn others() -> Option<SecondSources> {
    let folder = shared::shared("witness")?;
    let mut others = SecondSources::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let source = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(others.add(&source, &path.display().to_string(), &text), []);
        }
    }
    assert!(others.len() > 1_000, "{}", others.len());
    Some(others)
}

fn compared(text: &str, others: &SecondSources) -> (Checked, Vec<ComparedEntry>) {
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", text);
    let mut checked = pipeline::find(&sources, file);
    let entries = checked.compare(others);
    (checked, entries)
}

#[test]
fn the_own_catalogue_explains_every_difference() {
    let Some(others) = others() else { return };
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../providers.yaml")).unwrap();
    let (checked, entries) = compared(&text, &others);
    let found = checked.diagnostics.iter().filter(|found| found.rule.code.starts_with("KW050"));
    let found: Vec<String> = found.map(|found| format!("{}: {}", found.path.join("."), found.message)).collect();
    assert_eq!(found, Vec::<String>::new(), "read the vendor's page; see docs/src/guide/second-sources.md");
    let sum = |of: fn(&KindCounts) -> usize| counts(&entries).iter().map(of).sum::<usize>();
    assert!(sum(|row| row.by_one) > 120 && sum(|row| row.explained) > 5, "{:?}", counts(&entries));
}

#[test]
fn the_corpus_is_compared_in_time() {
    let (Some(others), Some(text)) = (others(), shared::shared_text("corpus/nango-providers.yaml")) else { return };
    let mut sources = Sources::default();
    let file = sources.add("nango-providers.yaml", text.as_str());
    let mut checked = pipeline::find(&sources, file);
    let started = Instant::now();
    let entries = checked.compare(&others);
    // A test is built without optimization, on a machine that may be busy; optimized it takes some milliseconds.
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    let standing = |key: &str, path: &str| {
        let facts = &entries.iter().find(|entry| entry.key == key).unwrap().facts;
        facts.iter().find(|fact| fact.path.join(".") == path).unwrap().standing
    };
    for (key, path, expected) in [
        ("github", "authorization_url", Standing::Agreed),
        // One catalogue that was not renewed for long, against newer ones.
        ("box", "authorization_url", Standing::Outweighed),
        ("twitter-v2", "token_url", Standing::Differs),
        ("gitlab-pat", "proxy.headers.private-token", Standing::Differs),
        ("shopify", "scope_separator", Standing::Differs),
        // A sandbox beside a live service, and the other way round.
        ("deel", "token_url", Standing::Agreed),
        ("ebay-sandbox", "token_url", Standing::Unwitnessed),
        // Another product of the same vendor in a catalogue that has both.
        ("zendesk", "token_url", Standing::Agreed),
    ] {
        assert_eq!(standing(key, path), expected, "{key} {path}");
    }
    let differing = checked.diagnostics.iter().filter(|found| found.rule.name == "witness-differs").count();
    assert!((100..300).contains(&differing), "{differing}");
}
