//! Model and schema give the same verdict on entries that were broken in every way a hand can break them.
#![cfg(feature = "schema")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap")]

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::diagnostic::Diagnostics;
use keyway_compiler::model::{keys, lower};
use keyway_compiler::resolve::{Resolved, resolve};
use keyway_compiler::schema;
use keyway_compiler::source::FileId;
use keyway_compiler::syntax::{Entry, Key, Mapping, Node, Text, Value, parse};

fn entries(text: &str) -> Vec<Resolved> {
    let (document, mut diagnostics) = parse(FileId(0), text);
    let (entries, found) = resolve(document);
    diagnostics.extend(found);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    entries
}

fn cross_check(entries: &[Resolved]) -> Diagnostics {
    let verdicts: Vec<_> = entries.iter().map(|entry| (entry, lower(entry).1.has_errors())).collect();
    schema::cross_check(&verdicts)
}

const EVERY_MODE: &str = include_str!("fixtures/every-mode.yaml");
/// The examples of the reference, which show every key that is read.
const EXAMPLES: &str = include_str!("../src/reference/examples.yaml");

/// Where a node is: from the body, the index of the child at each level.
type Place = Vec<usize>;

/// All ways to change the node at a place, each with what it does.
fn mutations(node: &Node) -> Vec<(&'static str, Node)> {
    let with = |value: Value| Node { span: node.span, value };
    let text = |text: &str| with(Value::Text(Text { text: text.to_owned(), verbatim: None }));
    let mut all = vec![
        ("null", with(Value::Null)),
        ("boolean", with(Value::Bool(true))),
        ("seven", with(Value::Integer(7))),
        ("minus", with(Value::Integer(-7))),
        ("huge", with(Value::Integer(i64::MAX))),
        ("whole float", with(Value::Float(7.0))),
        ("fraction", with(Value::Float(7.5))),
        ("word", text("word")),
        ("empty text", text("")),
        ("digits", text("429")),
        ("range", text("500-503")),
        ("bad range", text("5xx-600")),
        ("section", text("#step-1")),
        ("line break", text("a\r\nb")),
        ("tab", text("a\tb")),
        ("template with a line break", text("${a}\n")),
        ("umlaut", text("Ä")),
        ("in a list", with(Value::Sequence(vec![node.clone()]))),
        ("in a map", with(Value::Mapping(Mapping { entries: vec![named("value", node)] }))),
    ];
    match &node.value {
        Value::Text(old) => {
            all.push(("longer", text(&format!("{}x", old.text))));
            all.push(("capitals", text(&old.text.to_uppercase())));
        }
        Value::Sequence(items) => {
            all.push(("emptied", with(Value::Sequence(Vec::new()))));
            all.push(("one more", with(Value::Sequence(items.iter().cloned().chain([text("more")]).collect()))));
        }
        Value::Mapping(mapping) => {
            all.extend(map_mutations(mapping).into_iter().map(|(what, m)| (what, with(Value::Mapping(m)))));
        }
        _ => {}
    }
    all
}

fn named(name: &str, value: &Node) -> Entry {
    Entry { key: Key { name: name.to_owned(), span: value.span }, value: value.clone() }
}

/// Keys dropped, renamed, added, doubled elsewhere.
fn map_mutations(mapping: &Mapping) -> Vec<(&'static str, Mapping)> {
    let mut all = vec![("emptied", Mapping::default())];
    let changed = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut entries = mapping.entries.clone();
        change(&mut entries);
        Mapping { entries }
    };
    for index in 0..mapping.entries.len() {
        all.push(("a key dropped", changed(&|entries| drop(entries.remove(index)))));
        for (what, rename) in [
            ("a key longer", (|name| format!("{name}x")) as fn(&str) -> String),
            ("a key with a digit", |name| format!("{name}1")),
            ("a key in capitals", str::to_uppercase),
            ("a key with a space", |name| format!("{name} ")),
            ("a key without a name", |_| String::new()),
        ] {
            all.push((what, changed(&|entries| entries[index].key.name = rename(&entries[index].key.name))));
        }
    }
    let Some(value) = mapping.entries.first().map(|entry| &entry.value) else { return all };
    for name in ["bogus", "base_url", "token_url", "type", "headers", "APP"] {
        if mapping.get(name).is_none() {
            all.push(("a key added", changed(&|entries| entries.push(named(name, value)))));
        }
    }
    all
}

fn children(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::Sequence(items) => items.iter().collect(),
        Value::Mapping(mapping) => mapping.iter().map(|entry| &entry.value).collect(),
        _ => Vec::new(),
    }
}

fn places(node: &Node) -> Vec<Place> {
    let mut all = vec![Vec::new()];
    for (index, child) in children(node).into_iter().enumerate() {
        all.extend(places(child).into_iter().map(|below| [vec![index], below].concat()));
    }
    all
}

fn at<'a>(node: &'a Node, place: &[usize]) -> &'a Node {
    place.iter().fold(node, |node, index| children(node)[*index])
}

fn replaced(node: &Node, place: &[usize], new: &Node) -> Node {
    let Some((first, rest)) = place.split_first() else { return new.clone() };
    let mut node = node.clone();
    let child = match &mut node.value {
        Value::Sequence(items) => &mut items[*first],
        Value::Mapping(mapping) => &mut mapping.entries[*first].value,
        _ => unreachable!("places lead through lists and maps"),
    };
    *child = replaced(child, rest, new);
    node
}

/// Every mutation of every node of an entry, and the entry under every auth mode.
fn mutants(entry: &Resolved) -> Vec<(String, Resolved)> {
    let root = Node { span: entry.span, value: Value::Mapping(entry.body.clone()) };
    let mut all = Vec::new();
    for place in places(&root) {
        for (what, new) in mutations(at(&root, &place)) {
            if let Value::Mapping(body) = replaced(&root, &place, &new).value {
                all.push((format!("{}: {what} at {place:?}", entry.key.name), Resolved { body, ..entry.clone() }));
            }
        }
    }
    let modes = "OAUTH2 OAUTH2_CC API_KEY BASIC TWO_STEP JWT SIGNATURE OAUTH1 TBA MCP_OAUTH2 MCP_OAUTH2_GENERIC APP CUSTOM \
                 INSTALL_PLUGIN BILL AWS_SIGV4 NONE APP_STORE TABLEAU";
    for mode in modes.split(' ') {
        let mut mutant = entry.clone();
        for item in mutant.body.entries.iter_mut().filter(|item| item.key.name == "auth_mode") {
            item.value.value = Value::Text(Text { text: mode.to_owned(), verbatim: None });
        }
        all.push((format!("{} as {mode}", entry.key.name), mutant));
    }
    all
}

/// Checks one in `share` of the mutants, others for each entry; says how many there were.
#[track_caller]
fn check(entries: &[Resolved], share: usize) -> usize {
    let (names, mut bodies): (Vec<String>, Vec<Resolved>) = entries
        .iter()
        .enumerate()
        .flat_map(|(index, entry)| mutants(entry).into_iter().skip(index % share).step_by(share))
        .unzip();
    for (index, body) in bodies.iter_mut().enumerate() {
        body.key.name = format!("mutant-{index}");
    }
    let found = cross_check(&bodies);
    let shown = found.iter().map(|finding| {
        let index: usize = finding.path[0].trim_start_matches("mutant-").parse().unwrap();
        format!("{} ({})", names[index], finding.message)
    });
    assert_eq!(shown.take(20).collect::<Vec<_>>(), Vec::<String>::new());
    bodies.len()
}

#[test]
fn mutated_entries_of_every_mode_get_one_verdict() {
    let entries: Vec<Resolved> = [EVERY_MODE, EXAMPLES].into_iter().flat_map(entries).collect();
    assert!(cross_check(&entries).is_empty(), "{:?}", cross_check(&entries));
    assert!(check(&entries, 1) > 5_000);
}

#[test]
fn mutated_entries_of_the_corpus_get_one_verdict() {
    let Some(text) = shared::shared_text("corpus/nango-providers.yaml") else { return };
    let entries = entries(&text);
    let some: Vec<Resolved> = entries.into_iter().step_by(3).collect();
    assert!(check(&some, 12) > 10_000);
}

#[test]
fn the_entries_that_are_mutated_use_every_key() {
    let mut used = std::collections::BTreeSet::new();
    for entry in [EVERY_MODE, EXAMPLES].into_iter().flat_map(entries) {
        let mut open = vec![(String::new(), Node { span: entry.span, value: Value::Mapping(entry.body) })];
        while let Some((path, node)) = open.pop() {
            match node.value {
                Value::Mapping(mapping) => {
                    for item in mapping.entries {
                        for name in [item.key.name.as_str(), "*"] {
                            open.push((format!("{path}.{name}"), item.value.clone()));
                        }
                    }
                }
                Value::Sequence(items) => open.extend(items.into_iter().map(|item| (format!("{path}[]"), item))),
                _ => {}
            }
            used.insert(path.trim_start_matches('.').to_owned());
        }
    }
    let unused = keys().iter().map(|key| key.path.as_str()).filter(|path| !used.contains(*path));
    // The same listing describes the fields of four maps; here one of them uses all of it.
    let unused = unused.filter(|path| !path.contains(".*.") || path.starts_with("connection_config."));
    // The same listing describes the requests of an exchange; here that of a code uses all of it.
    let requests = [
        "keyway.token.refresh.",
        "keyway.token.code.then[].",
        "keyway.token.also.*.",
        "keyway.token.introspect.",
        "keyway.revocation.",
    ];
    let unused = unused.filter(|path| !requests.iter().any(|request| path.starts_with(request)));
    // One listing describes a rule of pages and what is laid over it; here `proxy.paginate` uses all that both have.
    let in_proxy =
        |path: &str| path.strip_prefix("keyway.").is_some_and(|rest| used.contains(&format!("proxy.{rest}")));
    let unused = unused.filter(|path| !(path.starts_with("keyway.paginate.") && in_proxy(path)));
    assert_eq!(unused.collect::<Vec<_>>(), Vec::<&str>::new());
}
