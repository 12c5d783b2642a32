//! Texts of which the document lists the values.

use super::Shaper;
use crate::read::At;
use crate::shape::labels::{distinct, fallback, variant};
use crate::shape::types::{ItemKind, Type};
use std::collections::HashSet;

/// Values of an enum, at most; beyond them it is a text.
const MAX_VALUES: usize = 1_000;

impl<'d> Shaper<'d> {
    pub(super) fn choice(&mut self, at: &At<'d>, values: Vec<&str>, hint: &str) -> Type {
        let identity = (at.file, at.pointer.clone(), None, None);
        if let Some(item) = self.known.get(&identity) {
            return Type::Named(*item);
        }
        if values.len() > MAX_VALUES {
            return Type::Text;
        }
        let (mut scope, mut seen, mut variants) = (HashSet::new(), HashSet::new(), Vec::new());
        for value in values.into_iter().filter(|value| seen.insert((*value).to_owned())) {
            variants.push((distinct(&mut scope, &variant(value)), value.to_owned()));
        }
        let other = fallback(&mut scope);
        // Requests and answers share it, so it is not named after the one that comes first.
        let inside = self.names.inside(at);
        let name = self.names.take(at, inside.as_deref().unwrap_or(hint), "");
        let item = self.push(name, None, ItemKind::Choice(variants, other), Some(at));
        if let Type::Named(item) = item {
            self.known.insert(identity, item);
        }
        item
    }
}
