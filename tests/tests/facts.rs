//! The facts of the catalogue beside those of the original one: each difference is explained, and each explanation
//! explains one.
//!
//! `fixtures/KEY/differs.tsv` says why: the key, the path of the fact, the reason, the page that says so.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_tests::differs::DiffersLine;
use keyway_tests::shared::{shared, skip};
use keyway_tests::source::workspace_root;
use std::fmt::Write;
use std::process::Command;

/// Keys that the original format lacks say more, and never otherwise.
const OURS: &str = "*\tkeyway.*\tKeyway says more than the format\t-\n";

#[test]
fn every_difference_from_the_original_catalogue_is_explained() {
    let (Some(script), Some(corpus)) = (shared("catalogue/factdiff.py"), shared("corpus/nango-providers.yaml")) else {
        return;
    };
    if !Command::new("python3").args(["-c", "import yaml"]).status().is_ok_and(|status| status.success()) {
        return skip("python3 has no module `yaml` (Debian: python3-yaml)");
    }
    let mut explained = OURS.to_owned();
    let mut explanations = 0;
    for (folder, line) in keyway_tests::differs::lines("differs.tsv") {
        let DiffersLine { key, fact, reason, page } = &line;
        assert!(folder == *key, "fixtures/{folder}/differs.tsv: `{key}` is another entry");
        // What only the other project's code reads has no page of the vendor's.
        let has_source = page == "-" || page.starts_with("https://");
        assert!(reason.ends_with('.') && has_source, "fixtures/{folder}/differs.tsv: {line:?}");
        writeln!(explained, "{key}\t{fact}\t{reason}\t{page}").unwrap();
        explanations += 1;
    }
    assert!(explanations > 300, "this test no longer finds the explanations: {explanations}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), explained).unwrap();
    let output = Command::new("python3")
        .args([script, workspace_root().join("providers.yaml"), corpus])
        .arg("--explained")
        .arg(file.path())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}
