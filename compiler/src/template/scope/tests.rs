//! Which names which field knows, as tables.

use super::*;

fn entry(mode: Mode) -> Declared<'static> {
    let mut declared = Declared {
        config: vec!["subdomain", "accounts-server", "installation.uuid"],
        assertion_options: vec!["privateKey"],
        steps: 1,
        ..Declared::of(mode)
    };
    declared.credentials.push("email");
    declared
}

#[test]
fn finds_names_in_the_scope_of_their_field() {
    for (field, mode, name, root, path) in [
        (Field::ProxyUrl, Mode::OAuth2, "connectionConfig.subdomain", Root::ConnectionConfig, "subdomain"),
        (Field::TokenUrl, Mode::OAuth2, "subdomain", Root::ConnectionConfig, "subdomain"),
        (Field::TokenUrl, Mode::OAuth2, "connectionConfig.accounts-server", Root::ConnectionConfig, "accounts-server"),
        (
            Field::TokenUrl,
            Mode::OAuth2,
            "connectionConfig.installation.uuid",
            Root::ConnectionConfig,
            "installation.uuid",
        ),
        (Field::TokenUrl, Mode::TwoStep, "email", Root::Credentials, "email"),
        (Field::ProxyHeader, Mode::ApiKey, "apiKey", Root::Credentials, "apiKey"),
        (Field::ProxyHeader, Mode::OAuth2, "clientSecret", Root::ClientSecret, ""),
        (Field::ProxyHeader, Mode::Basic, "host", Root::Host, ""),
        (Field::ProxyQuery, Mode::TwoStep, "credentials.raw.account.id", Root::Credentials, "raw.account.id"),
        (Field::ProxyUrl, Mode::ApiKey, "metadata.region", Root::Metadata, "region"),
        (Field::StepUrl, Mode::TwoStep, "step1.url", Root::Step(1), "url"),
        (Field::TokenParam, Mode::TwoStep, "token", Root::Token, ""),
        (Field::Assertion, Mode::TwoStep, "assertionOption.privateKey", Root::AssertionOption, "privateKey"),
        (Field::AuthorizationUrl, Mode::App, "connectionConfig.appPublicLink", Root::AppPublicLink, ""),
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
            Mode::OAuth2,
            "connectionConfig.subdomian",
            &UNDECLARED_TEMPLATE_VARIABLE,
            Some("connectionConfig.subdomain"),
        ),
        (Field::ProxyUrl, Mode::OAuth2, "subdomain", &UNKNOWN_TEMPLATE_ROOT, Some("connectionConfig.subdomain")),
        (Field::ProxyHeader, Mode::OAuth2ClientCredentials, "apiKey", &UNKNOWN_TEMPLATE_ROOT, None),
        (Field::ProxyHeader, Mode::OAuth2, "acessToken", &UNKNOWN_TEMPLATE_ROOT, Some("accessToken")),
        (Field::ProxyHeader, Mode::ApiKey, " apiKey", &UNKNOWN_TEMPLATE_ROOT, Some("apiKey")),
        (Field::TokenHeader, Mode::TwoStep, "connectionConfig.subdomain", &UNKNOWN_TEMPLATE_ROOT, None),
        (Field::StepUrl, Mode::TwoStep, "step2.url", &UNDECLARED_TEMPLATE_VARIABLE, None),
        (Field::TokenParam, Mode::OAuth2, "credentials.email", &UNKNOWN_TEMPLATE_ROOT, None),
    ] {
        let declared = entry(mode);
        let problem = Scope::new(field, &declared).resolve(name, &(3..name.len() + 6)).unwrap_err();
        assert_eq!((problem.rule.name, problem.replacement.as_deref()), (rule.name, near), "{name}");
        assert_eq!(problem.range, 5..name.len() + 5, "{name}");
    }
}

#[test]
fn a_script_may_write_any_configuration() {
    let declared = Declared { config_is_open: true, ..Declared::of(Mode::OAuth2) };
    let found = Scope::new(Field::ProxyUrl, &declared).resolve("connectionConfig.any", &(0..0));
    assert_eq!(found, Ok((Root::ConnectionConfig, "any")));
}
