//! The options that allow hosts, as an integration and `keyway serve` have them.
//!
//! The runtime decides whether they may be allowed.

use keyway::egress::HostPattern;
use keyway::{EgressPolicy, Error, ErrorKind};

/// Where a credential may go beyond what the entry says.
#[derive(Debug, clap::Args)]
pub(super) struct HostArgs {
    /// A host that the operator vouches for, as in an integration's `allowed_hosts`: `api.example.com`,
    /// `*.example.com`, `api.example.com:8443`; may be given several times
    #[arg(long = "allow-host", value_name = "HOST", value_parser = host)]
    pub(super) hosts: Vec<String>,
    /// Let credentials go to private and loopback addresses, as `keyway serve` has it
    #[arg(long = "allow-private-hosts")]
    private: bool,
    /// Let credentials go over plain HTTP, as `keyway serve` has it
    #[arg(long = "allow-http")]
    plain: bool,
}

impl HostArgs {
    /// The runtime's policy of the same meaning.
    pub(super) fn policy(&self) -> EgressPolicy {
        EgressPolicy::default().allow_private(self.private).allow_http(self.plain)
    }
}

/// The message of an error, with the options of this command where a host was refused.
pub(super) fn explain(error: &Error) -> String {
    match error.kind() {
        ErrorKind::HostNotAllowed | ErrorKind::SecretHostNotAllowed => {
            format!(
                "{}; here, `--allow-host HOST`, `--allow-private-hosts` and `--allow-http` allow one",
                error.message()
            )
        }
        _ => error.to_string(),
    }
}

fn host(text: &str) -> Result<String, String> {
    HostPattern::parse(text).map(|_| text.to_owned())
}
