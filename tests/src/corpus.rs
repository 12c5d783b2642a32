//! The corpus, lowered once per test process.
//!
//! It is read from `../shared`, or from the folder in `KEYWAY_SHARED`; nothing of it is part of this project.

use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A file of `../shared`, if it is there.
pub fn shared(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("KEYWAY_SHARED")
        .map_or_else(|| crate::source::workspace_root().join("../shared"), PathBuf::from);
    Some(folder.join(file)).filter(|path| path.exists())
}

/// The corpus' providers with the quirks of `tests/quirks.yaml`; `None`, said aloud, where there is no corpus.
pub fn quirky_specs() -> Option<&'static BTreeMap<&'static str, ProviderSpec>> {
    static SPECS: OnceLock<Option<BTreeMap<&'static str, ProviderSpec>>> = OnceLock::new();
    said(SPECS.get_or_init(|| compile(&["quirks.yaml"])).as_ref())
}

/// The corpus' providers by key; `None`, said aloud, where there is no corpus.
pub fn specs() -> Option<&'static BTreeMap<&'static str, ProviderSpec>> {
    static SPECS: OnceLock<Option<BTreeMap<&'static str, ProviderSpec>>> = OnceLock::new();
    said(SPECS.get_or_init(|| compile(&[])).as_ref())
}

/// The providers of a catalogue, whatever is found in it.
pub fn lowered(name: &str, text: String) -> Vec<ProviderSpec> {
    let mut sources = Sources::default();
    let catalogue = sources.add(name, text);
    // Kept until the process ends, as a server keeps its catalogue.
    pipeline::load(&sources, pipeline::Input { catalogue, overlays: Vec::new() }).1
}

/// The corpus with overlays of this folder's crate.
fn compile(overlays: &[&str]) -> Option<BTreeMap<&'static str, ProviderSpec>> {
    let text = std::fs::read_to_string(shared("corpus/nango-providers.yaml")?).ok()?;
    let mut sources = Sources::default();
    let catalogue = sources.add("corpus", text);
    let mut over = Vec::new();
    for name in overlays {
        let path = crate::source::workspace_root().join("tests").join(name);
        over.push(sources.add(*name, std::fs::read_to_string(path).ok()?));
    }
    // Kept until the process ends, as a server keeps its catalogue.
    let (_, specs) = pipeline::compile(&sources, pipeline::Input { catalogue, overlays: over }, &[]);
    Some(specs.into_iter().map(|spec| (spec.key, spec)).collect())
}

#[allow(clippy::print_stdout)] // read by the person who runs the tests
fn said<T>(specs: Option<T>) -> Option<T> {
    if specs.is_none() {
        println!("skipped: no corpus");
    }
    specs
}
