//! `https://` twice.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::support::subject::{Located, members};
use super::{Check, Lint, Page};
use crate::diagnostic::{Fix, Rule};
use crate::template::{Kind, Node};

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0322", "doubled-scheme"),
    page: Page {
        checks: "Checks for a value that brings `https://` along behind an `https://` of the template.",
        why: "The template writes the scheme, and the field asks for it again. The runtime takes a host name there \
              and refuses a value with `://`, so every call fails; other readers make `https://https://...` of it, \
              which no server answers.",
        fails: acme!(
            "    auth_mode: NONE
    connection_config:
        site: {type: string, title: Site, description: Your address., pattern: '^https://[a-z]+[.]acme[.]example$'}
    proxy: {base_url: 'https://${connectionConfig.site}/api'}
"
        ),
        mended: acme!(
            "    auth_mode: NONE
    connection_config:
        site: {type: string, title: Site, description: Your address., pattern: '^[a-z]+[.]acme[.]example$'}
    proxy: {base_url: 'https://${connectionConfig.site}/api'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let mut told: Vec<String> = Vec::new();
    for site in subject.templates().iter().filter(|site| site.field.is_url()) {
        for alternative in site.template.alternatives() {
            for pair in alternative.nodes.windows(2) {
                let [Node { kind: Kind::Text(text), .. }, Node { kind: Kind::Name(name), range }] = pair else {
                    continue;
                };
                let Some(name) = name.strip_prefix("connectionConfig.").filter(|_| text.ends_with("://")) else {
                    continue;
                };
                let Some(place) = brings_scheme(subject, name).filter(|_| !told.iter().any(|other| other == name))
                else {
                    continue;
                };
                told.push(name.to_owned());
                let used = site.node().text_span(range.clone());
                report.at(&place, format!("`{name}` brings `https://` along, and so does the template"), |found| {
                    let found = found.label("asks for a scheme").secondary(used, "the scheme is here already").help(
                        "leave the scheme to one of them; a `prefix` shows it without making it part of the value",
                    );
                    found.offer(without_scheme(subject, name))
                });
            }
        }
    }
}

/// The templates without the scheme before a value: those who entered one were asked for a scheme.
fn without_scheme(subject: &Subject<'_>, name: &str) -> Option<Fix> {
    let mut edits = Vec::new();
    for site in subject.templates().iter().filter(|site| site.field.is_url()) {
        for alternative in site.template.alternatives() {
            if let [Node { kind: Kind::Text(text), range }, Node { kind: Kind::Name(value), .. }, ..] =
                alternative.nodes.as_slice()
                && value.strip_prefix("connectionConfig.") == Some(name)
                && text == "https://"
            {
                edits.push(fixes::edit(&site.place, range.clone(), ""));
            }
        }
    }
    fixes::all("leave the scheme to the value", edits)
}

/// The key of a field that says that its value has a scheme.
fn brings_scheme<'e>(subject: &Subject<'e>, name: &str) -> Option<Located<'e>> {
    let field = subject.members("connection_config").into_iter().find(|field| field.name() == name)?;
    let keys = members(&field.path, field.node.as_mapping());
    keys.into_iter().find(|key| {
        let text = key.node.as_str().unwrap_or_default();
        match key.name() {
            "pattern" => demands_scheme(text),
            "format" => text == "uri",
            "default_value" => text.starts_with("https://"),
            _ => false,
        }
    })
}

/// True if a pattern begins with a scheme that no value can leave out.
fn demands_scheme(pattern: &str) -> bool {
    let plain = pattern.strip_prefix('^').unwrap_or(pattern).replace(r"\/", "/").replace("(?:", "(");
    let start = match plain.strip_prefix('(') {
        Some(inside) if !inside.starts_with('?') => {
            let end = inside.find(')').unwrap_or(inside.len());
            let behind = inside.get(end + 1..).unwrap_or_default();
            // `(http(s)?://)?` holds a group of its own.
            if behind.starts_with(['?', '*', '{']) || inside.get(..end).is_some_and(|group| group.contains(['(', '|']))
            {
                return false;
            }
            inside
        }
        _ => plain.as_str(),
    };
    ["https://", "https?://", "http(s)?://", "https{0,1}://"].iter().any(|scheme| start.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::demands_scheme;

    use crate::rules::testing::{acme, check};

    #[test]
    fn a_scheme_is_demanded_in_many_spellings() {
        for (pattern, expected) in [
            ("^https://[a-z]+$", true),
            (r"^https:\/\/[a-z]+$", true),
            ("^https?://[a-z]+$", true),
            (r"^https?:\/\/[a-z]+$", true),
            ("^http(s)?://[a-z]+$", true),
            ("^http(?:s)?://[a-z]+$", true),
            ("^(https://)[a-z]+$", true),
            ("^(?:https?://)[a-z]+$", true),
            ("https://.*", true),
            ("^(https://)?[a-z]+$", false),
            ("^(?:https?://)?[a-z]+$", false),
            ("^(http(s)?://)?[a-z]+$", false),
            ("^(https://a|b)$", false),
            ("^[a-z]+$", false),
            ("^httpsproxy[.]acme$", false),
        ] {
            assert_eq!(demands_scheme(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn an_optional_scheme_and_a_prefix_are_no_second_one() {
        let of = |field: &str, base: &str| {
            let field = format!("{{type: string, title: T, description: D., {field}}}");
            acme(&format!(
                "    auth_mode: NONE\n    connection_config: {{site: {field}}}\n    proxy: {{base_url: '{base}${{connectionConfig.site}}'}}\n"
            ))
        };
        check("doubled-scheme", &of("prefix: 'https://', pattern: '^[a-z]+$'", "https://"), &[]);
        check("doubled-scheme", &of("format: uri", ""), &[]);
        let found = &["6:81 `site` brings `https://` along, and so does the template"];
        check("doubled-scheme", &of("format: uri", "https://"), found);
    }
}
