//! The state of lowering: the arena, the names in scope, where it stands, which URLs it met.

use super::arena::Arena;
use super::declared::{self, Names};
use super::header;
use super::reached::{PlacedTemplate, Reached, Use};
use super::template::{self, Slashes};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::{Map, Params, Provider, Str, Tree};
use crate::template::hosts::hosts;
use crate::template::scope::{Field, Part, Scope};
use crate::template::{Problem, parse};
use keyway_format::host_pattern::HostPattern;
use keyway_spec::{Entry, Template, Value};

/// The state of lowering one entry.
pub(super) struct Lowering<'p> {
    pub(super) arena: Arena,
    names: Names<'p>,
    path: Vec<String>,
    /// The URLs met so far, and where they lead.
    pub(super) reached: Vec<Reached>,
    /// The templates met so far, if the caller asked for them.
    pub(super) templates: Option<Vec<PlacedTemplate>>,
    diagnostics: Diagnostics,
}

impl<'p> Lowering<'p> {
    pub(super) fn new(arena: Arena, provider: &'p Provider) -> Lowering<'p> {
        Lowering {
            arena,
            names: declared::names(provider),
            path: vec![provider.key.name.clone()],
            reached: Vec::new(),
            templates: None,
            diagnostics: Diagnostics::default(),
        }
    }

    pub(super) fn finish(self) -> Diagnostics {
        self.diagnostics
    }

    /// Lowers what stands below a key.
    pub(super) fn under<T>(&mut self, key: &str, step: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key.to_owned());
        let result = step(self);
        self.path.pop();
        result
    }

    /// Reports a finding at the present place.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic.at(&self.path));
    }

    fn problem(&mut self, text: &Str, problem: Problem) {
        let exact = text.verbatim.is_some();
        self.report(problem.into_diagnostic(|range| (text.span_of(range), exact)));
    }

    pub(super) fn str(&self, text: &str) -> &'static str {
        self.arena.str(text)
    }

    pub(super) fn text(&self, text: &Str) -> &'static str {
        self.str(&text.text)
    }

    pub(super) fn optional(&self, text: Option<&Str>) -> Option<&'static str> {
        text.map(|text| self.text(text))
    }

    /// The name of a hook; an empty one is none.
    pub(super) fn name(&self, text: Option<&Str>) -> Option<&'static str> {
        self.optional(text.filter(|text| !text.text.is_empty()))
    }

    pub(super) fn list<T: Copy>(&self, items: &[T]) -> &'static [T] {
        self.arena.list(items)
    }

    pub(super) fn strings<'s>(&self, texts: impl Iterator<Item = &'s str>) -> &'static [&'static str] {
        let texts: Vec<&'static str> = texts.map(|text| self.str(text)).collect();
        self.list(&texts)
    }

    pub(super) fn texts(&self, texts: Option<&Vec<Str>>) -> &'static [&'static str] {
        self.strings(texts.into_iter().flatten().map(Str::as_str))
    }

    pub(super) fn pairs<'s>(
        &self,
        pairs: impl Iterator<Item = (&'s str, &'s str)>,
    ) -> &'static [(&'static str, &'static str)] {
        let pairs: Vec<(&'static str, &'static str)> =
            pairs.map(|(name, value)| (self.str(name), self.str(value))).collect();
        self.list(&pairs)
    }

    /// Parses a template in the scope of its field.
    pub(super) fn template(&mut self, field: Field, text: &Str) -> Template {
        self.parsed(field, text, None, Slashes::InSegment)
    }

    /// Remembers a host that no URL of the entry names.
    pub(super) fn reach(&mut self, purpose: Use, host: &str) {
        let hosts = HostPattern::parse(host).into_iter().collect();
        self.reached.push(Reached { purpose, path: Vec::new(), url: String::new(), hosts });
    }

    /// Parses the template of a URL and remembers which hosts it can reach.
    pub(super) fn url(&mut self, field: Field, purpose: Use, text: &Str) -> Template {
        self.url_with(field, purpose, text, Slashes::InSegment)
    }

    /// The same, where the entry says what a slash in a value means.
    pub(super) fn url_with(&mut self, field: Field, purpose: Use, text: &Str, slashes: Slashes) -> Template {
        self.parsed(field, text, Some(purpose), slashes)
    }

    fn parsed(&mut self, field: Field, text: &Str, purpose: Option<Use>, slashes: Slashes) -> Template {
        let (tree, mut problems) = parse(&text.text, field.has_choice());
        let scope = Scope::new(field, &self.names.declared);
        let template = template::lower(self.arena, &tree, &scope, &mut problems, slashes);
        let mut respelt = Vec::new();
        tree.each_name(&mut |name, placeholder| respelt.extend(scope.respelt(name, placeholder)));
        if let Some(purpose) = purpose {
            let hosts = hosts(&tree, &|name| self.names.choices(name));
            self.reached.push(Reached { purpose, path: self.here(), url: text.text.clone(), hosts });
        }
        let path = self.templates.as_ref().map(|_| self.here());
        if let (Some(templates), Some(path)) = (&mut self.templates, path) {
            templates.push(PlacedTemplate { path, field, text: text.text.clone(), template });
        }
        for problem in problems {
            self.problem(text, problem);
        }
        for problem in respelt {
            let exact = text.verbatim.is_some();
            let found = problem.into_diagnostic(|range| (text.span_of(range), exact));
            self.report(Diagnostic { severity: Severity::Note, ..found });
        }
        if let Some(finding) = is_header(field).then(|| header::unsendable(&tree, text)).flatten() {
            self.report(finding);
        }
        template
    }

    /// The present place, below the entry.
    fn here(&self) -> Vec<String> {
        self.path.iter().skip(1).cloned().collect()
    }

    /// A literal text as a template.
    pub(super) fn literal(&self, text: &str) -> Template {
        template::literal(self.arena, text)
    }

    /// Named templates.
    pub(super) fn templates<'s>(
        &mut self,
        field: Field,
        entries: impl Iterator<Item = (&'s str, &'s Str)>,
    ) -> &'static [(&'static str, Template)] {
        let entries: Vec<(&'static str, Template)> = entries
            .map(|(name, text)| (self.str(name), self.under(name, |lowering| lowering.template(field, text))))
            .collect();
        self.list(&entries)
    }

    /// A free map whose texts are templates; without a field they are literal.
    pub(super) fn params(&mut self, field: Option<Field>, params: Option<&Params>) -> &'static [Entry] {
        params.map_or(&[], |params| self.entries(field, params))
    }

    fn entries(&mut self, field: Option<Field>, params: &Map<Tree>) -> &'static [Entry] {
        let mut entries = Vec::with_capacity(params.entries.len());
        for (key, tree) in params {
            let value = self.under(&key.name, |lowering| lowering.value(field, tree));
            entries.push(Entry { name: self.str(&key.name), value });
        }
        self.list(&entries)
    }

    /// A value whose texts are templates. Its depth is bounded by `syntax`.
    pub(super) fn value(&mut self, field: Option<Field>, tree: &Tree) -> Value {
        match tree {
            Tree::Null(_) => Value::Null,
            Tree::Bool(value) => Value::Bool(value.value),
            Tree::Integer(value) => Value::Integer(value.value),
            Tree::Float(value) => Value::Float(value.value),
            Tree::Text(text) => Value::Text(match field {
                Some(field) => self.template(field, text),
                None => self.literal(&text.text),
            }),
            Tree::List(list) => {
                let mut items = Vec::with_capacity(list.value.len());
                for (index, item) in list.value.iter().enumerate() {
                    items.push(self.under(&index.to_string(), |lowering| lowering.value(field, item)));
                }
                Value::List(self.list(&items))
            }
            Tree::Map(map) => Value::Map(self.entries(field, map)),
        }
    }
}

/// True if a field is the value of a header.
fn is_header(field: Field) -> bool {
    use Field::{CodeRequest, Lookup, ProxyHeader, Request, StepHeader, TokenHeader};
    matches!(
        field,
        ProxyHeader
            | TokenHeader
            | StepHeader
            | Request(Part::Header)
            | CodeRequest(Part::Header)
            | Lookup(Part::Header)
    )
}
