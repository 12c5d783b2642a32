//! The model on the 981 entries of the shared corpus.

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::diagnostic::{Diagnostic, Diagnostics, Severity};
use keyway_compiler::model::lower;
use keyway_compiler::resolve::{Resolved, fold_inherited, resolve};
use keyway_compiler::source::FileId;
use keyway_compiler::syntax::parse;

/// The resolved corpus, or nothing where there is none.
fn corpus() -> Option<Vec<Resolved>> {
    let text = shared::shared_text("corpus/nango-providers.yaml")?;
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
    let all: Diagnostics = entries.iter().flat_map(|entry| lower(entry).1).collect();
    let all = fold_inherited(all, &entries);
    let milder = all.iter().filter(|finding| finding.severity != Severity::Error);
    let mut found: Vec<String> =
        milder.map(|finding| format!("{} {}", finding.severity.as_str(), finding.path.join("."))).collect();
    found.sort();
    let expected = [
        "note aircall-basic.authorization_params",
        "note aircall-basic.authorization_url",
        "note aircall-basic.token_params",
        "note aircall-basic.token_url",
        "note netsuite-client-credentials.authorization_params",
        "note netsuite-client-credentials.authorization_url",
        "note netsuite-tba.authorization_params",
        "note netsuite-tba.authorization_url",
        "note netsuite-tba.token_url",
        "warning airtable.auth",
        "warning asana.auth",
        "warning attio.auth",
        "warning aws.auth",
        "warning bing-webmasters.refresh_token_params",
        "warning bullhorn.refresh_token_response_metadata",
        "warning gebruder-weiss.authorization_url",
        "warning salesforce-cc.token_expires_in_ms",
        "warning squareup.decode_url",
        "warning thomson-reuters-legal-tracker-tr-account.token_headers",
        "warning thomson-reuters-legal-tracker.token_headers",
        "warning ukg-pro-cc.token_headers",
    ];
    assert_eq!(found, expected);
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_agrees_with_the_model_on_the_corpus() {
    let Some(entries) = corpus() else { return };
    let verdicts: Vec<_> = entries.iter().map(|entry| (entry, lower(entry).1.has_errors())).collect();
    let found: Vec<String> = keyway_compiler::schema::cross_check(&verdicts).iter().map(shown).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_is_draft_07_without_one_of_and_the_same_every_time() {
    let schema = keyway_compiler::schema::json_schema();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    let text = schema.to_string();
    assert!(!text.contains("\"oneOf\"") && !text.contains("\"$defs\""), "{text}");
    assert_eq!(text, keyway_compiler::schema::json_schema().to_string());
    let entry = &schema["definitions"]["Entry"];
    assert_eq!(entry["additionalProperties"], false);
    for key in keyway_compiler::model::keys().iter().filter(|key| !key.path.contains(['.', '['])) {
        assert!(entry["properties"][&key.path]["description"].is_string(), "{}", key.path);
    }
}
