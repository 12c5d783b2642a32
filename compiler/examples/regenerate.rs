//! `cargo run -p keyway-compiler --example regenerate`: the project's own catalogue as Rust, again.
//!
//! The command line does the same with `keyway build`, but it is built from the generated crate: after a change of the
//! spec's types, this comes first.

use keyway_compiler::{emit, output, pipeline, source::Sources};

fn main() -> std::io::Result<()> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", std::fs::read_to_string(root.join("providers.yaml"))?);
    let (_, specs) = pipeline::compile(&sources, file, &[]);
    output::plan(&root.join("generated/src"), &emit::module_files(&specs))?.apply()
}
