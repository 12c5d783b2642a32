//! A content type that the body does not have.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, headers, members};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;
use crate::syntax::Mapping;
use std::borrow::Cow;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0405", "content-type-mismatch"),
    page: Page {
        checks: "Checks for a `content-type` of a login or a verification that the body is not encoded in.",
        why: "`body_format` decides how the body of a login is encoded (`json` where nothing is said), and the body of a verification is JSON. The header \
              changes nothing but its own text, and the server cannot read the body.",
        fails: acme!(
            "    auth_mode: TWO_STEP
    token_url: https://api.acme.example/login
    token_response: {token: token, token_expiration: expires}
    token_params: {key: '${credentials.key}'}
    token_headers: {content-type: application/x-www-form-urlencoded}
    credentials: {key: {type: string, title: Key, description: Made in the settings., secret: true}}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
        mended: acme!(
            "    auth_mode: TWO_STEP
    token_url: https://api.acme.example/login
    token_response: {token: token, token_expiration: expires}
    token_params: {key: '${credentials.key}'}
    token_headers: {content-type: application/x-www-form-urlencoded}
    body_format: form
    credentials: {key: {type: string, title: Key, description: Made in the settings., secret: true}}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    of_calls(subject, report);
    for map in headers(subject) {
        let Some((encoded, why)) = encoding(subject, map) else { continue };
        for header in members(&map.path, map.node.as_mapping()) {
            let text = header.node.as_str().unwrap_or_default();
            if !header.name().eq_ignore_ascii_case("content-type") || text.contains("${") || !is_other(text, encoded) {
                continue;
            }
            report.at(&header, format!("`{text}` for a body of {why}"), |found| {
                found.label(format!("the body is `{}`", media_type(encoded))).help(match encoded {
                    _ if map.path.first().is_some_and(|key| key == "proxy") => {
                        "remove it: the body of a verification is JSON".to_owned()
                    }
                    _ => format!("say `body_format: {}`, or remove the header", meant(text).unwrap_or(encoded)),
                })
            });
        }
    }
}

/// The content type that every call has, where a verification with a body does not replace it.
fn of_calls(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let named =
        |map: &str| subject.members(map).into_iter().find(|header| header.name().eq_ignore_ascii_case("content-type"));
    let has_body = subject.has("proxy.verification.data") && subject.text("proxy.verification.method") == Some("POST");
    let Some(header) = named("proxy.headers").filter(|_| has_body && named("proxy.verification.headers").is_none())
    else {
        return;
    };
    let text = header.node.as_str().unwrap_or_default();
    if text.contains("${") || !is_other(text, "json") {
        return;
    }
    report.at(&header, format!("`{text}` for a verification with a body of JSON"), |found| {
        found
            .label("the probe sends this as well")
            .help("say `content-type: application/json` under `proxy.verification.headers`")
    });
}

/// The encoding of the body of a request with these headers, and its source; `None` where there is no body, or it may
/// be anything.
fn encoding<'e>(subject: &Subject<'e>, map: &Located<'e>) -> Option<(&'e str, String)> {
    let path: Vec<&str> = map.path.iter().map(Cow::as_ref).collect();
    let own = subject.text("body_format").unwrap_or("json");
    match path.as_slice() {
        ["proxy", "verification", _] => {
            subject.get("proxy.verification.data")?;
            (subject.text("proxy.verification.method") == Some("POST")).then(|| ("json", "JSON".to_owned()))
        }
        ["token_headers" | "refresh_token_headers"] if subject.mode == Mode::TwoStep => {
            with_body(&subject.entry.body, own)
        }
        ["additional_steps", index, _] => {
            let steps = subject.get("additional_steps")?;
            let step = steps.node.as_sequence()?.get(index.parse::<usize>().ok()?)?.as_mapping()?;
            with_body(step, step.get("body_format").and_then(|entry| entry.value.as_str()).unwrap_or(own))
        }
        _ => None,
    }
}

/// A `GET` has no body.
fn with_body<'e>(keys: &Mapping, format: &'e str) -> Option<(&'e str, String)> {
    let method = keys.get("token_request_method").and_then(|entry| entry.value.as_str());
    let known = matches!(format, "json" | "form" | "xml");
    (known && method != Some("GET")).then(|| (format, format!("`body_format: {format}`")))
}

/// True if a media type is that of another encoding; a vendor's own type of JSON or XML is not.
fn is_other(text: &str, encoded: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match meant(&essence) {
        Some(other) => other != encoded,
        None => !essence.ends_with(&format!("+{encoded}")) && essence.contains('/'),
    }
}

fn meant(essence: &str) -> Option<&'static str> {
    let essence = essence.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "text/json" => Some("json"),
        "application/x-www-form-urlencoded" => Some("form"),
        "application/xml" | "text/xml" => Some("xml"),
        _ => None,
    }
}

fn media_type(format: &str) -> &'static str {
    match format {
        "form" => "application/x-www-form-urlencoded",
        "xml" => "application/xml",
        _ => "application/json",
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, check};

    #[test]
    fn the_body_decides() {
        let of = |rest: &str| {
            acme(&format!(
                "    auth_mode: TWO_STEP\n    token_url: https://a.example\n    token_response: {{token: t}}\n{rest}"
            ))
        };
        for (rest, expected) in [
            (
                "    token_headers: {Content-Type: text/xml}\n",
                Some("8:35 `text/xml` for a body of `body_format: json`"),
            ),
            ("    token_headers: {content-type: application/vnd.acme+json; charset=utf-8}\n", None),
            ("    token_headers: {content-type: text/xml}\n    body_format: xml\n", None),
            ("    token_headers: {content-type: text/xml}\n    token_request_method: GET\n", None),
            (
                "    additional_steps: [{token_url: 'https://a.example', body_format: form, token_headers: {content-type: application/json}}]\n",
                Some("8:106 `application/json` for a body of `body_format: form`"),
            ),
        ] {
            check("content-type-mismatch", &of(rest), &expected.into_iter().collect::<Vec<_>>());
        }
        let probe = CLEAN.replace(
            "method: GET",
            "method: POST\n            headers: {content-type: text/xml}\n            data: {a: 1}",
        );
        check("content-type-mismatch", &probe, &["12:37 `text/xml` for a body of JSON"]);
        check("content-type-mismatch", &probe.replace("            data: {a: 1}\n", ""), &[]);
        let inherited = CLEAN
            .replace("method: GET", "method: POST\n            data: {a: 1}")
            .replace("        headers:\n", "        headers:\n            content-type: text/xml\n");
        check("content-type-mismatch", &inherited, &["9:27 `text/xml` for a verification with a body of JSON"]);
        let own =
            inherited.replace("data: {a: 1}", "data: {a: 1}\n            headers: {content-type: application/json}");
        check("content-type-mismatch", &own, &[]);
        check("content-type-mismatch", &inherited.replace("text/xml", "application/vnd.acme+json"), &[]);
    }
}
