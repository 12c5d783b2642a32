//! Files to entries: they are read, overlays are laid over the catalogue, aliases are followed.

use crate::diagnostic::Diagnostics;
use crate::intake;
use crate::resolve::{Resolved, resolve_over};
use crate::source::{FileId, Sources};
use crate::syntax::Document;

/// A file of providers, and what is laid over it.
#[derive(Clone, Debug)]
pub struct Input {
    /// The providers.
    pub catalogue: FileId,
    /// Files laid over it, the later ones over the earlier ones.
    pub overlays: Vec<FileId>,
}

impl From<FileId> for Input {
    fn from(catalogue: FileId) -> Input {
        Input { catalogue, overlays: Vec::new() }
    }
}

/// Files as they were read.
pub(crate) struct Files {
    /// The catalogue.
    pub(crate) document: Document,
    overlays: Vec<Document>,
    /// The findings of reading.
    pub(crate) found: Diagnostics,
}

/// The entries of a catalogue.
pub(crate) struct Entries {
    /// Those that could be resolved, in file order.
    pub(crate) resolved: Vec<Resolved>,
    /// The keys of all, those that could not be read or resolved included, in file order.
    pub(crate) keys: Vec<String>,
    /// The findings of reading and resolving.
    pub(crate) found: Diagnostics,
}

impl Files {
    /// Reads a catalogue and its overlays. A file that is not of `sources` reads as an empty one.
    pub(crate) fn read(sources: &Sources, input: &Input) -> Files {
        let text = |file| sources.get(file).map_or("", |file| file.text.as_str());
        let (document, mut found) = intake::read(input.catalogue, text(input.catalogue));
        let overlay = |&file: &FileId| {
            let (document, more) = intake::read_overlay(file, text(file));
            found.extend(more);
            document
        };
        let overlays = input.overlays.iter().map(overlay).collect();
        Files { document, overlays, found }
    }

    /// Resolves the entries.
    pub(crate) fn resolve(self) -> Entries {
        let Files { document, overlays, mut found } = self;
        let keys = document.keys();
        let (resolved, unresolved) = resolve_over(document, overlays);
        found.extend(unresolved);
        Entries { resolved, keys, found }
    }
}
