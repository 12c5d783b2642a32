//! Where a request may go.
//!
//! This module resolves no name and opens no connection; the transport asks it about every address.

use keyway_spec::HostPattern;

/// What an operator allows beyond the catalogue. Everything is off by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EgressPolicy {
    /// Private, loopback and link-local addresses may be connected to.
    pub allow_private: bool,
    /// Plain `http:` may be used.
    pub allow_http: bool,
}

/// Where one request may go: the hosts of its provider and use, widened by what the operator lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Egress {
    /// The operator's policy.
    pub policy: EgressPolicy,
    /// Patterns: see [`HostPattern`]. Owned, because an operator's list is not in the spec.
    pub patterns: Vec<OwnedPattern>,
}

/// A [`HostPattern`] that owns its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedPattern {
    /// The pattern, lower case.
    pub host: String,
    /// The ports that belong to it.
    pub port: keyway_spec::Port,
}

impl From<HostPattern<'_>> for OwnedPattern {
    fn from(pattern: HostPattern<'_>) -> OwnedPattern {
        OwnedPattern { host: pattern.host.to_owned(), port: pattern.port }
    }
}
