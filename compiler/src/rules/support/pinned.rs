//! Patterns that take hosts of the vendor's domains alone, so that a customer chooses among the vendor's servers.

use super::subject::{Subject, whole_urls};
use super::templates::TemplateSite;
use super::urls;
use std::collections::BTreeSet;

/// True if every text that a pattern takes is a host below a domain that the entry names as the vendor's: in another
/// URL, in its documentation, in `keyway.hosts`, or as the field's own example. Where that cannot be decided it is not.
pub(in crate::rules) fn is_pinned(subject: &Subject<'_>, pattern: &str, example: &str) -> bool {
    let domains = domains(subject, example);
    // Cheap, and true of every pattern that keeps to a domain.
    let mentioned = domains.iter().filter(|domain| {
        let label = domain.split('.').next().unwrap_or_default();
        label.len() > 1 && pattern.contains(label)
    });
    let named: Vec<String> = mentioned.map(|domain| domain.replace('.', "[.]")).collect();
    if named.is_empty() {
        return false;
    }
    let below =
        format!(r"^([Hh][Tt][Tt][Pp][Ss]?:\/\/)?([A-Za-z0-9_-]+[.])*({})(:[0-9]+)?(\/[!-~]*)?$", named.join("|"));
    takes_no_more(pattern, &below)
}

/// True if a pattern takes nothing that the other does not take.
#[cfg(feature = "patterns")]
fn takes_no_more(pattern: &str, other: &str) -> bool {
    use crate::patterns::{Inclusion, Language};
    let languages = Language::of(pattern).zip(Language::of(other));
    languages.is_some_and(|(own, other)| own.inside(&other) == Inclusion::Inside)
}

/// Without automata nothing is known of what a pattern takes.
#[cfg(not(feature = "patterns"))]
fn takes_no_more(_pattern: &str, _other: &str) -> bool {
    false
}

/// The domains that an entry names as the vendor's.
fn domains(subject: &Subject<'_>, example: &str) -> BTreeSet<String> {
    let urls = whole_urls(subject).map(TemplateSite::text);
    let written = urls.chain(subject.text("docs")).map(|url| urls::owner(urls::host(url)));
    let example =
        if example.contains("://") { urls::host(example) } else { example.split('/').next().unwrap_or_default() };
    let listed = subject.get("keyway.hosts");
    let listed = listed.iter().filter_map(|place| place.node.as_sequence()).flatten().filter_map(|node| node.as_str());
    let listed = listed.map(|host| host.trim_start_matches("*.").split(':').next().unwrap_or_default());
    let all = written.chain([urls::owner(example)]).chain(listed);
    let is_domain = |domain: &&str| {
        domain.contains('.') && domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
    };
    all.filter(is_domain).map(str::to_ascii_lowercase).collect()
}
