//! The call of an operation: exactly one verb, with a path that can be called, and no other operation the same.

use crate::diagnostic::Diagnostic;
use crate::lower::ENDPOINT_CALL;
use crate::lower::lowering::Lowering;
use crate::lower::names;
use crate::model::Str;
use crate::model::endpoint::EndpointKeys;
use crate::syntax::Key;
use keyway_format::endpoint_path::{self, PathPiece};
use keyway_spec::operation::Verb;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

/// The pieces of a path with the bytes that each has.
type Pieces<'p> = Vec<(Range<usize>, PathPiece<'p>)>;

/// An operation's call.
pub(super) struct Called<'k> {
    /// Its name.
    pub(super) name: &'k Key,
    /// The method.
    pub(super) verb: Verb,
    /// The path.
    pub(super) path: &'k Str,
    /// The same in its pieces.
    pub(super) pieces: Pieces<'k>,
}

impl<'k> Called<'k> {
    /// Reads it; `None` where it cannot be called, which is reported. In an entry that is not `whole` the path of a
    /// verb may be missing because it could not be read, which was reported.
    pub(super) fn read(
        lowering: &mut Lowering<'_>,
        name: &'k Key,
        keys: &'k EndpointKeys,
        whole: bool,
    ) -> Option<Called<'k>> {
        let (verb, path) = verb(lowering, name, keys, whole)?;
        let pieces = pieces(lowering, verb, path)?;
        Some(Called { name, verb, path, pieces })
    }

    /// Reports it where another operation has the same name in Rust.
    pub(super) fn named_once(&self, lowering: &mut Lowering<'_>, known: &mut HashMap<String, &'k Key>) {
        let name = names::endpoint(&self.name.name);
        match known.entry(name.clone()) {
            Entry::Vacant(free) => {
                free.insert(self.name);
            }
            Entry::Occupied(first) => {
                let first = *first.get();
                let message = format!("`{}` and `{}` would both be `{name}` in Rust", first.name, self.name.name);
                lowering.report(
                    Diagnostic::new(&ENDPOINT_CALL, message, self.name.span)
                        .label("rename this one")
                        .secondary(first.span, "the other one")
                        .help("write other words: a dot and a `_` make no difference in the name of a type"),
                );
            }
        }
    }

    /// Reports it where another operation calls the same, whatever the names of the path's values.
    pub(super) fn only_once(&self, lowering: &mut Lowering<'_>, known: &mut HashMap<String, &'k Key>) {
        let plain = self.pieces.iter().map(|(_, piece)| match piece {
            PathPiece::Text(text) => text,
            PathPiece::Value(_) | PathPiece::Rest(_) => "{}",
        });
        let name = &self.name.name;
        match known.entry([self.verb.name(), " "].into_iter().chain(plain).collect()) {
            Entry::Vacant(free) => {
                free.insert(self.name);
            }
            Entry::Occupied(first) => {
                let first = *first.get();
                let message = format!("`{}` and `{name}` are the same call", first.name);
                let finding = Diagnostic::new(&ENDPOINT_CALL, message, self.path.span)
                    .label("the same verb with the same path")
                    .secondary(first.span, "the first one")
                    .help(format!("remove `{name}`, and list what else it sends under `{}`", first.name));
                lowering.under(self.verb.name(), |lowering| lowering.report(finding));
            }
        }
    }
}

/// The one verb with its path.
fn verb<'k>(lowering: &mut Lowering<'_>, name: &Key, keys: &'k EndpointKeys, whole: bool) -> Option<(Verb, &'k Str)> {
    let mut verbs = keys.verbs();
    let Some((verb, path)) = verbs.next() else {
        if !whole {
            return None;
        }
        lowering.report(
            Diagnostic::new(&ENDPOINT_CALL, format!("`{}` has no verb", name.name), name.span)
                .label("nothing says what is called")
                .help("add the verb with the path: `get: /items`, or `head`, `post`, `put`, `patch`, `delete`"),
        );
        return None;
    };
    for (other, second) in verbs {
        let message = format!("`{}` has two verbs, `{}` and `{}`", name.name, verb.name(), other.name());
        lowering.report(
            Diagnostic::new(&ENDPOINT_CALL, message, second.span)
                .label("the second one")
                .secondary(path.span, "the first one")
                .help(
                    "give each verb an operation with a name of its own, such as `issues.update` and `issues.delete`",
                ),
        );
    }
    Some((verb, path))
}

fn pieces<'p>(lowering: &mut Lowering<'_>, verb: Verb, path: &'p Str) -> Option<Pieces<'p>> {
    match endpoint_path::parse(&path.text) {
        Ok(pieces) => Some(pieces),
        Err(fault) => {
            // An empty text has no bytes to show.
            let span = if fault.range.is_empty() { path.span } else { path.span_of(fault.range) };
            let finding = Diagnostic::new(&ENDPOINT_CALL, fault.message, span).label("this cannot be called");
            lowering.under(verb.name(), |lowering| lowering.report(finding.help(fault.help)));
            None
        }
    }
}
