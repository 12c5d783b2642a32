//! nginx as a reverse proxy.

use super::{Proxy, SECRET};
use crate::Result;
use crate::options::Options;
use crate::process::{Process, free_address};
use crate::upstream::{self, Upstream};
use std::fs;
use std::path::Path;

pub(super) fn start(folder: &Path, options: &Options, upstream: &Upstream) -> Result<Proxy> {
    let address = free_address()?;
    let folder = folder.join("nginx");
    fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let (scheme, tls) = match &upstream.authority {
        None => ("http", String::new()),
        Some(authority) => (
            "https",
            format!(
                "proxy_ssl_verify on; proxy_ssl_trusted_certificate {}; proxy_ssl_name localhost; proxy_ssl_server_name on; \
                 proxy_ssl_protocols TLSv1.2 TLSv1.3;",
                authority.display()
            ),
        ),
    };
    let (header, secret) = SECRET;
    let server = format!(
        "upstream api {{ server {}; keepalive 1024; keepalive_requests 1000000000; keepalive_timeout 60s; }}\n\
         server {{ listen {address} reuseport backlog=4096; keepalive_requests 1000000000; {tls}\n\
         location / {{ proxy_pass {scheme}://api; proxy_http_version 1.1; proxy_set_header connection \"\"; \
         proxy_set_header {header} {secret}; }} }}",
        upstream.address
    );
    let command = upstream::nginx(&folder, &options.cores.to_string(), &options.proxy_cores(), &server)?;
    Ok(Proxy { name: "nginx".to_owned(), address, process: Process::start(command, address)? })
}
