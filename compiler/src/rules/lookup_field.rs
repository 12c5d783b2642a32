//! A look-up that sets what it may not.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields, looked_up};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0419", "lookup-field"),
    page: Page {
        checks: "Checks for a look-up that sets a field which `connection_config` does not declare, or does not mark as `automated`.",
        why: "What a look-up sets is the provider's word about the account: a field that says so is held to its pattern, and no customer \
              may enter another value. An undeclared name has no bounds, and a customer's own value would win over the provider's.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.site}'}
    connection_config:
        site: {type: string, title: Site, description: The site that is connected.}
    keyway:
        lookups:
            - {url: 'https://api.acme.example/sites', items: sites, choose: {value: id, label: name}, set: {site: id}}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.site}'}
    connection_config:
        site: {type: string, title: Site, description: The site that is connected., automated: true}
    keyway:
        lookups:
            - {url: 'https://api.acme.example/sites', items: sites, choose: {value: id, label: name}, set: {site: id}}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let fields = input_fields(subject);
    for place in looked_up(subject) {
        let name = place.name();
        let span = place.key.unwrap_or(place.node.span);
        let field = fields.iter().find(|field| field.map == "connection_config" && field.name() == name);
        match field {
            None => report.spanned(&place.path, span, format!("`{name}` is not declared"), |found| {
                found
                    .label("set from the answer of a look-up")
                    .help(format!("declare `{name}` under `connection_config`, with `automated: true`"))
            }),
            Some(field) if !field.flag("automated") => {
                report.spanned(&place.path, span, format!("`{name}` is asked of the customer"), |found| {
                    found
                        .label("set from the answer of a look-up")
                        .secondary(field.span(), "declared without `automated: true`")
                        .help("write `automated: true` there")
                });
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn a_field_is_declared_and_automated() {
        let of = |more: &str| {
            let field = format!("site: {{type: string, title: T, description: D.{more}}}");
            let lookup = "{url: 'https://acme.example/me', set: {site: id}}";
            acme(&format!(
                "    auth_mode: OAUTH2\n    connection_config: {{{field}}}\n    keyway: {{lookups: [{lookup}]}}\n"
            ))
        };
        check("lookup-field", &of(", automated: true"), &[]);
        check("lookup-field", &of(""), &["7:63 `site` is asked of the customer"]);
        check("lookup-field", &of("}, other: {"), &["7:63 `site` is asked of the customer"]);
        let undeclared = of(", automated: true").replace("set: {site", "set: {sight");
        check("lookup-field", &undeclared, &["7:63 `sight` is not declared"]);
    }
}
