//! Whether a pattern takes hosts of the vendor's domains alone, so that a customer chooses among the vendor's servers.

use super::subject::{Subject, whole_urls};
use super::templates::TemplateSite;
use super::urls;
use crate::patterns::{Inclusion, Language};
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
    let languages = Language::of(pattern).zip(Language::of(&below));
    languages.is_some_and(|(own, below)| own.inside(&below) == Inclusion::Inside)
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
