//! What a rule is.

use super::support::findings::{Findings, Reporter};
use super::support::subject::Subject;
use crate::diagnostic::Rule;

/// A rule, with what explains it and what finds it.
#[derive(Debug)]
pub struct Lint {
    /// Its name, code and usual severity.
    pub rule: Rule,
    /// What explains it.
    pub page: Page,
    /// What finds it.
    pub check: Check,
}

/// The page of a rule: what `keyway explain` prints and the book shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// One sentence; begins "Checks for".
    pub checks: &'static str,
    /// Why it matters: a paragraph or two of Markdown.
    pub why: &'static str,
    /// A catalogue in which the rule finds exactly one thing.
    pub fails: &'static str,
    /// The same catalogue, mended: this rule finds nothing in it, and no other more than a note.
    pub mended: &'static str,
}

/// How a rule looks.
#[derive(Debug)]
pub enum Check {
    /// At one entry at a time.
    Entry(fn(&Subject<'_>, &mut Reporter<'_, '_>)),
    /// At all entries of a file together.
    Catalogue(fn(&[Subject<'_>], &'static Lint, &mut Findings)),
}

/// A catalogue of one entry for a page: the keys that describe it, then the rest.
macro_rules! acme {
    ($rest:literal) => {
        concat!("acme:\n    display_name: Acme\n    docs: https://docs.acme.example\n    categories: [other]\n", $rest)
    };
}
pub(super) use acme;
