//! Mistakes that users of the macros and of generated code make, and what they are told.
//!
//! Each file of the topics beside this folder does not compile; beside it stands what rustc says. `TRYBUILD=overwrite`
//! writes that anew. Mistakes in a file of providers are tested in the compiler.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use std::path::Path;

#[test]
fn a_mistake_says_the_thing_the_place_and_what_to_write() {
    // A file of providers is looked for beside the manifest, which is that of a package which trybuild makes.
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild/keyway-ui-tests");
    std::fs::create_dir_all(&package).unwrap();
    std::fs::write(package.join("acme.yaml"), include_str!("../files/acme.yaml")).unwrap();
    let cases = trybuild::TestCases::new();
    for topic in ["api", "builder", "calls", "derive", "files", "inline", "modules"] {
        cases.compile_fail(format!("{topic}/*.rs"));
    }
}
