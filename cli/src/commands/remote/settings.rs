//! The settings of an integration on the command line, as the server takes them.

use super::secret_input;
use crate::exit::Failure;
use clap::ValueEnum;
use keyway::secret::Secret;
use keyway_spec::quirks::UnknownOutcome;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

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
    /// The provider's own settings, as a JSON object of texts in the place of those of now; `-` is standard input
    #[arg(long, value_name = "FILE")]
    custom_file: Option<PathBuf>,
    /// The public page on which an app or a plugin is installed
    #[arg(long, value_name = "URL")]
    app_link: Option<String>,
    /// Use the one redirect URI that integrations may share, as some were registered with; `=false` ends it
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    shared_redirect_uri: Option<bool>,
    /// A refresh whose outcome is unknown: send its token again (`retry`), or have the customer connect (`final`)
    #[arg(long, value_name = "RULE", value_parser = unknown_outcome)]
    unknown_outcome: Option<UnknownOutcome>,
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
    Custom,
    AppLink,
    UnknownOutcome,
}

fn unknown_outcome(name: &str) -> Result<UnknownOutcome, String> {
    UnknownOutcome::from_name(name).ok_or_else(|| "it is `retry` or `final`".to_owned())
}

impl IntegrationSettings {
    /// The members of the request, and the secrets among them.
    pub(super) fn members(&self) -> Result<(Map<String, Value>, Vec<Secret>), Failure> {
        if self.client_secret_stdin && self.custom_file.as_deref().is_some_and(secret_input::is_standard_input) {
            return Err(Failure::usage(
                "`--client-secret-stdin` and `--custom-file -` both read standard input: name a file for one of them",
            ));
        }
        let secret = if self.client_secret_stdin { Some(secret_input::client_secret()?) } else { None };
        let custom =
            self.custom_file.as_deref().map(|file| secret_input::object(file, Some("--custom-file"))).transpose()?;
        let custom = custom.map(Value::Object);
        let secrets = secret.iter().cloned().chain(custom.iter().flat_map(secret_input::texts)).collect();
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
            ("custom", custom, Some(Clearable::Custom)),
            ("app_link", text(&self.app_link), Some(Clearable::AppLink)),
            ("shared_redirect_uri", self.shared_redirect_uri.map(Value::Bool), None),
            (
                "unknown_outcome",
                self.unknown_outcome.map(|outcome| json!(outcome.name())),
                Some(Clearable::UnknownOutcome),
            ),
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
        Ok((members, secrets))
    }
}
