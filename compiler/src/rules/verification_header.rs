//! A header of a verification that says again, or otherwise, what every call says.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Located, Subject};
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0430", "verification-header"),
    page: Page {
        checks: "Checks for a header under `proxy.verification.headers` that replaces one of `proxy.headers`, repeats it, or is a credential.",
        why: "A verification carries the headers of `proxy` by itself; its own replace those of the same name and are sent as they are \
              written. In place of the header with the credential this is an error: each probe sends the same text, so it proves nothing \
              about what the customer entered. With another value the probe asks in another way than the calls that follow. With the same value \
              it says nothing new, which is a note.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me], headers: {authorization: Bearer test}}
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
    let of_calls = subject.members("proxy.headers");
    for header in subject.members("proxy.verification.headers") {
        let Some(text) = header.node.as_str() else { continue };
        // A placeholder is reported as one: nothing is filled in here.
        if text.contains("${") {
            continue;
        }
        let name = header.name().to_ascii_lowercase();
        let theirs = of_calls.iter().find(|other| other.name().eq_ignore_ascii_case(&name));
        let of_all = theirs.and_then(|other| other.node.as_str());
        let by_mode = name == "authorization" && subject.mode == Mode::Basic;
        if of_all.is_some_and(carries_credential) || by_mode && theirs.is_none() {
            report.at(&header, format!("`{name}` replaces the credential in each probe"), |found| {
                let found = found.label("the same text for every customer").help("remove it");
                Diagnostic { severity: Severity::Error, ..fixes::removing(found, &header) }
            });
        } else if let (Some(other), Some(theirs)) = (of_all, theirs) {
            compare(&header, text, theirs, other, report);
        } else if is_credential(&name) && !is_word(text) {
            report.at(&header, format!("`{name}` is a credential, and a fixed one"), |found| {
                found
                    .label("sent with every customer's probe")
                    .help("ask for it under `credentials`, and place it in `proxy.headers`")
            });
        }
    }
}

/// Reports a header that each call has as well.
fn compare(header: &Located<'_>, text: &str, theirs: &Located<'_>, other: &str, report: &mut Reporter<'_, '_>) {
    let name = header.name();
    if text.trim().eq_ignore_ascii_case(other.trim()) {
        return report.at(header, format!("each call sends `{name}` like this by itself"), |found| {
            let found = found.label("says nothing new").secondary(theirs.node.span, "here already").help("remove it");
            Diagnostic { severity: Severity::Note, ..fixes::removing(found, header) }
        });
    }
    // What the answer may be is the probe's own business where the calls do not fix it by a template.
    let is_narrower = name.eq_ignore_ascii_case("accept") && (text.contains(other) || other.contains(text));
    if is_narrower {
        return;
    }
    report.at(header, format!("`{name}` differs from the one that calls send"), |found| {
        let found = found.label("only in the probe").secondary(theirs.node.span, "every call sends this");
        found.help("say the same in both, or only in `proxy.headers`")
    });
}

fn carries_credential(text: &str) -> bool {
    ["${apiKey", "${accessToken", "${credentials.", "${username", "${password", "${token"]
        .iter()
        .any(|name| text.contains(name))
}

/// True if the name of a header is that of a credential: `authorization`, `x-api-key`, `private-token`.
fn is_credential(name: &str) -> bool {
    let last = name.rsplit(['-', '_']).next().unwrap_or_default();
    matches!(last, "authorization" | "key" | "apikey" | "token" | "secret" | "password")
}

/// True if a value says which kind of credential there is, and is none: `KEYPAIR_JWT`, `true`.
fn is_word(text: &str) -> bool {
    matches!(text, "true" | "false" | "1" | "0" | "")
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn what_each_call_sends_is_left_to_it() {
        for (of_calls, of_probe, expected) in [
            ("x-key: '${apiKey}'", "x-key: abc", Some("replaces the credential")),
            ("authorization: 'Bearer ${apiKey}'", "authorization: Bearer test", Some("replaces the credential")),
            ("x-key: '${apiKey}', x-v: '1'", "x-v: '2'", Some("`x-v` differs")),
            ("x-key: '${apiKey}', x-v: '${connectionConfig.v}'", "x-v: '2'", Some("`x-v` differs")),
            ("x-key: '${apiKey}', accept: application/json", "accept: text/xml", Some("`accept` differs")),
            ("x-key: '${apiKey}', accept: application/json", "accept: application/json", Some("like this by itself")),
            ("x-key: '${apiKey}', accept: application/json", "accept: Application/JSON", Some("like this by itself")),
            ("x-key: '${apiKey}'", "authorization: Bearer test", Some("is a credential")),
            ("authorization: 'Bearer ${apiKey}'", "x-api-key: abc", Some("is a credential")),
            ("authorization: 'Bearer ${apiKey}'", "private-token: abc", Some("is a credential")),
            // A header of its own, a wider choice, and what other rules report.
            ("x-key: '${apiKey}'", "accept: application/json", None),
            ("x-key: '${apiKey}'", "x-version: '2026-01-01'", None),
            ("x-key: '${apiKey}', accept: application/json", "accept: 'application/json, text/event-stream'", None),
            ("x-key: '${apiKey}'", "x-key: '${apiKey}'", None),
            ("x-key: '${apiKey}'", "x-authorization-token-type: KEYPAIR_JWT", None),
            ("x-key: '${apiKey}'", "x-with-token: 'true'", None),
        ] {
            let entry = CLEAN.replace("            authorization: Bearer ${apiKey}\n", "");
            let entry = entry.replace("        headers:\n", &format!("        headers: {{{of_calls}}}\n"));
            let found = found("verification-header", &format!("{entry}            headers: {{{of_probe}}}\n"));
            assert_eq!(found.len(), usize::from(expected.is_some()), "{of_calls} / {of_probe}: {found:?}");
            assert!(expected.is_none_or(|text| found.iter().any(|found| found.contains(text))), "{found:?}");
        }
    }

    #[test]
    fn a_password_makes_a_header_of_its_own() {
        let entry = CLEAN.replace("API_KEY", "BASIC").replace("authorization: Bearer ${apiKey}", "accept: text/plain");
        let found =
            found("verification-header", &format!("{entry}            headers: {{authorization: Basic abc}}\n"));
        assert_eq!(found, ["13:38 `authorization` replaces the credential in each probe"]);
    }
}
