//! What a package needs before it is published, for every member of the workspace, as Cargo reads the manifests.
//!
//! `cargo package --workspace` in `.ci/run` makes the packages; here is what it does not ask for.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::source::workspace_root;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo metadata` says, dependencies included.
fn metadata() -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--offline", "--locked"]).current_dir(workspace_root());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Members of the workspace, or what they stand on.
fn packages(metadata: &Value, are_members: bool) -> Vec<&Value> {
    let members: Vec<&str> = list(&metadata["workspace_members"]).map(text).collect();
    let is_member = |package: &&Value| members.contains(&text(&package["id"]));
    list(&metadata["packages"]).filter(|package| is_member(package) == are_members).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn every_published_package_says_what_it_is() {
    let metadata = metadata();
    let members = packages(&metadata, true);
    let mut lacking = Vec::new();
    for package in &members {
        let name = text(&package["name"]);
        if package["publish"].is_array() {
            continue;
        }
        let folder = Path::new(text(&package["manifest_path"])).parent().unwrap().to_owned();
        let mut expect = |holds: bool, what: &str| {
            if !holds {
                lacking.push(format!("{name}: {what}"));
            }
        };
        for key in ["description", "license", "repository", "rust_version"] {
            expect(!text(&package[key]).is_empty(), key);
        }
        expect(text(&package["documentation"]) == format!("https://docs.rs/{name}"), "documentation");
        // What crates.io takes.
        let keywords: Vec<&str> = list(&package["keywords"]).map(text).collect();
        expect((2..=5).contains(&keywords.len()) && keywords.iter().all(|word| word.len() <= 20), "2 to 5 keywords");
        expect((1..=5).contains(&list(&package["categories"]).count()), "categories");
        expect(folder.join(text(&package["readme"])).is_file(), "a readme");
        for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let is_ours = std::fs::read(folder.join(file)).ok() == std::fs::read(workspace_root().join(file)).ok();
            expect(is_ours, &format!("`{file}` in its folder, a link to that of the workspace"));
        }
        let docs = &package["metadata"]["docs"]["rs"];
        expect(docs["all-features"] == true, "`all-features` for docs.rs");
        expect(list(&docs["rustdoc-args"]).map(text).eq(["--cfg", "docsrs"]), "`--cfg docsrs` for docs.rs");
        if package["features"].as_object().is_some_and(|features| !features.is_empty()) {
            let root = std::fs::read_to_string(folder.join("src/lib.rs"));
            let root = root.or_else(|_| std::fs::read_to_string(folder.join("src/main.rs"))).unwrap_or_default();
            expect(
                root.contains("#![cfg_attr(docsrs, feature(doc_cfg))]"),
                "`doc_cfg` in its root, since it has features",
            );
        }
    }
    assert_eq!(lacking, Vec::<String>::new());
    let kept: Vec<&str> =
        members.iter().filter(|package| package["publish"].is_array()).map(|package| text(&package["name"])).collect();
    assert_eq!(kept, ["keyway-module-examples", "keyway-tests", "keyway-ui-tests"], "what is not published");
    assert!(members.len() > 10, "the members were not found");
}

/// Files that a package names in its source and does not hold would be missed only by those who download it.
#[test]
fn no_package_includes_a_file_of_another() {
    let mut outside = Vec::new();
    let metadata = metadata();
    for package in packages(&metadata, true).into_iter().filter(|package| !package["publish"].is_array()) {
        let folder = Path::new(text(&package["manifest_path"])).parent().unwrap();
        let member = folder.strip_prefix(workspace_root().canonicalize().unwrap()).unwrap().to_owned();
        for (path, text) in keyway_tests::source::Crate::open(&member.to_string_lossy()).texts() {
            for (at, _) in text.match_indices("include_str!(\"").chain(text.match_indices("include_bytes!(\"")) {
                let name = text[at..].split('"').nth(1).unwrap();
                let file = workspace_root().join(&path).parent().unwrap().join(name);
                let file = file.canonicalize().unwrap_or_else(|error| panic!("{path}: `{name}`: {error}"));
                if !file.starts_with(folder) {
                    outside.push(format!("{path}: {name}"));
                }
            }
        }
    }
    assert_eq!(outside, Vec::<String>::new());
}

/// Found by asking each dependency for its own; what our code needs beyond that, clippy's `incompatible_msrv` says.
#[test]
fn the_minimal_rust_version_is_that_of_the_dependencies_or_later() {
    let metadata = metadata();
    let ours = version(text(&packages(&metadata, true)[0]["rust_version"]));
    let theirs = packages(&metadata, false);
    let newest = theirs.iter().max_by_key(|package| version(text(&package["rust_version"]))).unwrap();
    let needed = version(text(&newest["rust_version"]));
    assert!(needed >= (1, 85), "no dependency says its version: this test no longer sees them");
    assert!(ours >= needed, "`{}` needs Rust {needed:?}, and `rust-version` is {ours:?}", text(&newest["name"]));
}

/// `1.89` and `1.89.0` as numbers that compare.
fn version(text: &str) -> (u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// `cargo deny check bans` denies wildcards: a version that does not exist yet would be taken too.
#[test]
fn no_package_takes_any_version_of_another() {
    let metadata = metadata();
    let mut wild = Vec::new();
    for package in packages(&metadata, true) {
        for dependency in list(&package["dependencies"]) {
            // A path alone will do where nothing is published: between such members, and for tests.
            let is_by_path =
                dependency["path"].is_string() && (package["publish"].is_array() || dependency["kind"] == "dev");
            if text(&dependency["req"]) == "*" && !is_by_path {
                wild.push(format!("{}: {}", text(&package["name"]), text(&dependency["name"])));
            }
        }
    }
    assert_eq!(wild, Vec::<String>::new());
}

/// What `cargo deny check licenses sources` says, for everyone who runs the tests.
#[test]
fn every_dependency_has_a_licence_and_a_source_that_deny_toml_allows() {
    let deny: toml::Table =
        toml::from_str(&std::fs::read_to_string(workspace_root().join("deny.toml")).unwrap()).unwrap();
    let words = |table: &str, key: &str| -> Vec<String> {
        let list = deny[table][key].as_array().unwrap();
        list.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let (allowed, registries) = (words("licenses", "allow"), words("sources", "allow-registry"));
    let mut refused = Vec::new();
    let metadata = metadata();
    for package in packages(&metadata, false) {
        let (name, license) = (text(&package["name"]), text(&package["license"]));
        if !is_allowed(license, &allowed) {
            refused.push(format!("{name}: `{license}`"));
        }
        let source = text(&package["source"]);
        if !registries.iter().any(|registry| source == format!("registry+{registry}")) {
            refused.push(format!("{name}: from `{source}`"));
        }
    }
    assert_eq!(refused, Vec::<String>::new());
    for (license, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT AND GPL-3.0", false),
        ("MIT AND (GPL-3.0 OR Apache-2.0)", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
        ("GPL-3.0/MIT", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("GPL-3.0 WITH LLVM-exception", false),
    ] {
        assert_eq!(is_allowed(license, &allowed), expected, "{license}");
    }
}

/// Whether a licence expression (SPDX annex D; `/` is an old `OR`) can be met with licences of a list.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words, allowed)
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut holds = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        holds |= all_of(words, allowed);
    }
    holds
}

fn all_of(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut holds = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allowed);
    }
    holds
}

fn one(words: &mut Words<'_>, allowed: &[String]) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let holds = any_of(words, allowed);
        return words.next_if_eq(&")").is_some() && holds;
    }
    let mut license = words.next().unwrap_or_default().to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        license = format!("{license} WITH {}", words.next().unwrap_or_default());
    }
    allowed.contains(&license)
}

/// The licences stand once, in the workspace; a package has links, which Cargo packs as files.
#[cfg(unix)]
#[test]
fn licences_of_packages_are_links() {
    let metadata = metadata();
    for package in packages(&metadata, true) {
        let folder = PathBuf::from(text(&package["manifest_path"])).parent().unwrap().to_owned();
        for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let path = folder.join(file);
            assert!(!path.exists() || path.is_symlink(), "{} is a copy", path.display());
        }
    }
}
