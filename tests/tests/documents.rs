//! The documents: their links lead somewhere, and nothing in them waits to be checked.
//!
//! Not covered: links to other sites, and anchors within a page.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::source::workspace_root;
use std::path::{Path, PathBuf};

#[test]
fn relative_links_lead_to_files() {
    let mut broken = Vec::new();
    let mut followed = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        // Every other part stands in a block of code.
        let prose: String = text.split("```").step_by(2).collect();
        for target in prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || target.contains("://") {
                continue;
            }
            followed += 1;
            if !page.parent().unwrap().join(file).exists() {
                broken.push(format!("{}: `{target}`", page.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert!(followed >= 10, "this test no longer finds the links it is about");
}

#[test]
fn no_page_holds_a_note_to_its_author() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(!text.contains("<!-- CHECK"), "{} has an open CHECK", page.display());
    }
}

/// The pages at the root and below `docs`.
fn pages() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&workspace_root(), false, &mut found);
    collect(&workspace_root().join("docs"), true, &mut found);
    found
}

fn collect(folder: &Path, deep: bool, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if deep && path.is_dir() {
            collect(&path, deep, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}
