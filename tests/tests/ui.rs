//! Mistakes that users of the macros and of generated code make, and what they are told.
//!
//! Each file of `tests/ui` does not compile; beside it stands what rustc says. `TRYBUILD=overwrite` writes that anew.
//! Mistakes in a file of providers are tested in the compiler.

#[test]
fn a_mistake_says_the_thing_the_place_and_what_to_write() {
    let cases = trybuild::TestCases::new();
    for topic in ["api", "builder", "calls", "files", "inline", "modules"] {
        cases.compile_fail(format!("ui/{topic}/*.rs"));
    }
}
