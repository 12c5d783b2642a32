//! The invariants of `ARCHITECTURE.md` that the text of the source can show.
//!
//! Every test reads the source as tokens (comments and the insides of `#[cfg(test)]` do not count) and names the file
//! and the rule it breaks. Invariants that only running code can show are tested elsewhere.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::modules::{Circle, Graph, circles, graph};
use keyway_tests::source::{Crate, File, Token, workspace_root};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The stages of the compiler from left to right. A stage may name itself and what stands left of it.
const COMPILER: [&str; 24] = [
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
    "witness",
    "lower",
    "emit",
    "schema",
    "analysis",
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
    let allowed = ["httpdate", "jiff", "keyway-spec", "serde_json"];
    let section = format.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap_or("");
    let other =
        section.lines().skip(1).find(|line| !line.is_empty() && !allowed.iter().any(|name| line.starts_with(name)));
    assert_eq!(other, None, "the language that both halves read has another dependency");
}

/// Whether a manifest's `[dependencies]` name a package.
fn depends(manifest: &str, package: &str) -> bool {
    let section = manifest.split("\n[").find(|section| section.starts_with("dependencies]")).unwrap_or("");
    section.lines().any(|line| {
        let name = line.split(['.', ' ', '=']).next().unwrap_or("");
        name == package
    })
}

/// The layers of the runtime that act, from the lowest to the highest. A layer may name itself and those below it; the
/// rest of the runtime names none of them.
const RUNTIME: [&str; 8] = ["account", "engine", "send", "exchange", "refresh", "call", "hooks", "client"];

/// Modules that name layers from outside: the crate's own list of modules, what generated code calls, and what users'
/// tests begin with.
const ABOVE_THE_LAYERS: [&str; 3] = ["lib", "codegen", "testing"];

#[test]
fn layers_of_the_runtime_import_only_from_below() {
    let layer = |module: &str| RUNTIME.iter().position(|name| *name == module);
    let (mut broken, mut seen) = (Vec::new(), BTreeSet::new());
    for file in Crate::open("runtime").files().into_iter().filter(|file| !file.is_test()) {
        let (module, imports) = (file.module(), file.crate_paths());
        let own = layer(&module);
        seen.extend(own);
        if ABOVE_THE_LAYERS.contains(&module.as_str()) {
            continue;
        }
        for imported in imports {
            match (own, layer(&imported)) {
                (Some(own), Some(other)) if other > own => {
                    broken.push(format!("{}: imports `{imported}`, which stands above `{module}`", file.path));
                }
                (None, Some(_)) => broken.push(format!("{}: imports `{imported}`, and is no layer", file.path)),
                _ => {}
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(seen.len(), RUNTIME.len(), "a layer has no file: this test looks in the wrong place");
}

#[test]
fn only_send_calls_a_transport() {
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
    let outside: Vec<&String> = senders.iter().filter(|path| !path.starts_with("runtime/src/send/")).collect();
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

/// Code that checks the runtime must not repeat its mistakes.
#[test]
fn the_simulated_vendor_shares_the_spec_with_the_runtime_and_nothing_else() {
    let manifest: toml::Table = Crate::open("runtime/simulator").manifest().parse().unwrap();
    let own = ["dependencies", "dev-dependencies"].into_iter().filter_map(|table| manifest[table].as_table());
    let own: Vec<&String> = own.flat_map(toml::Table::keys).filter(|name| name.starts_with("keyway")).collect();
    assert_eq!(own, ["keyway-spec"]);
    // The runtime's cryptography, dates and XML; and it neither sends nor waits.
    let lock = locked();
    let (mine, theirs) = (below(&lock, "keyway-simulator"), below(&lock, "keyway-core"));
    for package in ["ring", "jiff", "quick-xml"] {
        assert!(theirs.contains(package), "`{package}` is no package of the runtime: is it called otherwise now?");
        assert!(!mine.contains(package), "the simulated vendor stands on `{package}`, too");
    }
    assert!(mine.contains("hmac") && mine.contains("sha1") && mine.contains("sha2"), "what verifies was not found");
    assert_eq!(ACTING.iter().filter(|acting| mine.contains(**acting)).collect::<Vec<_>>(), Vec::<&&str>::new());
    let files = Crate::open("runtime/simulator").files();
    for file in files.iter().filter(|file| !file.is_test()) {
        let acts = file.identifiers().find(|word| ["fs", "Instant", "SystemTime", "thread"].contains(&word.as_str()));
        assert_eq!(acts, None, "{}", file.path);
    }
    assert!(files.len() > 20, "the files were not found");
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
fn no_files_use_each_other_in_a_circle() {
    let edges: usize = GRAPHS.values().flat_map(|graph| graph.uses.values()).map(BTreeMap::len).sum();
    assert!(edges > 2000, "only {edges} uses between files were found: this test no longer sees them");
    let found: Vec<Circle> = GRAPHS.values().flat_map(circles).collect();
    let found: Vec<String> = found.iter().map(Circle::to_string).collect();
    assert!(found.is_empty(), "use a third file, or move what both need:\n{}", found.join("\n"));
}

#[test]
fn every_file_is_declared_by_a_module() {
    for (member, graph) in &*GRAPHS {
        // A test may include a helper of another package by its path.
        let missing = graph.missing.iter().filter(|path| !workspace_root().join(path).is_file());
        assert_eq!(missing.collect::<Vec<_>>(), Vec::<&String>::new(), "{member}: modules without a file");
        let files: BTreeSet<String> = Crate::open(member).texts().into_keys().collect();
        // A build script declares the modules of the generated crate.
        let is_generated = |path: &&String| path.starts_with("generated/src/");
        let declared = graph.uses.keys().chain(&graph.tests).chain(files.iter().filter(is_generated));
        let declared: BTreeSet<String> = declared.cloned().collect();
        assert_eq!(files.difference(&declared).collect::<Vec<_>>(), Vec::<&String>::new(), "files that no `mod` names");
    }
}

/// The folders of the workspace's members.
fn members() -> Vec<String> {
    let manifest: toml::Table = toml::from_str(&Crate::open("").manifest()).unwrap();
    let members = manifest["workspace"]["members"].as_array().unwrap();
    members.iter().map(|member| member.as_str().unwrap().to_owned()).collect()
}

/// The members that people write.
fn written() -> Vec<String> {
    members().into_iter().filter(|member| member != "generated").collect()
}

/// The graph of each member of the workspace, by its folder.
static GRAPHS: LazyLock<BTreeMap<String, Graph>> = LazyLock::new(|| {
    let graph_of = |member: &String| {
        let files = Crate::open(member).texts();
        if files.is_empty() {
            return None; // a package of tests alone
        }
        let root = ["lib.rs", "main.rs"].map(|name| format!("{member}/src/{name}"));
        let root = root.into_iter().find(|root| files.contains_key(root));
        Some(graph(&root.unwrap_or_else(|| panic!("{member} has no root")), &files))
    };
    members().into_iter().filter_map(|member| Some((member.clone(), graph_of(&member)?))).collect()
});

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
    for root in written().iter().filter(|member| *member != "tests") {
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
    if let Some(corpus) = keyway_tests::shared::shared_text("corpus/nango-providers.yaml") {
        keys.extend(top_level_keys(&corpus));
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
    for root in written() {
        for file in Crate::open(&root).files() {
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
    for root in written() {
        for file in Crate::open(&root).files() {
            let docs: String = file.text.lines().take_while(|line| line.starts_with("//!")).collect();
            if file.text.lines().count() > 400 && !docs.contains("one file because") {
                long.push(format!("{}: {} lines", file.path, file.text.lines().count()));
            }
        }
    }
    assert_eq!(long, Vec::<String>::new());
}

/// The test harness shows nothing of a test that passes, so `skip` goes past it, and `.ci/run` counts what it says.
#[test]
fn a_test_that_is_skipped_says_so_where_it_is_counted() {
    let (mut said, mut files) = (Vec::new(), Vec::new());
    for member in written() {
        for folder in ["src", "tests"] {
            rust_files(&workspace_root().join(&member).join(folder), &mut files);
        }
    }
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        said.extend(text.lines().filter(|line| line.contains(concat!("println!(\"skip", "ped"))).map(str::to_owned));
    }
    assert_eq!(said, Vec::<String>::new(), "call `keyway_tests::skip`, or include `tests/src/shared.rs`");
}

fn rust_files(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// What `CONTRIBUTING.md` says of a new key and a new rule, counted on some that are there.
#[test]
fn a_key_and_a_rule_are_written_in_few_files() {
    // What carries a key from the text to the spec: the model, its lowering, the spec, its printing, and what a change
    // of it breaks. What the runtime does with it comes on top.
    for (key, most) in
        [("decompress", 5), ("token_expiration_buffer", 5), ("keep_access_token", 4), ("refresh_when", 4)]
    {
        let sources = ["compiler", "runtime/spec"].into_iter().flat_map(|member| Crate::open(member).files());
        let named: Vec<String> = sources
            .filter(|file| !file.is_test() && file.identifiers().any(|word| word == key))
            .map(|file| file.path)
            .collect();
        assert!((2..=most).contains(&named.len()), "`{key}` is named in {named:#?}");
    }
    // A rule: its own file, and the one that lists it.
    let files = Crate::open("compiler").files();
    let is_rule =
        |file: &&File| file.path.starts_with("compiler/src/rules/") && file.text.contains("static LINT: Lint");
    let rules: Vec<&File> = files.iter().filter(is_rule).collect();
    assert!(rules.len() > 60, "the rules were not found");
    for rule in rules {
        let name = rule.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        let lists = |file: &&File| {
            file.tokens().windows(4).any(|four| {
                matches!(four, [Token::Ident(module), Token::Punct(':'), Token::Punct(':'), Token::Ident(item)]
                    if module == name && item == "LINT")
            })
        };
        let named: Vec<&str> = files.iter().filter(lists).map(|file| file.path.as_str()).collect();
        assert!(named.len() <= 1, "the rule `{name}` is listed in {named:#?}");
    }
}
