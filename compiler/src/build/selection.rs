//! Which providers of a file a build wants, and which of their operations.

use super::Failed;
use crate::diagnostic::nearest;
use crate::lower::Arena;
use crate::pipeline::Checked;
use crate::resolve::Resolved;
use keyway_spec::{Operation, ProviderSpec};
use std::collections::BTreeSet;
use std::path::Path;

/// Providers by key, and by category; everything if neither is said. Operations by name; none if none is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) keys: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) endpoints: Vec<String>,
}

impl Selection {
    /// Those keys.
    pub(super) fn of(keys: &[String]) -> Selection {
        Selection { keys: keys.to_vec(), ..Selection::default() }
    }

    /// The keys that are wanted; `None` is all.
    pub(super) fn choose(&self, entries: &[Resolved]) -> Option<Vec<String>> {
        if self.keys.is_empty() && self.categories.is_empty() {
            return None;
        }
        let in_category = |entry: &&Resolved| categories(entry).any(|own| self.categories.iter().any(|it| it == own));
        let more = entries.iter().filter(in_category).map(|entry| entry.key.name.clone());
        Some(self.keys.iter().cloned().chain(more).collect())
    }

    /// An error if a key or a category is one that the file does not have.
    pub(super) fn check(&self, path: &Path, checked: &Checked) -> Result<(), Failed> {
        let no_such = |what: &str, known: &mut dyn Iterator<Item = &str>, name: &str| {
            let help = nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Failed(format!("`{}` has no {what} `{name}`{help}", path.display()))
        };
        if let Some(key) = self.keys.iter().find(|key| !checked.keys.contains(key)) {
            return Err(no_such("provider", &mut checked.keys.iter().map(String::as_str), key));
        }
        let known: BTreeSet<&str> = checked.entries.iter().flat_map(categories).collect();
        match self.categories.iter().find(|category| !known.contains(category.as_str())) {
            Some(category) => Err(no_such("provider of the category", &mut known.iter().copied(), category)),
            None => Ok(()),
        }
    }

    /// Leaves the operations that are wanted; an error if a name is that of none.
    pub(super) fn narrow(&self, path: &Path, specs: &mut [ProviderSpec]) -> Result<(), Failed> {
        let known: BTreeSet<&str> = specs.iter().flat_map(|spec| spec.operations).map(|it| it.name).collect();
        if let Some(wanted) = self.endpoints.iter().find(|wanted| !known.iter().any(|name| is(wanted, name))) {
            let near = nearest(wanted, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
            let message = format!("no chosen provider of `{}` has an endpoint `{wanted}`", path.display());
            return Err(Failed(message + &near.unwrap_or_default()));
        }
        let arena = Arena::kept();
        for spec in specs.iter_mut().filter(|spec| !spec.operations.is_empty()) {
            let wanted = |operation: &&Operation| self.endpoints.iter().any(|wanted| is(wanted, operation.name));
            let operations: Vec<Operation> = spec.operations.iter().filter(wanted).copied().collect();
            spec.operations = arena.list(&operations);
        }
        Ok(())
    }
}

/// True if an operation is one of those that are wanted: a name, or the beginning of names with a `*`.
fn is(wanted: &str, name: &str) -> bool {
    wanted.strip_suffix('*').map_or(wanted == name, |beginning| name.starts_with(beginning))
}

/// The categories of an entry.
fn categories(entry: &Resolved) -> impl Iterator<Item = &str> {
    let list = entry.body.get("categories").and_then(|entry| entry.value.as_sequence());
    list.unwrap_or_default().iter().filter_map(|category| category.as_str())
}
