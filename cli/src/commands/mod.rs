//! The commands, one file each.
//!
//! A command has `Args`, and `run(args, terminal) -> Result<Exit, Failure>`. Only commands write to standard output.

mod against;
mod allowed;
mod authorize;
mod build;
mod check;
mod diff;
mod docs;
mod explain;
mod format;
mod generated;
mod hosts;
mod import;
mod inspect;
mod lsp;
mod new;
mod pairs;
mod record;
mod remote;
mod replay;
mod request;
mod rules;
mod schema;
mod serve;
mod simulate;
mod store;

use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;
use clap::Subcommand;

/// The help: how to correct it.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Draft an entry for an API: from options, questions, or a document of the vendor's
    New(Box<new::Args>),
    /// Report every mistake in a file of providers, with the line, the reason and the fix
    Check(check::Args),
    /// Turn a file of providers into the sources of a crate
    Build(build::Args),
    /// Print the request that would be sent, with names in the place of secrets; nothing is sent
    Request(request::Args),
    /// Read the answers that vendors print through the real runtime: what is not read, and what cannot be meant
    Replay(replay::Args),
    /// Record answers that a real account gets as samples, with stand-ins for everything that tells about it
    Record(Box<record::Args>),
    /// Walk entries against a stand-in for their vendors, from the form to the end of a grant; nothing is sent
    Simulate(simulate::Args),
    /// Print the URL that a customer would be sent to
    Authorize(authorize::Args),
    /// Run the proxy: credentials kept, renewed, and confined to where they belong
    Serve(serve::Args),
    /// Integrations of a running server: list, show, create, change, delete
    Integrations(remote::IntegrationsArgs),
    /// Connections of a running server: list, show, renew, delete, links for customers
    Connections(remote::ConnectionsArgs),
    /// Care for the store of `serve`: verify, back up, rotate its key, export, import
    #[command(subcommand)]
    Store(store::StoreCommand),
    /// Serve editors: findings while typing, fixes, completion, hover
    Lsp(lsp::Args),
    /// Compare two files of providers: which changes break their users, and which do not
    Diff(diff::Args),
    /// Show what a stage of the compiler makes of one provider
    Inspect(inspect::Args),
    /// Turn another format's document into sources: named operations of an OpenAPI document
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// List every rule
    Rules(rules::Args),
    /// Write the generated pages of a book: the format, the rules, the providers
    Docs(docs::Args),
    /// Explain a rule, or a key of the format
    Explain(explain::Args),
    /// Print the JSON Schema of the format, for editors
    Schema(schema::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit, Failure> {
        match self {
            Command::New(args) => new::run(&args, terminal),
            Command::Check(args) => check::run(&args, terminal),
            Command::Build(args) => build::run(&args, terminal),
            Command::Request(args) => request::run(&args, terminal),
            Command::Replay(args) => replay::run(&args, terminal),
            Command::Record(args) => record::run(&args, terminal),
            Command::Simulate(args) => simulate::run(&args, terminal),
            Command::Authorize(args) => authorize::run(&args, terminal),
            Command::Serve(args) => serve::run(&args, terminal),
            Command::Integrations(args) => remote::integrations(&args, terminal),
            Command::Connections(args) => remote::connections(&args, terminal),
            Command::Store(command) => store::run(&command, terminal),
            Command::Lsp(args) => Ok(lsp::run(&args)),
            Command::Diff(args) => diff::run(&args, terminal),
            Command::Inspect(args) => inspect::run(&args, terminal),
            Command::Import(command) => import::run(&command, terminal),
            Command::Rules(args) => rules::run(&args),
            Command::Docs(args) => docs::run(&args, terminal),
            Command::Explain(args) => explain::run(&args),
            Command::Schema(args) => schema::run(&args),
        }
    }
}

/// A number with its noun.
fn plural(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
