//! One entry in both catalogues.
//!
//! A change has two lines, also where something is there on one side only: on the other it is the line of what stands
//! nearest above.

use super::{Change, ChangeKind};
use crate::lower;
use crate::model::Provider;
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Mapping, Node, Value};
use keyway_spec::ProviderSpec;

/// An entry in one catalogue.
#[derive(Clone, Copy, Debug)]
pub(super) struct CatalogueSide<'c> {
    /// Its nodes.
    pub(super) entry: &'c Resolved,
    /// The typed entry, where it has the shape of one.
    pub(super) provider: Option<&'c Provider>,
    /// The lowered entry, once it is asked for and where it can be.
    pub(super) spec: Option<ProviderSpec>,
}

/// An entry in both.
#[derive(Debug)]
pub(super) struct Pair<'c> {
    pub(super) old: CatalogueSide<'c>,
    pub(super) new: CatalogueSide<'c>,
}

/// A key and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Located<'c> {
    pub(super) key: Span,
    pub(super) node: &'c Node,
}

impl<'c> CatalogueSide<'c> {
    /// The same with its spec.
    pub(super) fn lowered(&self) -> CatalogueSide<'c> {
        CatalogueSide { spec: self.provider.and_then(lower::sketch), ..*self }
    }

    /// The value at a path. A step into a list is its index; the name of a header is found in
    /// any letter case.
    pub(super) fn get(&self, path: &[&str]) -> Option<Located<'c>> {
        let (first, rest) = path.split_first()?;
        let mut at = member(&self.entry.body, first, false)?;
        let mut of_headers = first.ends_with("headers");
        for name in rest {
            at = match &at.node.value {
                Value::Sequence(items) => {
                    items.get(name.parse::<usize>().ok()?).map(|node| Located { key: node.span, node })?
                }
                _ => member(at.node.as_mapping()?, name, of_headers)?,
            };
            of_headers = name.ends_with("headers");
        }
        Some(at)
    }

    /// The key at a path, or the nearest above it, or the entry's own.
    fn nearest(&self, path: &[&str]) -> Span {
        let paths = (1..=path.len()).rev().filter_map(|length| self.get(path.get(..length)?));
        paths.map(|place| place.key).next().unwrap_or(self.entry.key.span)
    }
}

fn member<'c>(map: &'c Mapping, name: &str, any_case: bool) -> Option<Located<'c>> {
    let other_case = || map.iter().find(|entry| any_case && entry.key.name.eq_ignore_ascii_case(name));
    let entry = map.get(name).or_else(other_case)?;
    Some(Located { key: entry.key.span, node: &entry.value })
}

impl Pair<'_> {
    /// True if either entry writes what a change is about.
    pub(super) fn is_written(&self, change: &Change) -> bool {
        let path: Vec<&str> = change.path.iter().skip(1).map(String::as_str).collect();
        self.old.get(&path).is_some() || self.new.get(&path).is_some()
    }

    /// A change of what stands at a path below the entry.
    pub(super) fn change(&self, kind: ChangeKind, path: &[&str], message: String) -> Change {
        let key = &self.new.entry.key.name;
        Change {
            kind,
            path: std::iter::once(key.clone()).chain(path.iter().map(|part| (*part).to_owned())).collect(),
            message,
            old: Some(self.old.nearest(path)),
            new: Some(self.new.nearest(path)),
            affected: vec![key.clone()],
        }
    }
}
