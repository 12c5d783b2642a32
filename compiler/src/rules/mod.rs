//! Semantic checks: one file per rule, registered once, here.
//!
//! A rule is a name and a code, a page that explains it with an example that fails and its mended form, and a function
//! that looks at one entry, or at all of them. The examples are executed by a test. Rules look; they change nothing, and
//! an error of one does not keep an entry from being lowered.
//!
//! | file | what |
//! |---|---|
//! | `lint`, `support/` | what a rule is; what rules look at |
//! | `silence` | findings that an entry allows, and reasons that allow nothing |
//! | everything else | a rule of that name |
//!
//! Absent here: shapes, names and templates, which the stages before report while they read.

mod lint;
mod silence;
mod support;
#[cfg(test)]
mod testing;

mod credential_unplaced;
mod hardcoded_state;
mod inert_verification;
mod interpolation_missing_dollar;
mod missing_base_url;
mod missing_verification;
mod redundant_key;
mod refresh_grant_missing;
mod secret_not_marked;
mod unbounded_host;
mod unknown_expiry;

pub use lint::{Check, Lint, Page};
pub use silence::{UNUSED_ALLOW, silence};
pub use support::subject::Subject;

use crate::diagnostic::Diagnostics;
use crate::model::Provider;
use crate::resolve::Resolved;
use support::findings::Findings;

/// Every rule of this stage, by code.
pub static LINTS: &[&Lint] = &[
    &redundant_key::LINT,
    &interpolation_missing_dollar::LINT,
    &missing_base_url::LINT,
    &unbounded_host::LINT,
    &secret_not_marked::LINT,
    &refresh_grant_missing::LINT,
    &unknown_expiry::LINT,
    &hardcoded_state::LINT,
    &credential_unplaced::LINT,
    &missing_verification::LINT,
    &inert_verification::LINT,
];

/// Looks at the entries of a file. `known` are the keys of all entries, those that could not be read included.
///
/// What an entry allows under `keyway.allow` is left out, of this stage and of `earlier` findings alike.
pub fn check(entries: &[(&Resolved, &Provider)], known: &[String]) -> Diagnostics {
    let subjects: Vec<Subject<'_>> =
        entries.iter().map(|(entry, provider)| Subject::new(entry, provider, known)).collect();
    let mut findings = Findings::default();
    for lint in LINTS {
        match lint.check {
            Check::Entry(check) => {
                for subject in &subjects {
                    check(subject, &mut findings.of(lint, subject));
                }
            }
            Check::Catalogue(check) => check(&subjects, lint, &mut findings),
        }
    }
    findings.done()
}

/// The name of every rule there is, of all stages.
pub fn names() -> Vec<&'static str> {
    let stages = crate::syntax::RULES.iter().chain(&crate::resolve::RULES).chain(&crate::model::RULES);
    let stages = stages.chain(&crate::template::RULES).map(|rule| rule.name);
    stages.chain(LINTS.iter().map(|lint| lint.rule.name)).chain([UNUSED_ALLOW.name]).collect()
}
