//! Generated modules of ten auth modes, kept for reading: what changes in the emitter shows here. `tests/consumers`
//! compiles them. `equality` tests that they agree with the specs.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap")]

use keyway_compiler::emit::crate_files;
use keyway_compiler::pipeline::compile;
use keyway_compiler::source::Sources;

#[test]
fn a_module_reads_as_if_a_person_wrote_it() {
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", include_str!("fixtures/modes.yaml"));
    let (_, specs) = compile(&sources, file, &[]);
    let files = crate_files(&specs);
    for name in ["code", "outbound", "client", "key", "user", "login", "signed", "one", "app_and_user", "open"] {
        let module = files.iter().find(|file| file.name == format!("{name}.rs")).unwrap();
        insta::assert_snapshot!(name, module.text);
    }
}

#[test]
fn adding_an_entry_changes_one_file_and_the_index() {
    let text = include_str!("fixtures/modes.yaml");
    let files = |text: String| {
        let mut sources = Sources::default();
        let file = sources.add("providers.yaml", text);
        crate_files(&compile(&sources, file, &[]).1)
    };
    let before = files(text.to_owned());
    let more = "a-first-one:\n    alias: key\n    display_name: First\n    docs: https://docs.example.com\n    categories: [crm]\n";
    let after = files(format!("{more}{text}"));
    let changed: Vec<&str> =
        after.iter().filter(|file| !before.contains(file)).map(|file| file.name.as_str()).collect();
    assert_eq!(changed, ["lib.rs", "a_first_one.rs"]);
    assert_eq!(after.len(), before.len() + 1);
}
