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

mod automated_not_marked;
mod credential_unplaced;
mod doubled_scheme;
mod hardcoded_state;
mod hidden_without_default;
mod inert_verification;
mod interpolation_missing_dollar;
mod invalid_media_type;
mod missing_base_url;
mod missing_scheme;
mod missing_verification;
mod path_join;
mod redundant_key;
mod refresh_grant_missing;
mod secret_in_url;
mod secret_not_marked;
mod unbounded_host;
mod undeclared_credentials;
mod unknown_expiry;
mod unused_config_field;

pub use lint::{Check, Lint, Page};
pub use silence::{UNUSED_ALLOW, silence};
pub use support::subject::Subject;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::resolve::Resolved;
use support::findings::Findings;

/// Every rule of this stage, by code.
pub static LINTS: &[&Lint] = &[
    &redundant_key::LINT,
    &interpolation_missing_dollar::LINT,
    &unused_config_field::LINT,
    &undeclared_credentials::LINT,
    &missing_base_url::LINT,
    &unbounded_host::LINT,
    &doubled_scheme::LINT,
    &missing_scheme::LINT,
    &path_join::LINT,
    &secret_in_url::LINT,
    &automated_not_marked::LINT,
    &hidden_without_default::LINT,
    &secret_not_marked::LINT,
    &refresh_grant_missing::LINT,
    &unknown_expiry::LINT,
    &hardcoded_state::LINT,
    &credential_unplaced::LINT,
    &missing_verification::LINT,
    &inert_verification::LINT,
    &invalid_media_type::LINT,
];

/// Looks at the entries of a file, also at those that have errors: one mistake does not hide another. `known` are the
/// keys of all entries, those that could not be read included. An entry without an auth mode is no subject of rules.
pub fn check(entries: &[&Resolved], known: &[String]) -> Diagnostics {
    let subjects: Vec<Subject<'_>> = entries.iter().filter_map(|entry| Subject::new(entry, known)).collect();
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
    let found = findings.done();
    let told = |key: &str, rule: &str| {
        found.iter().any(|other| other.rule.name == rule && other.path.len() == 1 && other.provider() == Some(key))
    };
    let inherited = |finding: &Diagnostic| {
        let heir = subjects.iter().find(|subject| finding.provider() == Some(&subject.entry.key.name));
        let alias = heir.and_then(|subject| subject.entry.alias.as_ref());
        finding.path.len() == 1 && alias.is_some_and(|alias| told(&alias.target, finding.rule.name))
    };
    // What a target lacks, its heirs lack too: said once, at the target.
    found.iter().filter(|finding| !inherited(finding)).cloned().collect()
}

/// The name of every rule there is, of all stages.
pub fn names() -> Vec<&'static str> {
    let stages = crate::syntax::RULES.iter().chain(&crate::resolve::RULES).chain(&crate::model::RULES);
    let stages = stages.chain(&crate::template::RULES).map(|rule| rule.name);
    stages.chain(LINTS.iter().map(|lint| lint.rule.name)).chain([UNUSED_ALLOW.name]).collect()
}
