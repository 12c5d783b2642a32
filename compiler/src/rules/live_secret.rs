//! A usable key, written into the file.

use super::lint::acme;
use super::support::fields::InputField;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, each_text, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::{Rule, secrets};
use crate::syntax::Node;
use std::borrow::Cow;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0384", "live-secret"),
    page: Page {
        checks: "Checks for a text that looks like a key that works, above all as the `example` or `default_value` of a field.",
        why: "Catalogues are published, and so are the forms made of them. A key that was copied from a real account is public then; revoke it, because the history of the file keeps it. What shows the shape alone is enough: `sk_live_****`. Keys of test \
              accounts and of manuals are left alone. The key is masked in what is printed.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings., example: sk_live_51Hq8RzKp3mWvT6yLx}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings., example: sk_live_****}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

const HELP: &str = "if it was ever valid, revoke it; show its shape only, such as `abc****`";

/// The shortest text of a field marked as a secret that counts as one.
const MIN_BYTES: usize = 24;

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for entry in &subject.entry.body {
        each_text(&entry.value, &mut vec![entry.key.name.as_str().into()], &mut |path, node, text| {
            known(path, node, &text.text, report);
        });
    }
    for field in input_fields(subject).iter().filter(|field| field.flag("secret")) {
        for place in ["example", "default_value"].into_iter().filter_map(|key| field.at(key)) {
            random(field, &place, report);
        }
    }
}

/// A text with a key that is known by its form.
fn known(path: &[Cow<'_, str>], node: &Node, text: &str, report: &mut Reporter<'_, '_>) {
    for secret in secrets::find(text) {
        let kind = text.get(secret.range.start..secret.range.start + secret.kind).unwrap_or_default();
        let kind = kind.lines().next().unwrap_or_default();
        let span = node.text_span(secret.range.clone());
        report.spanned(path, span, format!("`{kind}...` looks like a key that works"), |found| {
            found.secret().label("open to all who read this file").help(HELP)
        });
    }
}

/// A text that is as random as a secret, in a field that is one.
fn random(field: &InputField<'_>, place: &Located<'_>, report: &mut Reporter<'_, '_>) {
    let text = place.node.as_str().unwrap_or_default();
    if !looks_random(text) || !secrets::find(text).is_empty() {
        return;
    }
    report.at(
        place,
        format!("the {} of `{}` looks like a secret that works", said(place.name()), field.name()),
        |found| found.secret().label("as random as a real one").help(HELP),
    );
}

fn said(key: &str) -> &str {
    if key == "example" { "example" } else { "default" }
}

/// Letters of both cases with digits, or many hexadecimal digits; no UUID, which is usually an identifier, and no JSON
/// in Base64, which [`secrets`] knows where it is signed.
fn looks_random(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+/=.".contains(&byte);
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    let hex = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.len() >= MIN_BYTES
        && !text.starts_with("eyJ")
        && text.bytes().all(is_part)
        && !text.contains("...")
        && (mixed || hex)
        && secrets::is_random(text)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, check};

    #[test]
    fn a_key_is_found_wherever_it_stands_and_never_printed() {
        let header = CLEAN.replace("Bearer ${apiKey}", "Bearer ghp_q8RzKp3mWvT6yLxB2nDfJ7sHcG4uEa9Z1oXi");
        check("live-secret", &header, &["9:35 `ghp_...` looks like a key that works"]);
        let described = CLEAN.replace("Acme\n", "Acme (AKIAQ3RZK7MWVT5YLXB2)\n");
        check("live-secret", &described, &["2:25 `AKIA...` looks like a key that works"]);
    }

    #[test]
    fn only_what_is_random_in_a_marked_field_counts_without_a_known_beginning() {
        let of = |example: &str, marked: &str| {
            let field = format!("{{type: string, title: T, description: D., example: '{example}'{marked}}}");
            acme(&format!(
                "    auth_mode: NONE\n    connection_config: {{code: {field}}}\n    proxy: {{base_url: 'https://a.example/${{connectionConfig.code}}'}}\n"
            ))
        };
        let random = "q8RzKp3mWvT6yLxB2nDfJ7sHcG4uEa";
        check(
            "live-secret",
            &of(random, ", secret: true"),
            &["6:82 the example of `code` looks like a secret that works"],
        );
        for (example, marked) in [
            (random, ""),
            ("123e4567-e89b-12d3-a456-426614174000", ", secret: true"),
            ("abcdefghijklmnopqrstuvwxyzABCDEF0123", ", secret: true"),
            ("q8RzKp3mWvT6yLxB2nDfJ7sH****", ", secret: true"),
        ] {
            check("live-secret", &of(example, marked), &[]);
        }
    }
}
