//! A URL without `https://`.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Subject, lookalikes};
use super::support::templates::TemplateSite;
use super::support::urls::host;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::Kind;
use std::ops::Range;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0323", "missing-scheme"),
    page: Page {
        checks: "Checks for a URL that begins neither with a scheme nor with a value that brings one.",
        why: "A URL needs its scheme. Where the customer gives the whole address, the field has to ask for one: `format: uri`, or a \
              `pattern` that begins with `https://`. A value like `acme.example` is no URL.",
        fails: acme!(
            "    auth_mode: NONE
    connection_config:
        site: {type: string, title: Site, description: Your address., pattern: '^[a-z.]+$', example: acme.example}
    proxy: {base_url: '${connectionConfig.site}'}
"
        ),
        mended: acme!(
            "    auth_mode: NONE
    connection_config:
        site: {type: string, title: Site, description: Your address., pattern: '^[a-z.]+$', example: acme.example}
    proxy: {base_url: 'https://${connectionConfig.site}'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for site in subject.templates().iter().filter(|site| is_whole_url(site)) {
        // What a placeholder in another spelling brings along is not known.
        let unknown = || lookalikes(subject, site).first().is_some_and(|found| found.range.start == 0);
        for (index, alternative) in site.template.alternatives().iter().enumerate() {
            let span = site.node().span;
            let start = alternative.nodes.first().map_or(0, |node| node.range.start);
            match alternative.nodes.first().map(|node| &node.kind) {
                Some(Kind::Text(text)) if !(text.contains("://") || index == 0 && unknown()) => {
                    let end = alternative.nodes.last().map_or(start, |node| node.range.end);
                    let whole = site.text().get(start..end).unwrap_or_default();
                    let (message, label, help, insert) = told(text, whole, site, subject);
                    let fix = insert.and_then(|(range, to)| {
                        let range = start + range.start..start + range.end;
                        fixes::replace(&site.place, range, to, &help)
                    });
                    report.spanned(&site.place.path, span, message, |found| found.label(label).help(help).offer(fix));
                }
                Some(Kind::Name(name)) if lacks_scheme(subject, name) => {
                    let fix = fixes::replace(&site.place, start..start, "https://", "write `https://` before it");
                    report.spanned(&site.place.path, span, format!("`{name}` brings no scheme along"), |found| {
                        found
                            .label("the whole URL begins with this value")
                            .help("write `https://` before it, or let the field ask for one")
                            .offer(fix)
                    });
                }
                _ => {}
            }
        }
    }
}

/// Bytes of the text, and what belongs there.
type Insert = Option<(Range<usize>, &'static str)>;

/// The finding for a URL, `whole`, that begins with this text: a slip in its scheme, a host without one, or no host
/// at all.
fn told(
    text: &str,
    whole: &str,
    site: &TemplateSite<'_>,
    subject: &Subject<'_>,
) -> (String, &'static str, String, Insert) {
    let slip =
        ["https:/", "https//", "https:", "http:/", "http//", "http:"].into_iter().find(|slip| text.starts_with(slip));
    if let Some(slip) = slip {
        let scheme = if slip.starts_with("https") { "https://" } else { "http://" };
        let rest = text.get(slip.len()..).unwrap_or_default();
        let fix = rest.starts_with(|first: char| first.is_ascii_alphanumeric()).then_some((0..slip.len(), scheme));
        let label = "a scheme ends with `://`";
        return (format!("`{slip}` is no scheme"), label, format!("write `{scheme}` instead of `{slip}`"), fix);
    }
    if text.starts_with("//") {
        let label = "a URL of an entry stands on its own";
        return ("a URL without a scheme".to_owned(), label, format!("write `https:{whole}`"), Some((0..0, "https:")));
    }
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    let follows = whole.len() > text.len() && first.len() == text.len();
    if !text.starts_with('/') && (first.contains('.') || first.contains(':') || first == "localhost" || follows) {
        let certain = first.contains('.') || follows;
        let label = "begins with a host";
        let help = format!("write `https://{whole}`");
        return ("a URL without a scheme".to_owned(), label, help, certain.then_some((0..0, "https://")));
    }
    let path = whole.trim_start_matches('/');
    let host =
        subject.text("proxy.base_url").filter(|base| !base.contains('$')).map(host).filter(|host| !host.is_empty());
    let help = match host.filter(|_| site.place.path.first().is_none_or(|key| key != "proxy")) {
        Some(host) => format!("write the whole URL: `https://{host}/{path}`, if that is its host"),
        None => format!("write the whole URL: `https://`, the host, and `/{path}`"),
    };
    ("a relative URL: it has no host".to_owned(), "a path, and nothing that it is relative to", help, None)
}

/// True if a template is a URL by itself: an endpoint of a probe is a path.
fn is_whole_url(site: &TemplateSite<'_>) -> bool {
    let endpoint = site.place.path.iter().any(|part| part == "endpoints");
    site.field.is_url() && !endpoint && !site.text().is_empty()
}

/// True if a field asks for something that is not a URL.
fn lacks_scheme(subject: &Subject<'_>, name: &str) -> bool {
    let Some(name) = name.strip_prefix("connectionConfig.") else { return false };
    let field = subject.members("connection_config").into_iter().find(|field| field.name() == name);
    let Some(keys) = field.as_ref().and_then(|field| field.node.as_mapping()) else { return false };
    let text = |key: &str| keys.get(key).and_then(|entry| entry.value.as_str()).unwrap_or_default();
    let asks = text("format") == "uri" || text("pattern").contains("://") || text("pattern").contains(":\\/\\/");
    let shows = ["example", "default_value"].iter().any(|key| text(key).contains("://"));
    let automated = keys.get("automated").is_some();
    let told = !text("format").is_empty() || !text("pattern").is_empty() || !text("example").is_empty();
    let prefixed = text("prefix").contains("://");
    !automated && !asks && (prefixed || (told && !shows))
}

#[cfg(test)]
mod tests {
    use crate::fix::fix;
    use crate::pipeline;
    use crate::rules::testing::{acme, check};
    use crate::source::Sources;

    #[test]
    fn a_value_that_is_a_url_brings_its_scheme() {
        let of = |field: &str| {
            let field = format!("{{type: string, title: T, description: D., {field}}}");
            acme(&format!(
                "    auth_mode: NONE\n    connection_config: {{site: {field}}}\n    proxy: {{base_url: '${{connectionConfig.site}}'}}\n"
            ))
        };
        check("missing-scheme", &of("format: uri"), &[]);
        check("missing-scheme", &of("pattern: '^https://.+$'"), &[]);
        check("missing-scheme", &of("automated: true"), &[]);
        let found = &["7:23 `connectionConfig.site` brings no scheme along"];
        check("missing-scheme", &of("format: hostname"), found);
        check("missing-scheme", &of("prefix: 'https://', example: a.example"), found);
    }

    #[test]
    fn a_path_is_told_apart_from_a_host_and_a_slip_from_both() {
        let of = |url: &str| {
            acme(&format!(
                "    auth_mode: OAUTH2\n    authorization_url: https://acme.example/authorize\n    token_url: '{url}'\n    token_params: {{grant_type: authorization_code}}\n    refresh_params: {{grant_type: refresh_token}}\n    proxy: {{base_url: 'https://api.acme.example/v1'}}\n"
            ))
        };
        let relative = "a relative URL: it has no host";
        let (no_scheme, whole) = ("a URL without a scheme", "https://acme.example/token");
        let with_host = "write the whole URL: `https://api.acme.example/oauth/token`, if that is its host";
        for (url, message, help, mended) in [
            ("/oauth/token", relative, with_host, None),
            ("oauth/token", relative, with_host, None),
            ("acme.example/token", no_scheme, "write `https://acme.example/token`", Some(whole)),
            ("acme.example", no_scheme, "write `https://acme.example`", Some("https://acme.example")),
            (
                "acme.example:8443/a",
                no_scheme,
                "write `https://acme.example:8443/a`",
                Some("https://acme.example:8443/a"),
            ),
            ("localhost/token", no_scheme, "write `https://localhost/token`", None),
            ("//acme.example/token", no_scheme, "write `https://acme.example/token`", Some(whole)),
            (
                "https:/acme.example/token",
                "`https:/` is no scheme",
                "write `https://` instead of `https:/`",
                Some(whole),
            ),
            (
                "https//acme.example/token",
                "`https//` is no scheme",
                "write `https://` instead of `https//`",
                Some(whole),
            ),
            ("https:acme.example/token", "`https:` is no scheme", "write `https://` instead of `https:`", Some(whole)),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", of(url));
            let found: Vec<_> = pipeline::check(&sources, file).diagnostics.into_iter().collect();
            let found: Vec<_> = found.iter().filter(|found| found.rule.name == "missing-scheme").collect();
            assert_eq!(found.iter().map(|found| found.message.as_str()).collect::<Vec<_>>(), [message], "{url}");
            assert_eq!(found[0].help.as_deref(), Some(help), "{url}");
            let after = fix(&sources, &file.into(), |found| found.rule.name == "missing-scheme");
            assert_eq!(after.sources.get(file).unwrap().text, of(mended.unwrap_or(url)), "{url}");
        }
    }
}
