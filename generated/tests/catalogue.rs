//! The checked-in crate is what the compiler makes of `providers.yaml` today, as text and as values.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests, which clippy does not take for tests")]

use keyway_compiler::diagnostic::render::text::{Style, render};
use keyway_compiler::pipeline::compile;
use keyway_compiler::source::Sources;
use keyway_compiler::{emit, output};
use keyway::__codegen::prelude::{Fields, Provider, ProviderSpec};
use keyway_providers::{PROVIDERS, github, zendesk};
use std::path::{Path, PathBuf};

/// Compiles the project's own catalogue.
fn catalogue() -> Vec<ProviderSpec> {
    let text = std::fs::read_to_string(root().join("providers.yaml")).unwrap();
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", text);
    let (checked, specs) = compile(&sources, file, &[]);
    let report: Vec<String> =
        checked.diagnostics.iter().map(|finding| render(finding, &sources, Style::Plain)).collect();
    assert!(!checked.diagnostics.has_errors(), "{}", report.join("\n\n"));
    assert_eq!(specs.len(), checked.entries.len());
    specs
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_generated_files_are_up_to_date() {
    let plan = output::plan(&root().join("generated/src"), &emit::module_files(&catalogue())).unwrap();
    assert!(plan.is_empty(), "stale; run `cargo run -- build --modules --out generated/src`\n{}", plan.diff());
}

#[test]
fn every_generated_static_equals_the_lowered_value() {
    let mut specs = catalogue();
    specs.sort_by_key(|spec| spec.key);
    assert_eq!(specs.len(), PROVIDERS.len());
    for (lowered, generated) in specs.iter().zip(PROVIDERS.iter().copied()) {
        let expected = if cfg!(feature = "endpoints") { *lowered } else { ProviderSpec { operations: &[], ..*lowered } };
        assert_eq!(expected, *generated, "{}", lowered.key);
    }
}

#[test]
fn a_module_gives_its_fields_by_the_names_of_the_format() {
    let config = zendesk::Config { subdomain: "acme".into() };
    assert_eq!(Vec::from_iter(config.pairs()), [("subdomain", "acme".to_owned())]);
    assert_eq!(github::API_VERSION.name(), "apiVersion");
    assert_eq!(<github::Github as Provider>::SPEC.key, "github");
}
