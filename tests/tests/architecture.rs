//! The invariants of `ARCHITECTURE.md` that the text of the source can show.
//!
//! Every test reads the source as tokens (comments and the insides of `#[cfg(test)]` do not count) and names the
//! file and the rule it breaks. Absent here: invariants that only running code can show.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_spec::Mode;
use keyway_tests::source::{Crate, File, Token, tokens_of, workspace_root};
use std::collections::{BTreeMap, BTreeSet};

/// The stages of the compiler from left to right. A stage may name itself and what stands left of it.
const COMPILER: [&str; 23] = [
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
const RUNTIME: [&str; 8] = ["engine", "account", "send", "exchange", "refresh", "call", "hooks", "client"];

/// Modules that name layers from outside: the crate's own list of modules, and what generated code calls.
const ABOVE_THE_LAYERS: [&str; 2] = ["lib", "codegen"];

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

/// The crates whose code may ask for an auth mode.
const ASKING: [&str; 10] = [
    "compiler",
    "compiler/lsp",
    "macros",
    "runtime",
    "runtime/core",
    "runtime/format",
    "runtime/provider",
    "runtime/server",
    "runtime/spec",
    "cli",
];

/// Where the data of a mode may be looked into: where it is described, lowered, printed and acted on. Everything else
/// reads the mode's row ([`Mode::facts`]).
const DATA_OF_MODES: [&str; 8] = [
    "cli/src/commands/request/by_name.rs", // writes out the calls in the claims of a token
    "cli/src/commands/request/made.rs",    // names the key of a token
    "compiler/src/emit/docs.rs",           // the page of an app
    "compiler/src/lower/auth.rs",
    "compiler/src/lower/declared.rs",
    "compiler/src/lower/fields.rs",
    "runtime/core/src/auth/",
    "runtime/spec/src/",
];

#[test]
fn the_data_of_an_auth_mode_is_looked_into_only_where_a_mode_is_described_or_acts() {
    let mut broken = Vec::new();
    let mut used = BTreeSet::new();
    for file in files_that_ask() {
        let looks = file.tokens().windows(4).any(|four| is_path_of(four, "Auth"));
        match DATA_OF_MODES.iter().find(|allowed| file.path.starts_with(**allowed)) {
            Some(allowed) if looks => drop(used.insert(*allowed)),
            None if looks => broken.push(format!("{}: looks into `Auth`: read the row of the mode", file.path)),
            _ => {}
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    let unused: Vec<&&str> = DATA_OF_MODES.iter().filter(|allowed| !used.contains(*allowed)).collect();
    assert_eq!(unused, Vec::<&&str>::new(), "these need no exception any more");
}

#[test]
fn no_match_on_an_auth_mode_has_a_wildcard() {
    let planted = "match mode { Mode::Tba => 1, Mode::App | Mode::Custom => { 2 } _ => 3 }";
    assert!(has_wildcard_on_a_mode(&tokens_of(planted)), "the check finds nothing");
    let catch_all = "match (a, auth) { (Some(_), Auth::Tba) => f(), (None, _) => g() }";
    assert!(has_wildcard_on_a_mode(&tokens_of(catch_all)), "the check does not look into tuples");
    let whole = "match auth { Auth::Jwt(_) => match n { 1 => 2, _ => 3 }, Auth::Tba => 4 }";
    assert!(!has_wildcard_on_a_mode(&tokens_of(whole)), "another match is none of its business");
    let broken: Vec<String> =
        files_that_ask().filter(|file| has_wildcard_on_a_mode(file.tokens())).map(|file| file.path).collect();
    assert_eq!(broken, Vec::<String>::new(), "a new mode would go unnoticed here");
}

/// Names of modes in quotes that mean something else, or are the row itself. Each is reviewed.
const MODES_IN_QUOTES: [(&str, &str); 9] = [
    ("compiler/src/model/app.rs", "a value of `auth_type`"),
    ("compiler/src/model/meaning.rs", "what a misspelt name was meant for"),
    ("compiler/src/model/meaning/values.rs", "what a misspelt name was meant for"),
    ("compiler/src/model/union.rs", "keys of the map `token_url`"),
    ("runtime/core/src/auth/app/jwt.rs", "the `typ` of a token (RFC 7519 section 5.1)"),
    ("runtime/core/src/auth/client_assertion.rs", "the `typ` of a token"),
    ("runtime/core/src/auth/jwt.rs", "the `typ` of a token"),
    ("runtime/provider/src/mode.rs", "the type of an outbound entry, which has no row of its own"),
    ("runtime/spec/src/mode/rows.rs", "the rows"),
];

#[test]
fn no_auth_mode_is_a_string() {
    let mut broken = Vec::new();
    let mut used = BTreeSet::new();
    for file in files_that_ask() {
        let quoted: BTreeSet<String> = file.strings().filter(|text| Mode::parse(text).is_some()).collect();
        match MODES_IN_QUOTES.iter().find(|(path, _)| *path == file.path) {
            Some((path, _)) if !quoted.is_empty() => drop(used.insert(*path)),
            None if !quoted.is_empty() => broken.push(format!("{}: {quoted:?}: compare `Mode`s", file.path)),
            _ => {}
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(used.len(), MODES_IN_QUOTES.len(), "some of these need no exception any more: {used:?}");
}

fn files_that_ask() -> impl Iterator<Item = File> {
    // `interleavings` is a test that is a folder.
    let is_test = |file: &File| file.is_test() || file.path.contains("/interleavings/");
    ASKING.into_iter().flat_map(|root| Crate::open(root).files()).filter(move |file| !is_test(file))
}

/// Whether tokens begin with `name::Variant`.
fn is_path_of(tokens: &[Token], name: &str) -> bool {
    matches!(tokens, [Token::Ident(root), Token::Punct(':'), Token::Punct(':'), Token::Ident(variant), ..]
        if root == name && variant.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Whether a `match` with an auth mode among its patterns has one that takes whatever is left.
fn has_wildcard_on_a_mode(tokens: &[Token]) -> bool {
    let is_match = |token: &Token| matches!(token, Token::Ident(word) if word == "match");
    tokens.iter().enumerate().filter(|(_, token)| is_match(token)).any(|(at, _)| {
        let patterns = patterns(&tokens[at + 1..]);
        let names_a_mode = |pattern: &&[Token]| {
            pattern.windows(4).any(|four| is_path_of(four, "Auth") || is_path_of(four, "Mode"))
                || is_path_of(pattern, "Auth")
                || is_path_of(pattern, "Mode")
        };
        patterns.iter().any(names_a_mode) && patterns.iter().any(|pattern| takes_the_rest(pattern))
    })
}

/// Whether a pattern is `_`, a name, or a tuple with one of these among its members.
fn takes_the_rest(pattern: &[Token]) -> bool {
    let is_any = |token: &Token| matches!(token, Token::Ident(word) if word.starts_with(|first: char| first == '_' || first.is_lowercase()));
    match pattern {
        [only] => is_any(only),
        [Token::Punct('('), members @ .., Token::Punct(')')] => {
            let mut depth = 0_usize;
            let mut starts = true;
            members.iter().enumerate().any(|(at, token)| {
                let ends = matches!(members.get(at + 1), None | Some(Token::Punct(',')));
                let found = depth == 0 && starts && ends && is_any(token);
                match token {
                    Token::Punct('(' | '[' | '{') => depth += 1,
                    Token::Punct(')' | ']' | '}') => depth = depth.saturating_sub(1),
                    _ => {}
                }
                starts = depth == 0 && *token == Token::Punct(',');
                found
            })
        }
        _ => false,
    }
}

/// The patterns of the `match` whose scrutinee begins the tokens.
fn patterns(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_usize;
    let opens = |token: &Token| matches!(token, Token::Punct('(' | '[' | '{'));
    let closes = |token: &Token| matches!(token, Token::Punct(')' | ']' | '}'));
    let start = tokens.iter().position(|token| {
        let begins = depth == 0 && *token == Token::Punct('{');
        depth = if opens(token) { depth + 1 } else { depth.saturating_sub(usize::from(closes(token))) };
        begins
    });
    let Some(mut at) = start.map(|start| start + 1) else { return Vec::new() };
    let mut found = Vec::new();
    // A pattern ends at `=>`, an arm at a comma or behind the block that it is.
    let (mut begin, mut depth, mut in_pattern) = (at, 0_usize, true);
    while let Some(token) = tokens.get(at) {
        if depth == 0 && closes(token) {
            break;
        }
        let arrow = *token == Token::Punct('=') && tokens.get(at + 1) == Some(&Token::Punct('>'));
        if in_pattern && depth == 0 && arrow {
            let whole = &tokens[begin..at];
            let guard = whole.iter().position(|token| matches!(token, Token::Ident(word) if word == "if"));
            found.push(&whole[..guard.unwrap_or(whole.len())]);
            in_pattern = false;
            at += 1;
        } else {
            depth = if opens(token) { depth + 1 } else { depth.saturating_sub(usize::from(closes(token))) };
            let ends_block = *token == Token::Punct('}') && tokens.get(at + 1) != Some(&Token::Punct(','));
            if !in_pattern
                && depth == 0
                && (*token == Token::Punct(',') || ends_block && !continues(tokens.get(at + 1)))
            {
                in_pattern = true;
                begin = at + 1;
            }
        }
        at += 1;
    }
    found
}

/// Whether an expression goes on behind a block: `{ .. }.map(..)`, `if .. { } else { }`.
fn continues(next: Option<&Token>) -> bool {
    match next {
        Some(Token::Punct(mark)) => matches!(mark, '.' | '?'),
        Some(Token::Ident(word)) => word == "else",
        _ => false,
    }
}
