//! Where a credential may go.
//!
//! The compiler decides these sets from the shapes of the URL templates; the runtime checks every request against
//! them.

/// The sets of one provider, by use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// Pages a person is sent to.
    pub authorize: HostSet,
    /// Endpoints that receive grants, and with them the operator's secrets.
    pub token: HostSet,
    /// The API itself.
    pub api: HostSet,
    /// Hosts that the entry's author vouches for as receivers of operator secrets (`keyway.hosts`).
    pub trusted: &'static [&'static str],
}

impl Hosts {
    /// No host at all.
    pub const EMPTY: Self =
        Self { authorize: HostSet::EMPTY, token: HostSet::EMPTY, api: HostSet::EMPTY, trusted: &[] };
}

/// The hosts one use can reach: the union of its patterns, of the widest class among them.
///
/// A pattern is a host name, lower case, in which `*` stands for one or more labels, or for a part of one label: `*`
/// alone is every public host, `*-api.example.net` is `x-api.example.net` for any `x` made of host-label characters and
/// dots. Behind a colon stands the port that belongs to it, `*` for any; without one it is the scheme's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostSet {
    /// No part of a host is the customer's.
    Fixed(&'static [&'static str]),
    /// Labels below a domain of the vendor are.
    Confined(&'static [&'static str]),
    /// The whole host is.
    Open(&'static [&'static str]),
}

impl HostSet {
    /// The set that holds no host.
    pub const EMPTY: HostSet = HostSet::Fixed(&[]);

    /// The set of a class.
    pub const fn new(class: HostClass, patterns: &'static [&'static str]) -> HostSet {
        match class {
            HostClass::Fixed => HostSet::Fixed(patterns),
            HostClass::Confined => HostSet::Confined(patterns),
            HostClass::Open => HostSet::Open(patterns),
        }
    }

    /// The part of a host that a customer decides.
    pub const fn class(&self) -> HostClass {
        match self {
            HostSet::Fixed(_) => HostClass::Fixed,
            HostSet::Confined(_) => HostClass::Confined,
            HostSet::Open(_) => HostClass::Open,
        }
    }

    /// The patterns.
    pub const fn patterns(&self) -> &'static [&'static str] {
        match self {
            HostSet::Fixed(patterns) | HostSet::Confined(patterns) | HostSet::Open(patterns) => patterns,
        }
    }
}

/// The part of a host that a customer decides. Ordered from narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostClass {
    /// Nothing: `api.github.com`.
    Fixed,
    /// Labels below a domain of the vendor: `*.zendesk.com`.
    Confined,
    /// The whole host: self-hosted products.
    Open,
}

/// The ports of a host pattern. Ordered, so that a set of patterns has one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Port {
    /// The default port of the scheme.
    Default,
    /// Whatever the customer says.
    Any,
    /// Exactly this one.
    Fixed(u16),
}
