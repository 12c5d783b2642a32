//! The constants of scopes.

use super::scope::NameScope;
use super::space::{default_scope, is_standard_scope, listed_scope};

/// A constant for each scope, in the order of the listed ones and then the default ones. A scope in both lists has the
/// names of both, so that listing a default one takes no name away; a standard one has one name.
pub(super) fn constants<'s>(default: &[&'s str], listed: &[&'s str]) -> Vec<(String, &'s str)> {
    let mut constants = named(listed, listed_scope);
    let known: Vec<&str> = listed.iter().copied().filter(|scope| is_standard_scope(scope)).collect();
    constants.extend(named(default, default_scope).into_iter().filter(|(_, scope)| !known.contains(scope)));
    constants
}

/// Names for the scopes of one list, each once.
pub(super) fn named<'s>(list: &[&'s str], name: fn(&str) -> String) -> Vec<(String, &'s str)> {
    let mut scope = NameScope::new([]);
    let mut named: Vec<(String, &str)> = Vec::with_capacity(list.len());
    for text in list {
        if !named.iter().any(|(_, known)| known == text) {
            named.push((scope.take(&name(text)), text));
        }
    }
    named
}
