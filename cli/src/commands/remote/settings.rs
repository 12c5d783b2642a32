//! The settings of an integration on the command line, as the server takes them.

use super::secret_input;
use crate::exit::Failure;
use clap::ValueEnum;
use keyway::secret::Secret;
use serde_json::{Map, Value, json};

/// Settings that are given.
#[derive(Debug, clap::Args)]
pub(super) struct IntegrationSettings {
    /// The integration's key; a new one renames it, and its connections follow
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// The id of the OAuth client, or of the app
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Read the client secret, or the app's private key, from standard input
    #[arg(long)]
    client_secret_stdin: bool,
    /// A scope to ask for, in the place of those of now; may be given several times
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// A host that may receive the operator's secrets, in the place of those of now; may be given several times
    #[arg(long, value_name = "HOST")]
    allowed_host: Vec<String>,
    /// The URL to call in the place of the provider's
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Leave this setting empty; may be given several times
    #[arg(long, value_name = "SETTING", value_enum)]
    clear: Vec<Clearable>,
}

/// Settings that may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Clearable {
    ClientId,
    ClientSecret,
    Scopes,
    AllowedHosts,
    BaseUrl,
}

impl IntegrationSettings {
    /// The members of the request, and the secret among them.
    pub(super) fn members(&self) -> Result<(Map<String, Value>, Option<Secret>), Failure> {
        let secret = if self.client_secret_stdin { Some(secret_input::client_secret()?) } else { None };
        let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
        let list = |list: &[String]| (!list.is_empty()).then(|| json!(list));
        let mut members = Map::new();
        for (name, given, cleared) in [
            ("key", text(&self.key), None),
            ("client_id", text(&self.client_id), Some(Clearable::ClientId)),
            ("client_secret", secret.as_ref().map(|secret| json!(secret.expose())), Some(Clearable::ClientSecret)),
            ("scopes", list(&self.scope), Some(Clearable::Scopes)),
            ("allowed_hosts", list(&self.allowed_host), Some(Clearable::AllowedHosts)),
            ("base_url", text(&self.base_url), Some(Clearable::BaseUrl)),
        ] {
            let is_cleared = cleared.is_some_and(|setting| self.clear.contains(&setting));
            match (given, is_cleared) {
                (Some(_), true) => {
                    return Err(Failure::usage(format!(
                        "`{name}` is given and cleared at once; leave one of both out"
                    )));
                }
                (Some(value), false) => _ = members.insert(name.to_owned(), value),
                (None, true) => _ = members.insert(name.to_owned(), Value::Null),
                (None, false) => {}
            }
        }
        Ok((members, secret))
    }
}
