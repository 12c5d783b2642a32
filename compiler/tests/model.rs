//! The model on the 981 entries of the shared corpus.

use keyway_compiler::diagnostic::{Diagnostic, Severity};
use keyway_compiler::model::lower;
use keyway_compiler::resolve::{Resolved, resolve};
use keyway_compiler::source::FileId;
use keyway_compiler::syntax::parse;
use std::path::{Path, PathBuf};

/// The resolved corpus, or nothing where there is none.
fn corpus() -> Option<Vec<Resolved>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("KEYWAY_SHARED").map_or_else(beside, PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join("corpus/nango-providers.yaml")) else {
        println!("skipped: no corpus");
        return None;
    };
    let (entries, diagnostics) = resolve(parse(FileId(0), &text).0);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    Some(entries)
}

fn shown(finding: &Diagnostic) -> String {
    format!("{} {}: {}", finding.rule.name, finding.path.join("."), finding.message)
}

#[test]
fn every_entry_of_the_corpus_lowers_but_one_that_has_no_token_endpoint() {
    let Some(entries) = corpus() else { return };
    let mut errors = Vec::new();
    let mut lowered = 0;
    for entry in &entries {
        let (provider, found) = lower(entry);
        lowered += usize::from(provider.is_some());
        errors.extend(found.iter().filter(|finding| finding.severity == Severity::Error).map(shown));
    }
    assert_eq!(errors, ["auth-mode-shape certn-partner: `certn-partner` has no `token_url`"]);
    assert_eq!((entries.len(), lowered), (981, 980));
}

#[test]
fn keys_of_the_corpus_that_nothing_reads_are_reported() {
    let Some(entries) = corpus() else { return };
    let mut warnings = Vec::new();
    for entry in &entries {
        let (_, found) = lower(entry);
        warnings.extend(
            found
                .iter()
                .filter(|finding| finding.severity != Severity::Error)
                .map(|finding| format!("{} {}", finding.severity.as_str(), finding.path.join("."))),
        );
    }
    warnings.sort();
    insta::assert_snapshot!(warnings.join("\n"));
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_agrees_with_the_model_on_the_corpus() {
    let Some(entries) = corpus() else { return };
    let found: Vec<String> = keyway_compiler::schema::cross_check(&entries).iter().map(shown).collect();
    assert_eq!(found, Vec::<String>::new());
}
