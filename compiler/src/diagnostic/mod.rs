//! The compiler's findings.
//!
//! A [`Diagnostic`] is plain data: a stage makes it, a renderer prints it. Invariant: this module imports no stage
//! (`tests/tests/architecture.rs`).

mod apply;
mod breaks;
mod layout;
mod page;
pub mod render;
mod rule;
pub(crate) mod secrets;

pub use apply::{Applied, apply};
pub use keyway_format::suggest::{Near, near, nearest};
pub use layout::EntryEdit;
pub use page::{AGAINST, OVERLAY, Page};
pub use rule::{Rule, Severity};

pub(crate) use page::acme;

use crate::source::{Sources, Span};
use std::borrow::Cow;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule found it.
    pub rule: &'static Rule,
    /// Its severity here; usually the rule's own severity.
    pub severity: Severity,
    /// The problem: lower case, no full stop, the thing in backticks.
    pub message: String,
    /// Where, and what is wrong there.
    pub primary: Label,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// The help: how to correct it.
    pub help: Option<String>,
    /// The edit that fixes it, if exactly one is right.
    pub fix: Option<Fix>,
    /// The change that fixes it, before the text is available that the edit needs: [`Diagnostics::settle`] makes a
    /// fix of it.
    pub change: Option<EntryEdit>,
    /// The path from the root of the file to the node, the entry's key first.
    pub path: Vec<String>,
    /// True if what stands at the primary span may be a secret: it is not shown.
    pub is_secret: bool,
}

impl Diagnostic {
    /// A finding of `rule`, at its own severity.
    pub fn new(rule: &'static Rule, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic {
            rule,
            severity: rule.severity,
            message: message.into(),
            primary: Label { span, text: String::new() },
            secondary: Vec::new(),
            help: None,
            fix: None,
            change: None,
            path: Vec::new(),
            is_secret: false,
        }
    }

    /// Says what is wrong at the primary span.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn secondary(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// Offers an edit.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fix = Some(fix);
        self
    }

    /// Offers an edit where there is one.
    #[must_use]
    pub fn offer(mut self, fix: Option<Fix>) -> Diagnostic {
        self.fix = fix.or(self.fix);
        self
    }

    /// Offers to remove a map entry.
    #[must_use]
    pub fn removing(mut self, key: Span, value: Span) -> Diagnostic {
        self.change = Some(EntryEdit::Remove { key, value });
        self
    }

    /// Offers to add a line after the last entry of a map.
    #[must_use]
    pub fn adding(mut self, line: impl Into<String>, key: Span, value: Span) -> Diagnostic {
        self.change = Some(EntryEdit::AddBehind { key, value, line: line.into() });
        self
    }

    /// Offers to end a text without the line breaks that it ends with.
    #[must_use]
    pub fn ending(mut self, value: Span) -> Diagnostic {
        self.change = Some(EntryEdit::DropLastBreaks { value });
        self
    }

    /// Withdraws the edit that was offered.
    #[must_use]
    pub fn without_fix(mut self) -> Diagnostic {
        self.fix = None;
        self.change = None;
        self
    }

    /// Keeps the text at the primary span from being shown.
    #[must_use]
    pub fn secret(mut self) -> Diagnostic {
        self.is_secret = true;
        self
    }

    /// Names the node.
    #[must_use]
    pub fn at(self, path: &[String]) -> Diagnostic {
        self.under(path.to_vec())
    }

    /// The same with a path that is not needed elsewhere.
    pub(crate) fn under(mut self, path: Vec<String>) -> Diagnostic {
        self.path = path;
        self
    }

    /// Every place that it names, to move it.
    #[cfg(feature = "tools")]
    pub(crate) fn spans(&mut self) -> impl Iterator<Item = &mut Span> {
        let labels = std::iter::once(&mut self.primary).chain(&mut self.secondary).map(|label| &mut label.span);
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits).map(|edit| &mut edit.span);
        let change = self.change.iter_mut().flat_map(|change| match change {
            EntryEdit::Remove { key, value } | EntryEdit::AddBehind { key, value, .. } => vec![key, value],
            EntryEdit::DropLastBreaks { value } => vec![value],
        });
        labels.chain(edits).chain(change)
    }

    /// The entry this is about, if it is about one.
    pub fn provider(&self) -> Option<&str> {
        self.path.first().map(String::as_str)
    }
}

/// A span and what to say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; may be empty.
    pub text: String,
}

/// Text edits that fix a finding, made together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The effect of applying them.
    pub title: String,
    /// The edits; their spans do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Writes `to` at `span`.
    pub fn write(span: Span, to: impl Into<String>) -> Fix {
        let replacement: String = to.into();
        Fix { title: format!("write `{replacement}`"), edits: vec![Edit { span, replacement }] }
    }

    /// Writes something before and after `span`.
    pub fn around(span: Span, before: &str, behind: &str, title: &str) -> Fix {
        let before = Edit { span: Span { end: span.start, ..span }, replacement: before.to_owned() };
        let behind = Edit { span: Span { start: span.end, ..span }, replacement: behind.to_owned() };
        Fix { title: title.to_owned(), edits: vec![before, behind] }
    }
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The span to replace.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// Findings, in the order they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds all of another stage.
    pub fn extend(&mut self, other: Diagnostics) {
        self.items.extend(other.items);
    }

    /// Turns what shall change into edits of the text.
    pub fn settle(&mut self, sources: &Sources) {
        for item in &mut self.items {
            if let Some(change) = item.change.take() {
                item.fix = item.fix.take().or_else(|| layout::fix(&change, sources));
            }
        }
    }

    /// Sorts by place, then rule, and drops exact repetitions: the order does not depend on the order of stages. Keys
    /// in messages are masked.
    pub fn finish(&mut self) {
        for text in self.items.iter_mut().flat_map(texts) {
            if let Cow::Owned(masked) = secrets::masked(text) {
                *text = masked;
            }
        }
        self.items.sort_by(|a, b| {
            (a.primary.span, a.rule.code, &a.message, &a.path).cmp(&(b.primary.span, b.rule.code, &b.message, &b.path))
        });
        self.items.dedup();
    }

    /// The findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.items.iter()
    }

    /// Changes each of the findings.
    #[cfg(feature = "tools")]
    pub(crate) fn each_mut(&mut self, change: impl FnMut(&mut Diagnostic)) {
        self.items.iter_mut().for_each(change);
    }

    /// The number of findings.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The number of findings of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.items.iter().filter(|item| item.severity == severity).count()
    }

    /// True if any is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

/// The texts of a finding.
fn texts(found: &mut Diagnostic) -> impl Iterator<Item = &mut String> {
    let labels = std::iter::once(&mut found.primary).chain(&mut found.secondary).map(|label| &mut label.text);
    std::iter::once(&mut found.message).chain(&mut found.help).chain(labels)
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(items: I) -> Self {
        Diagnostics { items: items.into_iter().collect() }
    }
}
