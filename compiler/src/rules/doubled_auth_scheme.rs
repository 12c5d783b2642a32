//! `Bearer Bearer`.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Located, Subject, headers, input_fields, members};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0402", "doubled-auth-scheme"),
    page: Page {
        checks: "Checks for an authentication scheme that stands twice in a header, or in the header and again in the value that is asked for.",
        why: "`Authorization` is one scheme and its credential (RFC 9110 section 11.6.2). With two schemes the second one is read as the credential, \
              and refused.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

/// Schemes of the registry (RFC 9110 section 16.4.1), and `Token`, which many APIs use.
const SCHEMES: [&str; 4] = ["basic", "bearer", "digest", "token"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for map in headers(subject) {
        for header in members(&map.path, map.node.as_mapping()) {
            let text = header.node.as_str().unwrap_or_default();
            let Some((scheme, rest)) = text.split_once(' ').filter(|(scheme, _)| is_scheme(scheme)) else { continue };
            let behind = rest.trim_start();
            match behind.split_once(' ').filter(|(second, _)| is_scheme(second)) {
                Some((second, _)) => twice(&header, scheme, second, text.len() - behind.len(), report),
                None => asked_with(subject, &header, scheme, behind, report),
            }
        }
    }
}

fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(word))
}

/// Two schemes in the text.
fn twice(header: &Located<'_>, scheme: &str, second: &str, at: usize, report: &mut Reporter<'_, '_>) {
    report.at(header, format!("`{second}` behind `{scheme}`"), |found| {
        let same = scheme.eq_ignore_ascii_case(second);
        let fix = fixes::replace(header, at..at + second.len() + 1, "", &format!("remove the second `{second}`"));
        found.label("a scheme where the credential belongs").help("leave one of them").offer(fix.filter(|_| same))
    });
}

/// One in the text, and one in what the field asks for.
fn asked_with(subject: &Subject<'_>, header: &Located<'_>, scheme: &str, value: &str, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        let named = [
            format!("${{{}}}", field.name()),
            format!("${{credentials.{}}}", field.name()),
            format!("${{connectionConfig.{}}}", field.name()),
        ];
        if !named.iter().any(|name| name == value) {
            continue;
        }
        let brings =
            ["pattern", "example", "default_value"].into_iter().filter_map(|key| field.at(key)).find(|place| {
                let text = place.node.as_str().unwrap_or_default();
                let text = text.strip_prefix('^').unwrap_or(text).to_ascii_lowercase();
                let behind = text.strip_prefix(&scheme.to_ascii_lowercase());
                behind.is_some_and(|behind| behind.starts_with([' ', '\\']))
            });
        if let Some(place) = brings {
            report.at(header, format!("`{scheme}` stands here, and `{}` asks for it again", field.name()), |found| {
                let found = found.label("sent twice").secondary(place.node.span, "asked for here");
                found.help("leave it to one of them; a `prefix` shows it without making it part of the value")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, check};

    #[test]
    fn two_schemes_in_any_map_of_headers() {
        for (value, expected) in [
            ("Bearer bearer ${apiKey}", Some("9:28 `bearer` behind `Bearer`")),
            ("Bearer Token ${apiKey}", Some("9:28 `Token` behind `Bearer`")),
            ("Token token=${apiKey}", None),
            ("Bearer ${apiKey}", None),
            ("Basic ${base64(a b:${apiKey})}", None),
        ] {
            let expected: Vec<&str> = expected.into_iter().collect();
            check("doubled-auth-scheme", &CLEAN.replace("Bearer ${apiKey}", value), &expected);
        }
        let login = acme(
            "    auth_mode: TWO_STEP\n    token_url: https://a.example\n    token_response: {token: t}\n    token_headers: {Authorization: 'Basic Basic ${base64(a)}'}\n",
        );
        check("doubled-auth-scheme", &login, &["8:36 `Basic` behind `Basic`"]);
    }

    #[test]
    fn a_scheme_that_the_customer_brings_along() {
        let of = |keys: &str| {
            let field = format!("    credentials: {{apiKey: {{type: string, title: K, description: D., {keys}}}}}\n");
            CLEAN.replace("    proxy:\n", &format!("{field}    proxy:\n"))
        };
        let found = &["10:28 `Bearer` stands here, and `apiKey` asks for it again"];
        check("doubled-auth-scheme", &of("example: Bearer abc"), found);
        check("doubled-auth-scheme", &of("pattern: '^Bearer [a-z]+$'"), found);
        check("doubled-auth-scheme", &of("example: bearerabc, prefix: 'Bearer '"), &[]);
    }
}
