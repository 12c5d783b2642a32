//! A URL of which no request can be made.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::support::urls::Faulty;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::url::Weight;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0380", "invalid-url"),
    page: Page {
        checks: "Checks for a URL of which no request can be made, or another one than it says: white space and characters that the eye \
                 does not see, a user name, a port or a host that is none, a `\\`, a `..`, a fragment, a host in another script.",
        why: "The runtime refuses such a URL in every call. A URL parser by itself does not refuse all of them: it drops a line break, \
              takes `https:///x` for `https://x` and the host `1.2.3` for `1.2.0.3`, so that a credential goes to a host that the entry does not name. The \
              literal parts of a template are held to the same, and so are the alternatives of `a || b`. Hosts are written in ASCII: \
              `keyway check` says the `xn--` form of one in another script.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example:99999/v1
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example:8443/v1
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let refused = |faulty: &&Faulty<'_>| !faulty.is_link && faulty.fault.weight == Weight::Refused;
    for Faulty { place, fault, .. } in subject.faulty().iter().filter(refused) {
        report.spanned(&place.path, place.node.text_span(fault.range.clone()), fault.message.clone(), |found| {
            let title = match fault.mended.as_deref() {
                Some("") => "remove it".to_owned(),
                Some(mended) => format!("write `{mended}`"),
                None => String::new(),
            };
            let fix = fault.mended.as_ref();
            let fix = fix.and_then(|mended| fixes::replace(place, fault.range.clone(), mended, &title));
            found.label("no request can be made of this").help(fault.help.clone()).offer(fix)
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, all, check, found};

    #[test]
    fn the_place_is_exact() {
        let of = |base: &str| CLEAN.replace("https://api.acme.example", base);
        for (base, expected) in [
            ("https://api.acme.example:99999", "7:44 `99999` is not a port"),
            ("https://api..acme.example", "7:31 a host with an empty label"),
            ("'https://${connectionConfig.x}.acme.com:0/v1'", "7:59 `0` is not a port"),
            ("'https://${connectionConfig.x}.acme.com/a/../b'", "7:61 `..` is a part of the path"),
            ("'https://${connectionConfig.x}.a.com || https://b.com\\c'", "7:72 a URL holds a `\\`"),
            (
                "\"https://api.acme.example\\u200b\"",
                "7:19 a URL holds a zero-width space (U+200B), which the eye does not see",
            ),
        ] {
            check("invalid-url", &of(base), &[expected]);
        }
    }

    #[test]
    fn every_url_of_an_entry_counts() {
        for (key, rest) in [
            (
                "authorization_url",
                "    auth_mode: OAUTH2\n    authorization_url: URL\n    token_url: https://a.example/t\n",
            ),
            ("token_url", "    auth_mode: OAUTH2\n    authorization_url: https://a.example/a\n    token_url: URL\n"),
            (
                "token_url.APP",
                "    auth_mode: APP\n    authorization_url: https://a.example/a\n    token_url: {APP: URL}\n",
            ),
            ("refresh_url", "    auth_mode: TWO_STEP\n    token_url: https://a.example/t\n    refresh_url: URL\n"),
            ("request_url", "    auth_mode: OAUTH1\n    request_url: URL\n    signature_method: HMAC-SHA1\n"),
            (
                "registration_url",
                "    auth_mode: MCP_OAUTH2\n    client_registration: dynamic\n    registration_url: URL\n",
            ),
            ("additional_steps.0.token_url", "    auth_mode: TWO_STEP\n    additional_steps: [{token_url: URL}]\n"),
            ("keyway.token.code.url", "    auth_mode: OAUTH2\n    keyway: {token: {code: {url: URL}}}\n"),
            (
                "keyway.token.refresh.then.0.url",
                "    auth_mode: OAUTH2\n    keyway: {token: {refresh: {then: [{url: URL}]}}}\n",
            ),
            ("keyway.token.introspect.url", "    auth_mode: OAUTH2\n    keyway: {token: {introspect: {url: URL}}}\n"),
            ("proxy.base_url", "    auth_mode: NONE\n    proxy: {base_url: URL}\n"),
            (
                "proxy.verification.base_url_override",
                "    auth_mode: NONE\n    proxy: {base_url: 'https://a.example', verification: {endpoints: [/me], base_url_override: URL}}\n",
            ),
        ] {
            let of = |url: &str| acme(&rest.replace("URL", &format!("'{url}'")));
            assert_eq!(found("invalid-url", &of("https://a@b.example")).len(), 1, "{key}");
            assert_eq!(found("invalid-url", &of("https://b.example")), [""; 0], "{key}");
        }
    }

    #[test]
    fn what_the_runtime_does_not_evaluate_is_no_template() {
        let entry = acme("    auth_mode: BILL\n    token_url: 'https://${connectionConfig.x}.example/login'\n");
        assert!(found("invalid-url", &entry).iter().any(|found| found.contains("no template")), "{entry}");
    }

    #[test]
    fn no_message_holds_a_password() {
        let found = all(&CLEAN.replace("https://api", "https://user:s3cret@api"));
        assert!(found.iter().any(|(rule, _)| rule == "invalid-url"), "{found:?}");
        assert!(found.iter().all(|(_, message)| !message.contains("s3cret")), "{found:?}");
    }
}
