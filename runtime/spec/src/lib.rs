//! The data between the Keyway compiler and its runtime.
//!
//! A [`ProviderSpec`] is everything an entry of `providers.yaml` says, after aliases are resolved, templates are
//! parsed and hosts are known. The compiler lowers an entry into one; generated code prints one as a `static`;
//! the runtime reads one. It cannot tell how the value reached it.
//!
//! Nothing here has a lifetime parameter: a spec is data of the program. Generated code is checked a fifth faster for
//! it.
//!
//! Reading order: [`provider`] (the root), [`mode`] (the auth modes and their facts), [`auth`] (their data), [`proxy`],
//! [`operation`], [`field`], [`quirks`], [`template`], [`hosts`], [`value`]; [`aws`], [`address`] and [`url`] are what
//! both sides know of one cloud's host names, of addresses, and of what may stand in a part of a URL.
//!
//! This crate has no dependency, no behaviour beyond small accessors, and no allocation. It never sees YAML.

#![no_std]

#[macro_use]
mod listing;
#[macro_use]
mod words;

pub mod address;
pub mod auth;
pub mod aws;
pub mod field;
pub mod hosts;
pub mod mode;
pub mod operation;
pub mod provider;
pub mod proxy;
pub mod quirks;
pub mod template;
pub mod url;
pub mod value;

pub use field::{Field, Format};
pub use hosts::{HostClass, HostSet, Hosts, Port};
pub use mode::{Auth, Mode};
pub use operation::Operation;
pub use provider::{KnownScope, ProviderSpec, Scripts, Webhooks};
pub use proxy::{Paginate, Proxy, Retry, Verification};
pub use quirks::Quirks;
pub use template::{Node, Position, Reference, Root, Template};
pub use value::{Entry, Value};
