//! Credentials of a real account: from the environment, from files, or typed by a person. Never from an option.

use crate::commands::pairs::{Pair, pair};
use crate::exit::Failure;
use crate::input::{self, reads_stdin_once};
use crate::sealing::variable;
use keyway::connection::Token;
use keyway::{Credentials, IntegrationRecord, Secret};
use keyway_spec::ProviderSpec;
use keyway_spec::mode::{Connect, InForm};
use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::path::Path;

/// Where credentials are.
#[derive(Debug, clap::Args)]
pub(super) struct CredentialArgs {
    /// A credential in a variable of the environment: `apiKey`, `username`, `password`, `client_secret`,
    /// `access_token`, `refresh_token`, or another name of the entry
    #[arg(long = "credential-env", value_name = "NAME=VARIABLE", value_parser = pair)]
    env: Vec<Pair>,
    /// A credential in a file, without the line break at its end; `-` is standard input
    #[arg(long = "credential-file", value_name = "NAME=FILE", value_parser = pair)]
    file: Vec<Pair>,
    /// The client id, which is no secret
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
}

/// The operator's client, and the customer's credentials.
pub(super) struct GivenAccount {
    pub(super) integration: IntegrationRecord,
    pub(super) credentials: Credentials,
}

/// Reads and asks, and puts each value where the mode has it.
pub(super) fn account(args: &CredentialArgs, spec: &'static ProviderSpec) -> Result<GivenAccount, Failure> {
    let mut values = read(args)?;
    ask(spec, &mut values)?;
    let mut integration = IntegrationRecord::new(spec.key, spec);
    let mut credentials = Credentials::default();
    let (mut access, mut refresh, mut settings) = (None, None, BTreeMap::new());
    for (name, value) in values {
        let is_input = spec.auth.facts().takes(&name) || spec.credentials.iter().any(|field| field.name == name);
        match name.as_str() {
            "client_id" if !is_input => integration.client_id = Some(value.expose().to_owned()),
            "client_secret" if !is_input => integration.client_secret = Some(value),
            "access_token" if !is_input => access = Some(value),
            "refresh_token" if !is_input => refresh = Some(value),
            _ if spec.assertion_option.iter().any(|field| field.name == name) => {
                credentials.assertion_options.insert(name, value);
            }
            _ if spec.integration_config.iter().any(|field| field.name == name) => drop(settings.insert(name, value)),
            _ if spec.auth.facts().carried.obtained.contains(&name.as_str()) => {
                credentials.obtained.insert(name, value);
            }
            _ => drop(credentials.inputs.insert(name, value)),
        }
    }
    if refresh.is_some() && access.is_none() {
        let message = "a `refresh_token` goes with the `access_token` that it came with; give that, too";
        return Err(Failure::usage(message));
    }
    credentials.token = access.map(|access| Token::new(access).refresh(refresh));
    Ok(GivenAccount { integration: integration.custom(settings), credentials })
}

fn read(args: &CredentialArgs) -> Result<BTreeMap<String, Secret>, Failure> {
    reads_stdin_once(args.file.iter().map(|pair| &pair.value))?;
    let mut values = BTreeMap::new();
    for Pair { name, value: from } in &args.env {
        let value = variable(from)?;
        let value = value.ok_or_else(|| Failure::usage(format!("`{name}`: the variable `{from}` is not set")))?;
        values.insert(name.clone(), value);
    }
    for Pair { name, value: file } in &args.file {
        let text = input::read(Path::new(file), "--credential-file NAME=FILE")?.text;
        values.insert(name.clone(), Secret::new(text.trim_end_matches(['\r', '\n'])));
    }
    if let Some(id) = &args.client_id {
        values.insert("client_id".to_owned(), Secret::from(id.as_str()));
    }
    Ok(values)
}

/// Asks for what a form would, where there is a person to ask. What is typed is not shown.
fn ask(spec: &'static ProviderSpec, values: &mut BTreeMap<String, Secret>) -> Result<(), Failure> {
    let has_token = values.contains_key("access_token");
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() || has_token {
        return Ok(());
    }
    let declared =
        spec.credentials.iter().filter(|field| !field.optional && !field.automated && field.default_value.is_none());
    let declared = declared.map(|field| field.name);
    let inputs = spec.auth.facts().inputs.iter().filter(|input| input.in_form == InForm::Always);
    let clients = match spec.auth.connect() {
        Connect::Interactive if spec.auth.code_flow().is_some() => &["client_id", "client_secret"][..],
        Connect::Interactive | Connect::Direct | Connect::Outbound => &[],
    };
    let wanted: Vec<&str> = declared.chain(inputs.map(|input| input.name)).chain(clients.iter().copied()).collect();
    for name in wanted {
        if !values.contains_key(name) {
            let typed = rpassword::prompt_password(format!("{name}: "));
            let typed = typed.map_err(|error| Failure::usage(format!("cannot ask for `{name}`: {error}")))?;
            values.insert(name.to_owned(), Secret::new(typed));
        }
    }
    Ok(())
}
