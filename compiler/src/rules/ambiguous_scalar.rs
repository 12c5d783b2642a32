//! An unquoted value that YAML readers do not read as it is written, or that they read differently.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, each_text, fixed, input_fields, leaves, parameters};
use super::{Check, Lint, Page};
use crate::diagnostic::{Fix, Rule};
use crate::model;
use crate::syntax::{Node, Text, Value};
use std::borrow::Cow;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0400", "ambiguous-scalar"),
    page: Page {
        checks: "Checks for a number that is printed otherwise than it is written (`1.10`, `0123`), and for texts without quotes that readers \
                 of YAML 1.1 take for something else: `yes`, `on`, `2024-11-05`, `1_000`, `12:30`.",
        why: "What is sent is the value and not its spelling: the version `1.10` becomes `1.1`. The format is YAML 1.2, where `on` is a text; half \
              of the other readers follow YAML 1.1, where it is `true`. Quotes mean the same to all of them.",
        fails: acme!(
            "    auth_mode: OAUTH2_CC
    token_url: https://api.acme.example/token
    token_params: {grant_type: client_credentials, version: 1.10}
    credentials:
        client_id: {type: string, title: Id, description: Of the app.}
        client_secret: {type: string, title: Secret, description: Of the app.}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2_CC
    token_url: https://api.acme.example/token
    token_params: {grant_type: client_credentials, version: '1.10'}
    credentials:
        client_id: {type: string, title: Id, description: Of the app.}
        client_secret: {type: string, title: Secret, description: Of the app.}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    // The values of `proxy.query` are texts: a number there is a wrong type.
    for map in parameters(subject).filter(|map| map.path != ["proxy", "query"]) {
        let mut values = Vec::new();
        leaves(map.clone(), &mut values);
        for place in &values {
            number(place, report);
        }
    }
    let orders: Vec<Located<'_>> = input_fields(subject).iter().filter_map(|field| field.at("order")).collect();
    let typed = fixed(subject).iter().chain(&orders);
    typed.filter(|place| is_otherwise(place).is_some() && is_number(place)).for_each(|place| number(place, report));
    for entry in &subject.entry.body {
        each_text(&entry.value, &mut vec![entry.key.name.as_str().into()], &mut |path, node, text| {
            plain(path, node, text, report);
        });
    }
}

/// A number that is printed otherwise than it is written.
fn number(place: &Located<'_>, report: &mut Reporter<'_, '_>) {
    let Some(printed) = is_otherwise(place) else { return };
    let item = |name: &&Cow<'_, str>| name.bytes().all(|byte| byte.is_ascii_digit());
    let name = place.path.iter().rev().find(|name| !item(name)).map_or("", Cow::as_ref);
    report.at(place, format!("`{name}` is the number `{printed}`"), |found| {
        let found = found.label("this spelling is lost");
        if is_number(place) {
            found.help(format!("write `{printed}`")).fix(Fix::write(place.node.span, printed))
        } else {
            found.help("put it in quotes").fix(quoted(place))
        }
    });
}

/// The printed form of a number, where it differs from the written one: the lengths tell.
fn is_otherwise(place: &Located<'_>) -> Option<String> {
    let printed = match place.node.value {
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        _ => return None,
    };
    (printed.len() != place.node.span.range().len()).then_some(printed)
}

/// A text without quotes that is no text in YAML 1.1.
fn plain<'e>(path: &[Cow<'e, str>], node: &'e Node, text: &Text, report: &mut Reporter<'_, '_>) {
    const MAX_BYTES: usize = 32;
    if text.verbatim != Some(node.span.start) || text.text.len() > MAX_BYTES {
        return;
    }
    let Some(other) = in_yaml_1_1(&text.text) else { return };
    let place = Located { path: path.to_vec(), key: None, node };
    if is_boolean(&place) {
        return;
    }
    let message = format!("`{}` without quotes is {other} to readers of YAML 1.1", text.text);
    report.at(&place, message, |found| found.label("a text here").help("put it in quotes").fix(quoted(&place)));
}

/// The type of a plain scalar in YAML 1.1 (yaml.org/type), where it is not text.
fn in_yaml_1_1(text: &str) -> Option<&'static str> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if ["yes", "no", "on", "off"].iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Some("a boolean");
    }
    let day = text.split(['T', 't', ' ']).next().unwrap_or_default();
    if let [year, month, day] = day.split('-').collect::<Vec<_>>().as_slice()
        && year.len() == 4
        && [year, month, day].iter().all(|part| digits(part))
        && month.len() <= 2
        && day.len() <= 2
    {
        return Some("a date");
    }
    let separated = |separator| text.contains(separator) && text.split(separator).all(digits);
    (separated(':') || (separated('_') && text.starts_with(|first: char| first.is_ascii_digit()))).then_some("a number")
}

/// True if the key takes `true` and `false`: a word in its place is another mistake.
fn is_boolean(place: &Located<'_>) -> bool {
    takes(place, |words| words == "`true` or `false`")
}

/// True if the key takes a number.
fn is_number(place: &Located<'_>) -> bool {
    takes(place, |words| words.starts_with("a whole number") || words.starts_with("a number of"))
}

/// True if what the format says about a key of this name is so.
fn takes(place: &Located<'_>, is: impl Fn(&str) -> bool) -> bool {
    let of_name = |path: &str| path.rsplit('.').next() == Some(place.name());
    model::keys().iter().any(|key| of_name(&key.path) && is(&key.type_name))
}

fn quoted(place: &Located<'_>) -> Fix {
    Fix::around(place.node.span, "'", "'", "put it in quotes")
}

#[cfg(test)]
mod tests {
    use super::in_yaml_1_1;
    use crate::rules::testing::{acme, check};

    #[test]
    fn what_yaml_1_1_reads_otherwise_is_known() {
        for (text, expected) in [
            ("on", Some("a boolean")),
            ("No", Some("a boolean")),
            ("2024-11-05", Some("a date")),
            ("2024-1-5T12:00:00Z", Some("a date")),
            ("1_000", Some("a number")),
            ("12:30:45", Some("a number")),
            ("v1_000", None),
            ("2024-11", None),
            ("online", None),
            ("https://a.example", None),
        ] {
            assert_eq!(in_yaml_1_1(text), expected, "{text}");
        }
    }

    #[test]
    fn quotes_and_booleans_are_left_alone() {
        let of = |keys: &str| acme(&format!("    auth_mode: OAUTH2\n{keys}"));
        for (keys, expected) in [
            ("    token_params: {v: 0123}\n", Some("6:23 `v` is the number `123`")),
            ("    token_params: {a: [3.0]}\n", Some("6:24 `a` is the number `3`")),
            (
                "    authorization_params: {v: 2024-11-05}\n",
                Some("6:31 `2024-11-05` without quotes is a date to readers of YAML 1.1"),
            ),
            ("    token_params: {v: 1.5, w: 12, x: -3}\n", None),
            ("    token_params: {v: '1.10', w: \"on\"}\n", None),
            ("    token_expiration_buffer: 0100\n", Some("6:30 `token_expiration_buffer` is the number `100`")),
            ("    proxy: {base_url: 'https://a.example', query: {v: 1.10}}\n", None),
            ("    disable_pkce: yes\n", None),
            ("    default_scopes: [on]\n", Some("6:22 `on` without quotes is a boolean to readers of YAML 1.1")),
        ] {
            check("ambiguous-scalar", &of(keys), &expected.into_iter().collect::<Vec<_>>());
        }
    }
}
