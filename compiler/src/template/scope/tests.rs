//! Which names which field knows, as tables.

use super::*;
use crate::template::{UNDECLARED_TEMPLATE_VARIABLE, UNKNOWN_TEMPLATE_ROOT};

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

#[test]
fn a_name_that_is_none_here_is_told_with_where_to_declare_it_or_the_names_that_there_are() {
    const SIGNED: &str = "`method`, `host`, `path`, `endpoint`, `params`, `urlCanonicalParams`, `bodyCanonicalParams`, \
        `contentType`";
    for (field, mode, name, expected) in [
        (
            Field::ProxyHeader,
            Mode::ApiKey,
            "credentials.appSecretToken",
            "`API_KEY` has one credential, `apiKey`; declare `appSecretToken` under `connection_config` with \
             `secret: true`, and write `${connectionConfig.appSecretToken}`"
                .to_owned(),
        ),
        (
            Field::ProxyHeader,
            Mode::Basic,
            "credentials.installation.uuid",
            "`BASIC` has the credentials `username` and `password` alone; write `${connectionConfig.installation.uuid}`"
                .to_owned(),
        ),
        (
            Field::ProxyHeader,
            Mode::ApiKey,
            "integrationConfig.realm",
            format!(
                "`proxy.headers` of `API_KEY` knows `connectionConfig.subdomain`, `connectionConfig.accounts-server`, \
                 `connectionConfig.installation.uuid`, `credentials.apiKey`, `apiKey`, {SIGNED}"
            ),
        ),
        (
            Field::StepHeader,
            Mode::TwoStep,
            "integrationConfig.realm",
            "`additional_steps[].token_headers` of `TWO_STEP` knows `stepN.PATH`, `credentials.token`, \
             `credentials.refresh_token`, `credentials.expires_at`, `credentials.raw`, `credentials._cookies`, `token`, \
             `refresh_token`, `expires_at`, `raw`, `_cookies`"
                .to_owned(),
        ),
    ] {
        let is_fixed = matches!(mode, Mode::ApiKey | Mode::Basic);
        let credentials = mode.facts().stored.to_vec();
        let declared = Declared { credentials, credentials_are_fixed: is_fixed, ..entry(mode) };
        let problem = Scope::new(field, &declared).resolve(name, &(0..name.len() + 3)).unwrap_err();
        assert_eq!(problem.help, Some(expected), "{field:?} {mode} {name}");
    }
}

#[test]
fn a_help_has_so_many_names_at_most() {
    let names: Vec<String> = (0..99).map(|number| format!("f{number}")).collect();
    let declared = Declared { config: names.iter().map(String::as_str).collect(), ..Declared::of(Mode::OAuth2) };
    let problem = Scope::new(Field::AuthorizationParam, &declared).resolve("zzzzzzzz", &(0..11)).unwrap_err();
    let help = problem.help.unwrap();
    assert!(help.ends_with("`connectionConfig.f23` and 75 more"), "{help}");
}
