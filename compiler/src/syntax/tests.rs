//! The texts that the stage reads and refuses, as tables.

use super::{Document, Node, Value, parse};
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources};
use std::fmt::Write;

fn read(text: &str) -> (Sources, Document, Diagnostics) {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let (document, diagnostics) = parse(file, &sources.get(file).unwrap().text);
    (sources, document, diagnostics)
}

/// Each finding as `rule line:column path`.
#[track_caller]
fn check_findings(text: &str, expected: &[&str]) -> Document {
    let (sources, document, mut diagnostics) = read(text);
    diagnostics.finish();
    let found: Vec<String> = diagnostics
        .iter()
        .map(|found| {
            let file = sources.get(found.primary.span.file).unwrap();
            let at = file.line_column(found.primary.span.range().start);
            format!("{} {}:{} {}", found.rule.name, at.line, at.column, found.path.join("."))
        })
        .collect();
    assert_eq!(found, expected, "{diagnostics:?} of {text:.200}");
    document
}

fn keys(document: &Document) -> Vec<&str> {
    document.entries.iter().map(|entry| entry.key.name.as_str()).collect()
}

/// The tree on one line.
fn shape(node: &Node, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => write!(out, "{value}").unwrap(),
        Value::Integer(value) => write!(out, "{value}").unwrap(),
        Value::Float(value) => write!(out, "{value:?}").unwrap(),
        Value::Text(text) => write!(out, "{:?}", text.text).unwrap(),
        Value::Sequence(items) => {
            out.push('[');
            for item in items {
                shape(item, out);
                out.push(' ');
            }
            out.push(']');
        }
        Value::Mapping(mapping) => {
            out.push('{');
            for entry in mapping {
                write!(out, "{}:", entry.key.name).unwrap();
                shape(&entry.value, out);
                out.push(' ');
            }
            out.push('}');
        }
    }
}

#[test]
fn reads_values() {
    for (text, expected) in [
        ("", ""),
        ("\u{feff}a: 1", "a=1"),
        ("# only a comment\n", ""),
        ("---\na: 1\n...\n", "a=1"),
        ("a:\n", "a=null"),
        ("a: ''", "a=\"\""),
        ("a: {}\nb: []", "a={} b=[]"),
        ("a: yes\nb: 'true'\nc: true", "a=\"yes\" b=\"true\" c=true"),
        ("a: 3.0\nb: '3.0'\nc: 0777", "a=3.0 b=\"3.0\" c=777"),
        ("a: [x, {b: 1}]", "a=[\"x\" {b:1 } ]"),
        ("a:\r\n  b: x\r\n  c: |\r\n    one\r\n    two\r\n", "a={b:\"x\" c:\"one\\ntwo\\n\" }"),
        ("a: \"x\\ty\"", "a=\"x\\ty\""),
        ("a: >\n  folded\n  text\n", "a=\"folded text\\n\""),
        ("ключ: Gebrüder Weiß", "ключ=\"Gebrüder Weiß\""),
        ("a: /^x\\d$/", "a=\"/^x\\\\d$/\""),
        ("a: &one {x: 1}\nb: *one", "a={x:1 } b={x:1 }"),
    ] {
        let document = check_findings(text, &[]);
        let mut entries = Vec::new();
        for entry in &document.entries {
            let mut line = format!("{}=", entry.key.name);
            shape(&entry.value, &mut line);
            entries.push(line);
        }
        assert_eq!(entries.join(" "), expected, "{text:?}");
    }
}

#[test]
fn spans_are_the_text_as_it_stands() {
    let text = "a:\n  'k 1': \"v\\n1\" # c\n  list:\n    - ü\n    - [1, 2]\n\n  # behind\nb: {x: {}}\n";
    let (sources, document, _) = read(text);
    let entries: Vec<_> = document.entries.iter().collect();
    let a = entries[0].value.as_mapping().unwrap();
    let (quoted, list) = (&a.entries[0], &a.entries[1]);
    let items = list.value.as_sequence().unwrap();
    let b = entries[1].value.as_mapping().unwrap();
    for (span, expected) in [
        (entries[0].key.span, "a"),
        (entries[0].value.span, "'k 1': \"v\\n1\" # c\n  list:\n    - ü\n    - [1, 2"),
        (quoted.key.span, "'k 1'"),
        (quoted.value.span, "\"v\\n1\""),
        (list.key.span, "list"),
        (items[0].span, "ü"),
        (items[1].span, "1, 2"),
        (entries[1].key.span, "b"),
        (b.entries[0].value.span, "{}"),
    ] {
        assert_eq!(sources.text(span), expected);
    }
}

#[test]
fn verbatim_text_maps_to_the_file_and_other_text_to_the_whole_node() {
    for (text, range, expected) in [
        ("a: Gebrüder x", 10..11, "x"),
        ("a: 'one two'", 4..7, "two"),
        ("a: \"one two\"", 4..7, "two"),
        ("a: 'it''s'", 0..2, "'it''s'"),
        ("a: \"x\\ny\"", 0..1, "\"x\\ny\""),
        ("a: |\n  one\n", 0..3, "one"),
        ("a: one\n  two", 0..3, "one\n  two"),
        ("a: short", 0..99, "short"),
    ] {
        let (sources, document, _) = read(text);
        let node = &document.entries.entries[0].value;
        assert_eq!(sources.text(node.text_span(range)), expected, "{text:?}");
    }
}

#[test]
fn refuses_with_a_place() {
    for (text, expected) in [
        ("a: 1\nb: 2\na: 3", &["duplicate-key 3:1 a"][..]),
        ("a:\n  b:\n    - c: 1\n      c: 2", &["duplicate-key 4:7 a.b.0.c"]),
        ("a:\n  b: {c: 1, 'c': 2, c: 3}", &["duplicate-key 2:13 a.b.c", "duplicate-key 2:21 a.b.c"]),
        ("a: 1\n---\nb: 2", &["unsupported-yaml 2:1 "]),
        ("a:\n  b: !secret x", &["unsupported-yaml 2:14 a.b"]),
        ("a: &x {b: 1}\nc:\n  <<: *x", &["unsupported-yaml 3:3 c"]),
        ("a:\n  ? [x]\n  : 1", &["unsupported-yaml 2:5 a"]),
        ("- a\n- b", &["unsupported-yaml 1:3 "]),
        ("just text", &["unsupported-yaml 1:1 "]),
        ("a:\n\tb: 1", &["yaml-syntax 2:2 a"]),
        ("a:\n  b: *nowhere", &["yaml-syntax 2:6 a"]),
        ("a: &x [*x]", &["unsupported-yaml 1:8 a.0"]),
    ] {
        check_findings(text, expected);
    }
}

#[test]
fn nesting_is_bounded_however_it_is_written() {
    let flow = format!("a: 1\nb: {}{}\n", "[".repeat(70), "]".repeat(70));
    let block: String = (0..70).fold(String::new(), |mut text, depth| {
        writeln!(text, "{}k:", " ".repeat(depth)).unwrap();
        text
    });
    let anchors: String = (1..70).fold("k0: &a0 [x]\n".to_owned(), |mut text, depth| {
        writeln!(text, "k{depth}: &a{depth} [*a{}]", depth - 1).unwrap();
        text
    });
    for (text, kept) in [(flow.as_str(), 1), (&block, 0), (&anchors, 63)] {
        let (_, document, diagnostics) = read(text);
        let rules: Vec<_> = diagnostics.iter().map(|found| found.rule.name).collect();
        assert_eq!(rules, ["nesting-too-deep"], "{text:.40}");
        assert_eq!(document.entries.entries.len(), kept, "{text:.40}");
    }
    let (_, _, diagnostics) = read(&"[".repeat(100_000));
    assert!(diagnostics.has_errors());
}

#[test]
fn an_anchor_bomb_is_called_what_it_is() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let uses = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{uses}]").unwrap();
    }
    let (_, document, diagnostics) = read(&text);
    let rules: Vec<_> = diagnostics.iter().map(|found| found.rule.name).collect();
    assert_eq!(rules, ["anchor-expansion"]);
    assert_eq!(keys(&document), ["a0", "a1", "a2", "a3", "a4"]);
    let lost: Vec<_> = document.lost.iter().filter_map(|lost| lost.key.as_deref()).collect();
    assert_eq!(lost, ["a5", "a6", "a7", "a8", "a9"]);
}

#[test]
fn a_syntax_error_does_not_hide_the_findings_of_other_entries() {
    for (text, expected, kept) in [
        (
            "a:\n  x: [1\nb:\n  y: 1\n  y: 2\nc: 1\n",
            &["yaml-syntax 2:6 a", "duplicate-key 5:3 b.y"][..],
            &["b", "c"][..],
        ),
        ("a:\n  x: 'open\nb: 1\nc: 2\n", &["yaml-syntax 2:6 a"], &["b", "c"]),
        ("a:\n  x: 1\n   y: 2\nb: 1\na: 2\n", &["yaml-syntax 3:5 a"], &["b", "a"]),
        ("a: 1\nb: x: y\nc: 2\n", &["yaml-syntax 2:5 b"], &["a", "c"]),
        ("a: 1\nb\nc: 2\n", &["unsupported-yaml 2:1 "], &["a", "c"]),
    ] {
        let document = check_findings(text, expected);
        assert_eq!(keys(&document), kept, "{text:?}");
    }
}

#[test]
fn no_input_panics() {
    let seed = "a: &x\n  'b': \"\\u00e9\" # c\n  - [1, {k: *x}]\n|\n>\n\t? : ,\r\n---\n%YAML\u{feff}\u{0}ü";
    let letters: Vec<char> = seed.chars().collect();
    let mut state: usize = 7;
    for length in 0..400 {
        let text: String = (0..length % 40)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                letters[(state >> 33) % letters.len()]
            })
            .collect();
        let (document, diagnostics) = parse(FileId(0), &text);
        let spans = diagnostics.iter().map(|found| found.primary.span);
        for span in spans.chain(document.lost.iter().map(|lost| lost.span)) {
            assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
        }
    }
}
