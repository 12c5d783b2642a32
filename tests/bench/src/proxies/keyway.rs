//! `keyway serve`, with its accounts.

use super::{API_KEY, ENTRY, Proxy, SECRET};
use crate::options::Options;
use crate::process::{Process, command, free_address};
use crate::upstream::Upstream;
use crate::{Result, accounts};
use std::fs;
use std::path::Path;
use std::process::Stdio;

pub(super) fn start(name: &str, binary: &Path, folder: &Path, options: &Options, upstream: &Upstream) -> Result<Proxy> {
    if !binary.is_file() {
        return Err(format!(
            "there is no `{}`: build it with `cargo build --profile dist -p keyway-cli`",
            binary.display()
        ));
    }
    let address = free_address()?;
    let catalogue = folder.join("providers.yaml");
    let (header, secret) = SECRET;
    let entry = format!(
        "{ENTRY}:\n  display_name: Bench\n  docs: https://example.com\n  auth_mode: API_KEY\n  proxy:\n    base_url: {}\n    \
         headers:\n      {header}: ${{apiKey}}\n    verification:\n      method: GET\n      endpoints:\n        - /things\n  \
         credentials:\n    apiKey:\n      type: string\n      title: API key\n      \
         description: The key of the bench\n      secret: true\n",
        upstream.origin()
    );
    fs::write(&catalogue, entry).map_err(|error| format!("{}: {error}", catalogue.display()))?;
    let mut command = command(binary, &options.proxy_cores());
    command.args(["serve", "--allow-http", "--allow-private-hosts", "--max-connections", "8192", "--catalogue"]);
    command.arg(&catalogue).args(["--listen", &address.to_string(), "--store"]);
    match &options.store {
        Some(store) => command.arg(store),
        None => command.arg(folder.join(format!("{name}.db"))),
    };
    if let Some(authority) = &upstream.authority {
        command.arg("--extra-roots").arg(authority);
    }
    command.args(&options.further).env("KEYWAY_API_KEY", API_KEY).stdout(Stdio::null());
    for logging in ["KEYWAY_LOG", "RUST_LOG"] {
        command.env_remove(logging);
    }
    let process = Process::start(command, address)?;
    accounts::make(address, options.accounts, secret)?;
    Ok(Proxy { name: name.to_owned(), address, process })
}
