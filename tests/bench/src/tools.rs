//! The programs of others that the rig needs.

use crate::Result;
use crate::options::{Options, Scheme};
use std::process::{Command, Stdio};

/// An error that names every missing program and the package that has it.
pub(crate) fn required(options: &Options) -> Result<()> {
    let tools = [
        ("wrk", "-v", "wrk", true),
        ("nginx", "-v", "nginx", true),
        ("taskset", "--version", "util-linux", true),
        ("haproxy", "-v", "haproxy", options.measures("haproxy")),
        ("openssl", "version", "openssl", options.upstream == Scheme::Tls),
    ];
    let missing: Vec<_> = tools.iter().filter(|(tool, flag, _, needed)| *needed && !starts(tool, flag)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|(tool, ..)| *tool).collect();
    let packages: Vec<&str> = missing.iter().map(|(_, _, package, _)| *package).collect();
    Err(format!("not installed: {}; on Debian: apt-get install {}", names.join(", "), packages.join(" ")))
}

/// Any exit code will do: `wrk -v` ends with 1.
fn starts(tool: &str, flag: &str) -> bool {
    Command::new(tool).arg(flag).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
