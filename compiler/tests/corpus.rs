//! The front stages on the 981 entries of the shared corpus, against another YAML reader and recorded results.

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::resolve::resolve;
use keyway_compiler::source::{FileId, Sources};
use keyway_compiler::syntax::{Document, Mapping, Node, Value, parse};
use std::collections::BTreeMap;

fn read(text: &str) -> (Sources, Document) {
    let mut sources = Sources::default();
    let file = sources.add("nango-providers.yaml", text);
    let (document, diagnostics) = parse(file, text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    (sources, document)
}

fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(text) => text.text.as_str().into(),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(mapping) => map(mapping),
    }
}

fn map(mapping: &Mapping) -> serde_json::Value {
    mapping.iter().map(|entry| (entry.key.name.clone(), json(&entry.value))).collect()
}

#[test]
fn the_tree_equals_that_of_another_reader() {
    let Some(text) = shared::shared_text("corpus/nango-providers.yaml") else { return };
    let (_, document) = read(&text);
    let expected: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(document.entries.entries.len(), 981);
    assert!(map(&document.entries) == expected, "the trees differ");
}

#[test]
fn verbatim_text_stands_at_its_offset() {
    let Some(text) = shared::shared_text("corpus/nango-providers.yaml") else { return };
    let (sources, document) = read(&text);
    let mut verbatim = 0;
    let mut nodes: Vec<&Node> = document.entries.iter().map(|entry| &entry.value).collect();
    while let Some(node) = nodes.pop() {
        match &node.value {
            Value::Text(value) if value.verbatim.is_some() => {
                assert_eq!(sources.text(node.text_span(0..value.text.len())), value.text);
                verbatim += 1;
            }
            Value::Sequence(items) => nodes.extend(items),
            Value::Mapping(mapping) => nodes.extend(mapping.iter().map(|entry| &entry.value)),
            _ => {}
        }
    }
    assert!(verbatim > 15_000, "{verbatim}");
}

#[test]
fn every_entry_resolves_as_recorded() {
    let (Some(text), Some(golden)) =
        (shared::shared_text("corpus/nango-providers.yaml"), shared::shared_text("golden/resolved.jsonl"))
    else {
        return;
    };
    let (document, _) = parse(FileId(0), &text);
    let (resolved, diagnostics) = resolve(document);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let ours: BTreeMap<&str, serde_json::Value> =
        resolved.iter().map(|entry| (entry.key.name.as_str(), map(&entry.body))).collect();
    let mut compared = 0;
    for line in golden.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let provider = line["provider"].as_str().unwrap();
        assert_eq!(ours.get(provider), Some(&line["resolved"]), "{provider}");
        compared += 1;
    }
    assert_eq!((compared, ours.len()), (981, 981));
}

#[test]
fn a_syntax_error_loses_one_entry_of_the_corpus() {
    let Some(text) = shared::shared_text("corpus/nango-providers.yaml") else { return };
    let broken = text.replacen("\ngithub:\n", "\ngithub:\n    broken: [1\n", 1);
    let (document, diagnostics) = parse(FileId(0), &broken);
    let found: Vec<_> = diagnostics.iter().map(|found| (found.rule.name, found.path.join("."))).collect();
    assert_eq!(found, [("yaml-syntax", "github".to_owned())]);
    assert_eq!(document.entries.entries.len(), 980);
    let lost: Vec<_> = document.lost.iter().map(|lost| lost.key.as_deref()).collect();
    assert_eq!(lost, [Some("github")]);
}
