//! Where the server is, and what its callers prove themselves with.

use crate::commands::format::Format;
use crate::exit::Failure;
use crate::sealing::variable;
use crate::terminal::Terminal;
use keyway::secret::Secret;
use std::net::IpAddr;
use std::path::PathBuf;
use url::{Host, Url};

/// Where `keyway serve` listens unless told otherwise.
const DEFAULT_SERVER: &str = "http://127.0.0.1:3900";
const SERVER_VARIABLE: &str = "KEYWAY_SERVER";
const API_VARIABLE: &str = "KEYWAY_API_KEY";
/// The seconds to wait for an answer: a login that is made again may take a minute.
const DEFAULT_ANSWER_TIMEOUT: u64 = 90;

/// The end of the help of both commands.
pub(super) const ENVIRONMENT: &str = "\
Environment:
  KEYWAY_API_KEY  the server's API key: `keyway serve` shows it at its first start. No option takes
                  it, because other users of a machine see arguments
  KEYWAY_SERVER   the server's address, in the place of `--server`

Exit codes: 0 all is well; 1 the credential of the connection is not good; 2 the command could not be carried out.";

/// Which server, and how its answers are shown.
#[derive(Debug, clap::Args)]
pub(super) struct ServerArgs {
    /// The server's address; without it KEYWAY_SERVER, else `http://127.0.0.1:3900`
    #[arg(long, value_name = "URL", global = true)]
    server: Option<String>,
    /// Let the API key travel over plain HTTP, also to other machines
    #[arg(long, global = true)]
    allow_http: bool,
    /// Trust the root certificates in this PEM file too: those of a company's own authority
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) extra_roots: Option<PathBuf>,
    /// The longest time to wait for an answer
    #[arg(long, value_name = "SECONDS", global = true, default_value_t = DEFAULT_ANSWER_TIMEOUT,
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(super) timeout: u64,
    /// A table for people, or one JSON object per line; by default a table on a terminal, and JSON otherwise
    #[arg(long, value_enum, global = true)]
    format: Option<Format>,
}

impl ServerArgs {
    /// The format of answers.
    pub(super) fn format(&self, terminal: &Terminal) -> Format {
        self.format.unwrap_or(if terminal.is_screen { Format::Text } else { Format::Json })
    }

    /// The server's address, which the API key may be sent to.
    pub(super) fn address(&self) -> Result<Url, Failure> {
        let (text, said_by) = match &self.server {
            Some(text) => (text.clone(), "--server"),
            None => match variable(SERVER_VARIABLE)? {
                Some(text) => (text.expose().to_owned(), SERVER_VARIABLE),
                None => (DEFAULT_SERVER.to_owned(), "--server"),
            },
        };
        address(&text, self.allow_http)
            .map_err(|reason| Failure::usage(format!("{said_by} {reason}, like `https://keyway.example.com`")))
    }
}

/// Reads an address. The text is not repeated in an error: it may have a password in it.
fn address(text: &str, allow_http: bool) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("must be the address of a server ({error})"))?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    let Some(host) = url.host().filter(|_| is_plain && url.fragment().is_none()) else {
        return Err("must be an address without user, password, query and fragment".to_owned());
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if allow_http || is_this_machine(&host) => Ok(url),
        "http" => Err("must be an `https:` address, because the API key would travel readable over plain HTTP (say \
                       `--allow-http` where it may)"
            .to_owned()),
        _ => Err("must be an `https:` address".to_owned()),
    }
}

/// True for the names and addresses that never leave the machine (RFC 6761 section 6.3).
fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
    }
}

/// The API key, from the environment and nowhere else.
pub(super) fn api_key() -> Result<Secret, Failure> {
    let key = variable(API_VARIABLE)?.ok_or_else(|| {
        Failure::usage(format!(
            "{API_VARIABLE} is not set: set it to the server's API key, which `keyway serve` shows at its first start \
             (`read -rs {API_VARIABLE} && export {API_VARIABLE}` keeps it out of the shell's history)"
        ))
    })?;
    if key.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(key)
    } else {
        Err(Failure::usage(format!("{API_VARIABLE} has a blank, a line break or a letter that no API key has")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_goes_over_plain_http_only_within_the_machine_or_where_it_was_allowed() {
        for (text, here, allowed) in [
            ("https://keyway.example.com", true, true),
            ("https://keyway.example.com/keyway/", true, true),
            ("http://127.0.0.1:3900", true, true),
            ("http://127.8.0.1", true, true),
            ("http://[::1]:3900", true, true),
            ("http://localhost:3900", true, true),
            ("http://LOCALHOST", true, true),
            ("http://localhost.example.com", false, true),
            ("http://127.0.0.1.example.com", false, true),
            ("http://keyway.example.com", false, true),
            ("http://10.0.0.1", false, true),
            ("ftp://keyway.example.com", false, false),
            ("https://user@keyway.example.com", false, false),
            ("https://:c2hvcnQ@keyway.example.com", false, false),
            ("https://keyway.example.com/?key=c2hvcnQ", false, false),
            ("https://keyway.example.com/#c2hvcnQ", false, false),
            ("https://a:c2hvcnQ@keyway:port/", false, false),
            ("keyway.example.com", false, false),
            ("", false, false),
        ] {
            for (allow_http, expected) in [(false, here), (true, allowed)] {
                let read = address(text, allow_http);
                assert_eq!(read.is_ok(), expected, "{text} {allow_http}");
                assert!(!read.is_err_and(|reason| reason.contains("c2hvcnQ")), "{text}");
            }
        }
    }
}
