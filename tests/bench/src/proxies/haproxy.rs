//! haproxy as a reverse proxy.

use super::{Proxy, SECRET};
use crate::Result;
use crate::options::Options;
use crate::process::{Process, command, free_address};
use crate::upstream::Upstream;
use std::fs;
use std::path::Path;

pub(super) fn start(folder: &Path, options: &Options, upstream: &Upstream) -> Result<Proxy> {
    let address = free_address()?;
    let tls = upstream.authority.as_ref().map_or_else(String::new, |authority| {
        format!("ssl verify required ca-file {} sni str(localhost)", authority.display())
    });
    let (header, secret) = SECRET;
    let text = format!(
        "global\n  nbthread {}\n  maxconn 8192\n\
         defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n  http-reuse always\n\
         frontend in\n  bind {address} backlog 4096\n  default_backend out\n\
         backend out\n  http-request set-header {header} {secret}\n  server api {} {tls}\n",
        options.cores, upstream.address
    );
    let path = folder.join("haproxy.cfg");
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut command = command("haproxy", &options.proxy_cores());
    command.arg("-q").arg("-f").arg(path);
    Ok(Proxy { name: "haproxy".to_owned(), address, process: Process::start(command, address)? })
}
