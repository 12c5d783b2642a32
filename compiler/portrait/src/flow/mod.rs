//! The requests between a customer, a program and a vendor, in order, as an entry describes them.
//!
//! | file | requests |
//! |---|---|
//! | `connecting` | from the form until an account is connected |
//! | `modes` | those among them by which a mode signs in |
//! | `consent` | a page on which a customer agrees, and the way back |
//! | `requests` | one token request with its answer |
//! | `calling` | a call, what its answer says, a renewal, the end |
//! | `carriers` | where a call carries its credential |
//! | `words` | templates and URLs as texts |
//!
//! No value is here, only names of values.

mod calling;
mod carriers;
mod connecting;
mod consent;
mod modes;
mod requests;
mod words;

pub use carriers::carriers;

use crate::text::clean;
use keyway_spec::ProviderSpec;
use keyway_spec::mode::Connect;

/// The requests of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flow {
    /// The API's name.
    pub title: String,
    /// Those who take part, from left to right.
    pub parties: Vec<Party>,
    /// The steps, from first to last.
    pub steps: Vec<FlowStep>,
}

/// One who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party {
    /// Its place in the order.
    pub role: PartyRole,
    /// Its name.
    pub name: String,
    /// A word about it: its hosts.
    pub about: Vec<String>,
}

/// The part of a party; the order is that from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartyRole {
    /// Whose account is connected.
    Customer,
    /// The program that uses Keyway, or the proxy.
    Program,
    /// The vendor's authorization server, or whatever answers with tokens.
    Authorization,
    /// The vendor's API.
    Api,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlowStep {
    /// The steps behind it have a heading.
    Phase(String),
    /// A request, an answer or a note.
    Message(FlowMessage),
}

/// Something that one party says to another; to itself where both are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlowMessage {
    /// Who says it.
    pub from: PartyRole,
    /// Who hears it.
    pub to: PartyRole,
    /// True if it answers a request.
    pub is_answer: bool,
    /// Its lines.
    pub lines: Vec<FlowLine>,
}

/// A line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlowLine {
    /// As it is sent.
    Code(String),
    /// In words.
    Words(String),
}

impl FlowLine {
    /// Its text.
    pub fn text(&self) -> &str {
        match self {
            FlowLine::Code(text) | FlowLine::Words(text) => text,
        }
    }
}

/// The requests of an entry.
pub fn flow(spec: &ProviderSpec) -> Flow {
    let phases = [
        ("Connect", connecting::steps(spec)),
        ("Call", calling::calls(spec)),
        ("Renew, before the token expires and after a 401", calling::renewal(spec)),
        ("Disconnect", calling::revocation(spec)),
    ];
    let mut steps = Vec::new();
    for (title, phase) in phases {
        if !phase.is_empty() {
            steps.push(FlowStep::Phase(title.to_owned()));
            steps.extend(phase.into_iter().map(FlowStep::Message));
        }
    }
    let roles = [PartyRole::Customer, PartyRole::Program, PartyRole::Authorization, PartyRole::Api];
    let takes_part = |role: &PartyRole| {
        steps.iter().any(|step| match step {
            FlowStep::Message(message) => message.from == *role || message.to == *role,
            FlowStep::Phase(_) => false,
        })
    };
    let parties = roles.into_iter().filter(takes_part).map(|role| party(spec, role)).collect();
    Flow { title: clean(spec.display_name), parties, steps }
}

fn party(spec: &ProviderSpec, role: PartyRole) -> Party {
    let is_authorization_server = spec.auth.connect() != Connect::Direct;
    let (name, about) = match role {
        PartyRole::Customer => ("Customer", vec!["in a browser".to_owned()]),
        PartyRole::Program => ("Your program", vec!["with Keyway".to_owned()]),
        PartyRole::Authorization if is_authorization_server => ("Authorization server", words::token_hosts(spec)),
        PartyRole::Authorization => ("Token endpoint", words::token_hosts(spec)),
        PartyRole::Api => ("API", words::api_hosts(spec)),
    };
    Party { role, name: name.to_owned(), about }
}

fn ask(from: PartyRole, to: PartyRole, lines: Vec<FlowLine>) -> FlowMessage {
    FlowMessage { from, to, is_answer: false, lines }
}

fn answer(from: PartyRole, to: PartyRole, text: impl Into<String>) -> FlowMessage {
    FlowMessage { from, to, is_answer: true, lines: vec![says(text)] }
}

fn note(role: PartyRole, text: impl Into<String>) -> FlowMessage {
    ask(role, role, vec![says(text)])
}

fn code(text: impl Into<String>) -> FlowLine {
    FlowLine::Code(clean(&text.into()))
}

fn says(text: impl Into<String>) -> FlowLine {
    FlowLine::Words(clean(&text.into()))
}
