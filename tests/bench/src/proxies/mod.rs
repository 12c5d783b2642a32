//! The proxies, with configurations that are fair: as many workers as cores, connections to the upstream kept, no
//! access log, one header set from a secret, the certificate of a TLS upstream verified.

mod haproxy;
mod hyper;
mod keyway;
mod nginx;

use crate::Result;
use crate::options::Options;
use crate::process::Process;
use crate::upstream::Upstream;
use std::net::SocketAddr;
use std::path::Path;

/// The key of keyway's API; all proxies get it.
pub(crate) const API_KEY: &str = "bench-server-api-key-of-32-bytes";
/// The entry, and the integration, of keyway.
pub(crate) const ENTRY: &str = "bench";
/// What is asked for.
pub(crate) const PATH: &str = "/proxy/things?limit=2";
/// The header that each proxy sets, and its value.
const SECRET: (&str, &str) = ("x-api-key", "bench-secret");

/// A proxy that runs.
pub(crate) struct Proxy {
    pub(crate) name: String,
    pub(crate) address: SocketAddr,
    pub(crate) process: Process,
}

/// Starts what the options name.
pub(crate) fn start(folder: &Path, options: &Options, upstream: &Upstream) -> Result<Vec<Proxy>> {
    let mut proxies = Vec::new();
    for name in &options.only {
        match name.as_str() {
            "nginx" => proxies.push(nginx::start(folder, options, upstream)?),
            "haproxy" => proxies.push(haproxy::start(folder, options, upstream)?),
            "hyper" | "hyper-threads" => proxies.push(hyper::start(name, options, upstream)?),
            "keyway" => {
                for (name, binary) in options.binaries() {
                    proxies.push(keyway::start(&name, &binary, folder, options, upstream)?);
                }
            }
            other => return Err(format!("`--only {other}`: there is no such proxy")),
        }
    }
    Ok(proxies)
}
