//! The invariants of `ARCHITECTURE.md` that the text of the source can show.
//!
//! Every test reads the source as tokens (comments and the insides of `#[cfg(test)]` do not count) and names the
//! file and the rule it breaks. Absent here: invariants that only running code can show.
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
    let core = Crate::open("runtime/core").manifest();
    let spec = Crate::open("runtime/spec").manifest();
    let format = Crate::open("runtime/format").manifest();
    for ours in ["keyway", "keyway-core", "keyway-provider"] {
        assert!(!depends(&compiler, ours), "the compiler depends on `{ours}`");
    }
    for (name, manifest) in [("keyway", &runtime), ("keyway-core", &core)] {
        assert!(!depends(manifest, "keyway-compiler"), "`{name}` depends on the compiler");
    }
    assert!(depends(&compiler, "keyway-spec") && depends(&core, "keyway-spec"));
    assert!(depends(&compiler, "keyway-format") && depends(&core, "keyway-format"));
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

/// Packages that send, store, wait or serve: what has one of these below it can act.
const ACTING: [&str; 11] = [
    "async-compression",
    "h2",
    "hyper",
    "hyper-rustls",
    "hyper-util",
    "keyway",
    "mio",
    "rusqlite",
    "rustls",
    "socket2",
    "tokio",
];

#[test]
fn what_decides_has_nothing_below_it_that_could_act() {
    let lock = locked();
    for package in ["keyway-core", "keyway-provider"] {
        let below = below(&lock, package);
        let acting: Vec<&&str> = ACTING.iter().filter(|acting| below.contains(**acting)).collect();
        assert_eq!(acting, Vec::<&&str>::new(), "below `{package}`");
        assert!(below.contains("keyway-spec"), "the packages below `{package}` were not found: {below:?}");
    }
    let acting = below(&lock, "keyway");
    for package in ACTING.iter().filter(|package| **package != "keyway") {
        assert!(acting.contains(*package), "`{package}` is no package of the runtime: is it called otherwise now?");
    }
}

/// The packages of `Cargo.lock`, each with those that it names.
fn locked() -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(workspace_root().join("Cargo.lock")).unwrap();
    let lock: toml::Table = text.parse().unwrap();
    let mut packages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in lock["package"].as_array().unwrap() {
        let named = package.get("dependencies").and_then(toml::Value::as_array).into_iter().flatten();
        // A name with a version behind it is one of several; what is below any of them counts.
        let named = named.filter_map(|name| Some(name.as_str()?.split(' ').next()?.to_owned()));
        packages.entry(package["name"].as_str().unwrap().to_owned()).or_default().extend(named);
    }
    packages
}

/// Every package below one.
fn below(lock: &BTreeMap<String, Vec<String>>, package: &str) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![package.to_owned()]);
    while let Some(next) = open.pop() {
        for name in lock.get(&next).into_iter().flatten() {
            if found.insert(name.clone()) {
                open.push(name.clone());
            }
        }
    }
    found
}

#[test]
fn what_decides_reads_no_clock_and_no_file_and_prints_nothing() {
    const ACTS: [&str; 9] =
        ["fs", "Instant", "SystemTime", "TcpStream", "eprintln", "println", "process", "stdin", "thread"];
    let files = Crate::open("runtime/core").files();
    let mut broken = Vec::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        broken.extend(
            file.identifiers()
                .filter(|word| ACTS.contains(&word.as_str()))
                .map(|word| format!("{}: uses `{word}`", file.path)),
        );
        let asks = file.tokens().windows(4).any(|four| {
            matches!(four, [Token::Ident(_), Token::Punct(':'), Token::Punct(':'), Token::Ident(now)] if now == "now")
        });
        if asks {
            broken.push(format!("{}: asks for the instant now", file.path));
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert!(files.len() > 100, "the files were not found");
}

/// Users filter events by the name of the crate that they know.
#[test]
fn events_of_what_decides_carry_the_runtimes_name() {
    let mut found = 0;
    for file in Crate::open("runtime/core").files() {
        for events in file.tokens().split(|token| *token == Token::Ident("tracing".to_owned())).skip(1) {
            // `::warn!(target: "keyway::..."`
            let named = matches!(events.get(5..9), Some([Token::Ident(word), Token::Punct(':'), Token::Str(target), _])
                if word == "target" && target.starts_with("keyway::"));
            assert!(named, "{}: an event without `target: \"keyway::...\"`", file.path);
            found += 1;
        }
    }
    assert!(found > 0, "the events were not found");
}

#[test]
fn a_catalogue_of_providers_depends_on_what_its_code_names_alone() {
    let manifest: toml::Table = Crate::open("generated").manifest().parse().unwrap();
    let dependencies = manifest["dependencies"].as_table().unwrap();
    let packages: Vec<Option<&str>> = dependencies.values().map(|one| one.get("package")?.as_str()).collect();
    assert_eq!(packages, [Some("keyway-provider")]);
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
    // Modules that import nothing which is left are no part of a circle; what is left in the end is.
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
    for root in [
        "compiler",
        "compiler/lsp",
        "compiler/suffix",
        "macros",
        "runtime",
        "runtime/core",
        "runtime/format",
        "runtime/provider",
        "runtime/server",
        "cli",
    ] {
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
        "runtime/core",
        "runtime/format",
        "runtime/provider",
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
        "runtime/core",
        "runtime/format",
        "runtime/provider",
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
