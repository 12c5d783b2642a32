//! ApiFacts from other catalogues: one line of JSON of a witness, or grant's `oauth.json`.
//!
//! They say URLs, names and separators, and where each is from. Two catalogues may have copied the same page, so
//! everything taken from one is a guess that the vendor's page has to settle.

use crate::facts::{ApiFacts, ClientAuth, ConfigField, Fact, Placement};
use keyway_spec::Mode;
use serde_json::{Map, Value};

/// The question beside a fact of another catalogue.
const QUESTION: &str = "does the vendor's page say so too?";

/// The line of a file of witnesses whose `key` or `name` this is: one JSON object per line.
pub fn witness(file: &str, text: &str, wanted: &str) -> Result<ApiFacts, String> {
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let value: Value =
            serde_json::from_str(line).map_err(|error| format!("`{file}` line {}: {error}", number + 1))?;
        let Some(members) = value.as_object() else { continue };
        let is = |member: &str| members.get(member).and_then(Value::as_str) == Some(wanted);
        let among = |member: &str| {
            let list = members.get(member).and_then(Value::as_array).into_iter().flatten();
            list.into_iter().any(|key| key.as_str() == Some(wanted))
        };
        if is("name") || is("key") || among("keys") || among("plan_keys") {
            return Ok(of_witness(&format!("{file}:{}", number + 1), members));
        }
    }
    Err(format!("`{file}` has no line whose `name` is `{wanted}`"))
}

fn of_witness(from: &str, members: &Map<String, Value>) -> ApiFacts {
    let mut config = Vec::new();
    let mut url = |member: &str| {
        let value = members.get(member)?.as_str()?;
        value.starts_with("https://").then(|| asked(templated(value, &mut config), from))
    };
    let (authorization_url, token_url, request_url, base_url) =
        (url("authorization_url"), url("token_url"), url("request_url"), url("base_url"));
    let auth = members.get("auth").and_then(Value::as_str).unwrap_or_default().to_ascii_uppercase();
    let mode = match auth.as_str() {
        "OAUTH2" | "OAUTH" => Some(Mode::OAuth2),
        "OAUTH2_CC" => Some(Mode::OAuth2ClientCredentials),
        "OAUTH1" => Some(Mode::OAuth1),
        "API_KEY" | "APIKEY" => Some(Mode::ApiKey),
        "BASIC" => Some(Mode::Basic),
        "NONE" => Some(Mode::None),
        _ if request_url.is_some() => Some(Mode::OAuth1),
        _ if authorization_url.is_some() => Some(Mode::OAuth2),
        _ => None,
    };
    let text = |member: &str| members.get(member).and_then(Value::as_str).map(str::to_owned);
    let client_auth = match members.get("client_auth").and_then(Value::as_str) {
        Some("basic" | "client_secret_basic" | "header") => Some(ClientAuth::Basic),
        Some("post" | "body" | "client_secret_post") => Some(ClientAuth::Body),
        _ => None,
    };
    let scopes = members.get("scopes").or_else(|| members.get("default_scopes"));
    let scopes = scopes.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    ApiFacts {
        mode: mode.map(|mode| Fact::read(mode, from)),
        placement: members
            .get("api_key")
            .and_then(Value::as_object)
            .and_then(placement)
            .map(|value| asked(value, from)),
        docs: text("docs").filter(|url| url.starts_with("https://")).map(|url| Fact::read(url, from)),
        scope_separator: text("scope_separator").map(|text| asked(text, from)),
        client_auth: client_auth.map(|method| asked(method, from)),
        pkce: members.get("pkce").and_then(Value::as_bool).map(|pkce| asked(pkce, from)),
        scopes: scopes.map(str::to_owned).collect(),
        authorization_url,
        token_url,
        request_url,
        base_url,
        config,
        ..ApiFacts::default()
    }
}

fn placement(api_key: &Map<String, Value>) -> Option<Placement> {
    let text = |member: &str| api_key.get(member).and_then(Value::as_str).map(str::to_owned);
    let name = text("name")?;
    Some(match text("in").as_deref() {
        Some("query") => Placement::Query(name),
        _ => Placement::Header { name: name.to_lowercase(), prefix: text("prefix").unwrap_or_default() },
    })
}

/// A provider of grant's `config/oauth.json`.
pub fn grant(file: &str, document: &Value, wanted: &str) -> Result<ApiFacts, String> {
    let members = document.get(wanted).and_then(Value::as_object);
    let members = members.ok_or_else(|| format!("`{file}` has no `{wanted}`"))?;
    let from = format!("{file}#/{wanted}");
    let mut config = Vec::new();
    let mut url = |member: &str| {
        let value = members.get(member)?.as_str()?;
        value.starts_with("https://").then(|| asked(templated(value, &mut config), &from))
    };
    let (request_url, authorization_url, token_url) = (url("request_url"), url("authorize_url"), url("access_url"));
    let is_first = members.get("oauth").and_then(Value::as_i64) == Some(1);
    Ok(ApiFacts {
        mode: Some(Fact::read(if is_first { Mode::OAuth1 } else { Mode::OAuth2 }, from.clone())),
        scope_separator: members
            .get("scope_delimiter")
            .and_then(Value::as_str)
            .map(|text| asked(text.to_owned(), &from)),
        request_url,
        authorization_url,
        token_url,
        config,
        ..ApiFacts::default()
    })
}

pub(crate) fn asked<T>(value: T, from: &str) -> Fact<T> {
    Fact::read(value, from).asking(QUESTION)
}

/// A URL with our placeholders in the place of `{{.x}}`, `[x]` and `{x}`; each is a field.
pub(crate) fn templated(url: &str, config: &mut Vec<ConfigField>) -> String {
    let mut out = String::new();
    let mut rest = url;
    while let Some(start) = rest.find(['{', '[']) {
        let (before, from) = rest.split_at(start);
        let inner = from.trim_start_matches(['{', '[', '.']);
        let Some(end) = inner.find(['}', ']']) else { break };
        let name: String = inner[..end].chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        out.push_str(before.trim_end_matches('$'));
        rest = inner[end..].trim_start_matches(['}', ']']);
        if name.is_empty() {
            continue;
        }
        out.extend(["${connectionConfig.", &name, "}"]);
        if config.iter().all(|field| field.name != name) {
            config.push(ConfigField {
                title: "Account".to_owned(),
                description: format!("The part of your address at the vendor that is called {name}."),
                example: Some("acme".to_owned()),
                pattern: Some("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$".to_owned()),
                name,
                ..ConfigField::default()
            });
        }
    }
    out.push_str(rest);
    out
}
