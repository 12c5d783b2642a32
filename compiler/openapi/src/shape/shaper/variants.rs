//! `oneOf` and `anyOf`: one type, an enum told by a member, or one struct with the members of all.

use super::{Shaper, Site};
use crate::read::At;
use crate::report::Rule;
use crate::shape::labels::{distinct, fallback, suffix, variant};
use crate::shape::types::{ItemKind, Type};
use crate::shape::union::{self, Variant};
use crate::shape::view::{self, SchemaView, peel};
use std::collections::HashSet;

impl<'d> Shaper<'d> {
    pub(super) fn variants(&mut self, at: &At<'d>, view: &SchemaView<'d>, site: Site<'_>) -> (Type, bool) {
        let says_nothing = |variant: &At<'d>| peel(variant).is_ok_and(|(at, _)| view::view(&at).is_empty());
        if (view.is_object() || !view.types.is_empty()) && view.variants.iter().all(says_nothing) {
            let without = SchemaView { variants: Vec::new(), ..view.clone() };
            return self.viewed(at, &without, site);
        }
        let Some((mut groups, is_nullable)) = union::kinds(&view.variants) else {
            self.found(Rule::AnyValue, at, "one of its variants may be anything");
            return (Type::Any, false);
        };
        if !view.properties.is_empty() {
            // Members of its own belong to every variant; together they are one object.
            let mut members = vec![(at.clone(), SchemaView { variants: Vec::new(), ..view.clone() })];
            members.extend(groups.into_iter().flat_map(|(_, members)| members));
            return (self.merged(at, &members, site), is_nullable);
        }
        if groups.len() > 1 {
            return (self.kinds(at, groups, view.discriminator.as_ref(), site), is_nullable);
        }
        let (kind, members) = groups.remove(0);
        (self.group(kind, at, &members, view.discriminator.as_ref(), site), is_nullable)
    }

    pub(super) fn tagged(
        &mut self,
        at: &At<'d>,
        members: &[Variant<'d>],
        tag: String,
        values: Vec<Vec<String>>,
        site: Site<'_>,
    ) -> Type {
        let identity = (at.file, at.pointer.clone(), Some(site.direction), Some(format!("={tag}")));
        if let Some(item) = self.known.get(&identity) {
            return Type::Named(*item);
        }
        let name = self.names.take(at, site.hint, suffix(at, site.direction));
        let kind = ItemKind::Tagged { tag: tag.clone(), variants: Vec::new(), other: String::new() };
        let item = self.push(name.clone(), Some(site.direction), kind, Some(at));
        let Type::Named(number) = item else { return item };
        self.known.insert(identity, number);
        let (mut scope, mut variants) = (HashSet::new(), Vec::new());
        for ((own, view), values) in members.iter().zip(values) {
            let label = distinct(&mut scope, &variant(values.first().map_or("", String::as_str)));
            let hint = format!("{name}{label}");
            let site = Site { hint: &hint, ..site };
            let (properties, required) = (view.properties.clone(), view.required.clone());
            let of = if properties.is_empty() {
                Type::Object
            } else {
                self.object(own, properties, required, Some(tag.clone()), site)
            };
            variants.push((label, values, of));
        }
        let other = fallback(&mut scope);
        self.items[number].kind = ItemKind::Tagged { tag, variants, other };
        item
    }

    /// Objects that nothing tells apart: one struct with the members of all of them.
    pub(super) fn merged(&mut self, at: &At<'d>, members: &[Variant<'d>], site: Site<'_>) -> Type {
        let mut properties: Vec<(&'d str, At<'d>)> = Vec::new();
        let mut seen = HashSet::new();
        for (_, view) in members {
            for (name, property) in &view.properties {
                if seen.insert(*name) {
                    properties.push((*name, property.clone()));
                }
            }
        }
        self.found(Rule::MergedVariants, at, format!("{} objects that no member tells apart", members.len()));
        if properties.is_empty() || members.iter().any(|(_, view)| view.is_object() && view.properties.is_empty()) {
            return Type::Object;
        }
        let mut required = members.first().map(|(_, view)| view.required.clone()).unwrap_or_default();
        required.retain(|name| members.iter().all(|(_, view)| view.required.contains(name)));
        self.object(at, properties, required, Some("+".to_owned()), site)
    }
}
