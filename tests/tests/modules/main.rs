//! The example in the docs of each generated module, compiled.
//!
//! `examples.rs` holds them as functions; a test compares it with the modules, and `OVERWRITE=1` writes it anew. They
//! are not run, because that would need every vendor.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

#[rustfmt::skip]
#[allow(dead_code, unused_variables, clippy::pedantic, reason = "examples, as their readers see them")]
mod examples;

use keyway_tests::source::workspace_root;
use std::fmt::Write;

#[test]
fn the_examples_are_those_of_the_modules() {
    let path = workspace_root().join("tests/tests/modules/examples.rs");
    let expected = examples();
    if std::env::var_os("OVERWRITE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    assert!(found == expected, "stale; run `OVERWRITE=1 cargo test -p keyway-tests --test modules`\n{expected}");
    assert!(found.matches("async fn").count() > 20);
}

/// A function for the example of every module of the catalogue.
fn examples() -> String {
    let folder = workspace_root().join("generated/src");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut text =
        String::from("//! Written by the test beside it.\n\nuse keyway::{Keyway, Result};\nuse keyway_providers::*;\n");
    for file in files {
        let module = std::fs::read_to_string(&file).unwrap();
        let lines = module.lines().filter_map(|line| line.strip_prefix("//!"));
        let example = lines.skip_while(|line| *line != " ```ignore").skip(1).take_while(|line| *line != " ```");
        let example: String = example.flat_map(|line| ["   ", line, "\n"]).collect();
        if !example.is_empty() {
            let name = file.file_stem().unwrap().display();
            let signature = format!("async fn {name}(keyway: &Keyway, callback: &str) -> Result<()>");
            write!(text, "\n{signature} {{\n{example}    Ok(())\n}}\n").unwrap();
        }
    }
    text
}
