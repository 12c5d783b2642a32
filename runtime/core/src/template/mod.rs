//! Evaluation of templates: `${...}` replaced by values.
//!
//! [`evaluate`] walks the nodes that the compiler parsed, looks names up in a [`Scope`], and encodes each value for
//! the position in a URL where it lands. Text that came from a value is never looked at again, and a value that does
//! not fit its position is an error that names it: there is no second reading of the result.
//!
//! The compiler parses templates; this module does not know which field one belongs to.

mod date;
mod function;
mod mentions;
mod missing;
pub mod position;
mod scope;
mod sigv4;

pub(crate) use mentions::{mentions, refers, uses_moment, value_mentions, value_refers, value_uses_moment};
pub use missing::Missing;
pub(crate) use scope::operators;
pub use scope::{FlowInputs, Scope, Signing};

use crate::error::{Error, ErrorKind};
use keyway_spec::template::Function;
use keyway_spec::{Node, Position, Reference, Template};
use std::fmt;

/// The result of a template. Its `Debug` keeps the text to itself.
#[derive(Clone, PartialEq, Eq)]
pub enum Text {
    /// The text. It may hold a secret.
    Resolved(String),
    /// The first reference that has no value.
    Unresolved(Missing),
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Resolved(text) => write!(f, "Resolved({} bytes)", text.len()),
            Text::Unresolved(missing) => write!(f, "Unresolved({missing})"),
        }
    }
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
pub fn evaluate(template: &Template, scope: &Scope<'_>) -> Result<Text, Unfit> {
    // Room for most texts: one that grows is copied, and leaves its beginning behind unwiped.
    let mut text = String::with_capacity(128);
    let missing = Evaluation { scope, empty_is_missing: false, depth: 0 }.template(template, &mut text)?;
    Ok(missing.map_or(Text::Resolved(text), Text::Unresolved))
}

/// The deepest nesting of calls and choices; the compiler's own limit is lower.
const MAX_DEPTH: u8 = 64;

/// The state of an evaluation on its way down.
#[derive(Clone, Copy)]
struct Evaluation<'s, 'a> {
    scope: &'s Scope<'a>,
    /// Inside a choice, where an empty value sends the evaluation to the next alternative.
    empty_is_missing: bool,
    depth: u8,
}

impl Evaluation<'_, '_> {
    /// Appends the text of a template. What was appended before a missing reference stays: the caller drops it.
    fn template(self, template: &Template, out: &mut String) -> Result<Option<Missing>, Unfit> {
        if let Template::Text(text) = template {
            out.push_str(text);
        }
        for node in template.nodes() {
            if let Some(missing) = self.node(node, out)? {
                return Ok(Some(missing));
            }
        }
        Ok(None)
    }

    fn node(self, node: &Node, out: &mut String) -> Result<Option<Missing>, Unfit> {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Reference(reference) => return self.reference(reference, out),
            Node::Call(function, arguments) => return self.deeper()?.call(*function, arguments, out),
            Node::Now(now) => out.push_str(&date::format(now, self.scope.moment.now)?),
            Node::Random => out.push_str(&self.scope.moment.uuid),
            Node::Choice(alternatives) => return self.deeper()?.choice(alternatives, out),
        }
        Ok(None)
    }

    fn reference(self, reference: &Reference, out: &mut String) -> Result<Option<Missing>, Unfit> {
        let in_url = !matches!(reference.position, Position::Text | Position::Quoted);
        match self.scope.lookup(reference) {
            Some(value) if !value.is_empty() || !(self.empty_is_missing || in_url) => {
                let fitting = position::fit(reference.position, &value);
                out.push_str(&fitting.map_err(|reason| Unfit::new(Missing(*reference).to_string(), reason))?);
                Ok(None)
            }
            _ => Ok(Some(Missing(*reference))),
        }
    }

    fn call(self, function: Function, arguments: &[Template], out: &mut String) -> Result<Option<Missing>, Unfit> {
        let mut texts = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let mut text = String::new();
            if let Some(missing) = self.template(argument, &mut text)? {
                return Ok(Some(missing));
            }
            texts.push(text);
        }
        out.push_str(&function::call(function, &texts, self.scope)?);
        Ok(None)
    }

    fn choice(mut self, alternatives: &[Template], out: &mut String) -> Result<Option<Missing>, Unfit> {
        self.empty_is_missing = true;
        let (start, mut first_missing) = (out.len(), None);
        for alternative in alternatives {
            match self.template(alternative, out)? {
                None => return Ok(None),
                Some(missing) => {
                    out.truncate(start);
                    first_missing = first_missing.or(Some(missing));
                }
            }
        }
        Ok(first_missing)
    }

    fn deeper(mut self) -> Result<Self, Unfit> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unfit::new("${...}", "is nested too deeply"));
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
