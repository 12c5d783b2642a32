//! Names and comments: a type name means one thing, constants are named alike, comments are plain.
//!
//! A type name may be declared in two modules of the workspace without being listed here; a name that is declared
//! more often was reviewed, and stands in [`REVIEWED`] with the reason. The number may shrink, never grow.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::source::workspace_root;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Names that more than two modules declare: how many, and why that is right.
const REVIEWED: [(&str, usize, &str); 30] = [
    ("Args", 17, "each command of the command line has one"),
    ("Kind", 6, "private to a module that classifies one thing"),
    ("Fault", 3, "of a URL in a template, and what stops a statement in each store that is a database"),
    ("Format", 6, "of findings, of tables, of a request, of a file, of a field, the vocabulary of the compiler"),
    ("Page", 5, "of the book, of a rule, of a list, of a flow, LSP"),
    ("Change", 3, "of a catalogue, LSP, of a record"),
    ("Input", 5, "of a command, of the compiler, of a macro, of a form, that a mode asks for"),
    ("Entry", 4, "of a map, of a catalogue, of a text, of the schema"),
    ("Node", 4, "of YAML, of a template and of its spec, of a pattern"),
    ("Scope", 3, "names of a template in both halves, AWS's credential scope"),
    ("Stage", 3, "of the compiler, of a call, of an LSP session"),
    ("Progress", 3, "on a terminal, of an exchange, of an upload"),
    ("Client", 4, "an OAuth client in the row of a mode and in a token request, an LSP client, a typed client"),
    ("Text", 3, "of YAML, of a document, of a template"),
    ("Part", 5, "of the book, of an entry, of a name, of a date, of a multipart body"),
    ("Use", 5, "of a URL, of a value, of an account, of an instant, of a character"),
    ("Named", 3, "with a Rust name, an escape, a cursor"),
    ("App", 3, "a mode in the model and the spec, the server's state"),
    ("Field", 3, "in the model, in the spec, of a template"),
    ("Paginate", 3, "in the model, in the spec, as a caller says it"),
    ("Assertion", 3, "in the model, in the spec, SAML"),
    ("Catalogue", 4, "of a program, under analysis, of examples, of the schema"),
    ("Key", 3, "of a map, of a path, to sign with"),
    ("Now", 3, "in a template and its spec, of a page"),
    ("Request", 3, "a call, and what two kinds of signatures cover"),
    ("Credentials", 3, "of a connection, and of two kinds of signatures"),
    ("Counted", 3, "private wrappers that count while they pass something on"),
    ("Method", 3, "of OAuth 1.0, of an auth mode, of an endpoint"),
    ("State", 3, "private to a module that goes through something"),
    ("Verification", 4, "in the model, in the spec, of a mode, whether it is made"),
];

/// Words that begin the name of a limit; `MAX_` and `MIN_` are used instead.
const OTHER_LIMITS: [&str; 7] = ["MOST", "LARGEST", "LONGEST", "SHORTEST", "DEEPEST", "FARTHEST", "PATIENCE"];

/// Names of types and files that were replaced because they did not say what they are, with the names that took their
/// places.
const RETIRED: [(&str, &str); 15] = [
    ("Asked", "InputField, InForm"),
    ("Placed", "TemplateSite, OperatorCredential"),
    ("Kept", "FlowState"),
    ("Parts", "Engine, Inner"),
    ("Want", "RefreshIf"),
    ("Shape", "ResponseLayout, ValueType"),
    ("Spelled", "Corrected"),
    ("Carries", "SecretOwner"),
    ("Began", "FlowInputs"),
    ("Side", "ExchangeContext, CatalogueSide"),
    ("Spot", "ResolvedCursor"),
    ("wishes", "connection_overrides"),
    ("quirky", "custom_request, custom_response"),
    ("chosen", "operator_placement"),
    ("kept", "leaked"),
];

/// Words with which the documentation of an item asks instead of answering.
const QUESTIONS: [&str; 3] = ["What", "Whether", "How"];

/// Lines of documentation that may begin so. The number may shrink, never grow.
const MAX_QUESTIONS: usize = 292;

/// Words of comments that hide the subject or the reason.
const VAGUE: [&str; 5] = ["somebody", "whoever", "anybody", "everybody", "absent here"];

#[test]
fn a_type_name_is_declared_in_two_modules_at_most() {
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources(&["compiler", "runtime", "macros", "cli"]) {
        if !path.contains("/src/") || is_test(&path) {
            continue;
        }
        let own = text.split("#[cfg(test)]\nmod ").next().unwrap();
        for name in own.lines().filter_map(type_name) {
            declared.entry(name.to_owned()).or_default().push(path.clone());
        }
    }
    assert!(declared.len() > 500, "this test no longer finds the types it is about");
    let allowed = |name: &str| REVIEWED.iter().find(|(reviewed, ..)| *reviewed == name).map_or(2, |(_, most, _)| *most);
    let repeated: Vec<String> = declared
        .iter()
        .filter(|(name, paths)| paths.len() > allowed(name))
        .map(|(name, paths)| format!("{name}: {}", paths.join(", ")))
        .collect();
    assert_eq!(repeated, Vec::<String>::new(), "choose another name, or list it with a reason");
}

#[test]
fn a_retired_name_does_not_come_back() {
    let (mut found, mut seen) = (Vec::new(), 0);
    for (path, text) in sources(&["compiler", "runtime", "macros", "cli", "tests/src"]) {
        if !path.contains("src/") {
            continue;
        }
        seen += 1;
        let file = path.trim_end_matches(".rs").rsplit('/').find(|part| *part != "mod").unwrap_or_default();
        for (name, instead) in RETIRED {
            let in_file = file.split('_').any(|word| word == name);
            if in_file || text.lines().filter_map(type_name).any(|declared| declared == name) {
                found.push(format!("{path}: {name} ({instead})"));
            }
        }
    }
    assert!(seen > 500, "this test no longer finds the files it is about");
    assert_eq!(found, Vec::<String>::new(), "choose a name that says what it is");
}

#[test]
fn a_limit_is_called_max_or_min() {
    let mut found = Vec::new();
    for (path, text) in sources(&["compiler", "runtime", "macros", "cli"]) {
        for line in text.lines() {
            let Some((_, rest)) = line.split_once("const ") else { continue };
            let name = rest.split(':').next().unwrap_or_default();
            if OTHER_LIMITS.iter().any(|word| name == *word || name.starts_with(&format!("{word}_"))) {
                found.push(format!("{path}: {name}"));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn comments_are_plain_and_fit_into_120_columns() {
    let (mut vague, mut long, mut seen) = (Vec::new(), Vec::new(), 0);
    for (path, text) in sources(&["compiler", "runtime", "macros", "cli", "tests", "generated/tests"]) {
        for (number, line) in (1..).zip(text.lines()) {
            let Some(comment) = line.trim_start().strip_prefix("//") else { continue };
            seen += 1;
            let lower = comment.to_lowercase();
            if VAGUE.iter().any(|word| lower.contains(word)) {
                vague.push(format!("{path}:{number}:{line}"));
            }
            // A row of a table and a picture cannot be wrapped.
            let is_laid_out = comment.contains("| ") || comment.contains("->");
            if line.chars().count() > 120 && !is_laid_out {
                long.push(format!("{path}:{number}"));
            }
        }
    }
    assert!(seen > 10_000, "this test no longer finds the comments it is about");
    assert_eq!(vague, Vec::<String>::new(), "name the party: the caller, the customer, the operator, an attacker");
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn documentation_begins_with_a_noun_or_a_verb() {
    let mut questions: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, text) in sources(&["compiler", "runtime", "macros", "cli", "tests/src"]) {
        for line in text.lines().map(str::trim_start) {
            let Some(doc) = line.strip_prefix("/// ").or_else(|| line.strip_prefix("//! ")) else { continue };
            if let Some(word) = QUESTIONS.iter().find(|word| doc.split(' ').next() == Some(word)) {
                *questions.entry(word).or_default() += 1;
            }
        }
    }
    let all: usize = questions.values().sum();
    assert!(all <= MAX_QUESTIONS, "{questions:?}: `The headers ..`, `True if ..`, `Returns ..` read faster");
}

/// The name of the type that a line declares.
fn type_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let mut word = words.next()?;
    if word.starts_with("pub") {
        word = words.next()?;
        if word.ends_with(')') {
            word = words.next()?;
        }
    }
    if !["struct", "enum", "trait"].contains(&word) {
        return None;
    }
    let name = words.next()?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    name.get(..end).filter(|name| name.starts_with(char::is_uppercase))
}

fn is_test(path: &str) -> bool {
    ["/tests/", "/tests.rs", "testing", "interleavings"].iter().any(|part| path.contains(part))
}

/// The files of Rust in some folders, by path from the workspace, without what is built or generated.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let root = workspace_root();
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut paths);
    }
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"), text)
    };
    paths.into_iter().map(read).filter(|(path, _)| !path.ends_with("tests/names.rs")).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, paths);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}
