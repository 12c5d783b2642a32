//! The whole way from text to spec, over the corpus of real entries.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests, which clippy does not take for tests")]

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::diagnostic::Severity;
use keyway_compiler::source::Sources;
use keyway_compiler::template::parse;
use keyway_compiler::{lower, model, pipeline, resolve, syntax};
use keyway_spec::{HostClass, ProviderSpec};
use std::collections::BTreeMap;

/// The corpus, if it is there.
fn corpus() -> Option<String> {
    shared::shared_text("corpus/nango-providers.yaml")
}

struct Lowered {
    specs: Vec<ProviderSpec>,
    /// Entry and rule of each error.
    errors: Vec<(String, String)>,
    entries: usize,
}

fn lower(text: &str) -> Lowered {
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", text);
    let (document, _) = syntax::parse(file, text);
    let (resolved, _) = resolve::resolve(document);
    let mut lowered = Lowered { specs: Vec::new(), errors: Vec::new(), entries: resolved.len() };
    for entry in &resolved {
        let (provider, mut found) = model::lower(entry);
        if let Some(provider) = provider {
            let (spec, more) = lower::lower(&provider);
            found.extend(more);
            lowered.specs.extend(spec);
        }
        for finding in found.iter().filter(|finding| finding.severity == Severity::Error) {
            let text = sources.text(finding.primary.span);
            println!("{} {} {} [{text}]", entry.key.name, finding.rule.name, finding.message);
            lowered.errors.push((entry.key.name.clone(), finding.rule.name.to_owned()));
        }
    }
    lowered
}

#[test]
fn every_entry_lowers_or_is_listed_with_its_reason() {
    let Some(text) = corpus() else { return };
    let lowered = lower(&text);
    let listed: Vec<(String, String)> = include_str!("data/lowering-errors.txt")
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            (words.next().unwrap(), words.next().unwrap())
        })
        .collect();
    let mut errors = lowered.errors.clone();
    errors.sort();
    errors.dedup();
    assert_eq!(errors, listed);
    let failed: std::collections::BTreeSet<&String> = listed.iter().map(|(entry, _)| entry).collect();
    assert_eq!(lowered.entries, 981);
    assert!(lowered.specs.len() >= lowered.entries - failed.len(), "{}", lowered.specs.len());
}

#[test]
fn the_classes_of_hosts_are_stable() {
    let Some(text) = corpus() else { return };
    let lowered = lower(&text);
    let class = |key: &str| {
        let spec = lowered.specs.iter().find(|spec| spec.key == key).unwrap();
        let show = |set: &keyway_spec::HostSet| format!("{:?} {}", set.class(), set.patterns().join(" "));
        (show(&spec.hosts.token), show(&spec.hosts.api))
    };
    for (key, token, api) in [
        ("github", "Fixed github.com", "Fixed api.github.com"),
        ("zendesk", "Confined *.zendesk.com", "Confined *.zendesk.com"),
        ("shopify", "Confined *.myshopify.com", "Confined *.myshopify.com"),
        ("1password-scim", "Fixed ", "Open *:*"),
    ] {
        assert_eq!(class(key), (token.to_owned(), api.to_owned()), "{key}");
    }
    let mut classes: BTreeMap<HostClass, usize> = BTreeMap::new();
    for spec in &lowered.specs {
        *classes.entry(spec.hosts.api.class()).or_default() += 1;
    }
    println!("{classes:?}");
    assert!(classes.get(&HostClass::Fixed).is_some_and(|count| *count > 500), "{classes:?}");
}

#[test]
fn what_a_template_prints_parses_to_the_same() {
    let Some(text) = corpus() else { return };
    let mut count = 0;
    for line in text.lines().filter(|line| line.contains("${")) {
        for choice in [false, true] {
            let printed = parse(line, choice).0.to_string();
            assert_eq!(parse(&printed, choice).0.to_string(), printed, "{line}");
            assert_eq!(parse(&printed, choice).1, parse(line, choice).1, "{line}");
        }
        count += 1;
    }
    assert!(count > 800, "{count}");
}

#[test]
fn checking_finds_what_compiling_finds() {
    let texts = [include_str!("fixtures/every-mode.yaml").to_owned()].into_iter().chain(corpus());
    for text in texts {
        let mut sources = Sources::default();
        let file = sources.add("providers.yaml", text);
        let (compiled, specs) = pipeline::compile(&sources, file, &[]);
        assert!(!specs.is_empty());
        assert!(pipeline::check(&sources, file).diagnostics == compiled.diagnostics);
    }
}
