//! Reporting: a finding gets its rule, its entry and its path here, so that no rule can forget one.

use super::place::Located;
use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::source::Span;
use std::borrow::Cow;

/// The findings of all rules.
#[derive(Debug, Default)]
pub struct Findings(Diagnostics);

/// Findings of one rule about one entry.
#[derive(Debug)]
pub struct Reporter<'f, 'e> {
    rule: &'static Rule,
    key: &'e str,
    findings: &'f mut Findings,
}

impl Findings {
    /// Reports of a rule about an entry.
    pub(in crate::rules) fn of<'f, 'e>(&'f mut self, rule: &'static Rule, subject: &Subject<'e>) -> Reporter<'f, 'e> {
        Reporter { rule, key: &subject.entry.key.name, findings: self }
    }

    pub(in crate::rules) fn done(self) -> Diagnostics {
        self.0
    }
}

impl Reporter<'_, '_> {
    /// Reports at a value. Say more with `with`: a label, a help, other places, a fix.
    pub(in crate::rules) fn at(
        &mut self,
        place: &Located<'_>,
        message: impl Into<String>,
        with: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        self.spanned(&place.path, place.node.span, message, with);
    }

    /// Reports at some bytes of a value, or at a key: `path` leads to what it is about.
    pub(in crate::rules) fn spanned(
        &mut self,
        path: &[Cow<'_, str>],
        span: Span,
        message: impl Into<String>,
        with: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let path: Vec<String> =
            std::iter::once(self.key).chain(path.iter().map(Cow::as_ref)).map(str::to_owned).collect();
        let found = Diagnostic::new(self.rule, message, span).under(path);
        self.findings.0.push(with(found));
    }
}
