//! Inheritance and its errors, as tables.

use super::{Resolved, resolve, resolve_over};
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources};
use crate::syntax::{Mapping, Value, parse};

fn run(text: &str) -> (Sources, Vec<Resolved>, Diagnostics) {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let (document, mut diagnostics) = parse(file, text);
    let (resolved, found) = resolve(document);
    diagnostics.extend(found);
    diagnostics.finish();
    (sources, resolved, diagnostics)
}

/// Each entry as `key(name=text ...)`, values as they stand in the file.
#[track_caller]
fn check(text: &str, expected: &str) {
    let (sources, resolved, diagnostics) = run(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let entries = resolved.iter().map(|entry| {
        let body = entry.body.iter().map(|e| format!("{}={}", e.key.name, sources.text(e.value.span)));
        format!("{}({})", entry.key.name, body.collect::<Vec<_>>().join(" "))
    });
    assert_eq!(entries.collect::<Vec<_>>().join(" "), expected, "{text}");
}

/// Each finding as `rule line path: message | help`, then the entries that remain.
#[track_caller]
fn check_errors(text: &str, expected: &[&str], remaining: &[&str]) {
    let (sources, resolved, diagnostics) = run(text);
    let found = diagnostics.iter().map(|found| {
        let line = sources.get(found.primary.span.file).unwrap().line_column(found.primary.span.range().start).line;
        let help = found.help.as_deref().unwrap_or_default();
        format!("{} {line} {}: {} | {help}", found.rule.name, found.path.join("."), found.message)
    });
    assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
    let keys: Vec<_> = resolved.iter().map(|entry| entry.key.name.as_str()).collect();
    assert_eq!(keys, remaining, "{text}");
}

#[test]
fn an_entry_without_alias_is_itself() {
    check("a: {x: 1, y: 2}", "a(x=1 y=2)");
}

#[test]
fn overrides_stand_in_the_targets_order_and_new_keys_behind() {
    check("a: {x: 1, y: 2, z: 3}\nb: {n: 0, z: 4, alias: a, x: 5}", "a(x=1 y=2 z=3) b(x=5 y=2 z=4 n=0)");
}

#[test]
fn a_map_given_again_replaces_the_whole_map() {
    check("a: {p: {x: 1, y: 2}}\nb: {alias: a, p: {x: 3}}", "a(p=x: 1, y: 2) b(p=x: 3)");
}

#[test]
fn the_order_of_the_file_does_not_matter() {
    check("c: {alias: b, z: 3}\nb: {alias: a, y: 2}\na: {x: 1}", "c(x=1 y=2 z=3) b(x=1 y=2) a(x=1)");
    check("a: {x: 1}\nb: {alias: a, y: 2}\nc: {alias: b, z: 3}", "a(x=1) b(x=1 y=2) c(x=1 y=2 z=3)");
}

#[test]
fn a_long_chain_is_no_danger() {
    use std::fmt::Write;
    let mut text = "p0: {x: 1}\n".to_owned();
    for at in 1..20_000 {
        writeln!(text, "p{at}: {{alias: p{}}}", at - 1).unwrap();
    }
    let reversed: Vec<&str> = text.lines().rev().collect();
    let (_, resolved, diagnostics) = run(&reversed.join("\n"));
    assert!(diagnostics.is_empty());
    assert_eq!(resolved.len(), 20_000);
    assert!(resolved.iter().all(|entry| entry.body.get("x").is_some()));
}

#[test]
fn copies_are_bounded() {
    use std::fmt::Write;
    let mut text = format!("a:\n  list: [{}]\n", "x, ".repeat(5_000));
    for at in 0..1_000 {
        writeln!(text, "b{at}: {{alias: a}}").unwrap();
    }
    let (_, resolved, diagnostics) = run(&text);
    assert!(diagnostics.iter().all(|found| found.rule.name == "alias-expansion"));
    assert_eq!(resolved.len() + diagnostics.len(), 1_001);
    assert!(resolved.len() > 300);
}

#[test]
fn inherited_nodes_are_told_from_own_ones() {
    let (_, resolved, _) = run("b: {alias: a, y: 2}\na: {x: 1}");
    let entry = resolved.iter().find(|entry| entry.key.name == "b").unwrap();
    let inherits = |key| entry.inherits(entry.body.get(key).unwrap().value.span);
    assert!(inherits("x"));
    assert!(!inherits("y"));
    assert!(!entry.inherits(entry.key.span));
}

#[test]
fn errors_name_the_entry_and_the_way_out() {
    for (text, expected, remaining) in [
        (
            "acme: {x: 1}\nb: {alias: acmee}",
            &["alias-missing 2 b.alias: `b` builds on `acmee`, which does not exist | did you mean `acme`?"][..],
            &["acme"][..],
        ),
        (
            "a: {alias: b}\nb: {alias: c}\nc: {alias: b}\nd: {alias: a}\ne: {}",
            &[
                "alias-cycle 2 b.alias: `b` is, in the end, an alias of itself | one of them must be written out without `alias`",
            ],
            &["e"],
        ),
        (
            "a: {alias: a}",
            &["alias-cycle 1 a.alias: `a` is an alias of itself | one of them must be written out without `alias`"],
            &[],
        ),
        (
            "a: {alias: [b]}\nb: {}",
            &[
                "invalid-entry 1 a.alias: `alias` must be the key of another provider, not a list | name one provider, and override its keys beside `alias`",
            ],
            &["b"],
        ),
        (
            "a: text",
            &[
                "invalid-entry 1 a: the provider `a` must be a map, not a string | indent its keys, such as `display_name` and `auth_mode`, below it",
            ],
            &[],
        ),
    ] {
        check_errors(text, expected, remaining);
    }
}

#[test]
fn a_target_that_could_not_be_read_is_not_called_missing() {
    let unreadable = "a:\n  x: [1\nb:\n  alias: a\nc:\n  alias: z\n";
    check_errors(
        "a: text\nb: {alias: a}",
        &[
            "invalid-entry 1 a: the provider `a` must be a map, not a string | indent its keys, such as `display_name` and `auth_mode`, below it",
        ],
        &[],
    );
    check_errors(
        unreadable,
        &[
            "yaml-syntax 2 a: a bracket that is never closed | close it, or put the whole value in quotes",
            "alias-missing 6 c.alias: `c` builds on `z`, which does not exist | name a provider of this file, or write the entry out without `alias`",
        ],
        &[],
    );
}

/// The entries with their overlays laid over, as `key.path=value`, and the findings.
fn laid(text: &str, overlays: &[&str]) -> (Vec<String>, Vec<String>) {
    let overlays = (1..).zip(overlays).map(|(file, text)| parse(FileId(file), text).0).collect();
    let (entries, found) = resolve_over(parse(FileId(0), text).0, overlays);
    let mut lines = Vec::new();
    for entry in &entries {
        show(&entry.key.name, &entry.body, &mut lines);
    }
    (lines, found.iter().map(|found| format!("{} in file {}", found.message, found.primary.span.file.0)).collect())
}

fn show(path: &str, mapping: &Mapping, lines: &mut Vec<String>) {
    for entry in mapping {
        let path = format!("{path}.{}", entry.key.name);
        match &entry.value.value {
            Value::Mapping(inner) => show(&path, inner, lines),
            value => lines.push(format!("{path}={value:?}@{}", entry.value.span.file.0)),
        }
    }
}

#[test]
fn overlays_merge_maps_and_replace_the_rest_and_every_node_keeps_its_file() {
    for (text, overlays, expected) in [
        (
            "a: {x: {y: 1, z: 2}}",
            &["a: {x: {y: 3, w: 4}}"][..],
            &["a.x.y=Integer(3)@1", "a.x.z=Integer(2)@0", "a.x.w=Integer(4)@1"][..],
        ),
        ("a: {x: [1]}", &["a: {x: 2}", "a: {x: {y: 3}}"], &["a.x.y=Integer(3)@2"]),
        ("a: {x: {y: 1}}\nb: {alias: a}", &["b: {x: {z: 2}}"], &["a.x.y=Integer(1)@0", "b.x.z=Integer(2)@1"]),
        ("a: {x: 1}\nb: {alias: a}", &["a: {x: 2}"], &["a.x=Integer(2)@1", "b.x=Integer(2)@1"]),
        (
            "a: {x: 1}\nb: {y: 2}\nc: {y: 3}",
            &["c: {alias: a}"],
            &["a.x=Integer(1)@0", "b.y=Integer(2)@0", "c.x=Integer(1)@0", "c.y=Integer(3)@0"],
        ),
    ] {
        let (lines, found) = laid(text, overlays);
        assert_eq!(lines, expected, "{text} {overlays:?}");
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn an_overlay_adds_no_entry() {
    let (lines, found) = laid("alpha: {x: 1}", &["alhpa: {x: 2}\nalpha: 3"]);
    assert_eq!(lines, ["alpha.x=Integer(1)@0"]);
    assert_eq!(
        found,
        [
            "there is no provider `alhpa` to lay this over in file 1",
            "the provider `alpha` must be a map, not a number in file 1"
        ]
    );
}

#[test]
fn what_an_overlay_says_is_the_entrys_own() {
    let overlay = parse(FileId(1), "b: {x: 2}").0;
    let (entries, _) = resolve_over(parse(FileId(0), "a: {x: 1, y: 1}\nb: {alias: a}").0, vec![overlay]);
    let heir = entries.iter().find(|entry| entry.key.name == "b").unwrap();
    let inherits = |key| heir.inherits(heir.body.get(key).unwrap().value.span);
    assert_eq!((inherits("x"), inherits("y")), (false, true));
}
