//! The corpus, lowered once per test process.
//!
//! It is read from [`shared`](crate::shared::shared); nothing of it is part of this project.

use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The corpus' providers with the quirks of `tests/quirks.yaml`; `None`, said aloud, where there is no corpus.
pub fn quirky_specs() -> Option<&'static BTreeMap<&'static str, ProviderSpec>> {
    static SPECS: OnceLock<Option<BTreeMap<&'static str, ProviderSpec>>> = OnceLock::new();
    let specs = SPECS.get_or_init(|| compile(&["quirks.yaml"])).as_ref();
    specs.or_else(missing)
}

/// The corpus' providers by key; `None`, said aloud, where there is no corpus.
pub fn specs() -> Option<&'static BTreeMap<&'static str, ProviderSpec>> {
    static SPECS: OnceLock<Option<BTreeMap<&'static str, ProviderSpec>>> = OnceLock::new();
    let specs = SPECS.get_or_init(|| compile(&[])).as_ref();
    specs.or_else(missing)
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
    let text = crate::shared::shared_text("corpus/nango-providers.yaml")?;
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

/// Says so in every test, not only in the one that looked for the corpus.
fn missing<T>() -> Option<T> {
    crate::skip("there is no corpus");
    None
}
