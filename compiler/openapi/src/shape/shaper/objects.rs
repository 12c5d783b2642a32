//! Objects as structs, and which of their fields need no `Option`.

use super::{Job, MAX_FIELDS, Shaper, Site};
use crate::read::At;
use crate::report::Rule;
use crate::shape::about::of_schema;
use crate::shape::dates;
use crate::shape::labels::{distinct, suffix};
use crate::shape::types::{Direction, ItemKind, StructField, Type};
use keyway_compiler::lower::names::{camel, escape, snake};
use std::collections::HashSet;

impl<'d> Shaper<'d> {
    pub(super) fn object(
        &mut self,
        at: &At<'d>,
        properties: Vec<(&'d str, At<'d>)>,
        required: HashSet<&'d str>,
        without: Option<String>,
        site: Site<'_>,
    ) -> Type {
        let identity = (at.file, at.pointer.clone(), Some(site.direction), without.clone());
        if let Some(item) = self.known.get(&identity) {
            return Type::Named(*item);
        }
        if self.fields >= MAX_FIELDS {
            self.found(Rule::AnyValue, at, "the document has too many members");
            return Type::Object;
        }
        if site.depth > self.max_depth {
            self.found(Rule::CutAtDepth, at, format!("`{}` lies deeper than {}", at.name(), self.max_depth));
            return Type::Object;
        }
        // A variant lacks the member that tells it, so it is not the type that the schema has elsewhere.
        let name = if without.as_ref().is_some_and(|tag| tag != "+") {
            self.names.free(site.hint)
        } else {
            self.names.take(at, site.hint, suffix(at, site.direction))
        };
        self.fields = self.fields.saturating_add(properties.len());
        let item = self.push(name, Some(site.direction), ItemKind::Struct(Vec::new()), Some(at));
        if let Type::Named(item) = item {
            self.known.insert(identity, item);
            self.queue.push_back(Job { item, properties, required, without, depth: site.depth });
        }
        item
    }

    pub(super) fn fields(&mut self, job: &Job<'d>) -> Vec<StructField> {
        let (owner, direction) = (self.items[job.item].name.clone(), self.items[job.item].direction);
        let direction = direction.unwrap_or(Direction::Answer);
        // An object around one thing, as many answers are, is no level of its own.
        let depth = if job.properties.len() == 1 { job.depth } else { job.depth + 1 };
        let (mut scope, mut fields) = (HashSet::new(), Vec::new());
        for (wire, at) in &job.properties {
            if job.without.as_deref() == Some(*wire) || goes_the_other_way(at, direction) {
                continue;
            }
            if !self.members.keeps(&owner, wire) {
                continue;
            }
            let hint = format!("{owner}{}", camel(wire));
            let is = self.shape(at, Site { hint: &hint, direction, depth });
            let is_required = job.required.contains(wire);
            fields.push(StructField {
                wire: (*wire).to_owned(),
                name: distinct(&mut scope, &escape(&snake(wire))),
                is_plain: is_required && self.is_always_there(wire, &is, direction),
                date: if *is.bare() == Type::Text { dates::format(at) } else { None },
                about: of_schema(at),
                is: is.bare().clone(),
                is_boxed: false,
                is_required,
            });
        }
        fields
    }

    /// True if a field needs no `Option`: ids of answers, and what a request cannot go without and has an empty value.
    fn is_always_there(&self, wire: &str, is: &Type, direction: Direction) -> bool {
        match (direction, is) {
            (_, Type::Optional(_)) | (Direction::Request, Type::Any) => false,
            (Direction::Answer, is) => wire == "id" && matches!(is, Type::Text | Type::Integer),
            (Direction::Request, Type::Named(item)) => matches!(self.items[*item].kind, ItemKind::Struct(_)),
            (Direction::Request, _) => true,
        }
    }
}

/// True for a member that only answers have, in a request, and the other way round.
fn goes_the_other_way(at: &At<'_>, direction: Direction) -> bool {
    match direction {
        Direction::Request => at.flag("readOnly"),
        Direction::Answer => at.flag("writeOnly"),
    }
}
