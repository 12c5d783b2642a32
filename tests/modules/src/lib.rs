//! The example in the docs of each generated module, compiled.
//!
//! The build script collects them as functions. They are not run, because that would need every vendor. Only tests
//! are built: a package of its own, so that no other test has a build script.
#![cfg(test)]

#[allow(dead_code, unused_variables, clippy::pedantic, reason = "examples, as their readers see them")]
mod examples {
    include!(concat!(env!("OUT_DIR"), "/examples.rs"));
}

#[test]
fn every_module_has_an_example() {
    let keys: Vec<&str> = keyway_providers::PROVIDERS.iter().map(|spec| spec.key).collect();
    let mut modules: Vec<String> = keys.iter().map(|key| keyway_compiler::lower::names::module(key)).collect();
    modules.sort();
    assert_eq!(examples::NAMES, modules);
}
