//! The records of lowering: each template in its place, and where each URL can lead.

use crate::template::hosts::class;
use crate::template::scope::Field;
use keyway_format::host_pattern::HostPattern;
use keyway_spec::{HostClass, Template};

/// The use of a URL; decides which host set it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A page for a person.
    Authorize,
    /// An endpoint that receives grants.
    Token,
    /// The API.
    Api,
}

impl Use {
    /// Every use, in the order of a connection's life.
    pub const ALL: [Use; 3] = [Use::Authorize, Use::Token, Use::Api];

    /// `authorize`, `token`, `api`.
    pub const fn name(self) -> &'static str {
        match self {
            Use::Authorize => "authorize",
            Use::Token => "token",
            Use::Api => "api",
        }
    }
}

/// A template of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedTemplate {
    /// Where it stands, from the entry down; the entry's own key is not part of it.
    pub path: Vec<String>,
    /// Which names it knows.
    pub field: Field,
    /// The text.
    pub text: String,
    /// The template, names resolved and positions decided.
    pub template: Template,
}

/// Where one URL can lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The use of the URL.
    pub purpose: Use,
    /// Where the URL stands, as in [`PlacedTemplate`]; empty where the mode itself names the host.
    pub path: Vec<String>,
    /// The URL as it is written; empty where the mode itself names the host.
    pub url: String,
    /// The hosts; none for a URL that is only a path, or names none.
    pub hosts: Vec<HostPattern>,
}

impl Reached {
    /// The part of the host that a customer decides; `None` where no host is named.
    pub fn class(&self) -> Option<HostClass> {
        self.hosts.iter().map(class).max()
    }
}
