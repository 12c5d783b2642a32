//! What is held to hold for any input, one function per target.
//!
//! The fuzzer calls these with what it invents; an ordinary test (`tests/tests/fuzz_replay.rs`) calls them with what is
//! kept under `corpus` and `finds`. A broken promise is a panic. Input that is not UTF-8 is skipped: the command
//! line refuses it.

use keyway_compiler::diagnostic::render::{json, text};
use keyway_compiler::diagnostic::{Diagnostics, Severity};
use keyway_compiler::fix::fix;
use keyway_compiler::pipeline::{Input, check, compile};
use keyway_compiler::source::{FileId, Sources, Span};
use keyway_compiler::syntax::{Node, Value, parse};
use keyway_compiler::template::hosts::hosts;
use keyway_compiler::template::position::{positions, quoted};
use keyway_compiler::template::{self, Kind, Template};
use keyway_compiler::{emit, incremental};
use keyway_openapi::entry::TargetEntry;
use keyway_openapi::report::printed;
use keyway_openapi::select::Selection;
use keyway_openapi::{Options, Sayable, read};

/// The YAML front end: every span lies in its text and cuts no character; a finding is never about nothing.
pub fn yaml(data: &[u8]) {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let (document, found) = parse(FileId(0), source);
    for entry in &document.entries {
        assert_span(source, entry.key.span);
        assert_node(source, &entry.value);
    }
    for lost in &document.lost {
        assert_span(source, lost.span);
    }
    assert!(document.lost.is_empty() || found.has_errors(), "a part is lost and nobody says so");
    assert_places(source, &found);
}

/// The template parser: what is printed reads back; positions and hosts exist for whatever was read.
pub fn template(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(source) = std::str::from_utf8(rest) else { return };
    let choice = first % 2 == 0;
    let (read, problems) = template::parse(source, choice);
    for problem in &problems {
        assert!(source.get(problem.range.clone()).is_some(), "a problem at {:?} of {source:?}", problem.range);
    }
    for alternative in read.alternatives() {
        assert_eq!(positions(&alternative.nodes).len(), alternative.nodes.len());
        assert_eq!(quoted(&alternative.nodes).len(), alternative.nodes.len());
    }
    let _ = hosts(&read, &|_| vec!["a", "b.example"]);
    if problems.is_empty() {
        let printed = read.to_string();
        let (again, problems) = template::parse(&printed, choice);
        assert_eq!(problems.len(), 0, "{source:?} prints as {printed:?}, which has a problem");
        assert!(alike(&read, &again), "{source:?} prints as {printed:?}, which reads otherwise");
    }
}

/// The whole pipeline: check, lower, emit, and every way to show a finding. Where the schema is compiled in (it is not
/// in the fuzzer, which would spend its time there), model and schema agree.
pub fn pipeline(data: &[u8]) {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let (sources, file) = sources(source);
    let (checked, specs) = compile(&sources, file, &[]);
    assert_places(sources.get(file).map_or("", |file| &file.text), &checked.diagnostics);
    for finding in &checked.diagnostics {
        assert!(!finding.rule.is_internal(), "{}", finding.message);
        let _ = text::render(finding, &sources, text::Style::Colour);
        let _ = json::render(finding, &sources);
    }
    if !specs.is_empty() {
        let _ = emit::crate_files(&specs);
    }
}

/// The fixer: it brings no error to light, and what it has mended it leaves alone.
pub fn fixer(data: &[u8]) {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let (sources, file) = sources(source);
    let before = errors(&check(&sources, file).diagnostics);
    let once = fix(&sources, &Input::from(file), |_| true);
    assert!(errors(&once.checked.diagnostics) <= before, "mending {source:?} makes more errors");
    let twice = fix(&once.sources, &Input::from(file), |_| true);
    assert_eq!(twice.made.len(), 0, "mending {source:?} again mends more");
}

/// Edits: checking again gives what checking anew gives. The texts of the versions are separated by a NUL.
pub fn edits(data: &[u8]) {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let mut known = None;
    for version in source.split('\0').take(8) {
        let (sources, file) = sources(version);
        let anew = check(&sources, file);
        let again = incremental::check(known.take(), &sources, file);
        assert_eq!(again.diagnostics, anew.diagnostics, "findings differ");
        assert_eq!((&again.entries, &again.keys), (&anew.entries, &anew.keys), "entries differ");
        known = Some(again);
    }
}

/// The importer: operations that are said to be sayable are written, what is written is Rust, and again the same.
pub fn import(data: &[u8]) {
    let Ok(source) = std::str::from_utf8(data) else { return };
    let load = |_: &str| Err("there is no such file".to_owned());
    let Ok(document) = read::read("document.yaml", source.to_owned(), &load) else { return };
    let entry = TargetEntry::any();
    let Ok(rows) = keyway_openapi::survey(&document, &entry, &Selection::default()) else { return };
    let said = rows.into_iter().filter(|row| !matches!(row.outcome, Sayable::NotSaid(_)));
    let only: Vec<String> = said.take(12).map(|row| row.id).collect();
    if only.is_empty() {
        return;
    }
    let selection = Selection { only, ..Selection::default() };
    let options = Options::new(selection, "Fuzzed");
    let once = keyway_openapi::import(&document, &entry, &options).unwrap();
    assert!(!once.methods.is_empty(), "no operation of {source:?} is written");
    if let Err(error) = syn::parse_file(&once.code) {
        panic!("{error} in what is written for {source:?}:\n{}", once.code);
    }
    for finding in printed(&document, &once.findings) {
        assert!(!finding.to_string().is_empty());
    }
    let again = keyway_openapi::import(&document, &entry, &options).unwrap();
    assert_eq!(once.code, again.code, "{source:?} is written in two ways");
}

fn sources(source: &str) -> (Sources, FileId) {
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", source);
    (sources, file)
}

fn errors(found: &Diagnostics) -> usize {
    found.count(Severity::Error)
}

fn assert_places(source: &str, found: &Diagnostics) {
    for finding in found {
        assert!(!finding.message.is_empty());
        assert_span(source, finding.primary.span);
        for label in &finding.secondary {
            assert_span(source, label.span);
        }
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert_span(source, edit.span);
        }
    }
}

fn assert_span(source: &str, span: Span) {
    assert!(source.get(span.range()).is_some(), "{span:?} is not in {source:?}");
}

fn assert_node(source: &str, node: &Node) {
    assert_span(source, node.span);
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| assert_node(source, item)),
        Value::Mapping(map) => {
            for entry in map {
                assert_span(source, entry.key.span);
                assert_node(source, &entry.value);
            }
        }
        Value::Text(text) => {
            if let Some(start) = text.verbatim {
                let start = start as usize;
                assert_eq!(source.get(start..start + text.text.len()), Some(text.text.as_str()));
            }
        }
        _ => {}
    }
}

/// Whether two templates are the same but for where they stand.
fn alike(one: &Template, other: &Template) -> bool {
    let all = |one: &[Template], other: &[Template]| {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
    };
    one.nodes.len() == other.nodes.len()
        && one.nodes.iter().zip(&other.nodes).all(|(one, other)| match (&one.kind, &other.kind) {
            (Kind::Call(one, arguments), Kind::Call(other, others)) => one == other && all(arguments, others),
            (Kind::Choice(one), Kind::Choice(other)) => all(one, other),
            (one, other) => one == other,
        })
}
