//! A path of another language.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::keys::is_of_endpoint;
use super::support::subject::{Located, Subject, fixed, item, members};
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule};
use crate::syntax::Value;
use std::borrow::Cow;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0386", "json-path"),
    page: Page {
        checks: "Checks for a path in the syntax of JSONPath (`$.next`), JSON Pointer (`/next`) or jq (`.next`).",
        why: "Paths are dotted names: `meta.next`, `links.0.cursor`, `data[-1].id`. A `$` or a slash is looked for as a part of a name, which \
              no answer has: there is no next page, no token, no wait.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        paginate: {type: link, link_path_in_response_body: $.links.next}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        paginate: {type: link, link_path_in_response_body: links.next}
"
        ),
    },
    check: Check::Entry(check),
};

/// Keys whose text, or whose texts, are paths wherever they stand.
const PATHS: [&str; 12] = [
    "alternate_access_token_response_path",
    "authorization_code_param_in_webhook",
    "cursor_path_in_response",
    "from",
    "last_item",
    "link_path_in_response_body",
    "more",
    "paths",
    "reset_path",
    "response_path",
    "token_response_metadata",
    "webhook_response_metadata",
];

/// Keys of maps that say where an answer holds what.
const PLACES: [&str; 6] = ["root", "token", "token_expiration", "refresh_token", "expires_at", "expires_in"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for place in fixed(subject).iter().filter(|place| is_path(place)) {
        match &place.node.value {
            Value::Sequence(items) => {
                for (index, node) in items.iter().enumerate() {
                    let path = item(&place.path, index);
                    judge(&Located { path, key: None, node }, report);
                }
            }
            _ => judge(place, report),
        }
    }
    for place in fixed(subject).iter().filter(|place| place.name() == "returns" && is_of_endpoint(place)) {
        for member in members(&place.path, place.node.as_mapping()).iter().filter(|member| is_foreign(member.name())) {
            let span = member.key.unwrap_or(member.node.span);
            report.spanned(&member.path, span, no_path(member.name()), |found| told(found, member.name()));
        }
    }
}

fn is_path(place: &Located<'_>) -> bool {
    let above = place.path.len().checked_sub(2).and_then(|at| place.path.get(at)).map_or("", Cow::as_ref);
    match place.name() {
        "path" => above == "in_body",
        "items" => is_of_endpoint(place),
        name if PATHS.contains(&name) => true,
        name => matches!(above, "token_response" | "response") && PLACES.contains(&name),
    }
}

fn judge(place: &Located<'_>, report: &mut Reporter<'_, '_>) {
    let Some(text) = place.node.as_str().filter(|text| is_foreign(text)) else { return };
    report.at(place, no_path(text), |found| {
        let fix = dotted(text).and_then(|dotted| fixes::write(place, &dotted));
        told(found, text).offer(fix)
    });
}

fn no_path(text: &str) -> String {
    format!("`{text}` is no dotted path")
}

fn told(found: Diagnostic, text: &str) -> Diagnostic {
    found.label("the names of no answer").help(match dotted(text) {
        Some(dotted) => format!("write `{dotted}`"),
        None if text == "$" => "leave it out: without it the whole answer is meant".to_owned(),
        None => "write the names with dots between them: `meta.next`, or `items.0.id` for an item of a list".to_owned(),
    })
}

/// True if a path begins as one of another language, or selects several values.
fn is_foreign(text: &str) -> bool {
    text == "$"
        || ["$.", "$[", "/", ".", "#/"].iter().any(|start| text.starts_with(start))
        || ["[*]", "..", "[?", "['", "[\"", "[]"].iter().any(|part| text.contains(part))
}

/// The same as a dotted path, where there is one.
fn dotted(text: &str) -> Option<String> {
    if text.contains("..") {
        return None; // At any depth.
    }
    let names = if text.starts_with(['/', '#']) {
        let pointer = text.trim_start_matches('#').strip_prefix('/')?;
        pointer.replace('/', ".").replace("~1", "/").replace("~0", "~")
    } else {
        let path = text.strip_prefix('$').unwrap_or(text);
        let path = path.replace("['", ".").replace("']", "").replace("[\"", ".").replace("\"]", "");
        path.trim_start_matches('.').to_owned()
    };
    let plain =
        |name: &str| !name.is_empty() && !name.contains(['*', '?', '$', '\'', '"', ' ', '(']) && !name.contains("[]");
    names.split('.').all(plain).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::{dotted, is_foreign};
    use crate::rules::testing::{CLEAN, acme, check};

    #[test]
    fn paths_of_other_languages_are_known_and_written_as_dotted_ones() {
        for (text, expected) in [
            ("$.next", Some("next")),
            ("$.data[0].id", Some("data[0].id")),
            ("$['links']['next']", Some("links.next")),
            ("/links/next", Some("links.next")),
            ("#/a~1b", Some("a/b")),
            (".meta.cursor", Some("meta.cursor")),
            ("$[-1].id", Some("[-1].id")),
            ("$..next", None),
            ("data[*].id", None),
            ("items[].id", None),
            ("$", None),
        ] {
            assert!(is_foreign(text), "{text}");
            assert_eq!(dotted(text).as_deref(), expected, "{text}");
        }
        for text in ["next", "@odata.nextLink", "links.0.cursor", "data[-1].id", "$skip", ""] {
            assert!(!is_foreign(text), "{text}");
        }
    }

    #[test]
    fn every_key_that_takes_a_path_is_looked_at() {
        let retry =
            format!("{CLEAN}        retry: {{in_body: {{path: $.error, value: '(\\\\d+)', strategy: after}}}}\n");
        check("json-path", &retry, &["13:33 `$.error` is no dotted path"]);
        let login = acme(
            "    auth_mode: TWO_STEP\n    token_url: https://api.acme.example/login\n    token_response: {token: $.token}\n    token_response_metadata: [user.id, /team/id]\n",
        );
        check("json-path", &login, &["7:29 `$.token` is no dotted path", "8:40 `/team/id` is no dotted path"]);
        let quirk = acme(
            "    auth_mode: OAUTH2\n    keyway: {token: {code: {then: [{url: 'https://a.example', response: {root: $.data}}]}}}\n",
        );
        let endpoint = format!(
            "{CLEAN}    keyway: {{endpoints: {{a.list: {{get: /a, items: $.data, returns: {{$.id: string, b.c: string}}}}}}}}\n"
        );
        check("json-path", &endpoint, &["13:51 `$.data` is no dotted path", "13:69 `$.id` is no dotted path"]);
        check("json-path", &quirk, &["6:80 `$.data` is no dotted path"]);
    }
}
