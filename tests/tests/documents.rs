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
        // As every other part of a line stands in code.
        let prose: String = prose.lines().flat_map(|line| line.split('`').step_by(2).chain(["\n"])).collect();
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

/// A recipe says which file is one to copy from by the name of an example; each file it lists has that name.
#[test]
fn the_recipes_for_contributors_name_the_files_that_hold_their_example() {
    let guide = std::fs::read_to_string(workspace_root().join("CONTRIBUTING.md")).unwrap();
    for (title, count) in [("Add an auth mode", 6), ("Add a key", 6), ("Add a quirk", 6)] {
        let recipe = guide.split("\n## ").find(|section| section.starts_with(title)).unwrap();
        let example = recipe.split("` is one to copy").next().and_then(|text| text.rsplit('`').next()).unwrap();
        let files: Vec<String> = recipe
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
            .filter_map(|line| line.split('`').nth(1))
            .map(|file| file.replace("your_mode", &example.to_lowercase()))
            .collect();
        assert_eq!(files.len(), count, "{title}: {files:?}");
        for file in files {
            let text = std::fs::read_to_string(workspace_root().join(&file)).unwrap_or_default();
            assert!(text.contains(example), "{title}: `{file}` has no `{example}`");
        }
    }
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
