//! The invariants of `ARCHITECTURE.md` that the text of the source can show.
//!
//! Every test reads the source as tokens (comments and the insides of `#[cfg(test)]` do not count) and names the file
//! and the rule it breaks. Invariants that only running code can show are tested elsewhere.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::source::{Crate, Token, workspace_root};
use std::collections::{BTreeMap, BTreeSet};

/// The stages of the compiler from left to right. A stage may name itself and what stands left of it.
const COMPILER: [&str; 22] = [
    "parallel",
    "source",
    "diagnostic",
    "syntax",
    "intake",
    "resolve",
    "model",
    "template",
    "patterns",
    "rules",
    "lower",
    "emit",
    "schema",
    "reference",
    "book",
    "output",
    "pipeline",
    "incremental",
    "diff",
    "fix",
    "build",
    "lib",
];

/// What a stage must not do, by the tokens that would do it.
const IMPURE: [&str; 7] = ["fs", "env", "SystemTime", "Instant", "println", "eprintln", "process"];

#[test]
fn compiler_stages_import_only_from_the_left() {
    let mut broken = Vec::new();
    for file in Crate::open("compiler").files().into_iter().filter(|file| !file.is_test()) {
        let Some(stage) = rank(&file.module()) else {
            broken.push(format!("{}: `{}` is no known stage", file.path, file.module()));
            continue;
        };
        for imported in file.crate_paths() {
            if rank(&imported).is_some_and(|other| other > stage) {
                broken.push(format!("{}: imports `{imported}`, which stands to its right", file.path));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

fn rank(stage: &str) -> Option<usize> {
    COMPILER.iter().position(|name| *name == stage)
}

#[test]
fn compiler_stages_do_no_input_or_output() {
    let allowed = ["output", "build", "lib"];
    let mut broken = Vec::new();
    for file in Crate::open("compiler").files() {
        if allowed.contains(&file.module().as_str()) {
            continue;
        }
        for word in file.identifiers() {
            if IMPURE.contains(&word.as_str()) {
                broken.push(format!("{}: uses `{word}`", file.path));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn compiler_and_runtime_meet_only_in_the_spec_and_the_format() {
    let compiler = Crate::open("compiler").manifest();
    let runtime = Crate::open("runtime").manifest();
    let spec = Crate::open("runtime/spec").manifest();
    let format = Crate::open("runtime/format").manifest();
    assert!(!depends(&compiler, "keyway"), "the compiler depends on the runtime");
    assert!(!depends(&runtime, "keyway-compiler"), "the runtime depends on the compiler");
    assert!(depends(&compiler, "keyway-spec") && depends(&runtime, "keyway-spec"));
    assert!(depends(&compiler, "keyway-format") && depends(&runtime, "keyway-format"));
    assert!(!spec.contains("[dependencies]"), "the spec has a dependency");
    assert!(!format.contains("[dependencies]"), "the language that both halves read has a dependency");
}

/// Whether a manifest's `[dependencies]` name a package.
fn depends(manifest: &str, package: &str) -> bool {
    let section = manifest.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap_or("");
    section.lines().any(|line| {
        let name = line.split(['.', ' ', '=']).next().unwrap_or("");
        name == package
    })
}

#[test]
fn only_the_pipeline_calls_a_transport() {
    let mut senders = BTreeSet::new();
    for file in Crate::open("runtime").files() {
        let names_transport = file.tokens().windows(4).any(|four| {
            matches!(four, [Token::Ident(owner), Token::Punct('.'), Token::Ident(method), _]
                if owner == "transport" && method == "send")
        });
        if names_transport {
            senders.insert(file.path.clone());
        }
    }
    let outside: Vec<&String> = senders.iter().filter(|path| !path.starts_with("runtime/src/pipeline/")).collect();
    assert_eq!(outside, Vec::<&String>::new());
    assert!(!senders.is_empty(), "this test no longer finds the calls it is about");
}

#[test]
fn pure_modules_of_the_runtime_never_name_the_transport_or_the_store() {
    let mut broken = Vec::new();
    for file in Crate::open("runtime").files() {
        if !matches!(file.module().as_str(), "request" | "template" | "fields" | "pattern" | "mask" | "egress" | "sign")
        {
            continue;
        }
        for imported in file.crate_paths() {
            if matches!(imported.as_str(), "transport" | "store" | "client" | "pipeline" | "refresh") {
                broken.push(format!("{}: names `{imported}`", file.path));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn no_modules_of_the_server_import_each_other_in_a_circle() {
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in Crate::open("runtime/server").files() {
        let module = file.module();
        let imported = file.crate_paths().into_iter().filter(|other| *other != module);
        imports.entry(module.clone()).or_default().extend(imported);
    }
    assert!(imports.len() > 10 && imports["connect"].contains("form"), "the modules were not found: {imports:?}");
    // Modules that import nothing which is left are not part of a circle; what is left in the end is.
    loop {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        imports.retain(|_, others| others.iter().any(|other| left.contains(other)));
        if imports.len() == left.len() {
            break;
        }
    }
    assert_eq!(imports, BTreeMap::new());
}

/// Words that are a catalogue key somewhere and mean something else in code. Each is reviewed.
const REVIEWED: [(&str, &str); 4] = [
    ("box", "the Rust keyword, in the table of keywords"),
    ("cursor", "a kind of pagination"),
    ("github", "the name of an output format"),
    ("hex", "an encoding of a key"),
];

#[test]
fn no_string_in_the_code_is_a_provider_name() {
    let keys = catalogue_keys();
    let mut broken = Vec::new();
    for root in
        ["compiler", "compiler/lsp", "compiler/suffix", "macros", "runtime", "runtime/format", "runtime/server", "cli"]
    {
        for file in Crate::open(root).files() {
            if file.is_test() {
                continue;
            }
            for text in file.strings() {
                let reviewed = REVIEWED.iter().any(|(word, _)| *word == text);
                if keys.contains(&text) && !reviewed {
                    broken.push(format!("{}: the string `{text}` is a provider's key", file.path));
                }
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// Keys of this project's catalogue, and of the corpus where it is present.
fn catalogue_keys() -> BTreeSet<String> {
    let root = workspace_root();
    let mut keys = BTreeSet::new();
    let own = std::fs::read_to_string(root.join("providers.yaml")).unwrap();
    keys.extend(top_level_keys(&own));
    match keyway_tests::shared("corpus/nango-providers.yaml") {
        Some(path) => keys.extend(top_level_keys(&std::fs::read_to_string(path).unwrap())),
        None => println!("skipped: no corpus (only the project's own catalogue was compared)"),
    }
    assert!(keys.len() >= 20, "the catalogue could not be read");
    keys
}

fn top_level_keys(yaml: &str) -> impl Iterator<Item = String> + '_ {
    yaml.lines()
        .filter(|line| !line.starts_with([' ', '#', '\t']))
        .filter_map(|line| line.split_once(':'))
        .map(|(key, _)| key.trim_matches(['\'', '"']).to_owned())
}

#[test]
fn every_file_says_what_it_is() {
    let mut silent = Vec::new();
    for root in [
        "compiler",
        "compiler/lsp",
        "compiler/suffix",
        "macros",
        "runtime",
        "runtime/format",
        "runtime/spec",
        "runtime/server",
        "cli",
        "tests",
    ] {
        for file in Crate::open(root).files() {
            if !file.text.starts_with("//!") {
                silent.push(file.path);
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn long_files_give_a_reason() {
    let mut long = Vec::new();
    for root in [
        "compiler",
        "compiler/lsp",
        "compiler/suffix",
        "macros",
        "runtime",
        "runtime/format",
        "runtime/spec",
        "runtime/server",
        "cli",
        "tests",
    ] {
        for file in Crate::open(root).files() {
            let docs: String = file.text.lines().take_while(|line| line.starts_with("//!")).collect();
            if file.text.lines().count() > 400 && !docs.contains("one file because") {
                long.push(format!("{}: {} lines", file.path, file.text.lines().count()));
            }
        }
    }
    assert_eq!(long, Vec::<String>::new());
}
