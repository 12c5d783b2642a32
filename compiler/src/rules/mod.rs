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
mod lookup_choice;
mod lookup_field;
mod lookup_host;
mod misplaced_authority;
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
mod rate_limit_header;
mod redundant_key;
mod refresh_grant_missing;
mod region_hardcoded;
mod repeated_affix;
mod repeated_header;
mod respelled_url;
mod retry_milliseconds;
mod retry_regex_delimiters;
mod retry_reset_as_relative;
mod revocation_without_token;
mod scope_in_params;
mod scope_separator;
mod scoped_verification;
mod secret_in_url;
mod secret_not_marked;
mod sibling_base_url;
mod sibling_differs;
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
mod unknown_source_path;
mod unread_lifetime_unit;
mod unread_retry;
mod unsorted_entries;
mod unused_config_field;
mod verification_header;
mod versioned_base_url;
mod whole_host;

pub use crate::diagnostic::Page;
pub use lint::{Check, Lint};
pub use silence::{UNUSED_ALLOW, UNUSED_ALLOW_PAGE, silence};
pub use support::subject::{Memo, Shared, Subject};

use crate::diagnostic::{Diagnostic, Diagnostics};
use std::collections::{HashMap, HashSet};
use support::findings::Findings;

/// The rules of this stage, listed once: those of this build, and the names of all.
macro_rules! lints {
    ($( $(#[$built:meta])? $rule:ident, )+) => {
        /// Every rule of this stage that this build has, by code.
        pub static LINTS: &[&Lint] = &[$( $(#[$built])? &$rule::LINT, )+];

        /// The module of every rule of this stage, those included that this build leaves out.
        const MODULES: &[&str] = &[$( stringify!($rule), )+];
    };
}

lints! {
    redundant_key,
    auth_mode_shape,
    alias_drops_inherited,
    duplicate_entry,
    interpolation_missing_dollar,
    unused_config_field,
    undeclared_credentials,
    ambiguous_fallback,
    unescaped_interpolation,
    absolute_endpoint,
    optional_host,
    unfit_value,
    missing_base_url,
    unbounded_host,
    doubled_scheme,
    missing_scheme,
    path_join,
    secret_in_url,
    insecure_scheme,
    host_in_path,
    query_in_base_url,
    docs_host_base_url,
    sibling_base_url,
    versioned_base_url,
    dated_version,
    region_hardcoded,
    closed_region_list,
    whole_host,
    #[cfg(feature = "patterns")]
    host_escape,
    #[cfg(feature = "patterns")]
    narrow_host_pattern,
    narrow_config_pattern,
    automated_not_marked,
    automated_without_producer,
    hidden_without_default,
    secret_not_marked,
    #[cfg(feature = "patterns")]
    invalid_pattern,
    #[cfg(feature = "patterns")]
    pattern_dialect,
    #[cfg(feature = "patterns")]
    unanchored_pattern,
    #[cfg(feature = "patterns")]
    example_violates_pattern,
    #[cfg(feature = "patterns")]
    default_violates_pattern,
    brittle_secret_pattern,
    copy_paste_residue,
    field_name_style,
    refresh_grant_missing,
    unknown_expiry,
    hardcoded_state,
    credential_unplaced,
    offline_access_missing,
    client_auth_contradiction,
    scope_separator,
    scope_in_params,
    pkce_disabled,
    invalid_url,
    respelled_url,
    invalid_link,
    private_host,
    live_secret,
    page_number_offset,
    json_path,
    retry_milliseconds,
    empty_value,
    unsorted_entries,
    missing_verification,
    inert_verification,
    mutating_verification,
    scoped_verification,
    trivial_verification,
    invalid_media_type,
    incomplete_pagination,
    retry_reset_as_relative,
    retry_regex_delimiters,
    global_content_type,
    ambiguous_scalar,
    literal_placeholder,
    doubled_auth_scheme,
    transport_header,
    repeated_header,
    content_type_mismatch,
    structured_parameter,
    unread_retry,
    rate_limit_header,
    unread_lifetime_unit,
    misplaced_authority,
    revocation_without_token,
    lookup_field,
    lookup_choice,
    lookup_host,
    repeated_affix,
    verification_header,
    sibling_differs,
    unknown_source_path,
}

/// The findings of rules that look at one entry at a time, also in one that has errors: one mistake does not hide
/// another. The other entries make no difference.
pub(crate) fn alone(subject: &Subject<'_>) -> Diagnostics {
    let mut findings = Findings::default();
    for lint in LINTS {
        if let Check::Entry(check) = lint.check {
            check(subject, &mut findings.of(&lint.rule, subject));
        }
    }
    findings.done()
}

/// Finds out what rules that look at all entries will ask about this one, while what they look at is at hand.
pub(crate) fn remember(subject: &Subject<'_>) {
    duplicate_entry::remember(subject);
    #[cfg(feature = "patterns")]
    host_escape::remember(subject);
}

/// The findings of rules that look at all entries, added to those `found` in each alone.
pub(crate) fn together(subjects: &[Subject<'_>], mut found: Diagnostics) -> Diagnostics {
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
    let targets: HashMap<&str, &str> = subjects
        .iter()
        .filter_map(|subject| Some((subject.entry.key.name.as_str(), subject.entry.alias.as_ref()?.target.as_str())))
        .collect();
    let told: HashSet<(&str, &str)> = found.iter().filter_map(lack).collect();
    let inherited = |finding: &Diagnostic| {
        let target = lack(finding).and_then(|(key, rule)| Some((*targets.get(key)?, rule)));
        target.is_some_and(|target| told.contains(&target))
    };
    let inherited: Vec<bool> = found.iter().map(inherited).collect();
    let kept = found.into_iter().zip(inherited).filter(|(_, inherited)| !inherited);
    kept.map(|(finding, _)| finding).collect()
}

/// What a finding says that an entry lacks, where it is about the entry as a whole: its key, and the rule.
fn lack(finding: &Diagnostic) -> Option<(&str, &str)> {
    match finding.path.as_slice() {
        [key] => Some((key, finding.rule.name)),
        _ => None,
    }
}

/// The modules of the rules that this build does not have. What an entry allows of them it allows all the same.
pub(crate) fn left_out() -> impl Iterator<Item = &'static str> {
    MODULES.iter().copied().filter(|module| !LINTS.iter().any(|lint| is_name_of(lint.rule.name, module)))
}

/// True if a name is that of a rule that this build does not have.
fn is_left_out(name: &str) -> bool {
    left_out().any(|module| is_name_of(name, module))
}

/// True if a rule of this name stands in a module of this one.
fn is_name_of(name: &str, module: &str) -> bool {
    name.len() == module.len()
        && name.bytes().zip(module.bytes()).all(|(one, other)| one == if other == b'_' { b'-' } else { other })
}

#[cfg(test)]
mod tests {
    use super::{LINTS, MODULES, is_name_of};

    #[test]
    fn a_rule_stands_in_the_module_of_its_name() {
        for lint in LINTS {
            let name = lint.rule.name;
            assert_eq!(MODULES.iter().filter(|module| is_name_of(name, module)).count(), 1, "{name}");
        }
    }
}
