//! Real corrections (`../shared/lintbench`): what the rules would have told the contributor, and how much they say
//! about entries that needed no correction.
//!
//! Scored as the rules' reference says: a correction counts when its rule (or an equivalent one) is reported in the
//! text before it, at the place or its parent or child, and no longer in the text after it; each weighs one by the size
//! of its cluster; texts before 2024-09-26 used keys that were legal then, and are left out. A table per rule is
//! printed.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_compiler::diagnostic::Severity;
use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rules about what an entry leaves out: recall is also told without them.
const OMISSIONS: [&str; 2] = ["missing-verification", "missing-base-url"];

/// What must hold, in percent: recall of static cases without and with the omissions, of static and heuristic ones.
const STATIC: f64 = 93.0;
const STATIC_WITH_OMISSIONS: f64 = 90.0;
const HEURISTIC: f64 = 75.0;
/// The most findings at warning level or above per entry that needed no correction.
const NOISE: f64 = 1.5;

#[derive(Clone, Copy, Default)]
struct Score {
    found: f64,
    of: f64,
}

impl Score {
    fn add(&mut self, found: bool, weight: f64) {
        self.of += weight;
        self.found += if found { weight } else { 0.0 };
    }

    fn percent(self) -> f64 {
        if self.of > 0.0 { 100.0 * self.found / self.of } else { 100.0 }
    }
}

#[test]
fn the_rules_find_what_contributors_got_wrong() {
    let Some(cases) = lines("cases") else { return };
    let mut rules: BTreeMap<String, [Score; 2]> = BTreeMap::new();
    let (mut plain, mut omissions, mut all) = (Score::default(), Score::default(), Score::default());
    let mut missed = String::new();
    for case in cases.iter().filter(|case| case["date"].as_str() >= Some("2024-09-26")) {
        let (rule, decidable) = (text(case, "lint"), text(case, "decidable"));
        if decidable == "no" {
            continue;
        }
        let is_static = decidable == "static";
        let found = is_recalled(case);
        let weight = 1.0 / case["cluster_size"].as_f64().unwrap();
        rules.entry(rule.to_owned()).or_default()[usize::from(!is_static)].add(found, weight);
        all.add(found, weight);
        if is_static {
            omissions.add(found, weight);
            if !OMISSIONS.contains(&rule) {
                plain.add(found, weight);
            }
        }
        if !found {
            writeln!(
                missed,
                "{} {rule} at {} ({decidable}, {})",
                text(case, "id"),
                text(case, "where"),
                text(case, "note")
            )
            .unwrap();
        }
    }
    println!("{:34} {:>14} {:>14}", "rule", "static", "heuristic");
    for (rule, [fixed, guessed]) in &rules {
        let shown = |score: &Score| {
            if score.of > 0.0 { format!("{:.1} of {:.1}", score.found, score.of) } else { String::new() }
        };
        println!("{rule:34} {:>14} {:>14}", shown(fixed), shown(guessed));
    }
    let (plain, omissions, all) = (plain.percent(), omissions.percent(), all.percent());
    println!("recall: static {plain:.1} %, with the omissions {omissions:.1} %, with heuristic cases {all:.1} %");
    keep("missed.txt", &missed);
    assert!(plain >= STATIC, "static: {plain:.1} %; see target/tmp/lintbench/missed.txt");
    assert!(omissions >= STATIC_WITH_OMISSIONS, "static with omissions: {omissions:.1} %");
    assert!(all >= HEURISTIC, "static and heuristic: {all:.1} %");
}

#[test]
fn entries_that_nobody_had_to_correct_are_left_in_peace() {
    let Some(clean) = lines("clean") else { return };
    let (mut count, mut shown, mut by_rule) = (0, String::new(), BTreeMap::<String, usize>::new());
    for entry in &clean {
        for (rule, path, severity) in found(text(entry, "text"), &entry["context"], text(entry, "provider")) {
            if severity <= Severity::Warning {
                count += 1;
                writeln!(shown, "{} {rule} at {}", text(entry, "id"), path.join(".")).unwrap();
                *by_rule.entry(rule).or_default() += 1;
            }
        }
    }
    let each = f64::from(count) / f64::from(u32::try_from(clean.len()).unwrap());
    println!("clean entries: {each:.2} findings each; {by_rule:?}");
    keep("clean.txt", &shown);
    assert!(each <= NOISE, "{each:.2} findings per clean entry; see target/tmp/lintbench/clean.txt");
}

fn is_recalled(case: &Value) -> bool {
    let provider = text(case, "provider");
    let before = found(text(case, "before"), &case["context"], provider);
    let after = found(text(case, "after"), &case["context_after"], provider);
    let names: Vec<&str> = std::iter::once(text(case, "lint"))
        .chain(case["equivalent"].as_array().into_iter().flatten().filter_map(Value::as_str))
        .collect();
    let there = |findings: &[(String, Vec<String>, Severity)]| {
        findings.iter().any(|(rule, path, _)| names.contains(&rule.as_str()) && is_near(path, text(case, "where")))
    };
    there(&before) && !there(&after)
}

/// Whether a finding is at a place, its parent or its child. `$` is the entry, or a key that it lacks.
fn is_near(path: &[String], place: &str) -> bool {
    if place == "$" {
        return path.len() <= 1;
    }
    let place: Vec<&str> = place.split('.').collect();
    let (short, long) = if path.len() < place.len() { (path.len(), place.len()) } else { (place.len(), path.len()) };
    long - short <= 1 && path.iter().zip(&place).all(|(one, other)| one == other)
}

/// What is found in one entry: the rule, the path below the entry, the severity.
fn found(entry: &str, context: &Value, provider: &str) -> Vec<(String, Vec<String>, Severity)> {
    let context = context.as_object().into_iter().flatten().filter_map(|(_, text)| text.as_str());
    let text = std::iter::once(entry).chain(context).collect::<Vec<_>>().join("\n");
    let mut sources = Sources::default();
    let file = sources.add("case.yaml", text);
    let checked = pipeline::check(&sources, file);
    let ours = checked.diagnostics.iter().filter(|found| found.provider() == Some(provider));
    ours.map(|found| (found.rule.name.to_owned(), found.path[1..].to_vec(), found.severity)).collect()
}

fn lines(file: &str) -> Option<Vec<Value>> {
    let text = keyway_tests::shared::shared_text(&format!("lintbench/{file}.jsonl"))?;
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn keep(file: &str, text: &str) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("lintbench");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(file), text).unwrap();
}
