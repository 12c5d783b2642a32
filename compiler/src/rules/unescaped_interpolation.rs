//! A value inside a text of another language.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::scope::Field;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0315", "unescaped-interpolation"),
    page: Page {
        checks: "Checks for a value placed inside quotes of a JSON, GraphQL or XML text.",
        why: "A value with a quote in it ends the text early and says something of its own. In `token_params` the runtime \
              escapes values between double quotes as JSON and GraphQL do; it escapes nothing in `proxy.body`, and \
              nothing between the tags of XML. Where the body is data, name the fields and let the runtime write it.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        body: {query: '{ user(name: \"${connectionConfig.team}\") { id } }'}
    connection_config:
        team: {type: string, title: Team, description: Its name.}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        body: {team: '${connectionConfig.team}'}
    connection_config:
        team: {type: string, title: Team, description: Its name.}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for site in subject.templates() {
        let text = site.text();
        let language =
            text.trim_start().starts_with(['{', '<']) || text.contains("query ") || text.contains("mutation ");
        let quoted = text.contains("\"${") || text.contains(">${");
        let body = matches!(site.field, Field::ProxyBody | Field::TokenParam | Field::StepParam);
        if body && language && quoted && !text.starts_with("${") {
            report.at(&site.place, "a value is put into a text of another language", |found| {
                found.label("a value may end the text").help("pass the value as a field or a variable of its own")
            });
        }
    }
}
