//! What the rules call an error on the original catalogue: each is in `docs/rules.md`, and no rule is everywhere.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_compiler::diagnostic::Severity;
use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_error_is_listed_with_its_evidence_and_no_rule_is_everywhere() {
    let Some(path) = keyway_tests::shared("corpus/nango-providers.yaml") else { return };
    let mut sources = Sources::default();
    let file = sources.add("corpus.yaml", std::fs::read_to_string(path).unwrap());
    let checked = pipeline::check(&sources, file);
    let docs = std::fs::read_to_string(keyway_tests::source::workspace_root().join("docs/rules.md")).unwrap();
    let mut entries: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for found in checked.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
        let path = found.path.join(".");
        assert!(docs.contains(&format!("- `{path}`: ")), "{} at {path} is not in docs/rules.md", found.rule.name);
        entries.entry(found.rule.name).or_default().insert(found.provider().unwrap_or_default());
    }
    for (rule, flagged) in entries {
        assert!(flagged.len() * 20 <= checked.keys.len(), "{rule} is an error of {} entries", flagged.len());
    }
}
