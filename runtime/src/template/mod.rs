//! The template language: what `${...}` becomes.
//!
//! [`evaluate`] walks the nodes that the compiler parsed, looks names up in a [`Scope`], and encodes each value for
//! the position in a URL where it lands. Text that came from a value is never looked at again, and a value that does
//! not fit its position is an error that names it: there is no second reading of the result.
//!
//! Absent here: parsing, and any knowledge of which field a template belongs to.

mod date;
mod function;
pub(crate) mod position;
mod scope;
mod sigv4;

pub use scope::{Scope, Signing};

use crate::error::{Error, ErrorKind};
use keyway_spec::{Node, Reference, Root, Template};
use std::fmt;

/// The result of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The text. It may hold a secret.
    Resolved(String),
    /// The name of the first reference that has no value, as people write it (`connectionConfig.subdomain`).
    Unresolved(String),
}

/// A value that cannot be used where the template puts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The reference or function, as people write it.
    pub name: String,
    /// Why, and what would fit. Never the value.
    pub reason: String,
}

impl Unfit {
    fn new(name: impl Into<String>, reason: impl Into<String>) -> Unfit {
        Unfit { name: name.into(), reason: reason.into() }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.name, self.reason)
    }
}

impl std::error::Error for Unfit {}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Error {
        Error::new(ErrorKind::InvalidValue, unfit.to_string())
    }
}

/// The text of a template.
///
/// A choice takes its first alternative whose references all have non-empty values. In a URL an empty value counts
/// as missing everywhere; elsewhere an empty text is a text.
pub fn evaluate(template: &Template<'_>, scope: &Scope<'_>) -> Result<Text, Unfit> {
    Evaluation { scope, empty_is_missing: false, depth: 0 }.template(template)
}

/// How deep calls and choices may nest; the compiler's own limit is lower.
const MAX_DEPTH: u8 = 64;

/// What an evaluation carries on its way down.
#[derive(Clone, Copy)]
struct Evaluation<'s, 'a> {
    scope: &'s Scope<'a>,
    /// Inside a choice, where an empty value sends the evaluation to the next alternative.
    empty_is_missing: bool,
    depth: u8,
}

impl Evaluation<'_, '_> {
    fn template(self, template: &Template<'_>) -> Result<Text, Unfit> {
        let mut text = String::new();
        for node in template.0 {
            match self.node(node)? {
                Text::Resolved(piece) => text.push_str(&piece),
                missing @ Text::Unresolved(_) => return Ok(missing),
            }
        }
        Ok(Text::Resolved(text))
    }

    fn node(self, node: &Node<'_>) -> Result<Text, Unfit> {
        match node {
            Node::Text(text) => Ok(Text::Resolved((*text).to_owned())),
            Node::Reference(reference) => self.reference(reference),
            Node::Call(name, arguments) => {
                let inside = self.deeper()?;
                let mut texts = Vec::with_capacity(arguments.len());
                for argument in *arguments {
                    match inside.template(argument)? {
                        Text::Resolved(text) => texts.push(text),
                        missing @ Text::Unresolved(_) => return Ok(missing),
                    }
                }
                function::call(*name, &texts, self.scope).map(Text::Resolved)
            }
            Node::Now(now) => date::format(now, self.scope.moment.now).map(Text::Resolved),
            Node::Random => Ok(Text::Resolved(self.scope.moment.uuid.clone())),
            Node::Choice(alternatives) => self.deeper()?.choice(alternatives),
        }
    }

    fn reference(self, reference: &Reference<'_>) -> Result<Text, Unfit> {
        let missing = || Ok(Text::Unresolved(display_name(reference)));
        let Some(value) = self.scope.lookup(reference) else { return missing() };
        let in_url = reference.position != keyway_spec::Position::Text;
        if value.is_empty() && (self.empty_is_missing || in_url) {
            return missing();
        }
        position::fit(reference.position, &value)
            .map(Text::Resolved)
            .map_err(|reason| Unfit::new(display_name(reference), reason))
    }

    fn choice(mut self, alternatives: &[Template<'_>]) -> Result<Text, Unfit> {
        self.empty_is_missing = true;
        let mut first_missing = None;
        for alternative in alternatives {
            match self.template(alternative)? {
                Text::Unresolved(name) => first_missing = first_missing.or(Some(name)),
                resolved @ Text::Resolved(_) => return Ok(resolved),
            }
        }
        Ok(first_missing.map_or(Text::Resolved(String::new()), Text::Unresolved))
    }

    fn deeper(mut self) -> Result<Self, Unfit> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unfit::new("${...}", "is nested too deeply"));
        }
        Ok(self)
    }
}

/// A reference as people write it.
pub fn display_name(reference: &Reference<'_>) -> String {
    let root = match reference.root {
        Root::ConnectionConfig => "connectionConfig",
        Root::Credentials => "credentials",
        Root::AssertionOption => "assertionOption",
        Root::Metadata => "metadata",
        Root::AccessToken => "accessToken",
        Root::ClientId => "clientId",
        Root::ClientSecret => "clientSecret",
        Root::RefreshToken => "refresh_token",
        Root::Token => "token",
        Root::Assertion => "assertion",
        Root::Step(number) => return format!("step{number}.{}", reference.path),
        Root::AppPublicLink => "appPublicLink",
        Root::ConnectionId => "connection_id",
        Root::Method => "method",
        Root::Host => "host",
        Root::Path => "path",
        Root::Endpoint => "endpoint",
        Root::Params => "params",
        Root::UrlCanonicalParams => "urlCanonicalParams",
        Root::BodyCanonicalParams => "bodyCanonicalParams",
        Root::ContentType => "contentType",
    };
    if reference.path.is_empty() { root.to_owned() } else { format!("{root}.{}", reference.path) }
}

#[cfg(test)]
mod tests;
