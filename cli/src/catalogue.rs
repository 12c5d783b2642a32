//! Which providers a command works with: those built into keyway, or a file's.

use crate::exit::{Exit, Failure};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway::catalogue::Catalogue;
use keyway_compiler::diagnostic::{Severity, nearest, render};
use keyway_compiler::pipeline;
use keyway_spec::ProviderSpec;
use std::path::PathBuf;

/// Where the providers come from.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CatalogueArgs {
    /// The providers to read; without it, those built into keyway
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    /// A file laid over the providers, entry by entry; may be given several times
    #[arg(long, value_name = "FILE", requires = "catalogue")]
    overlay: Vec<PathBuf>,
}

impl CatalogueArgs {
    /// The same, from options that have other names.
    pub(crate) fn new(catalogue: Option<PathBuf>, overlay: Vec<PathBuf>) -> CatalogueArgs {
        CatalogueArgs { catalogue, overlay }
    }
}

/// The catalogue of a file, or the built-in one. Of a file, with `wanted`: these entries and those they build on, each
/// of them usable; what is wrong with others is not told.
pub(crate) fn load(args: &CatalogueArgs, wanted: &[String], terminal: &Terminal) -> Result<Catalogue, Failure> {
    let Some(path) = &args.catalogue else {
        return Ok(Catalogue::new(keyway_providers::PROVIDERS));
    };
    let name = input::name(path);
    let progress = terminal.progress(format!("reading {name}"));
    let (sources, input) = input::with_overlays(path, &args.overlay, "--catalogue FILE")?;
    let (checked, specs) = pipeline::load_only(&sources, input, wanted);
    drop(progress);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    for error in &errors {
        say(&format!("{}\n", render::text::render(error, &sources, terminal.errors)));
    }
    for key in wanted.iter().filter(|_| !checked.keys.is_empty()) {
        if !checked.keys.contains(key) {
            return Err(unknown(key, checked.keys.iter().map(String::as_str)));
        }
        if specs.iter().all(|spec| spec.key != key) {
            return Err(Failure { message: unusable(key, &name, errors.len()), exit: Exit::Findings });
        }
    }
    if specs.is_empty() {
        let message = format!("`{name}` has no usable provider; run `keyway check {name}`");
        return Err(Failure { message, exit: Exit::Findings });
    }
    Ok(Vec::leak(specs).iter().collect())
}

/// A provider of a catalogue.
pub(crate) fn provider(catalogue: &Catalogue, key: &str) -> Result<&'static ProviderSpec, Failure> {
    catalogue.get(key).ok_or_else(|| unknown(key, catalogue.iter().map(|spec| spec.key)))
}

/// That an entry cannot be used, because of so many errors that were told.
pub(crate) fn unusable(key: &str, file: &str, errors: usize) -> String {
    match errors {
        0 => format!("`{key}` is in `{file}` and cannot be used; run `keyway check {file} --provider {key}`"),
        1 => format!("`{key}` is in `{file}` and has 1 error, see above; mend it first"),
        count => format!("`{key}` is in `{file}` and has {count} errors, see above; mend them first"),
    }
}

/// The failure of a provider that none of these is.
pub(crate) fn unknown<'k>(key: &str, known: impl Iterator<Item = &'k str>) -> Failure {
    let next = nearest(key, known).map_or_else(
        || "name a file that has it with `--catalogue FILE`".to_owned(),
        |nearest| format!("did you mean `{nearest}`?"),
    );
    Failure::usage(format!("there is no provider `{key}`; {next}"))
}
