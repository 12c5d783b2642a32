//! The bare proxies of hyper: this program, started again as one.

use super::Proxy;
use crate::Result;
use crate::bare::Bare;
use crate::options::Options;
use crate::process::{Process, command, free_address};
use crate::upstream::Upstream;

/// `hyper` has one runtime that steals work, `hyper-threads` a runtime for each thread.
pub(super) fn start(name: &str, options: &Options, upstream: &Upstream) -> Result<Proxy> {
    let address = free_address()?;
    let own = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
    let mut command = command(own, &options.proxy_cores());
    let bare = Bare {
        address,
        origin: upstream.origin(),
        authority: upstream.authority.clone(),
        threads: (name == "hyper-threads").then_some(options.cores),
    };
    bare.describe(&mut command);
    Ok(Proxy { name: name.to_owned(), address, process: Process::start(command, address)? })
}
