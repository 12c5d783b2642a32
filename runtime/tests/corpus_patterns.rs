//! Every `pattern` of the corpus compiles and can be searched for, but for what ECMAScript itself refuses.
#![allow(clippy::unwrap_used)] // a test: a broken corpus should stop it

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway::pattern::Pattern;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_pattern_compiles_and_answers() {
    let Some(text) = shared::shared_text("golden/resolved.jsonl") else { return };
    let mut found = BTreeSet::new();
    for line in text.lines() {
        collect(&serde_json::from_str(line).unwrap(), &mut found);
    }
    let wrong: Vec<String> = found
        .iter()
        .filter_map(|(pattern, example)| {
            let answer = Pattern::compile(pattern).and_then(|pattern| pattern.is_match(example));
            answer.err().map(|error| format!("{pattern}: {error}"))
        })
        .collect();
    // `\\-+` in single quotes: a range from `\` down to `+`, which `new RegExp` refuses too.
    let (refused, wrong): (Vec<String>, Vec<String>) = wrong
        .into_iter()
        .partition(|line| line.contains(r"()\\-+=]") && line.ends_with("has a range that runs backwards"));
    println!("patterns: {} searched, refused: {refused:?}", found.len());
    assert!(found.len() > 100, "only {} patterns were found", found.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Patterns with their field's example.
fn collect(value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(pattern)) = map.get("pattern") {
                let example = map.get("example").and_then(Value::as_str).unwrap_or("a");
                found.insert((pattern.clone(), example.to_owned()));
            }
            map.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}
