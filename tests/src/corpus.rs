//! The corpus, lowered once per test process.
//!
//! It is read from `../shared`, or from the folder in `KEYWAY_SHARED`; nothing of it is part of this project.

use bumpalo::Bump;
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
pub fn quirky_specs() -> Option<&'static BTreeMap<&'static str, ProviderSpec<'static>>> {
    specs()
}

/// The corpus' providers by key; `None`, said aloud, where there is no corpus.
#[allow(clippy::print_stdout)] // read by whoever runs the tests
pub fn specs() -> Option<&'static BTreeMap<&'static str, ProviderSpec<'static>>> {
    static SPECS: OnceLock<Option<BTreeMap<&'static str, ProviderSpec<'static>>>> = OnceLock::new();
    let specs = SPECS.get_or_init(|| {
        let text = std::fs::read_to_string(shared("corpus/nango-providers.yaml")?).ok()?;
        let mut sources = Sources::default();
        let file = sources.add("corpus", text);
        // Kept until the process ends, as a server keeps its catalogue.
        let arena: &'static Bump = Box::leak(Box::default());
        let (_, specs) = pipeline::compile(arena, &sources, file, &[]);
        Some(specs.into_iter().map(|spec| (spec.key, spec)).collect())
    });
    if specs.is_none() {
        println!("skipped: no corpus");
    }
    specs.as_ref()
}
