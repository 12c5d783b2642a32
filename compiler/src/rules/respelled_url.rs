//! A URL that is sent in another spelling than its own.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Subject, lookalikes_in};
use super::support::urls::Faulty;
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::template::url::Weight;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0381", "respelled-url"),
    page: Page {
        checks: "Checks for a URL that is sent in another spelling than the one that stands there: a blank, a brace or a quotation mark in a \
                 path, a `%` that encodes nothing, a colon without a port.",
        why: "No URL holds these characters (RFC 3986 section 2), so they are percent-encoded or dropped on the way. That is seldom what was \
              meant: `{id}` is a placeholder of some other language. Spellings that mean the same are a note: the scheme's own port, the \
              root's dot, a letter that is no ASCII.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/{version}
        headers: {authorization: 'Bearer ${apiKey}'}
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
    for Faulty { place, fault, .. } in subject.faulty().iter().filter(|faulty| !faulty.is_link) {
        // A placeholder in the spelling of another language is another rule's.
        let start = fault.range.start;
        let others = lookalikes_in(subject, place.node);
        let behind = others.partition_point(|other| other.range.start <= start);
        if behind.checked_sub(1).and_then(|last| others.get(last)).is_some_and(|last| last.range.contains(&start)) {
            continue;
        }
        let severity = match fault.weight {
            Weight::Respelled => Severity::Warning,
            Weight::Noted => Severity::Note,
            Weight::Refused | Weight::Private => continue,
        };
        report.spanned(&place.path, place.node.text_span(fault.range.clone()), fault.message.clone(), |found| {
            let fix = fault.mended.as_ref().and_then(|mended| {
                let title = if mended.is_empty() { "remove it".to_owned() } else { format!("write `{mended}`") };
                fixes::replace(place, fault.range.clone(), mended, &title)
            });
            let found = found.label("is not sent as it stands").help(fault.help.clone()).offer(fix);
            Diagnostic { severity, ..found }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn what_a_parser_encodes_or_drops_is_said() {
        let of = |base: &str| CLEAN.replace("https://api.acme.example", base);
        for (base, expected) in [
            ("https://api.acme.example/v1", &[][..]),
            ("https://api.acme.example:443", &["7:43 the port is the scheme's own"]),
            ("https://api.acme.example:08443", &["7:44 a port that begins with a zero"]),
            ("https://api.acme.example./v1", &["7:43 a host ends with the root's dot"]),
            ("https://api.acme.example/%zz", &["7:44 a `%` that encodes nothing"]),
            ("https://api.acme.example/%2f", &[]),
            ("https://api.acme.example/ü", &["7:44 `ü` is sent as `%C3%BC`"]),
        ] {
            check("respelled-url", &of(base), expected);
        }
        let probe = |endpoint: &str| CLEAN.replace("/me", endpoint);
        check("respelled-url", &probe("'/me#x'"), &["12:29 an endpoint holds a fragment, which is not sent"]);
        check("respelled-url", &probe("'/a b'"), &["12:28 a URL holds a blank, which is sent as `%20`"]);
    }
}
