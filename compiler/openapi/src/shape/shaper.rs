//! From schema to schema: each is shaped once for each way that its values go.
//!
//! Structs wait in a queue, so that the walk goes in breadth, and its depth does not depend on the document.

use super::names::TypeNames;
use super::types::{Direction, Item, ItemKind, StructField, Type};
use super::union::{self, JsonKind, Variant};
use super::view::{SchemaView, peel, view};
use crate::read::At;
use crate::report::{Finding, Rule};
use keyway_compiler::lower::names::{camel, escape, snake};
use std::collections::{HashMap, HashSet, VecDeque};

/// Lists, maps and unions within each other, at most.
const MAX_NESTED: usize = 48;
/// Types of one document, at most.
const MAX_ITEMS: usize = 100_000;
/// Values of an enum, at most; beyond them it is a text.
const MAX_VALUES: usize = 1_000;

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
    nested: usize,
}

impl<'d> Shaper<'d> {
    /// A shaper without items.
    pub fn new(names: TypeNames, max_depth: usize) -> Shaper<'d> {
        Shaper {
            items: Vec::new(),
            findings: Vec::new(),
            names,
            known: HashMap::new(),
            queue: VecDeque::new(),
            max_depth,
            nested: 0,
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

    fn viewed(&mut self, at: &At<'d>, view: &SchemaView<'d>, site: Site<'_>) -> (Type, bool) {
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

    fn variants(&mut self, at: &At<'d>, view: &SchemaView<'d>, site: Site<'_>) -> (Type, bool) {
        let says_nothing = |variant: &At<'d>| peel(variant).is_ok_and(|(at, _)| super::view::view(&at).is_empty());
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

    /// Values of several kinds: an enum told by the kind.
    fn kinds(
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
    fn group(
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

    fn tagged(
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
    fn merged(&mut self, at: &At<'d>, members: &[Variant<'d>], site: Site<'_>) -> Type {
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

    fn object(
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
        let item = self.push(name, Some(site.direction), ItemKind::Struct(Vec::new()), Some(at));
        if let Type::Named(item) = item {
            self.known.insert(identity, item);
            self.queue.push_back(Job { item, properties, required, without, depth: site.depth });
        }
        item
    }

    fn fields(&mut self, job: &Job<'d>) -> Vec<StructField> {
        let (owner, direction) = (self.items[job.item].name.clone(), self.items[job.item].direction);
        let direction = direction.unwrap_or(Direction::Answer);
        let (mut scope, mut fields) = (HashSet::new(), Vec::new());
        for (wire, at) in &job.properties {
            if job.without.as_deref() == Some(*wire) || goes_the_other_way(at, direction) {
                continue;
            }
            let hint = format!("{owner}{}", camel(wire));
            let is = self.shape(at, Site { hint: &hint, direction, depth: job.depth + 1 });
            let is_required = job.required.contains(wire);
            fields.push(StructField {
                wire: (*wire).to_owned(),
                name: distinct(&mut scope, &escape(&snake(wire))),
                is_plain: is_required && self.is_always_there(wire, &is, direction),
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

    fn choice(&mut self, at: &At<'d>, values: Vec<&str>, hint: &str) -> Type {
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

    fn push(&mut self, name: String, direction: Option<Direction>, kind: ItemKind, at: Option<&At<'d>>) -> Type {
        let sites = at.map(|at| (at.file_name().to_owned(), at.pointer.clone()));
        self.items.push(Item { name, direction, kind, sites, findings: Vec::new() });
        Type::Named(self.items.len() - 1)
    }

    fn found(&mut self, rule: Rule, at: &At<'_>, message: impl Into<String>) {
        self.findings.push(Finding::new(rule, at, message));
    }
}

fn optional(of: Type) -> Type {
    if matches!(of, Type::Optional(_) | Type::Any) { of } else { Type::Optional(Box::new(of)) }
}

/// True for a member that only answers have, in a request, and the other way round.
fn goes_the_other_way(at: &At<'_>, direction: Direction) -> bool {
    match direction {
        Direction::Request => at.flag("readOnly"),
        Direction::Answer => at.flag("writeOnly"),
    }
}

/// Behind the name of a schema that is sent: the same schema may be read, too.
fn suffix(at: &At<'_>, direction: Direction) -> &'static str {
    const SENT: [&str; 6] = ["request", "input", "body", "params", "parameters", "payload"];
    let name = at.name().to_ascii_lowercase();
    let says_so = SENT.iter().any(|word| name.ends_with(word));
    if direction == Direction::Request && !says_so { "Input" } else { "" }
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

/// The variant of a value. A sign is said, so that `+1` and `-1` are two.
fn variant(value: &str) -> String {
    let signed = |sign: &str| value.strip_prefix(sign).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match (signed("-"), signed("+")) {
        _ if value.is_empty() => "Empty".to_owned(),
        (Some(rest), _) => format!("Minus{}", camel(rest)),
        (_, Some(rest)) => format!("Plus{}", camel(rest)),
        _ => escape(&camel(value)),
    }
}

fn fallback(scope: &mut HashSet<String>) -> String {
    let word = if scope.contains("Other") { "Unlisted" } else { "Other" };
    distinct(scope, word)
}

/// A name, or with a number behind it where it is taken.
pub(crate) fn distinct(scope: &mut HashSet<String>, base: &str) -> String {
    let stem = base.trim_end_matches('_');
    let joint = if stem.contains(|c: char| c.is_ascii_uppercase()) && !stem.ends_with(|c: char| c.is_ascii_digit()) {
        ""
    } else {
        "_"
    };
    let (mut name, mut count) = (base.to_owned(), 2);
    while !scope.insert(name.clone()) {
        name = format!("{stem}{joint}{count}");
        count += 1;
    }
    name
}
