//! Semantic checks: one file per rule, registered once, here.
//!
//! A rule is a name and a code, a page that explains it with an example that fails and its mended form, and a function
//! that looks at one entry, or at all of them. The examples are executed by a test. Rules look; they change nothing,
//! and an error of one does not keep an entry from being lowered.
//!
//! | file | what |
//! |---|---|
//! | `lint`, `support/` | what a rule is; what rules look at |
//! | `silence` | findings that an entry allows, and reasons that allow nothing |
//! | everything else | a rule of that name; those about patterns exist with the feature `patterns` |
//!
//! Shapes, names and templates are checked by earlier stages while they read.

mod lint;
mod silence;
mod support;
#[cfg(test)]
mod testing;

mod absolute_endpoint;
mod alias_drops_inherited;
mod ambiguous_fallback;
mod ambiguous_scalar;
mod auth_mode_shape;
mod automated_not_marked;
mod automated_without_producer;
mod brittle_secret_pattern;
mod client_auth_contradiction;
mod closed_region_list;
mod content_type_mismatch;
mod copy_paste_residue;
mod credential_unplaced;
mod dated_version;
#[cfg(feature = "patterns")]
mod default_violates_pattern;
mod docs_host_base_url;
mod doubled_auth_scheme;
mod doubled_scheme;
mod duplicate_entry;
mod empty_value;
#[cfg(feature = "patterns")]
mod example_violates_pattern;
mod field_name_style;
mod global_content_type;
mod hardcoded_state;
mod hidden_without_default;
#[cfg(feature = "patterns")]
mod host_escape;
mod host_in_path;
mod incomplete_pagination;
mod inert_verification;
mod insecure_scheme;
mod interpolation_missing_dollar;
mod invalid_link;
mod invalid_media_type;
#[cfg(feature = "patterns")]
mod invalid_pattern;
mod invalid_url;
mod json_path;
mod literal_placeholder;
mod live_secret;
mod missing_base_url;
mod missing_scheme;
mod missing_verification;
mod mutating_verification;
mod narrow_config_pattern;
#[cfg(feature = "patterns")]
mod narrow_host_pattern;
mod offline_access_missing;
mod optional_host;
mod page_number_offset;
mod path_join;
#[cfg(feature = "patterns")]
mod pattern_dialect;
mod pkce_disabled;
mod private_host;
mod query_in_base_url;
mod redundant_key;
mod refresh_grant_missing;
mod region_hardcoded;
mod repeated_header;
mod respelled_url;
mod retry_milliseconds;
mod retry_regex_delimiters;
mod retry_reset_as_relative;
mod scope_in_params;
mod scope_separator;
mod scoped_verification;
mod secret_in_url;
mod secret_not_marked;
mod sibling_base_url;
mod structured_parameter;
mod transport_header;
mod trivial_verification;
#[cfg(feature = "patterns")]
mod unanchored_pattern;
mod unbounded_host;
mod undeclared_credentials;
mod unescaped_interpolation;
mod unfit_value;
mod unknown_expiry;
mod unread_retry;
mod unsorted_entries;
mod unused_config_field;
mod versioned_base_url;
mod whole_host;

pub use crate::diagnostic::Page;
pub use lint::{Check, Lint};
pub use silence::{UNUSED_ALLOW, UNUSED_ALLOW_PAGE, allows_anything, silence};
pub use support::subject::{Memo, Subject};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parallel;
use crate::resolve::Resolved;
use std::collections::{BTreeMap, BTreeSet};
use support::findings::Findings;

/// Every rule of this stage, by code.
pub static LINTS: &[&Lint] = &[
    &redundant_key::LINT,
    &auth_mode_shape::LINT,
    &alias_drops_inherited::LINT,
    &duplicate_entry::LINT,
    &interpolation_missing_dollar::LINT,
    &unused_config_field::LINT,
    &undeclared_credentials::LINT,
    &ambiguous_fallback::LINT,
    &unescaped_interpolation::LINT,
    &absolute_endpoint::LINT,
    &optional_host::LINT,
    &unfit_value::LINT,
    &missing_base_url::LINT,
    &unbounded_host::LINT,
    &doubled_scheme::LINT,
    &missing_scheme::LINT,
    &path_join::LINT,
    &secret_in_url::LINT,
    &insecure_scheme::LINT,
    &host_in_path::LINT,
    &query_in_base_url::LINT,
    &docs_host_base_url::LINT,
    &sibling_base_url::LINT,
    &versioned_base_url::LINT,
    &dated_version::LINT,
    &region_hardcoded::LINT,
    &closed_region_list::LINT,
    &whole_host::LINT,
    #[cfg(feature = "patterns")]
    &host_escape::LINT,
    #[cfg(feature = "patterns")]
    &narrow_host_pattern::LINT,
    &narrow_config_pattern::LINT,
    &automated_not_marked::LINT,
    &automated_without_producer::LINT,
    &hidden_without_default::LINT,
    &secret_not_marked::LINT,
    #[cfg(feature = "patterns")]
    &invalid_pattern::LINT,
    #[cfg(feature = "patterns")]
    &pattern_dialect::LINT,
    #[cfg(feature = "patterns")]
    &unanchored_pattern::LINT,
    #[cfg(feature = "patterns")]
    &example_violates_pattern::LINT,
    #[cfg(feature = "patterns")]
    &default_violates_pattern::LINT,
    &brittle_secret_pattern::LINT,
    &copy_paste_residue::LINT,
    &field_name_style::LINT,
    &refresh_grant_missing::LINT,
    &unknown_expiry::LINT,
    &hardcoded_state::LINT,
    &credential_unplaced::LINT,
    &offline_access_missing::LINT,
    &client_auth_contradiction::LINT,
    &scope_separator::LINT,
    &scope_in_params::LINT,
    &pkce_disabled::LINT,
    &invalid_url::LINT,
    &respelled_url::LINT,
    &invalid_link::LINT,
    &private_host::LINT,
    &live_secret::LINT,
    &page_number_offset::LINT,
    &json_path::LINT,
    &retry_milliseconds::LINT,
    &empty_value::LINT,
    &unsorted_entries::LINT,
    &missing_verification::LINT,
    &inert_verification::LINT,
    &mutating_verification::LINT,
    &scoped_verification::LINT,
    &trivial_verification::LINT,
    &invalid_media_type::LINT,
    &incomplete_pagination::LINT,
    &retry_reset_as_relative::LINT,
    &retry_regex_delimiters::LINT,
    &global_content_type::LINT,
    &ambiguous_scalar::LINT,
    &literal_placeholder::LINT,
    &doubled_auth_scheme::LINT,
    &transport_header::LINT,
    &repeated_header::LINT,
    &content_type_mismatch::LINT,
    &structured_parameter::LINT,
    &unread_retry::LINT,
];

/// Looks at the entries of a file, also at those that have errors: one mistake does not hide another. `known` are the
/// keys of all entries, those that could not be read included. An entry without an auth mode is no subject of rules.
pub fn check(entries: &[&Resolved], known: &[String]) -> Diagnostics {
    let subjects: Vec<Subject<'_>> = entries.iter().filter_map(|entry| Subject::new(entry, known)).collect();
    let found = parallel::map(&subjects, alone).into_iter().flatten().collect();
    together(&subjects, found)
}

/// What rules that look at one entry at a time find in it.
pub fn check_entry(entry: &Resolved) -> Diagnostics {
    Subject::new(entry, &[]).map(|subject| alone(&subject)).unwrap_or_default()
}

/// What rules that look at all entries find, and what was `found` in each of them alone. A memo is that of its entry as
/// it reads.
pub fn check_together(entries: &[(&Resolved, &Memo)], known: &[String], found: Diagnostics) -> Diagnostics {
    let subjects = entries.iter().filter_map(|(entry, memo)| Some(Subject::new(entry, known)?.with(memo)));
    let subjects: Vec<Subject<'_>> = subjects.collect();
    together(&subjects, found)
}

fn alone(subject: &Subject<'_>) -> Diagnostics {
    let mut findings = Findings::default();
    for lint in LINTS {
        if let Check::Entry(check) = lint.check {
            check(subject, &mut findings.of(lint, subject));
        }
    }
    findings.done()
}

fn together(subjects: &[Subject<'_>], mut found: Diagnostics) -> Diagnostics {
    let mut findings = Findings::default();
    for lint in LINTS {
        if let Check::Catalogue(check) = lint.check {
            check(subjects, lint, &mut findings);
        }
    }
    found.extend(findings.done());
    once(found, subjects)
}

/// Heirs lack what their target lacks: it is reported once, at the target.
fn once(found: Diagnostics, subjects: &[Subject<'_>]) -> Diagnostics {
    let targets: BTreeMap<&str, &str> = subjects
        .iter()
        .filter_map(|subject| Some((subject.entry.key.name.as_str(), subject.entry.alias.as_ref()?.target.as_str())))
        .collect();
    let lacks = |finding: &Diagnostic| match finding.path.as_slice() {
        [key] => Some((key.clone(), finding.rule.name)),
        _ => None,
    };
    let told: BTreeSet<(String, &str)> = found.iter().filter_map(lacks).collect();
    let inherited = |finding: &Diagnostic| {
        let target = lacks(finding).and_then(|(key, rule)| Some(((*targets.get(key.as_str())?).to_owned(), rule)));
        target.is_some_and(|target| told.contains(&target))
    };
    found.into_iter().filter(|finding| !inherited(finding)).collect()
}

/// Rules that a build without the feature `patterns` does not have. What an entry allows of them it allows all the
/// same.
#[cfg(not(feature = "patterns"))]
const LEFT_OUT: &[&str] = &[
    "host-escape",
    "narrow-host-pattern",
    "invalid-pattern",
    "pattern-dialect",
    "unanchored-pattern",
    "example-violates-pattern",
    "default-violates-pattern",
];
#[cfg(feature = "patterns")]
const LEFT_OUT: &[&str] = &[];

/// The name of every rule there is, of all stages.
pub fn names() -> Vec<&'static str> {
    let stages = crate::syntax::RULES.iter().chain(&crate::intake::RULES).chain(&crate::resolve::RULES);
    let stages = stages.chain(&crate::model::RULES);
    let stages = stages.chain(&crate::template::RULES).map(|rule| rule.name);
    stages
        .chain(LINTS.iter().map(|lint| lint.rule.name))
        .chain([UNUSED_ALLOW.name])
        .chain(LEFT_OUT.iter().copied())
        .collect()
}
