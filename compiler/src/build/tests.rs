//! The effects that a build script sees: files written, inputs watched, reports. Real folders, no cargo.

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
customers:
  display_name: Customers
  docs: https://customers.example/docs
  categories: [crm]
  auth_mode: API_KEY
  credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
  proxy:
    base_url: https://api.customers.example
    headers: {authorization: 'Bearer ${apiKey}'}
  keyway:
    endpoints:
      people.list: {get: /people}
      people.get: {get: '/people/{id}'}
      notes.list: {get: /notes}
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

/// The outcome of a build: its result, what Cargo was told, and the file that was written.
struct Outcome {
    result: Result<(), Failed>,
    told: Vec<String>,
    text: Option<String>,
}

fn run(folder: &Path, build: Build) -> Outcome {
    let mut told = Vec::new();
    let result = build.out_dir(folder).run(&mut |instruction| told.push(instruction));
    Outcome { result, told, text: std::fs::read_to_string(folder.join("keyway/providers.rs")).ok() }
}

fn build(configure: impl FnOnce(Build) -> Build) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my providers.yaml");
    std::fs::write(&path, CATALOGUE).unwrap();
    run(folder.path(), configure(providers(&path)))
}

/// The keys of the modules in a generated file.
fn modules(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(" {")).collect()
}

#[test]
fn only_what_is_selected_is_checked_and_written() {
    for (keys, categories, expected) in [
        (&["heir"][..], &[][..], &["heir"][..]),
        (&[], &["crm"], &["customers"]),
        (&["base"], &["crm"], &["base", "customers"]),
        (&["customers"], &["crm"], &["customers"]),
    ] {
        let outcome = build(|build| build.only(keys.iter().copied()).categories(categories.iter().copied()));
        outcome.result.unwrap();
        let text = outcome.text.unwrap();
        assert_eq!(modules(&text), expected, "{keys:?} {categories:?}");
        syn::parse_file(&text).unwrap();
    }
}

#[test]
fn operations_are_written_where_they_are_asked_for() {
    for (names, expected) in [
        (&[][..], &[][..]),
        (&["people.list"], &["PeopleList"]),
        (&["people.*"], &["PeopleGet", "PeopleList"]),
        (&["notes.list", "people.get"], &["NotesList", "PeopleGet"]),
        (&["*"], &["NotesList", "PeopleGet", "PeopleList"]),
    ] {
        let outcome = build(|build| build.only(["customers", "base"]).endpoints(names.iter().copied()));
        outcome.result.unwrap();
        let text = outcome.text.unwrap();
        let structs: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("        pub struct ")?.split([' ', '<', '{']).next())
            .collect();
        assert_eq!(structs, expected, "{names:?}");
        assert_eq!(text.contains("operations: &endpoints::OPERATIONS"), !names.is_empty());
        syn::parse_file(&text).unwrap();
    }
    let report = build(|build| build.only(["customers"]).endpoints(["people.lst"])).result.unwrap_err().to_string();
    assert!(report.ends_with("has an endpoint `people.lst`; did you mean `people.list`?"), "{report}");
}

#[test]
fn an_error_fails_with_the_rendered_report_and_writes_nothing() {
    let outcome = build(|build| build);
    let report = format!("{:?}", outcome.result.unwrap_err());
    assert!(report.contains("KW0201") && report.contains("nowhere") && report.contains("1 error"), "{report}");
    assert_eq!(outcome.text, None);
}

#[test]
fn an_unknown_selection_gets_the_nearest_name() {
    for (key, category, expected) in [
        (Some("hier"), None, "has no provider `hier`; did you mean `heir`?"),
        (None, Some("crn"), "has no provider of the category `crn`; did you mean `crm`?"),
        (None, Some("telephony"), "has no provider of the category `telephony`"),
    ] {
        let report = build(|build| build.only(key).categories(category)).result.unwrap_err().to_string();
        assert!(report.ends_with(expected), "{report}");
    }
}

#[test]
fn a_missing_file_is_named_and_not_watched() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), providers("no/such.yaml"));
    let report = outcome.result.unwrap_err().to_string();
    assert!(report.starts_with("cannot read `no/such.yaml`"), "{report}");
    assert_eq!(outcome.told, [""; 0]);
}

#[test]
fn every_input_is_watched_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (path, over) = (folder.path().join("a b.yaml"), folder.path().join("over.yaml"));
    std::fs::write(&path, CATALOGUE).unwrap();
    std::fs::write(&over, "heir: {display_name: Heiress}").unwrap();
    let outcome = run(folder.path(), providers(&path).overlay(&over).only(["heir"]));
    outcome.result.unwrap();
    let watched: Vec<&String> = outcome.told.iter().filter(|told| !told.starts_with("warning=")).collect();
    let expected = [&path, &over].map(|path| format!("rerun-if-changed={}", path.display()));
    assert_eq!(watched, expected.iter().collect::<Vec<_>>());
    assert!(outcome.text.unwrap().contains("Heiress"));
}

#[test]
fn a_warning_is_one_line_with_its_place() {
    let outcome = build(|build| build.only(["customers"]));
    let warnings: Vec<&String> = outcome.told.iter().filter(|told| told.starts_with("warning=")).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let expected = "my providers.yaml:21:3: nothing proves the credential when a connection is made (KW0390 ";
    assert!(warnings[0].contains(expected), "{warnings:?}");
}

#[test]
fn a_file_that_would_not_change_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.yaml");
    std::fs::write(&path, CATALOGUE).unwrap();
    let written = || std::fs::metadata(folder.path().join("keyway/providers.rs")).unwrap().modified().unwrap();
    run(folder.path(), providers(&path).only(["base"])).result.unwrap();
    let old = std::time::SystemTime::UNIX_EPOCH;
    let file = std::fs::File::options().write(true).open(folder.path().join("keyway/providers.rs")).unwrap();
    file.set_modified(old).unwrap();
    run(folder.path(), providers(&path).only(["base"])).result.unwrap();
    assert_eq!(written(), old);
    run(folder.path(), providers(&path).only(["heir"])).result.unwrap();
    assert!(written() > old);
}

#[test]
fn a_catalogue_is_named_by_a_file_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["../up", "", "a/b", "A"] {
        let report = run(folder.path(), providers("p.yaml").named(name)).result.unwrap_err().to_string();
        assert!(report.starts_with(&format!("`{name}` cannot name a catalogue")), "{report}");
    }
}
