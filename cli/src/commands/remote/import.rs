//! `keyway connections import`: an account whose credentials the caller has, as `POST /connections` takes it.
//!
//! All of it comes from a file or from standard input: its credentials are secret, and so may its configuration be.

use super::ask::{Ask, Remote};
use super::connection::{WhichConnection, print};
use super::secret_input;
use crate::commands::format::Format;
use crate::exit::{Exit, Failure};
use crate::harmless::harmless;
use http::Method;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// The members that an account may have.
const MEMBERS: [&str; 3] = ["credentials", "config", "metadata"];

/// Where the account comes from.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// A JSON object with `credentials`, `config` and `metadata`, as the HTTP interface has them; `-` is standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Take the credentials at their word: the provider is not asked to confirm them
    #[arg(long)]
    unverified: bool,
}

/// Imports it, and shows it without its credentials.
pub(super) fn run(
    remote: &mut Remote,
    which: &WhichConnection,
    args: &ImportArgs,
    format: Format,
) -> Result<Exit, Failure> {
    let account = secret_input::object(&args.file, Some("--file"))?;
    let body = body(account, which.named(), !args.unverified).map_err(Failure::usage)?;
    for name in ["credentials", "config"] {
        remote.keep_out_of_errors(body.get(name).map(secret_input::texts).unwrap_or_default());
    }
    let body = Value::Object(body);
    let answer = remote.ask(&Ask { body: Some(&body), ..Ask::new(Method::POST, &["connections"]) })?;
    print(&answer.members, format)
}

/// The request: the account, under the name that the arguments give it.
fn body(
    mut account: Map<String, Value>,
    named: [(&'static str, &str); 2],
    verify: bool,
) -> Result<Map<String, Value>, String> {
    if let Some(other) = account.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        let said = "the arguments say the rest";
        return Err(format!(
            "an account has no member `{}`: only `credentials`, `config` and `metadata`; {said}",
            harmless(other)
        ));
    }
    for (name, value) in named {
        account.insert(name.to_owned(), json!(value));
    }
    account.insert("verify".to_owned(), json!(verify));
    Ok(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_name_the_connection_and_the_file_holds_the_rest() {
        let named = [("integration", "acme"), ("connection_id", "user-42")];
        for (account, expected) in [
            (json!({"credentials": {"apiKey": "k"}}), Ok(json!({"apiKey": "k"}))),
            (json!({}), Ok(Value::Null)),
            (json!({"credentials": {}, "connection_id": "other"}), Err("no member `connection_id`")),
            (json!({"verify": false}), Err("no member `verify`")),
            (json!({"a\u{1b}[31m": 1}), Err("no member `a\\u{1b}[31m`")),
        ] {
            let Value::Object(members) = account.clone() else { panic!() };
            match (body(members, named, true), expected) {
                (Ok(body), Ok(credentials)) => {
                    assert_eq!(body.get("credentials").cloned().unwrap_or_default(), credentials);
                    assert_eq!((&body["connection_id"], &body["verify"]), (&json!("user-42"), &json!(true)));
                }
                (Err(message), Err(part)) => assert!(message.contains(part), "{message}"),
                (made, _) => panic!("{account}: {made:?}"),
            }
        }
    }
}
