//! A region nailed into one of several URLs.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, whole_urls};
use super::support::templates::TemplateSite;
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0335", "region-hardcoded"),
    page: Page {
        checks: "Checks for a region in the name of a host: beside a value of the customer, in this URL or another one, or beside another \
                 region. Where nothing else is known it is a note, unless the entry's name names the region as well.",
        why: "Customers of other regions sign in at one place and are sent to another, which does not know them. An entry that is for one \
              region says so in its key.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://login-us.acme.example/authorize
    token_url: https://${connectionConfig.team}.acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$'}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://${connectionConfig.team}.acme.example/authorize
    token_url: https://${connectionConfig.team}.acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let varies = |text: &str| urls::host(text).contains("${");
    let mut found: Vec<(&TemplateSite<'_>, String)> = Vec::new();
    for site in whole_urls(subject).filter(|site| !site.text().contains("||")) {
        if let Some(region) = region(urls::host(site.text())) {
            found.push((site, region));
        }
    }
    let name = format!("{}-{}", subject.entry.key.name, subject.text("display_name").unwrap_or_default());
    let named = words(&name);
    for (site, region) in &found {
        let message = format!("the host is in the region `{region}` for every customer");
        let here = varies(site.text());
        let asks = whole_urls(subject).find(|other| varies(other.text()) && other.place.path != site.place.path);
        let differs = found.iter().find(|(_, other)| other != region);
        let area = region.trim_end_matches(|letter: char| letter.is_ascii_digit());
        if here {
            report.at(&site.place, message, |found| {
                found.label("a region beside the customer's value").help("let a field decide the region as well")
            });
        } else if let Some(other) = asks {
            report.at(&site.place, message, |found| {
                found
                    .label("a region by name")
                    .secondary(other.node().span, "here the customer decides")
                    .help("let the customer's value decide this host too")
            });
        } else if let Some((other, _)) = differs {
            report.at(&site.place, message, |found| {
                found
                    .label("one region")
                    .secondary(other.node().span, "another one")
                    .help("let one field decide both hosts")
            });
        } else if !named.iter().any(|word| word == area || word == region) {
            report.at(&site.place, message, |found| {
                let found = found.label("a region by name").help("if the vendor has others, let a field decide");
                Diagnostic { severity: Severity::Note, ..found }
            });
        }
    }
}

/// The region in the name of a host, in front of the domain itself: `eu1` of `login.eu1.acme.com`. What is joined to a
/// value is a part of another name.
fn region(host: &str) -> Option<String> {
    const AREAS: [&str; 10] = ["us", "eu", "uk", "au", "ca", "na", "emea", "apac", "jp", "sg"];
    let labels: Vec<&str> = host.split(':').next().unwrap_or_default().split('.').collect();
    let owner = urls::owner(host).split('.').count();
    // A value holds a dot of its own: `${connectionConfig.team}`.
    let in_front = labels.get(..labels.len().saturating_sub(owner))?;
    let mut plain = in_front.iter().filter(|label| !label.contains(['$', '{', '}']));
    plain.find_map(|label| {
        let parts: Vec<&str> = label.split('-').collect();
        let at = parts.iter().position(|part| {
            let area = part.trim_end_matches(|letter: char| letter.is_ascii_digit());
            AREAS.contains(&area) && part.len() <= area.len() + 2
        })?;
        let is_zone =
            |part: &&&str| ["east", "west", "north", "south", "central"].iter().any(|side| part.contains(side));
        let zone = parts.get(at + 1).filter(is_zone).and_then(|_| parts.get(at..));
        Some(zone.map_or_else(|| parts.get(at).copied().unwrap_or_default().to_owned(), |zone| zone.join("-")))
    })
}

fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::region;
    use crate::pipeline;
    use crate::rules::testing::CLEAN;
    use crate::source::Sources;

    #[test]
    fn a_region_is_a_part_of_the_name_in_front_of_the_domain() {
        for (host, expected) in [
            ("api.eu.acme.com", Some("eu")),
            ("api-us.acme.com", Some("us")),
            ("us2-api.acme.com", Some("us2")),
            ("${connectionConfig.team}.eu1.acme.com", Some("eu1")),
            ("auth.us-east-1.acme.com", Some("us-east-1")),
            ("prod.emea.api.acme.com:8443", Some("emea")),
            ("acme.eu", None),
            ("login.acme.us", None),
            ("ca-${connectionConfig.environment}.acme.com", None),
            ("use.acme.com", None),
            ("api.acme.com", None),
            ("eurostar.acme.com", None),
        ] {
            assert_eq!(region(host).as_deref(), expected, "{host}");
        }
    }

    #[test]
    fn what_stands_beside_it_decides_how_sure_that_is() {
        let of = |base: &str, rest: &str| {
            let entry = CLEAN.replace("https://api.acme.example", base);
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", format!("{entry}{rest}"));
            let checked = pipeline::check(&sources, file);
            let found = checked.diagnostics.iter().find(|found| found.rule.name == "region-hardcoded");
            found.map(|found| found.severity.as_str())
        };
        let team = "    connection_config: {team: {type: string, title: T, description: D., pattern: '^[a-z]+$'}}\n";
        let probe = |url: &str| format!("            base_url_override: {url}\n{team}");
        for (base, rest, expected) in [
            ("https://${connectionConfig.team}.eu1.acme.com", team.to_owned(), Some("warning")),
            ("https://api-us.acme.com", probe("https://${connectionConfig.team}.acme.com"), Some("warning")),
            ("https://api.us.acme.com", probe("https://api.eu.acme.com"), Some("warning")),
            ("https://api.us.acme.com", String::new(), Some("note")),
            ("https://api.us.acme.com || https://api.eu.acme.com", String::new(), None),
            ("https://${connectionConfig.team}.acme.com", team.to_owned(), None),
            ("https://api.acme.us", String::new(), None),
        ] {
            assert_eq!(of(base, &rest), expected, "{base} {rest}");
        }
        let named = CLEAN.replace("https://api.acme.example", "https://api.eu1.acme.com").replace("acme:", "acme-eu:");
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", named);
        let checked = pipeline::check(&sources, file);
        assert!(checked.diagnostics.iter().all(|found| found.rule.name != "region-hardcoded"));
    }
}
