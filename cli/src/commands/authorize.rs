//! `keyway authorize`: the URL a customer would be sent to.

use super::allowed::{self, HostArgs};
use super::pairs::{Pair, config, pair};
use crate::catalogue::{self, CatalogueArgs};
use crate::exit::{Exit, Failure, written};
use crate::terminal::Terminal;
use crate::waiter::Waiter;
use keyway::Keyway;
use keyway::auth::customer_names_issuer;
use keyway::client::Authorize;
use keyway::connection::ConnectionKey;
use keyway::integration::IntegrationRecord;
use keyway_spec::auth::ClientAuth;
use keyway_spec::{Mode, ProviderSpec};
use std::io::{self, Write};

const EXAMPLES: &str = "\
Examples:
  keyway authorize github --client-id $ID --scope repo --scope user
  keyway authorize zendesk --client-id $ID --config subdomain=acme
  keyway authorize acme --catalogue acme.yaml --config host=login.acme.example --allow-host login.acme.example

The URL carries a new state and PKCE challenge each time; nothing keeps them, so the flow cannot be finished with it.
`keyway serve` starts flows that can.";

/// Who would be asked, and for what.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The provider's key
    provider: String,
    /// The OAuth client id
    #[arg(long, default_value = "CLIENT_ID")]
    client_id: String,
    /// Where the authorization server sends the customer back to, as it is registered. Where a customer names that
    /// server, a path segment follows that stands for it
    #[arg(long, default_value = "http://127.0.0.1:3900/oauth/callback")]
    redirect_uri: String,
    /// A scope; may be given several times. Without it, the provider's default scopes
    #[arg(long = "scope", value_name = "SCOPE")]
    scope: Vec<String>,
    /// A value of the connection's configuration
    #[arg(long = "config", value_name = "KEY=VALUE", value_parser = pair)]
    config: Vec<Pair>,
    #[command(flatten)]
    providers: CatalogueArgs,
    #[command(flatten)]
    allowed: HostArgs,
}

/// Builds the URL and prints it.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let catalogue = catalogue::load(&args.providers, std::slice::from_ref(&args.provider), terminal)?;
    let spec = catalogue::provider(&catalogue, &args.provider)?;
    let mut integration = IntegrationRecord::without_scopes(spec.key, spec.key)
        .client_id(args.client_id.as_str())
        .allowed_hosts(args.allowed.hosts.clone())
        .shared_redirect_uri(!customer_names_issuer(spec));
    // Nothing is sent, so any secret will do, but not any key.
    integration.client_secret = (!signs(spec)).then(|| "unused".into());
    let failure = |error: keyway::Error| Failure::usage(allowed::explain(&error));
    let builder = Keyway::builder().catalogue(catalogue).integration_record(integration).egress(args.allowed.policy());
    let keyway = builder.build().map_err(failure)?;
    let mut request = Authorize::new(ConnectionKey::new(spec.key, "example"), args.redirect_uri.as_str())
        .config(config(&args.config));
    request.scopes = (!args.scope.is_empty()).then(|| args.scope.clone());
    let started = Waiter::new()?.wait(keyway.authorize(request)).map_err(failure)?;
    written(writeln!(io::stdout().lock(), "{}", started.url)).map(|()| Exit::Clean)
}

/// True if the client proves itself with a key in the place of its secret.
fn signs(spec: &ProviderSpec) -> bool {
    let endpoint = spec.auth.code_flow().filter(|_| spec.auth.kind() == Mode::OAuth2);
    endpoint.is_some_and(|(_, endpoint)| endpoint.client_auth == ClientAuth::PrivateKeyJwt)
}
