//! `keyway request`: the request that would be sent, without sending it.

use super::pairs::{Pair, config, header, pair};
use crate::catalogue::{self, CatalogueArgs};
use crate::exit::{Exit, Failure, written};
use crate::terminal::{Terminal, say};
use clap::ValueEnum;
use keyway::clock::{Moment, System};
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::fields::{self, Trust};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::mask::{self, Masked};
use keyway::request::{self, Call, CallBody};
use keyway::secret::Secret;
use keyway_spec::{Auth, Field, ProviderSpec};
use std::io::{self, Write};

const EXAMPLES: &str = "\
Examples:
  keyway request github GET /user
  keyway request zendesk GET /api/v2/tickets.json --config subdomain=acme
  keyway request github GET '/user/repos?per_page=5' --credential access_token=$TOKEN --reveal
  keyway request acme POST /v1/items --data '{\"name\":\"x\"}' --catalogue acme.yaml --format json

A credential that is not given is shown by its name. Secrets are masked unless `--reveal` is given.";

/// What would be asked for.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The provider's key
    provider: String,
    /// The HTTP method
    method: String,
    /// The path below the base URL, with its query
    endpoint: String,
    /// A value of the connection's configuration
    #[arg(long = "config", value_name = "KEY=VALUE", value_parser = pair)]
    config: Vec<Pair>,
    /// A credential: `apiKey`, `username`, `password`, `access_token`, ...
    #[arg(long = "credential", value_name = "KEY=VALUE", value_parser = pair)]
    credential: Vec<Pair>,
    /// A header of the call
    #[arg(long = "header", value_name = "NAME:VALUE", value_parser = header)]
    header: Vec<Pair>,
    /// A JSON body
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
    #[command(flatten)]
    providers: CatalogueArgs,
    /// What the program calls itself, as `keyway serve --user-agent` has it
    #[arg(long, value_name = "NAME/VERSION", default_value = request::USER_AGENT, hide_default_value = true)]
    user_agent: String,
    /// Show secrets
    #[arg(long)]
    reveal: bool,
    /// How to write the request
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As HTTP
    Text,
    /// One object
    Json,
}

/// Builds the request and prints it.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let catalogue = catalogue::load(&args.providers, terminal)?;
    let spec = catalogue::provider(&catalogue, &args.provider)?;
    let config = fields::validate(spec.connection_config, &config(&args.config), Trust::Operator)
        .map_err(|error| Failure::usage(hint(&error, "--config")))?;
    let (credentials, stand_ins) = credentials(spec, &args.credential);
    let shown = shown(spec, args, &config, &credentials)?;
    if !stand_ins.is_empty() {
        say(&format!("note: {} not given, shown by name; set with `--credential NAME=VALUE`", stand_ins.join(", ")));
    }
    written(print(&shown, args.format)).map(|()| Exit::Clean)
}

fn shown(spec: &ProviderSpec, args: &Args, config: &ConfigMap, credentials: &Credentials) -> Result<Masked, Failure> {
    let integration = IntegrationRecord {
        key: spec.key.to_owned(),
        provider: spec.key.to_owned(),
        client_id: Some("<clientId>".to_owned()),
        client_secret: Some("<clientSecret>".into()),
        ..IntegrationRecord::default()
    };
    let moment = Moment::take(&System).map_err(|error| Failure::usage(error.to_string()))?;
    let inputs = Inputs {
        spec,
        integration: &integration,
        config,
        connection_id: "example",
        metadata: &serde_json::Map::new(),
        credentials,
        moment: &moment,
    };
    let plan = request::plan(&inputs, &call(args)?).map_err(|error| Failure::usage(error.to_string()))?;
    let plan = plan.named(&args.user_agent);
    // Without a credential there is nothing to hide: the stand-ins say where it would go.
    let shows_all = args.reveal || args.credential.is_empty();
    Ok(if shows_all { mask::reveal(&plan) } else { mask::mask(&plan, credentials.secrets()) })
}

fn call(args: &Args) -> Result<Call, Failure> {
    let method = args.method.to_uppercase();
    let method = method.parse().map_err(|_| Failure::usage(format!("`{}` is not an HTTP method", args.method)))?;
    let body = match &args.data {
        None => CallBody::Empty,
        Some(text) => {
            serde_json::from_str::<&serde_json::value::RawValue>(text)
                .map_err(|error| Failure::usage(format!("`--data` is not JSON: {error}")))?;
            CallBody::JsonText(text.clone().into())
        }
    };
    let headers = args.header.iter().map(|pair| (pair.name.clone(), pair.value.clone())).collect();
    Ok(Call { method, endpoint: args.endpoint.clone(), headers, body, ..Call::default() })
}

/// What was given, and a stand-in with its own name for what was not.
fn credentials(spec: &ProviderSpec, given: &[Pair]) -> (Credentials, Vec<String>) {
    let mut credentials = Credentials::default();
    let mut stand_ins = Vec::new();
    let take = |name: &str, stand_ins: &mut Vec<String>| -> Secret {
        given.iter().find(|pair| pair.name == name).map_or_else(
            || {
                stand_ins.push(format!("`{name}`"));
                Secret::new(format!("<{name}>"))
            },
            |pair| Secret::new(pair.value.clone()),
        )
    };
    match spec.auth {
        Auth::ApiKey => drop(credentials.inputs.insert("apiKey".to_owned(), take("apiKey", &mut stand_ins))),
        Auth::Basic => {
            for name in ["username", "password"] {
                let default = field(spec, name).and_then(|field| field.default_value);
                let value = match default {
                    Some(text) if !given.iter().any(|pair| pair.name == name) => Secret::from(text),
                    _ => take(name, &mut stand_ins),
                };
                credentials.inputs.insert(name.to_owned(), value);
            }
        }
        Auth::None => {}
        _ => {
            let access = take("access_token", &mut stand_ins);
            credentials.token = Some(Token { access, refresh: None, expires_at: None, raw: None });
        }
    }
    for pair in given.iter().filter(|pair| pair.name != "access_token") {
        credentials.inputs.insert(pair.name.clone(), Secret::new(pair.value.clone()));
    }
    (credentials, stand_ins)
}

fn field<'a>(spec: &ProviderSpec, name: &str) -> Option<&'a Field> {
    spec.credentials.iter().find(|field| field.name == name)
}

/// An error about a value, and which option sets it.
fn hint(error: &keyway::Error, option: &str) -> String {
    format!("{error}; set it with `{option} NAME=VALUE`")
}

fn print(shown: &Masked, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => {
            let headers: serde_json::Map<String, serde_json::Value> =
                shown.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
            let json = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(text));
            let body = shown.body.as_deref().map(json);
            let object = serde_json::json!({
                "method": shown.method, "url": shown.url, "headers": headers, "body": body.unwrap_or_default(),
            });
            writeln!(out, "{object}")
        }
        Format::Text => {
            writeln!(out, "{} {}", shown.method, shown.url)?;
            for (name, value) in &shown.headers {
                writeln!(out, "{name}: {value}")?;
            }
            match &shown.body {
                Some(body) => writeln!(out, "\n{body}"),
                None => Ok(()),
            }
        }
    }
}
