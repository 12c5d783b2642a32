//! A credential where it ends in logs.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Mode;
use crate::syntax::Value;
use crate::template::scope::Field;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0327", "secret-in-url"),
    page: Page {
        checks: "Checks for a credential in the query or the path of a URL.",
        why: "URLs are written down by proxies, servers and browsers; headers and bodies are not. Some vendors leave no choice, but \
              most take the credential in a header too.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        query: {key: '${apiKey}'}
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

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let urls = |field: Field| field.is_url() || field == Field::ProxyQuery;
    for site in subject.templates().iter().filter(|site| urls(site.field)) {
        let mut found = Vec::new();
        site.template.each_name(&mut |name, range| {
            if is_secret(subject, name) {
                found.push((name, site.node().text_span(range.clone())));
            }
        });
        for (name, span) in found {
            let message = format!("`{name}` in a URL ends in logs");
            let note = site.field == Field::ProxyQuery && subject.mode == Mode::ApiKey;
            report.spanned(&site.place.path, span, message, |found| {
                let found = found
                    .label("written down wherever the URL is")
                    .help("send it in a header or in the body, if the vendor takes it there");
                if note { Diagnostic { severity: Severity::Note, ..found } } else { found }
            });
        }
    }
}

/// True if a name is a credential that is meant to stay one.
fn is_secret(subject: &Subject<'_>, name: &str) -> bool {
    if matches!(name, "apiKey" | "password" | "accessToken" | "credentials.apiKey" | "credentials.password") {
        return true;
    }
    let Some(name) = name.strip_prefix("credentials.") else { return false };
    let secret = subject.get(&format!("credentials.{name}.secret"));
    secret.is_some_and(|flag| flag.node.value == Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn what_is_no_secret_may_stand_in_a_url() {
        let of = |url: &str| acme(&format!("    auth_mode: BASIC\n    proxy: {{base_url: '{url}'}}\n"));
        check("secret-in-url", &of("https://a.example/${username}"), &[]);
        check("secret-in-url", &of("https://a.example/${password}"), &["6:42 `password` in a URL ends in logs"]);
    }
}
