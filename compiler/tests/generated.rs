//! The checked-in crate of the project's own catalogue is what the compiler makes of `providers.yaml` today.

use bumpalo::Bump;
use keyway_compiler::diagnostic::render::text::{Style, render};
use keyway_compiler::pipeline::compile;
use keyway_compiler::source::Sources;
use keyway_compiler::{emit, output};
use std::path::Path;

#[test]
fn the_generated_crate_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join("providers.yaml")).unwrap();
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", text);
    let arena = Bump::new();
    let (checked, specs) = compile(&arena, &sources, file, &[]);
    let report: Vec<String> =
        checked.diagnostics.iter().map(|finding| render(finding, &sources, Style::Plain)).collect();
    assert!(!checked.diagnostics.has_errors(), "{}", report.join("\n\n"));
    assert_eq!(specs.len(), checked.entries.len());

    let plan = output::plan(&root.join("generated/src"), &emit::crate_files(&specs)).unwrap();
    assert!(plan.is_empty(), "stale; run `cargo run -- build --out generated/src`\n{}", plan.diff());
}
