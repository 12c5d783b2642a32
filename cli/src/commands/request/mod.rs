//! `keyway request`: the request that would be sent, without sending it.

mod by_name;
mod config;
mod endpoint;
mod given;
mod listing;
mod made;
mod shown;
mod signature;
mod stand_in;
mod target;

use super::allowed::HostArgs;
use super::pairs::{Pair, header, pair};
use crate::catalogue::{self, CatalogueArgs};
use crate::exit::{Exit, Failure, written};
use crate::terminal::{Terminal, say};
use clap::ValueEnum;
use config::GivenConfig;
use keyway::mask::Masked;
use keyway::request::{self, Call, CallBody};
use std::io::{self, Write};
use target::{Target, only_for_operations, target};

const EXAMPLES: &str = "\
Examples:
  keyway request github --list                                    the operations of its entry
  keyway request github issues.list --param owner=octocat --param repo=hello --param labels=a --param labels=b
  keyway request github issues.list --param owner=octocat --param repo=hello --page-size 50 --pages 2
  keyway request github GET /user
  keyway request zendesk GET /api/v2/tickets.json --config subdomain=acme
  keyway request github GET '/user/repos?per_page=5' --credential access_token=$TOKEN --reveal
  keyway request aws GET /bucket/key --config region=eu-west-1 --config service=s3 \
      --credential access_key_id=$KEY --credential secret_access_key=$SECRET --credential session_token=$TOKEN
  keyway request acme POST /v1/items --data '{\"name\":\"x\"}' --catalogue acme.yaml --format json

Each secret is shown by its name, wherever it stands: `Basic base64(<username>:<password>)`, `?api_key=<apiKey>`. So are \
signatures, of which what they cover is shown: `jwt({\"alg\":...}, {\"iss\":...}, <privateKey>)`. `--reveal` shows the \
credentials that are given, and where all are the request as it would be sent.

A call that would be refused because of its host is shown with the reason, and the command ends with 1.";

/// What would be asked for.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The provider's key
    provider: String,
    /// An operation of the entry by its name (`--list`), or the HTTP method
    #[arg(value_name = "OPERATION|METHOD")]
    target: Option<String>,
    /// With a method: the path below the base URL, with its query
    path: Option<String>,
    /// List the operations of the entry and what they take, or one of them
    #[arg(long, conflicts_with = "path")]
    list: bool,
    /// A parameter of the operation; several times for the items of a list
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    param: Vec<Pair>,
    /// A parameter of the operation, as JSON
    #[arg(long = "param-json", value_name = "NAME=JSON", value_parser = pair)]
    param_json: Vec<Pair>,
    /// The size of the pages of an operation's list
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    page_size: Option<i64>,
    /// The requests of so many pages of an operation's list
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=endpoint::MAX_PAGES))]
    pages: Option<i64>,
    /// A value of the connection's configuration; a secret one is shown by its name, too
    #[arg(long = "config", value_name = "KEY=VALUE", value_parser = pair)]
    config: Vec<Pair>,
    /// A credential: `apiKey`, `username`, `password`, `access_token`, ...; of AWS `access_key_id`, `secret_access_key`
    /// and `session_token`; of OAuth 1.0 `client_id`, `client_secret`, `access_token` and `oauth_token_secret`
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
    /// Show the credentials that are given
    #[arg(long)]
    reveal: bool,
    /// Another base URL than the entry's, as callers pass it in the header `base-url-override`
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    allowed: HostArgs,
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

/// Builds the request, or those of some pages, and prints it.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let catalogue = catalogue::load(&args.providers, std::slice::from_ref(&args.provider), terminal)?;
    let spec = catalogue::provider(&catalogue, &args.provider)?;
    let target = match args.target {
        None if args.list => None,
        _ => Some(target(spec, args)?),
    };
    let calls = match target {
        Some(Target::Operation(operation)) if args.list => {
            return listed(&listing::listing(spec, Some(operation), args.format)?);
        }
        None => return listed(&listing::listing(spec, None, args.format)?),
        Some(Target::Operation(operation)) => endpoint::calls(operation, args)?,
        Some(Target::Raw { method, path }) => {
            only_for_operations(args)?;
            vec![raw(args, method, path)?]
        }
    };
    let config = GivenConfig::of(spec, &args.config)?;
    for (index, mut call) in calls.into_iter().enumerate() {
        call.base_url_override.clone_from(&args.base_url);
        let shown = shown::request(spec, args, &config, &call)?;
        for (names, option) in [(&shown.missing, "--credential"), (&shown.missing_config, "--config")] {
            if !names.is_empty() && index == 0 {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                say(&format!("note: {} not given, shown by name; set with `{option} NAME=VALUE`", names.join(", ")));
            }
        }
        if index > 0 && args.format == Format::Text {
            listed("\n")?;
        }
        written(print(&shown.request, args.format))?;
        if let Some(reason) = shown.refused {
            return Err(Failure { message: format!("nothing would be sent: {reason}"), exit: Exit::Findings });
        }
    }
    Ok(Exit::Clean)
}

fn listed(text: &str) -> Result<Exit, Failure> {
    written(io::stdout().lock().write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The call of a method and a path.
fn raw(args: &Args, method: &str, path: &str) -> Result<Call, Failure> {
    let parsed = method.to_uppercase().parse();
    let method = parsed.map_err(|_| Failure::usage(format!("`{method}` is not an HTTP method")))?;
    let body = match &args.data {
        None => CallBody::Empty,
        Some(text) => {
            serde_json::from_str::<&serde_json::value::RawValue>(text)
                .map_err(|error| Failure::usage(format!("`--data` is not JSON: {error}")))?;
            CallBody::JsonText(text.clone().into())
        }
    };
    let headers = args.header.iter().map(|pair| (pair.name.clone(), pair.value.clone()));
    Ok(Call::new(method, path).headers(headers).body(body))
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
