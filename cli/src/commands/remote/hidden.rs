//! The one answer that has credentials, `GET /connections/{id}`, without them.

use super::ask::{Ask, Remote};
use super::refused::NoAnswer;
use crate::terminal::say;
use http::Method;
use serde_json::{Map, Value};

/// The members that are shown. A newer server may have more, and one of them may be secret.
const SHOWN: [&str; 9] = [
    "integration",
    "connection_id",
    "provider",
    "config",
    "metadata",
    "expires_at",
    "reconnect_needed",
    "created_at",
    "updated_at",
];

/// The connection without its credentials: the secret ones among its configuration are those that its provider's
/// entry marks. Where the server does not have the entry any more, none of the configuration is shown.
pub(super) fn without_credentials(
    remote: &Remote,
    mut connection: Map<String, Value>,
) -> Result<Map<String, Value>, NoAnswer> {
    connection.retain(|name, _| SHOWN.contains(&name.as_str()));
    let provider = connection.get("provider").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(Value::Object(config)) = connection.get_mut("config") else {
        connection.remove("config");
        return Ok(connection);
    };
    if config.is_empty() {
        return Ok(connection);
    }
    match remote.ask(&Ask::new(Method::GET, &["providers", &provider])) {
        Ok(answer) => match answer.members.get("connection_config") {
            Some(Value::Array(fields)) => config.retain(|name, _| !is_secret(fields, name)),
            _ => config.clear(),
        },
        Err(refused) if refused.code.as_deref() == Some("unknown_provider") => {
            say("the server's catalogue does not have the provider any more: the configuration is not shown");
            config.clear();
        }
        Err(refused) => return Err(refused),
    }
    Ok(connection)
}

/// True unless the entry says that a value of this name is not secret, or says nothing of it: those were captured when
/// the customer connected (a tenant, a host).
fn is_secret(fields: &[Value], name: &str) -> bool {
    let field = fields.iter().find(|field| field.get("name").and_then(Value::as_str) == Some(name));
    field.is_some_and(|field| field.get("secret") != Some(&Value::Bool(false)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_secret_unless_its_field_says_that_it_is_not() {
        let Value::Array(fields) = json!([
            {"name": "site", "secret": false}, {"name": "key", "secret": true}, {"name": "odd"}, {"secret": false}, 3
        ]) else {
            panic!()
        };
        for (name, expected) in [("site", false), ("key", true), ("odd", true), ("captured", false)] {
            assert_eq!(is_secret(&fields, name), expected, "{name}");
        }
    }
}
