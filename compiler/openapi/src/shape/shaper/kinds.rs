//! A schema by the kind of JSON that its values are, and an enum of kinds where there are several.

use super::{Shaper, Site};
use crate::read::At;
use crate::report::Rule;
use crate::shape::labels::suffix;
use crate::shape::types::{ItemKind, Type};
use crate::shape::union::{self, JsonKind, Variant};
use crate::shape::view::SchemaView;

impl<'d> Shaper<'d> {
    pub(super) fn viewed(&mut self, at: &At<'d>, view: &SchemaView<'d>, site: Site<'_>) -> (Type, bool) {
        if !view.variants.is_empty() && view.values.is_none() {
            return self.variants(at, view, site);
        }
        let kinds = union::kinds_of(view).unwrap_or_default();
        let group = |kind: &JsonKind| (*kind, vec![(at.clone(), view.clone())]);
        match kinds.as_slice() {
            [] => (Type::Any, false),
            [kind] => (self.plain(*kind, at, view, site), false),
            kinds => (self.kinds(at, kinds.iter().map(group).collect(), None, site), false),
        }
    }

    /// A schema of one kind, without variants.
    fn plain(&mut self, kind: JsonKind, at: &At<'d>, view: &SchemaView<'d>, site: Site<'_>) -> Type {
        match kind {
            JsonKind::Text => match &view.values {
                Some(values) => self.choice(at, values.iter().filter_map(|value| value.as_str()).collect(), site.hint),
                None => Type::Text,
            },
            JsonKind::Integer => Type::Integer,
            JsonKind::Number => Type::Number,
            JsonKind::Bool => Type::Bool,
            JsonKind::List => {
                let hint = format!("{}Item", site.hint);
                let of = |items: &At<'d>| self.shape(items, Site { hint: &hint, ..site });
                Type::List(Box::new(view.items.as_ref().map_or(Type::Any, of)))
            }
            JsonKind::Object if view.properties.is_empty() => match &view.additional {
                Some(additional) => {
                    let hint = format!("{}Value", site.hint);
                    match self.shape(additional, Site { hint: &hint, ..site }) {
                        Type::Any => Type::Object,
                        of => Type::Map(Box::new(of)),
                    }
                }
                None => Type::Object,
            },
            JsonKind::Object => {
                let (properties, required) = (view.properties.clone(), view.required.clone());
                self.object(at, properties, required, None, site)
            }
        }
    }

    /// Values of several kinds: an enum told by the kind.
    pub(super) fn kinds(
        &mut self,
        at: &At<'d>,
        groups: Vec<(JsonKind, Vec<Variant<'d>>)>,
        discriminator: Option<&At<'d>>,
        site: Site<'_>,
    ) -> Type {
        let identity = (at.file, at.pointer.clone(), Some(site.direction), Some("|".to_owned()));
        if let Some(item) = self.known.get(&identity) {
            return Type::Named(*item);
        }
        if site.depth > self.max_depth && groups.iter().any(|(kind, _)| *kind == JsonKind::Object) {
            // Its objects would be JSON of any shape, so an enum around them would only be in the way.
            self.found(Rule::CutAtDepth, at, format!("`{}` lies deeper than {}", at.name(), self.max_depth));
            return Type::Any;
        }
        let name = self.names.take(at, site.hint, suffix(at, site.direction));
        let item = self.push(name.clone(), Some(site.direction), ItemKind::Untagged(Vec::new()), Some(at));
        let Type::Named(number) = item else { return item };
        self.known.insert(identity, number);
        let mut variants = Vec::new();
        for (kind, members) in groups {
            let label = label(kind);
            let hint = format!("{name}{label}");
            let of = self.group(kind, at, &members, discriminator, Site { hint: &hint, ..site });
            variants.push((label.to_owned(), of));
        }
        self.items[number].kind = ItemKind::Untagged(variants);
        item
    }

    /// Variants of one kind.
    pub(super) fn group(
        &mut self,
        kind: JsonKind,
        at: &At<'d>,
        members: &[Variant<'d>],
        discriminator: Option<&At<'d>>,
        site: Site<'_>,
    ) -> Type {
        if let [(own, view)] = members {
            return self.plain(kind, own, view, site);
        }
        match kind {
            JsonKind::Text => {
                let listed: Option<Vec<_>> = members.iter().map(|(_, view)| view.values.as_ref()).collect();
                let texts = |values: Vec<&Vec<&'d serde_json::Value>>| {
                    values.into_iter().flatten().filter_map(|value| value.as_str()).collect()
                };
                match listed {
                    Some(values) => self.choice(at, texts(values), site.hint),
                    None => Type::Text,
                }
            }
            JsonKind::List => {
                self.found(Rule::AnyValue, at, "lists of different items");
                Type::List(Box::new(Type::Any))
            }
            JsonKind::Object => match union::tag(members, discriminator) {
                Some((tag, values)) => self.tagged(at, members, tag, values, site),
                None => self.merged(at, members, site),
            },
            JsonKind::Integer => Type::Integer,
            JsonKind::Number => Type::Number,
            JsonKind::Bool => Type::Bool,
        }
    }
}

fn label(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Text => "Text",
        JsonKind::Integer => "Integer",
        JsonKind::Number => "Number",
        JsonKind::Bool => "Bool",
        JsonKind::List => "List",
        JsonKind::Object => "Object",
    }
}
