//! The book under `docs/src`: its generated pages are current, its links lead somewhere, its code holds.
//!
//! `docs/src/guide/code-blocks.md` says what each tag of a block of code promises. The Rust of `rust,no_run`
//! is compiled as documentation tests of `keyway-tests`.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod block;
mod forms;
mod run;
mod snippets;
mod vendor_says;

use block::Page;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The book as `docs/build` makes it: the pages that are checked in, and one for each provider.
fn whole() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("docs/src"), folder.path());
    let output = docs(&["--out", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Copies the pages of a folder, without those that are not checked in.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() && !path.ends_with("providers") {
            std::fs::create_dir(&target).unwrap();
            copy(&path, &target);
        } else if path.is_file() {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

fn docs(options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keyway")).current_dir(root()).arg("docs").args(options).output().unwrap()
}

#[test]
fn the_generated_pages_are_current() {
    let options = ["--out", "docs/src", "--part", "format", "--part", "rules"];
    let output = docs(&[&options[..], &["--check"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\nin a checkout: `cargo run -- docs {}`", options.join(" "));
}

#[test]
fn the_table_of_contents_lists_every_page_once() {
    let book = whole();
    let folder = book.path();
    let summary = std::fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    let listed: Vec<&str> = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let once: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(once.len(), listed.len(), "a page is listed twice");
    let there: BTreeSet<String> = Page::all(folder).into_iter().map(|page| page.name).collect();
    assert_eq!(once.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), there);
}

#[test]
fn every_block_of_code_does_what_its_tag_says() {
    let mut failed = Vec::new();
    let mut count = 0;
    let book = whole();
    for page in Page::all(book.path()) {
        let mut folder = run::Folder::new();
        for block in page.blocks() {
            count += 1;
            if let Err(reason) = run::block(&block, &page.name, &mut folder) {
                failed.push(format!("{} line {}: {reason}", page.name, block.line));
            }
        }
    }
    assert_eq!(failed.join("\n\n"), "");
    assert!(count > 200, "this test no longer finds the blocks it is about");
}

/// Editors complete and check a file whose first line names the schema.
#[test]
fn the_catalogue_begins_with_its_schema() {
    let text = std::fs::read_to_string(root().join("providers.yaml")).unwrap();
    let schema = text.lines().next().unwrap().strip_prefix("# yaml-language-server: $schema=");
    let path = root().join(schema.expect("the first line names no schema"));
    let schema: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
}
