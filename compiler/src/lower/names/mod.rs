//! Rust names for what the format names: the only place that decides them. `docs/src/guide/names.md` tells users.
//!
//! Names are stable: they depend on the entry alone, and what is added after the others of its list, whichever list
//! it is, renames nothing. Within a list the first one gets the name; two lists never give the same name (`space`).
//! Nothing here looks at a catalogue as a whole but [`clashes`].

mod endpoints;
mod fields;
mod findings;
pub(crate) mod reserved;
mod scope;
mod scopes;
mod space;

pub(crate) use endpoints::EndpointNames;
pub(super) use endpoints::endpoint;
pub(super) use findings::clashing;

use crate::lower::fields::inputs;
use keyway_spec::ProviderSpec;
use reserved::{FAMILIAR, IMPORTED, KEYWORDS, MODULES};
pub use scope::{camel, escape, snake};
use space::Space;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Every name in a provider's module.
pub(crate) struct Module {
    /// The key, as written.
    pub(crate) key: &'static str,
    /// The module itself.
    pub(crate) name: String,
    /// The type that stands for the provider.
    pub(crate) marker: String,
    /// The fields of `connection_config` that people may fill in.
    pub(crate) config: Vec<Named>,
    /// The fields of `credentials` that people may fill in.
    pub(crate) credentials: Vec<Named>,
    /// The constant of each scope, with the scope.
    pub(crate) scopes: Vec<(String, &'static str)>,
    /// The struct of each operation.
    pub(crate) endpoints: Vec<EndpointNames>,
}

/// A field with its Rust name.
pub(crate) struct Named {
    /// Which of the fields it is.
    pub(crate) field: usize,
    /// A struct field if it is required, else a constant.
    pub(crate) name: String,
    /// True if a connection cannot be made without it.
    pub(crate) is_required: bool,
    /// The enum of its values, where the entry lists them.
    pub(crate) choice: Option<Choice>,
}

/// An enum of the values of a field.
pub(crate) struct Choice {
    /// Its name.
    pub(crate) name: String,
    /// A variant for each value, in the order of the file.
    pub(crate) variants: Vec<String>,
}

impl Module {
    /// The names of an entry.
    pub(crate) fn new(spec: &ProviderSpec) -> Module {
        let standard = inputs(spec.auth.kind());
        let marker = marker(spec.key);
        let known: Vec<&str> = spec.known_scopes.iter().map(|scope| scope.name).collect();
        let types = types(&marker);
        let config = fields::input_fields(spec.connection_config);
        let credentials = fields::input_fields(spec.credentials);
        Module {
            key: spec.key,
            name: module(spec.key),
            config: fields::named(Space::Config(&standard), &config, &types),
            credentials: fields::named(Space::Credentials(&standard), &credentials, &types),
            scopes: scopes::constants(spec.default_scopes, &known),
            endpoints: endpoints::named(spec.operations),
            marker,
        }
    }
}

/// The types that no enum of a module may hide.
fn types(marker: &str) -> Vec<&str> {
    [&[marker], &IMPORTED[..], &FAMILIAR[..]].concat()
}

/// The module of a provider: `-` becomes `_`, a leading digit gets a `_` before it; a keyword, and what would hide a
/// primitive type or a crate, gets one after it.
pub fn module(key: &str) -> String {
    let name = snake(key);
    let name = if MODULES.contains(&name.as_str()) { format!("{name}_") } else { escape(&name) };
    if name.len() <= MAX_MODULE_NAME { name } else { shortened(&name) }
}

/// The longest module name: it is a file name too, and file systems have a limit of 255 bytes.
const MAX_MODULE_NAME: usize = 120;

/// The beginning of a name, and a hash of the whole (FNV-1a, 64 bits).
fn shortened(name: &str) -> String {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let start: String = name.chars().take(MAX_MODULE_NAME - 17).collect();
    format!("{}_{hash:016x}", start.trim_end_matches('_'))
}

/// The marker type of a provider: each part capitalised. A name that generated code imports, or that every Rust file
/// knows, gets `Api` after it.
pub fn marker(key: &str) -> String {
    let name = camel(key);
    if IMPORTED.contains(&name.as_str()) || FAMILIAR.contains(&name.as_str()) || KEYWORDS.contains(&name.as_str()) {
        return format!("{name}Api");
    }
    escape(&name)
}

/// Pairs of keys whose modules would have the same name, each with the earlier key first.
pub fn clashes<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<(&'k str, &'k str)> {
    let mut modules: HashMap<String, &str> = HashMap::new();
    let mut clashes = Vec::new();
    for key in keys {
        match modules.entry(module(key)) {
            Entry::Occupied(first) => clashes.push((*first.get(), key)),
            Entry::Vacant(free) => {
                free.insert(key);
            }
        }
    }
    clashes
}

#[cfg(test)]
mod tests;
