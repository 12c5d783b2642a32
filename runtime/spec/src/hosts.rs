//! Where a credential may go.
//!
//! The compiler decides these sets from the shapes of the URL templates; the runtime checks every request against
//! them. This module does not match.

/// The sets of one provider, by use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hosts<'a> {
    /// Pages a person is sent to.
    pub authorize: HostSet<'a>,
    /// Endpoints that receive grants, and with them the operator's secrets.
    pub token: HostSet<'a>,
    /// The API itself.
    pub api: HostSet<'a>,
    /// Hosts that the entry's author vouches for as receivers of operator secrets (`keyway.hosts`).
    pub trusted: &'a [HostPattern<'a>],
}

impl Hosts<'_> {
    /// No host at all.
    pub const EMPTY: Self =
        Self { authorize: HostSet::EMPTY, token: HostSet::EMPTY, api: HostSet::EMPTY, trusted: &[] };
}

/// The hosts one use can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostSet<'a> {
    /// The widest class among the patterns; [`HostClass::Fixed`] for the empty set.
    pub class: HostClass,
    /// The set is the union of these.
    pub patterns: &'a [HostPattern<'a>],
}

impl HostSet<'_> {
    /// The set that holds no host.
    pub const EMPTY: Self = Self { class: HostClass::Fixed, patterns: &[] };
}

/// How much of a host a customer decides. Ordered from narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostClass {
    /// Nothing: `api.github.com`.
    Fixed,
    /// Labels below a domain of the vendor: `*.zendesk.com`.
    Confined,
    /// The whole host: self-hosted products.
    Open,
}

/// A host name in which `*` stands for one or more labels, or for a part of one label.
///
/// `*` alone is every public host. `*-api.example.net` is `x-api.example.net` for any `x` made of host-label
/// characters and dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostPattern<'a> {
    /// The pattern, lower case.
    pub host: &'a str,
    /// The ports that belong to it.
    pub port: Port,
}

/// The ports of a host pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// The default port of the scheme.
    Default,
    /// Exactly this one.
    Fixed(u16),
    /// Whatever the customer says.
    Any,
}
