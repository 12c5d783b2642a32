//! `keyway integrations`: what the operator set up for each provider.

use super::ask::{Ask, Remote};
use super::server::{ENVIRONMENT, ServerArgs};
use super::settings::IntegrationSettings;
use super::{confirm, integration};
use crate::commands::format::Format;
use crate::exit::{Exit, Failure, written};
use crate::harmless::{harmless, json_line};
use crate::terminal::Terminal;
use clap::Subcommand;
use http::Method;
use serde_json::{Map, Value, json};
use std::io::{Write as _, stdout};

fn examples() -> String {
    format!(
        "\
Examples:
  keyway integrations list
  keyway integrations create github --client-id Iv1.8a61f9b3 --client-secret-stdin --scope repo < secret.txt
  keyway integrations set github --key github-prod --scope repo --scope read:org
  keyway integrations delete github-prod

{ENVIRONMENT}"
    )
}

/// Integrations of a server.
#[derive(Debug, clap::Args)]
#[command(after_help = examples())]
pub(crate) struct IntegrationsArgs {
    #[command(flatten)]
    server: ServerArgs,
    #[command(subcommand)]
    command: IntegrationsCommand,
}

#[derive(Debug, Subcommand)]
enum IntegrationsCommand {
    /// List them all
    List,
    /// Show one, with the redirect URI to register; secrets are not shown, only which are set
    Show {
        /// The integration's key
        key: String,
        /// Show the redirect URI for this authorization server, where there is one for each
        #[arg(long, value_name = "URL")]
        issuer: Option<String>,
    },
    /// Create one for a provider of the server's catalogue
    Create {
        /// The provider's key
        provider: String,
        #[command(flatten)]
        settings: IntegrationSettings,
    },
    /// Change settings; the others stay
    Set {
        /// The integration's key
        #[arg(id = "integration", value_name = "KEY")]
        key: String,
        #[command(flatten)]
        settings: IntegrationSettings,
    },
    /// Delete one, with all its connections
    Delete {
        /// The integration's key
        key: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// Runs one of the commands.
pub(crate) fn run(args: &IntegrationsArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let format = args.server.format(terminal);
    if let IntegrationsCommand::Delete { yes, .. } = &args.command {
        confirm::can_be_asked(*yes)?;
    }
    let mut remote = Remote::new(&args.server)?;
    match &args.command {
        IntegrationsCommand::List => integration::list(&remote, format),
        IntegrationsCommand::Show { key, issuer } => {
            let query: Vec<(&str, &str)> = issuer.iter().map(|issuer| ("issuer", issuer.as_str())).collect();
            let path = ["integrations", key];
            integration::print(&remote.ask(&Ask { query: &query, ..Ask::new(Method::GET, &path) })?.members, format)
        }
        IntegrationsCommand::Create { provider, settings } => {
            let (mut members, secrets) = settings.members()?;
            members.insert("provider".to_owned(), json!(provider));
            remote.keep_out_of_errors(secrets);
            change(&remote, Method::POST, &["integrations"], members, format)
        }
        IntegrationsCommand::Set { key, settings } => {
            let (members, secrets) = settings.members()?;
            if members.is_empty() {
                let next = "`keyway integrations set --help` lists the settings";
                return Err(Failure::usage(format!("there is nothing to change: {next}")));
            }
            remote.keep_out_of_errors(secrets);
            change(&remote, Method::PATCH, &["integrations", key], members, format)
        }
        IntegrationsCommand::Delete { key, yes } => delete(&remote, key, *yes, format),
    }
}

fn change(
    remote: &Remote,
    method: Method,
    path: &[&str],
    members: Map<String, Value>,
    format: Format,
) -> Result<Exit, Failure> {
    let body = Value::Object(members);
    integration::print(&remote.ask(&Ask { body: Some(&body), ..Ask::new(method, path) })?.members, format)
}

fn delete(remote: &Remote, key: &str, is_confirmed: bool, format: Format) -> Result<Exit, Failure> {
    if !is_confirmed {
        let query = [("integration", key), ("limit", "1000")];
        let mut answer = remote.ask(&Ask { query: &query, ..Ask::new(Method::GET, &["connections"]) })?;
        let connections = match answer.list(remote.address(), "connections")?.len() {
            1 => "its connection".to_owned(),
            count if answer.members.get("next").is_some_and(Value::is_string) => {
                format!("more than {count} connections")
            }
            count => format!("its {count} connections"),
        };
        let name = harmless(key);
        confirm::typed(&format!("This deletes the integration `{name}` and {connections}."), key)?;
    }
    remote.ask(&Ask::new(Method::DELETE, &["integrations", key]))?;
    let line = match format {
        Format::Text => format!("the integration `{}` is deleted, and its connections", harmless(key)),
        Format::Json => json_line(&json!({"key": key, "deleted": true})),
    };
    written(writeln!(stdout(), "{line}"))?;
    Ok(Exit::Clean)
}
