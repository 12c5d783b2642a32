//! What a build script sees: files written, inputs watched, reports. Real folders, no cargo.

use super::*;

const CATALOGUE: &str = "\
base:
  display_name: Base
  docs: https://base.example/docs
  categories: [other]
  auth_mode: API_KEY
  credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
  proxy:
    base_url: https://api.base.example
    headers:
      authorization: Bearer ${apiKey}
heir:
  alias: base
  display_name: Heir
  docs: https://heir.example/docs
broken:
  display_name: Broken
  docs: https://broken.example/docs
  categories: [other]
  auth_mode: API_KEY
  credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
  proxy:
    base_url: https://${connectionConfig.nowhere}.broken.example
    headers: {authorization: 'Bearer ${apiKey}'}
";

fn build(only: &[&str]) -> (Result<(), Failed>, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my providers.yaml");
    std::fs::write(&path, CATALOGUE).unwrap();
    let result = providers(&path).only(only.iter().copied()).out_dir(folder.path()).compile();
    (result, std::fs::read_to_string(folder.path().join("keyway/providers.rs")).ok())
}

#[test]
fn only_what_is_selected_is_checked_and_written() {
    let (result, text) = build(&["heir"]);
    result.unwrap();
    let text = text.unwrap();
    assert!(text.contains("pub mod heir {") && !text.contains("pub mod base {"), "{text}");
    assert!(text.contains("PROVIDERS: [&__keyway::ProviderSpec; 1]"), "{text}");
    syn::parse_file(&text).unwrap();
}

#[test]
fn an_error_fails_with_the_rendered_report_and_writes_nothing() {
    let (result, text) = build(&[]);
    let report = format!("{:?}", result.unwrap_err());
    assert!(report.contains("KW0201") && report.contains("nowhere") && report.contains("1 error"), "{report}");
    assert_eq!(text, None);
}

#[test]
fn an_unknown_selection_gets_the_nearest_key() {
    let report = build(&["hier"]).0.unwrap_err().to_string();
    assert!(report.ends_with("has no provider `hier`; did you mean `heir`?"), "{report}");
}

#[test]
fn a_missing_file_is_named() {
    let report = providers("no/such.yaml").out_dir("unused").compile().unwrap_err().to_string();
    assert!(report.starts_with("cannot read `no/such.yaml`"), "{report}");
}
