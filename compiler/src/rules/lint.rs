//! The parts of a rule.

use super::support::findings::{Findings, Reporter};
use super::support::subject::Subject;
use crate::diagnostic::{Page, Rule};

pub(super) use crate::diagnostic::acme;

/// A rule, with what explains it and what finds it.
#[derive(Debug)]
pub struct Lint {
    /// Its name, code and usual severity.
    pub rule: Rule,
    /// The page that explains it.
    pub page: Page,
    /// The function that finds it.
    pub check: Check,
}

/// The scope of a rule's function.
#[derive(Debug)]
pub enum Check {
    /// At one entry at a time.
    Entry(fn(&Subject<'_>, &mut Reporter<'_, '_>)),
    /// At all entries of a file together.
    Catalogue(fn(&[Subject<'_>], &'static Lint, &mut Findings)),
}
