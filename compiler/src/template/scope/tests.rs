//! Which names which field knows, as tables.

use super::*;

fn entry(mode: &str) -> Declared<'_> {
    let mut credentials = standard_credentials(mode).to_vec();
    credentials.push("email");
    Declared {
        mode,
        config: vec!["subdomain", "accounts-server", "installation.uuid"],
        credentials,
        assertion_options: vec!["privateKey"],
        steps: 1,
        ..Declared::default()
    }
}

#[test]
fn finds_names_in_the_scope_of_their_field() {
    for (field, mode, name, root, path) in [
        (Field::ProxyUrl, "OAUTH2", "connectionConfig.subdomain", Root::ConnectionConfig, "subdomain"),
        (Field::TokenUrl, "OAUTH2", "subdomain", Root::ConnectionConfig, "subdomain"),
        (Field::TokenUrl, "OAUTH2", "connectionConfig.accounts-server", Root::ConnectionConfig, "accounts-server"),
        (Field::TokenUrl, "OAUTH2", "connectionConfig.installation.uuid", Root::ConnectionConfig, "installation.uuid"),
        (Field::TokenUrl, "TWO_STEP", "email", Root::Credentials, "email"),
        (Field::ProxyHeader, "API_KEY", "apiKey", Root::Credentials, "apiKey"),
        (Field::ProxyHeader, "OAUTH2", "clientSecret", Root::ClientSecret, ""),
        (Field::ProxyHeader, "BASIC", "host", Root::Host, ""),
        (Field::ProxyQuery, "TWO_STEP", "credentials.raw.account.id", Root::Credentials, "raw.account.id"),
        (Field::ProxyUrl, "API_KEY", "metadata.region", Root::Metadata, "region"),
        (Field::StepUrl, "TWO_STEP", "step1.url", Root::Step(1), "url"),
        (Field::TokenParam, "TWO_STEP", "token", Root::Token, ""),
        (Field::Assertion, "TWO_STEP", "assertionOption.privateKey", Root::AssertionOption, "privateKey"),
        (Field::AuthorizationUrl, "APP", "connectionConfig.appPublicLink", Root::AppPublicLink, ""),
    ] {
        let declared = entry(mode);
        let found = Scope::new(field, &declared).resolve(name, &(0..name.len() + 3));
        assert_eq!(found, Ok((root, path)), "{name}");
    }
}

#[test]
fn refuses_the_rest_with_the_nearest_name() {
    for (field, mode, name, rule, near) in [
        (
            Field::ProxyUrl,
            "OAUTH2",
            "connectionConfig.subdomian",
            &UNDECLARED_TEMPLATE_VARIABLE,
            Some("connectionConfig.subdomain"),
        ),
        (Field::ProxyUrl, "OAUTH2", "subdomain", &UNKNOWN_TEMPLATE_ROOT, Some("connectionConfig.subdomain")),
        (Field::ProxyHeader, "OAUTH2_CC", "apiKey", &UNKNOWN_TEMPLATE_ROOT, None),
        (Field::ProxyHeader, "OAUTH2", "acessToken", &UNKNOWN_TEMPLATE_ROOT, Some("accessToken")),
        (Field::ProxyHeader, "API_KEY", " apiKey", &UNKNOWN_TEMPLATE_ROOT, Some("apiKey")),
        (Field::TokenHeader, "TWO_STEP", "connectionConfig.subdomain", &UNKNOWN_TEMPLATE_ROOT, None),
        (Field::StepUrl, "TWO_STEP", "step2.url", &UNDECLARED_TEMPLATE_VARIABLE, None),
        (Field::TokenParam, "OAUTH2", "credentials.email", &UNKNOWN_TEMPLATE_ROOT, None),
    ] {
        let declared = entry(mode);
        let problem = Scope::new(field, &declared).resolve(name, &(3..name.len() + 6)).unwrap_err();
        assert_eq!((problem.rule.name, problem.replacement.as_deref()), (rule.name, near), "{name}");
        assert_eq!(problem.range, 5..name.len() + 5, "{name}");
    }
}

#[test]
fn a_script_may_write_any_configuration() {
    let declared = Declared { mode: "OAUTH2", config_is_open: true, ..Declared::default() };
    let found = Scope::new(Field::ProxyUrl, &declared).resolve("connectionConfig.any", &(0..0));
    assert_eq!(found, Ok((Root::ConnectionConfig, "any")));
}
