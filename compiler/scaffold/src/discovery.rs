//! ApiFacts from a discovery document: of an OAuth 2.0 authorization server (RFC 8414) or an OpenID provider.

use crate::facts::{ApiFacts, ClientAuth, ConfigField, Fact};
use keyway_spec::Mode;
use serde_json::{Map, Value};

/// Members that are read, or that say nothing an entry could use.
const KNOWN: [&str; 9] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "registration_endpoint",
    "scopes_supported",
    "token_endpoint_auth_methods_supported",
    "code_challenge_methods_supported",
    "grant_types_supported",
    "service_documentation",
];
/// The most scopes that are taken.
const MAX_SCOPES: usize = 200;
/// The field that a tenant in the path of an endpoint becomes.
const TENANT: &str = "tenant";

/// The facts of a document called `name`. The error is a sentence.
pub fn facts(name: &str, document: &Value) -> Result<ApiFacts, String> {
    let members = document.as_object().ok_or_else(|| format!("`{name}` is no JSON object"))?;
    let text = |member: &str| {
        let value = members.get(member)?.as_str()?;
        Some(Fact::read(value.to_owned(), format!("{name}#/{member}")))
    };
    if text("token_endpoint").is_none() && text("authorization_endpoint").is_none() {
        return Err(format!(
            "`{name}` is no discovery document: it has neither `authorization_endpoint` nor `token_endpoint` (RFC 8414 \
             section 2)"
        ));
    }
    let has = |member: &str, word: &str| {
        let list = members.get(member).and_then(Value::as_array);
        list.map(|list| list.iter().any(|value| value.as_str() == Some(word)))
    };
    let is_client_alone = has("grant_types_supported", "authorization_code") == Some(false)
        && has("grant_types_supported", "client_credentials") == Some(true)
        || text("authorization_endpoint").is_none();
    let mode = if is_client_alone { Mode::OAuth2ClientCredentials } else { Mode::OAuth2 };
    let mut facts = ApiFacts {
        mode: Some(Fact::read(mode, format!("{name}#/grant_types_supported"))),
        authorization_url: text("authorization_endpoint"),
        token_url: text("token_endpoint"),
        registration_url: text("registration_endpoint"),
        docs: text("service_documentation").filter(|fact| fact.value.starts_with("https://")),
        client_auth: client_auth(name, members),
        scopes: texts(members, "scopes_supported"),
        notes: unread(name, members),
        ..ApiFacts::default()
    };
    facts.pkce = match members.get("code_challenge_methods_supported").and_then(Value::as_array) {
        Some(methods) if methods.iter().all(|method| method.as_str() != Some("S256")) => {
            Some(Fact::read(false, format!("{name}#/code_challenge_methods_supported")))
        }
        _ => None,
    };
    tenants(&mut facts);
    Ok(facts)
}

/// The method to prefer of those that a server takes: a secret in a header, then in the body, then a key, which has to
/// be made and registered first.
fn client_auth(name: &str, members: &Map<String, Value>) -> Option<Fact<ClientAuth>> {
    let methods = members.get("token_endpoint_auth_methods_supported").and_then(Value::as_array)?;
    let takes = |word: &str| methods.iter().any(|method| method.as_str() == Some(word));
    let order = [
        ("client_secret_basic", ClientAuth::Basic),
        ("client_secret_post", ClientAuth::Body),
        ("private_key_jwt", ClientAuth::PrivateKeyJwt),
        ("none", ClientAuth::None),
    ];
    let (_, method) = order.into_iter().find(|(word, _)| takes(word))?;
    Some(Fact::read(method, format!("{name}#/token_endpoint_auth_methods_supported")))
}

fn texts(members: &Map<String, Value>, member: &str) -> Vec<String> {
    let list = members.get(member).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).take(MAX_SCOPES).map(str::to_owned).collect()
}

fn unread(name: &str, members: &Map<String, Value>) -> Vec<String> {
    let others: Vec<&str> = members.keys().map(String::as_str).filter(|member| !KNOWN.contains(member)).collect();
    if others.is_empty() {
        return Vec::new();
    }
    vec![format!("`{name}` says more than an entry can: {}", others.join(", "))]
}

/// A tenant in the path of an endpoint (`/common/`, `{tenantid}`) is the customer's to name.
fn tenants(facts: &mut ApiFacts) {
    let mut found = false;
    for fact in [&mut facts.authorization_url, &mut facts.token_url].into_iter().flatten() {
        if let Some((before, rest)) = fact.value.split_once('{')
            && let Some((_, after)) = rest.split_once('}')
        {
            fact.value = format!("{before}${{connectionConfig.{TENANT}}}{after}");
            found = true;
        }
    }
    if found {
        facts.config.push(ConfigField {
            name: TENANT.to_owned(),
            title: "Tenant".to_owned(),
            description: "The id or the domain of your organization.".to_owned(),
            example: Some("acme.example.com".to_owned()),
            pattern: Some("^[A-Za-z0-9][A-Za-z0-9.-]*$".to_owned()),
            ..ConfigField::default()
        });
    }
}
