//! Names of fields in two styles.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::note("KW0361", "field-name-style"),
    page: Page {
        checks: "Checks for fields of one entry of which some are `camelCase` and some `snake_case`.",
        why: "Callers write these names in their own code, and remember one style.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.teamName}/${connectionConfig.group_name}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        teamName: {type: string, title: Team, description: Its name.}
        group_name: {type: string, title: Group, description: Its name.}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.teamName}/${connectionConfig.groupName}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        teamName: {type: string, title: Team, description: Its name.}
        groupName: {type: string, title: Group, description: Its name.}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let fields: Vec<_> = input_fields(subject)
        .iter()
        .filter(|field| field.map == "connection_config" && !field.flag("automated"))
        .collect();
    let camel = |name: &str| !name.contains('_') && name.chars().any(char::is_uppercase);
    let snake = |name: &str| name.contains('_') && !name.chars().any(char::is_uppercase);
    let (Some(one), Some(other)) =
        (fields.iter().find(|field| camel(field.name())), fields.iter().find(|field| snake(field.name())))
    else {
        return;
    };
    report.spanned(
        &other.place.path,
        other.span(),
        format!("`{}` and `{}` are in two styles", one.name(), other.name()),
        |found| found.secondary(one.span(), "the other style").help("use one style in an entry"),
    );
}
