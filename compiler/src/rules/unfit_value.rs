//! A value that the entry itself offers and that does not fit where it is used.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, input_fields, item};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::url::{Form, Weight, faults_of_text};
use keyway_spec::{Position, url};

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0318", "unfit-value"),
    page: Page {
        checks: "Checks for a value of an `enum`, and for a `default_value`, that cannot stand where a URL has it.",
        why: "A form offers the value, and every call of a connection that has it fails: a blank in a host name, a whole URL where a part of a \
              host is wanted, a port above 65535.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.region}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        region: {type: string, title: Region, description: Where it is., enum: [eu, us west]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.region}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        region: {type: string, title: Region, description: Where it is., enum: [eu, us-west]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let mut told: Vec<Located<'_>> = Vec::new();
    for site in subject.templates().iter().filter(|site| site.field.is_url()) {
        urls::each_config_name(&site.template, &mut |name, position| {
            for place in values(subject, name) {
                let Some(value) = place.node.as_str() else { continue };
                let known = told.iter().any(|known| known.path == place.path);
                let Some(reason) = reason(position, value).filter(|_| !known) else { continue };
                report.at(&place, format!("`{value}` {reason}"), |found| {
                    found
                        .label("offered, and refused when it is used")
                        .secondary(site.node().span, "used here")
                        .help("write a value that fits there, or remove it")
                });
                told.push(place);
            }
        });
    }
}

/// The values that a field offers: its `enum` and its default.
fn values<'e>(subject: &Subject<'e>, name: &str) -> Vec<Located<'e>> {
    let field = input_fields(subject).iter().find(|field| field.map == "connection_config" && field.name() == name);
    let Some(field) = field else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(place) = field.at("enum") {
        for (index, node) in place.node.as_sequence().unwrap_or_default().iter().enumerate() {
            let path = item(&place.path, index);
            found.push(Located { path, key: None, node });
        }
    }
    // An empty default is none.
    found.extend(field.at("default_value").filter(|place| place.node.as_str().is_some_and(|text| !text.is_empty())));
    found
}

/// Why a value cannot stand in a place.
fn reason(position: Position, value: &str) -> Option<String> {
    if let Err(reason) = url::fits(position, value) {
        return Some(reason.to_owned());
    }
    if position != Position::Origin {
        return None;
    }
    let fault = faults_of_text(value, Form::Base).into_iter().find(|fault| fault.weight == Weight::Refused)?;
    Some(format!("is no URL: {}", fault.message))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn the_place_decides_what_fits() {
        for (base, field, expected) in [
            ("https://${connectionConfig.x}.acme.com", "enum: [eu, us-1]", &[][..]),
            (
                "https://${connectionConfig.x}.acme.com",
                "enum: [eu, 'us 1']",
                &["13:81 `us 1` must be a host name: only letters, digits, `-`, `_` and dots"],
            ),
            (
                "https://${connectionConfig.x}.acme.com",
                "default_value: -eu",
                &["13:85 `-eu` must be a host name: no label begins or ends with `-`"],
            ),
            ("https://${connectionConfig.x}/v1", "default_value: acme.com/app", &[]),
            (
                "https://${connectionConfig.x}/v1",
                "enum: ['https://a.com']",
                &["13:77 `https://a.com` must be a host name, without `https://`"],
            ),
            (
                "${connectionConfig.x}/v1",
                "enum: ['https://a.com', a.com]",
                &["13:94 `a.com` must look like `https://host`, perhaps with a port and a path"],
            ),
            (
                "${connectionConfig.x}/v1",
                "enum: ['https://a.com:0']",
                &["13:77 `https://a.com:0` must be a port number from 1 to 65535"],
            ),
            (
                "https://a.com:${connectionConfig.x}",
                "default_value: '99999'",
                &["13:85 `99999` must be a port number from 1 to 65535"],
            ),
            ("https://a.com/${connectionConfig.x}", "enum: [v1, ..]", &["13:81 `..` must not be `.` or `..`"]),
            ("https://a.com/${connectionConfig.x}", "enum: ['a b']", &[]),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", &format!("'{base}'"));
            let field = format!("{{type: string, title: T, description: D., {field}}}");
            check("unfit-value", &format!("{entry}    connection_config: {{x: {field}}}\n"), expected);
        }
    }
}
