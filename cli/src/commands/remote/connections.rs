//! `keyway connections`: customers' accounts, as the server has them.

use super::ask::Remote;
use super::confirm;
use super::connection::WhichConnection;
use super::import::{self, ImportArgs};
use super::listing::{self, ListArgs};
use super::metadata;
use super::server::{ENVIRONMENT, ServerArgs};
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;
use clap::Subcommand;

fn examples() -> String {
    format!(
        "\
Examples:
  keyway connections list --integration github --reconnect-needed
  keyway connections show user-42 --integration github
  keyway connections link user-42 --integration github
  keyway connections set-metadata user-42 '{{\"plan\": \"pro\"}}' --integration github
  keyway connections import user-42 --integration github < account.json
  keyway connections list --all --format json | jq -r .connection_id

{ENVIRONMENT}"
    )
}

/// Connections of a server.
#[derive(Debug, clap::Args)]
#[command(after_help = examples())]
pub(crate) struct ConnectionsArgs {
    #[command(flatten)]
    server: ServerArgs,
    #[command(subcommand)]
    command: ConnectionsCommand,
}

#[derive(Debug, Subcommand)]
enum ConnectionsCommand {
    /// List connections by integration and id
    List(ListArgs),
    /// Show one; a token that is dead or about to die is renewed by that. Credentials are not shown
    Show {
        #[command(flatten)]
        which: WhichConnection,
        /// Show its credentials too, readable: tokens, keys, passwords
        #[arg(long)]
        credentials: bool,
    },
    /// Renew its token now, whatever failed before
    Refresh(WhichConnection),
    /// Delete it, and revoke its token where the provider can
    Delete {
        #[command(flatten)]
        which: WhichConnection,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Replace its metadata, your own data about the customer
    SetMetadata {
        #[command(flatten)]
        which: WhichConnection,
        /// A JSON object; `{}` leaves none, `-` reads it from standard input
        #[arg(value_name = "JSON")]
        metadata: String,
    },
    /// Make a link with which a customer connects under this id, once, within 30 minutes
    Link(WhichConnection),
    /// Store an account whose credentials you have; one that is there already is replaced
    Import {
        #[command(flatten)]
        which: WhichConnection,
        #[command(flatten)]
        account: ImportArgs,
    },
}

/// Runs one of the commands.
pub(crate) fn run(args: &ConnectionsArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let format = args.server.format(terminal);
    if let ConnectionsCommand::Delete { yes, .. } = &args.command {
        confirm::can_be_asked(*yes)?;
    }
    let mut remote = Remote::new(&args.server)?;
    match &args.command {
        ConnectionsCommand::List(args) => listing::run(&remote, args, format),
        ConnectionsCommand::Show { which, credentials } => which.show(&remote, *credentials, format),
        ConnectionsCommand::Refresh(which) => which.refresh(&remote, format),
        ConnectionsCommand::Delete { which, yes } => which.delete(&remote, *yes, format),
        ConnectionsCommand::SetMetadata { which, metadata } => {
            which.set_metadata(&remote, &metadata::read(metadata)?, format)
        }
        ConnectionsCommand::Link(which) => which.link(&remote, format),
        ConnectionsCommand::Import { which, account } => import::run(&mut remote, which, account, format),
    }
}
