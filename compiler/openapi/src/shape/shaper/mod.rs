//! From schema to schema: each is shaped once for each way that its values go.
//!
//! Structs wait in a queue, so that the walk goes in breadth, and its depth does not depend on the document.

mod choice;
mod kinds;
mod objects;
mod variants;

use crate::read::At;
use crate::report::{Finding, Rule};
use crate::shape::about::of_schema;
use crate::shape::members::Members;
use crate::shape::names::TypeNames;
use crate::shape::types::{Direction, Item, ItemKind, StructField, Type};
use crate::shape::view::{peel, view};
use std::collections::{HashMap, HashSet, VecDeque};

/// Lists, maps and unions within each other, at most.
const MAX_NESTED: usize = 48;
/// Types of one document, at most.
const MAX_ITEMS: usize = 100_000;

/// Findings of one document, at most.
const MAX_FINDINGS: usize = 100_000;
/// Fields of all structs, at most: a schema may be part of many.
const MAX_FIELDS: usize = 1_000_000;

/// One schema, shaped one way: file, pointer, direction, and the member that a union has taken away.
type Identity = (usize, String, Option<Direction>, Option<String>);

/// The fields of a struct that are still schemas.
struct Job<'d> {
    item: usize,
    properties: Vec<(&'d str, At<'d>)>,
    required: HashSet<&'d str>,
    without: Option<String>,
    depth: usize,
}

/// Where a type is used.
#[derive(Clone, Copy, Debug)]
pub struct Site<'s> {
    /// A name for it, where it has none of its own.
    pub hint: &'s str,
    /// Which way its values go.
    pub direction: Direction,
    /// Structs above it.
    pub depth: usize,
}

/// Shapes schemas.
pub struct Shaper<'d> {
    /// The items so far.
    pub items: Vec<Item>,
    /// Everything found since the last item or operation began.
    pub findings: Vec<Finding>,
    names: TypeNames,
    known: HashMap<Identity, usize>,
    queue: VecDeque<Job<'d>>,
    max_depth: usize,
    /// The members that types are to have.
    pub(crate) members: Members,
    nested: usize,
    found: usize,
    fields: usize,
}

impl<'d> Shaper<'d> {
    /// A shaper without items.
    pub fn new(names: TypeNames, max_depth: usize, members: Members) -> Shaper<'d> {
        Shaper {
            items: Vec::new(),
            findings: Vec::new(),
            names,
            known: HashMap::new(),
            queue: VecDeque::new(),
            max_depth,
            members,
            nested: 0,
            found: 0,
            fields: 0,
        }
    }

    /// The type of a schema. The fields of structs are shaped by [`Shaper::finish`].
    pub fn shape(&mut self, at: &At<'d>, site: Site<'_>) -> Type {
        if self.nested >= MAX_NESTED || self.items.len() >= MAX_ITEMS {
            self.found(Rule::AnyValue, at, "types are nested too deep");
            return Type::Any;
        }
        let (at, is_nullable) = match peel(at) {
            Ok(peeled) => peeled,
            Err(broken) => {
                self.found(Rule::BrokenReference, at, broken.0);
                return Type::Any;
            }
        };
        let mut view = view(&at);
        self.findings.append(&mut view.findings);
        self.nested += 1;
        let (shaped, or_null) = self.viewed(&at, &view, site);
        self.nested -= 1;
        if is_nullable || view.is_nullable || or_null { optional(shaped) } else { shaped }
    }

    /// A struct of fields that come from several schemas.
    pub fn add(&mut self, hint: &str, fields: Vec<StructField>) -> Type {
        let name = self.names.free(hint);
        let fields = fields.into_iter().filter(|field| self.members.keeps(&name, &field.wire)).collect();
        self.push(name, Some(Direction::Request), ItemKind::Struct(fields), None)
    }

    /// Shapes the fields of all structs.
    pub fn finish(&mut self) {
        while let Some(job) = self.queue.pop_front() {
            let outer = std::mem::take(&mut self.findings);
            let fields = self.fields(&job);
            self.items[job.item].findings.append(&mut self.findings);
            self.items[job.item].kind = ItemKind::Struct(fields);
            self.findings = outer;
        }
    }

    fn push(&mut self, name: String, direction: Option<Direction>, kind: ItemKind, at: Option<&At<'d>>) -> Type {
        let sites = at.map(|at| (at.file_name().to_owned(), at.pointer.clone()));
        let about = at.and_then(of_schema);
        self.items.push(Item { name, direction, kind, sites, about, findings: Vec::new() });
        Type::Named(self.items.len() - 1)
    }

    pub(crate) fn found(&mut self, rule: Rule, at: &At<'_>, message: impl Into<String>) {
        self.found += 1;
        if self.found <= MAX_FINDINGS {
            self.findings.push(Finding::new(rule, at, message));
        }
    }
}

fn optional(of: Type) -> Type {
    if matches!(of, Type::Optional(_) | Type::Any) { of } else { Type::Optional(Box::new(of)) }
}
