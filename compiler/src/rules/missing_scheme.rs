//! A URL without `https://`.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::support::templates::Placed;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::Kind;

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
    for placed in subject.templates().iter().filter(|placed| is_whole_url(placed)) {
        for alternative in placed.template.alternatives() {
            let span = placed.node().span;
            let start = alternative.nodes.first().map_or(0, |node| node.range.start);
            let fix = fixes::replace(&placed.place, start..start, "https://", "write `https://` before it");
            match alternative.nodes.first().map(|node| &node.kind) {
                Some(Kind::Text(text)) if !text.contains("://") => {
                    report.spanned(&placed.place.path, span, "a URL without a scheme", |found| {
                        // A path is no host.
                        let fix = fix.filter(|_| !text.starts_with('/') && text.contains('.'));
                        found
                            .label("begins with neither `https://` nor a value")
                            .help("write `https://` before it")
                            .offer(fix)
                    });
                }
                Some(Kind::Name(name)) if lacks_scheme(subject, name) => {
                    report.spanned(&placed.place.path, span, format!("`{name}` brings no scheme along"), |found| {
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

/// Whether a template is a URL by itself: an endpoint of a probe is a path.
fn is_whole_url(placed: &Placed<'_>) -> bool {
    let endpoint = placed.place.path.iter().any(|part| part == "endpoints");
    placed.field.is_url() && !endpoint && !placed.text().is_empty()
}

/// Whether a field asks for something that is not a URL.
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
    use crate::rules::testing::{acme, check};

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
}
