//! Which providers a command works with: those built into keyway, or a file's.
//!
//! Nothing here looks inside a provider.

use crate::exit::{Exit, Failure};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway::catalogue::Catalogue;
use keyway_compiler::diagnostic::{Severity, nearest, render};
use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use std::path::Path;

/// The catalogue of a file, or the built-in one. A file's memory is kept until the process ends: its providers are
/// as `'static` as the built-in ones.
pub(crate) fn load(file: Option<&Path>, terminal: &Terminal) -> Result<Catalogue, Failure> {
    let Some(path) = file else {
        return Ok(Catalogue::new(&keyway_providers::PROVIDERS));
    };
    let input = input::read(path, "check")?;
    let progress = terminal.progress(format!("reading {}", input.name));
    let mut sources = Sources::default();
    let name = input.name.clone();
    let file = sources.add(input.name, input.text);
    let arena: &'static bumpalo::Bump = Box::leak(Box::default());
    let (checked, specs) = pipeline::compile(arena, &sources, file, &[]);
    drop(progress);
    for diagnostic in checked.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
        say(&format!("{}\n", render::text::render(diagnostic, &sources, terminal.errors)));
    }
    if specs.is_empty() {
        let message = format!("`{name}` has no usable provider; run `keyway check {name}`");
        return Err(Failure { message, exit: Exit::Findings });
    }
    let specs: &'static [ProviderSpec<'static>] = arena.alloc_slice_copy(&specs);
    Ok(specs.iter().collect())
}

/// A provider of a catalogue.
pub(crate) fn provider(catalogue: &Catalogue, key: &str) -> Result<&'static ProviderSpec<'static>, Failure> {
    catalogue.get(key).ok_or_else(|| {
        let next = nearest(key, catalogue.iter().map(|spec| spec.key)).map_or_else(
            || "name a file that has it with `--catalogue FILE`".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        Failure::usage(format!("there is no provider `{key}`; {next}"))
    })
}
