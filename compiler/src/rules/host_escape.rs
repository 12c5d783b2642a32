//! A pattern that lets a value end the host it is part of.

use super::lint::acme;
use super::support::findings::{Findings, Reporter};
use super::support::subject::{Located, Subject, field_of, whole_urls};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::parallel;
use crate::patterns::Language;
use crate::source::Span;
use keyway_spec::Position;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0338", "host-escape"),
    page: Page {
        checks: "Checks for a `pattern` with a match that is no part of a host name where the value becomes one.",
        why: "In `https://${connectionConfig.team}.acme.com` the value `evil.com/` sends the credential to `evil.com`. The runtime refuses such \
              values; other readers of the format do not. Decided by automata, with a shortest value that leaves the host. Where the \
              customer names the whole host anyway this is a warning: the request fails. A pattern that lets a label begin or end with `-` \
              (`^[a-z0-9-]+$`) is a note: the runtime refuses such a value, and no vendor has such a host, also where text stands beside the value \
              (`api-${connectionConfig.team}`): each value is a label of its own.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.team}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[^.]+$'}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.team}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'}
"
        ),
    },
    check: Check::Catalogue(check),
};

/// The values allowed at a position: the characters, not yet the lengths.
const LABELS: &str = "^[A-Za-z0-9._-]*$";
const HOST: &str = r"^[A-Za-z0-9._-]*(:[0-9]+)?(\/[!-~]*)?$";
const ORIGIN: &str = r"^[Hh][Tt][Tt][Pp][Ss]?:\/\/[A-Za-z0-9._-]*(:[0-9]+)?(\/[ -~]*)?$";

/// The same with every label's edges: no name has an empty label, or one that begins or ends with `-`.
macro_rules! names {
    () => {
        "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?([.][A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
    };
}
const EXACT: [&str; 3] = [
    concat!("^", names!(), "$"),
    concat!("^", names!(), r"(:[0-9]+)?(\/[!-~]*)?$"),
    concat!(r"^[Hh][Tt][Tt][Pp][Ss]?:\/\/", names!(), r"(:[0-9]+)?(\/[ -~]*)?$"),
];

/// A value that a pattern matches and that cannot stand in its place, and whether it leaves the host.
type Witness = (String, bool);

/// A pattern whose matches become a part of a host.
struct Site<'s> {
    subject: usize,
    field: String,
    /// The host in which it stands, as it is written.
    host: String,
    pattern: Located<'s>,
    /// Which of the grammars holds there.
    grammar: usize,
    /// Where the value goes.
    url: Span,
}

impl Site<'_> {
    /// The host with a value in its place.
    fn host_with(&self, value: &str) -> String {
        let prefixes = ["connectionConfig.", "credentials.", ""];
        let spelt = prefixes.map(|prefix| format!("${{{prefix}{}}}", self.field));
        spelt.iter().fold(self.host.clone(), |host, name| host.replace(name, value))
    }
}

fn check(subjects: &[Subject<'_>], lint: &'static Lint, findings: &mut Findings) {
    let sites: Vec<Site<'_>> = subjects.iter().enumerate().flat_map(|(index, subject)| sites(index, subject)).collect();
    // Many entries share a pattern.
    let key = |site: &Site<'_>| (site.pattern.node.as_str().unwrap_or_default().to_owned(), site.grammar);
    let patterns: Vec<(String, usize)> = sites.iter().map(key).collect::<BTreeSet<_>>().into_iter().collect();
    let grammars = [LABELS, HOST, ORIGIN].map(Language::of);
    let exact = EXACT.map(Language::of);
    let witness = |(pattern, grammar): &(String, usize)| -> Option<Witness> {
        let language = Language::of(pattern)?;
        let inexact = language.outside(exact.get(*grammar)?.as_ref()?)?;
        let leaving = language.outside(grammars.get(*grammar)?.as_ref()?);
        Some(leaving.map_or((inexact, false), |witness| (witness, true)))
    };
    let witnesses = parallel::map_heavy(&patterns, witness);
    let known: BTreeMap<&(String, usize), &Witness> =
        patterns.iter().zip(&witnesses).filter_map(|(pattern, witness)| Some((pattern, witness.as_ref()?))).collect();
    let mut told: BTreeSet<(usize, &str)> = BTreeSet::new();
    for site in &sites {
        let Some((witness, leaves)) = known.get(&key(site)) else { continue };
        let Some(subject) = subjects.get(site.subject).filter(|_| told.insert((site.subject, &site.field))) else {
            continue;
        };
        tell(site, witness, *leaves, &mut findings.of(&lint.rule, subject));
    }
}

/// The patterns of an entry that decide a part of a host, in the order of its URLs.
fn sites<'s>(index: usize, subject: &'s Subject<'_>) -> Vec<Site<'s>> {
    let mut sites: Vec<Site<'s>> = Vec::new();
    if !remember(subject) {
        return sites;
    }
    for site in whole_urls(subject) {
        urls::each_config_name(&site.template, &mut |name, position| {
            let grammar = match position {
                Position::HostLabel => 0,
                Position::Host => 1,
                Position::Origin => 2,
                _ => return,
            };
            let Some(field) = field_of(subject, name) else { return };
            let Some(pattern) = field.at("pattern") else { return };
            if pattern.node.as_str().is_some() {
                let host = urls::host(site.text()).to_owned();
                sites.push(Site {
                    subject: index,
                    field: field.name().to_owned(),
                    host,
                    pattern,
                    grammar,
                    url: site.node().span,
                });
            }
        });
    }
    sites
}

fn tell(site: &Site<'_>, witness: &str, leaves: bool, report: &mut Reporter<'_, '_>) {
    let Site { field: name, pattern, grammar, url, .. } = site;
    if !leaves {
        let shown = if witness.is_empty() { "nothing at all".to_owned() } else { format!("`{witness}`") };
        let message = format!("the pattern of `{name}` also matches {shown}, which no host has");
        return report.at(pattern, message, |found| {
            let label = format!("makes `{}`, and is refused when it is entered", site.host_with(witness));
            let found = found.label(label).secondary(*url, "becomes part of the host here");
            let found =
                found.help("let each label begin and end with a letter or a digit: `[a-z0-9]([a-z0-9-]*[a-z0-9])?`");
            Diagnostic { severity: Severity::Note, ..found }
        });
    }
    let severity = if *grammar == 0 { Severity::Error } else { Severity::Warning };
    let what = ["part of a host", "host", "`https://host`"].get(*grammar).copied().unwrap_or_default();
    let message = format!("the pattern of `{name}` also matches `{witness}`, which is no {what}");
    report.at(pattern, message, |found| {
        let found = found.label("leaves the host").secondary(*url, "becomes part of the host here");
        let found = found.help("match only letters, digits, `-` and `.`, from `^` to `$`");
        Diagnostic { severity, ..found }
    });
}

/// True if a value with a pattern is a part of a host in an entry: in most there is none.
pub(super) fn remember(subject: &Subject<'_>) -> bool {
    *subject.memo().has_host_pattern.get_or_init(|| has_host_pattern(subject))
}

fn has_host_pattern(subject: &Subject<'_>) -> bool {
    let has_pattern = |name: &str| field_of(subject, name).is_some_and(|field| field.at("pattern").is_some());
    let mut is_there = false;
    for site in whole_urls(subject) {
        urls::each_config_name(&site.template, &mut |name, position| {
            let is_host = matches!(position, Position::HostLabel | Position::Host | Position::Origin);
            is_there |= is_host && has_pattern(name);
        });
    }
    is_there
}

#[cfg(test)]
mod tests {
    use crate::pipeline;
    use crate::rules::testing::{CLEAN, found};
    use crate::source::Sources;

    #[test]
    fn the_host_that_a_label_makes_is_shown() {
        for (base, pattern, expected) in [
            ("https://${connectionConfig.x}.acme.com", "^[a-z0-9-]+$", "makes `-.acme.com`"),
            ("https://${connectionConfig.x}.acme.com/v1", "^[a-z0-9][a-z0-9-]*$", "makes `a-.acme.com`"),
            ("https://${connectionConfig.x}.acme.com", "^[a-z0-9-]*[a-z0-9]$", "makes `-a.acme.com`"),
            ("https://api-${connectionConfig.x}.acme.com", "^[a-z0-9-]{2,63}$", "makes `api-"),
            ("https://${connectionConfig.x}", "^[a-z0-9-]+[.]acme[.]com$", "makes `-.acme.com`"),
            ("https://eu.${credentials.x}.acme.com", "^[a-z-]+$", "makes `eu.-.acme.com`"),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", base);
            let map = if base.contains("credentials") { "credentials" } else { "connection_config" };
            let field = format!("{{type: string, title: T, description: D., pattern: '{pattern}'}}");
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", format!("{entry}    {map}: {{x: {field}}}\n"));
            let checked = pipeline::check(&sources, file);
            let found = checked.diagnostics.iter().find(|found| found.rule.name == "host-escape");
            let label = found.map_or("", |found| found.primary.text.as_str());
            assert!(label.starts_with(expected), "{base} {pattern}: {label}");
        }
    }

    #[test]
    fn a_witness_shows_how_the_host_is_left() {
        for (base, pattern, expected) in [
            ("https://${connectionConfig.x}.acme.com", "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", None),
            ("https://${connectionConfig.x}.acme.com", "^[a-z0-9-]+$", Some("`-`, which no host has")),
            ("https://${connectionConfig.x}.acme.com", "^[a-z]*$", Some("nothing at all, which no host has")),
            ("https://${connectionConfig.x}/api", "^[a-z0-9.-]+$", Some("which no host has")),
            ("https://${connectionConfig.x}.acme.com", "^[a-z0-9-]+", Some("`a/`")),
            ("https://${connectionConfig.x}.acme.com", "^.+$", Some("`/`")),
            ("https://${connectionConfig.x}.acme.com", "^(?!.*/)[a-z/]+$", None),
            ("https://${connectionConfig.x}/api", "^[a-z]+([.][a-z]+)*(:[0-9]+)?$", None),
            ("https://${connectionConfig.x}/api", "^https?://[a-z.]+$", Some("`http://a`")),
            ("${connectionConfig.x}/api", "^https://[a-z]+([.][a-z]+)*$", None),
            ("https://acme.com/${connectionConfig.x}", "^.+$", None),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", base);
            let field = format!("{{type: string, title: T, description: D., pattern: '{pattern}'}}");
            let found = found("host-escape", &format!("{entry}    connection_config: {{x: {field}}}\n"));
            assert_eq!(found.len(), usize::from(expected.is_some()), "{base} {pattern}: {found:?}");
            assert!(expected.is_none_or(|witness| found.iter().any(|text| text.contains(witness))), "{found:?}");
        }
    }
}
