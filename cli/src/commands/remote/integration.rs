//! Integrations as they are shown: one, or all of them.

use super::ask::{Ask, Remote};
use super::table::{Table, details, text};
use crate::commands::format::Format;
use crate::exit::{Exit, Failure, written};
use crate::harmless::json_line;
use crate::terminal::say;
use http::Method;
use serde_json::{Map, Value};
use std::io::{Write as _, stdout};

/// Lists them all.
pub(super) fn list(remote: &Remote, format: Format) -> Result<Exit, Failure> {
    let mut answer = remote.ask(&Ask::new(Method::GET, &["integrations"]))?;
    let rows = answer.list(remote.address(), "integrations")?;
    if rows.is_empty() && format == Format::Text {
        say("there is no integration yet; `keyway integrations create` makes one");
    }
    let cells = |row: &Map<String, Value>| {
        [
            text(row.get("key")),
            text(row.get("provider")),
            text(row.get("client_id")),
            secret(row).to_owned(),
            text(row.get("scopes")),
        ]
    };
    let page = match format {
        Format::Text => Table::new(["KEY", "PROVIDER", "CLIENT ID", "SECRET", "SCOPES"])
            .page(&rows.iter().map(cells).collect::<Vec<_>>()),
        Format::Json => rows.into_iter().map(|row| json_line(&Value::Object(row)) + "\n").collect(),
    };
    written(stdout().write_all(page.as_bytes()))?;
    Ok(Exit::Clean)
}

/// A client secret, of which only that it is set is known.
fn secret(row: &Map<String, Value>) -> &'static str {
    if row.get("client_secret_set") == Some(&Value::Bool(true)) { "set" } else { "not set" }
}

/// Shows one.
pub(super) fn print(shown: &Map<String, Value>, format: Format) -> Result<Exit, Failure> {
    let of = |name: &str| text(shown.get(name));
    let lines = match format {
        Format::Json => json_line(&Value::Object(shown.clone())) + "\n",
        Format::Text => details(&[
            ("key", of("key")),
            ("provider", of("provider")),
            ("client id", of("client_id")),
            ("client secret", secret(shown).to_owned()),
            ("scopes", of("scopes")),
            ("allowed hosts", of("allowed_hosts")),
            ("base URL", of("base_url")),
            ("custom, set", of("custom_set")),
            ("app link", of("app_link")),
            ("redirect URI", redirect_uri(shown)),
            ("shared", shared(shown).to_owned()),
            ("unknown outcome", of("unknown_outcome")),
        ]),
    };
    written(stdout().write_all(lines.as_bytes()))?;
    Ok(Exit::Clean)
}

/// A word where the redirect URI is the one that integrations share.
fn shared(shown: &Map<String, Value>) -> &'static str {
    if shown.get("shared_redirect_uri") == Some(&Value::Bool(true)) { "with other integrations" } else { "" }
}

/// The redirect URI to register, or how to ask for it.
fn redirect_uri(shown: &Map<String, Value>) -> String {
    let uri = text(shown.get("redirect_uri"));
    if uri.is_empty() && shown.get("redirect_uri_per").and_then(Value::as_str) == Some("issuer") {
        return "one for each authorization server: `--issuer URL` shows it".to_owned();
    }
    uri
}
