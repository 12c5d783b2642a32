//! What a rule is.

use super::support::findings::{Findings, Reporter};
use super::support::subject::Subject;
use crate::diagnostic::{Page, Rule};

pub(super) use crate::diagnostic::acme;

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

/// How a rule looks.
#[derive(Debug)]
pub enum Check {
    /// At one entry at a time.
    Entry(fn(&Subject<'_>, &mut Reporter<'_, '_>)),
    /// At all entries of a file together.
    Catalogue(fn(&[Subject<'_>], &'static Lint, &mut Findings)),
}
