//! The tree of a template, and its way back to text.
//!
//! Names are as written: what they mean depends on the field and is decided by [`super::scope`]. The runtime
//! evaluates templates.

use std::fmt::{self, Display, Formatter, Write};
use std::ops::Range;

/// A sequence of nodes whose texts are joined. Printed, it parses to an equal template again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The nodes. A choice stands alone.
    pub nodes: Vec<Node>,
}

/// A node and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Bytes of the whole text, `${` and `}` included.
    pub range: Range<usize>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Literal text.
    Text(String),
    /// `${name}`, the name as written.
    Name(String),
    /// `${function(arguments)}`.
    Call(Function, Vec<Template>),
    /// `${now}` in any of its forms.
    Now(Now),
    /// `${random}`.
    Random,
    /// `a || b`.
    Choice(Vec<Template>),
}

impl Template {
    /// The alternatives of a choice; the template itself where there is none.
    pub fn alternatives(&self) -> &[Template] {
        match self.nodes.as_slice() {
            [Node { kind: Kind::Choice(alternatives), .. }] => alternatives,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text of a template that has nothing to evaluate.
    pub fn as_literal(&self) -> Option<&str> {
        match self.nodes.as_slice() {
            [] => Some(""),
            [Node { kind: Kind::Text(text), .. }] => Some(text),
            _ => None,
        }
    }

    /// Calls `visit` with every name and the range of its placeholder, in the order of the text.
    pub fn each_name<'t>(&'t self, visit: &mut impl FnMut(&'t str, &'t Range<usize>)) {
        for node in &self.nodes {
            match &node.kind {
                Kind::Name(name) => visit(name, &node.range),
                Kind::Call(_, inner) | Kind::Choice(inner) => inner.iter().for_each(|part| part.each_name(visit)),
                Kind::Text(_) | Kind::Now(_) | Kind::Random => {}
            }
        }
    }
}

impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.nodes.iter().try_for_each(|node| node.kind.fmt(f))
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Text(text) => f.write_str(text),
            Kind::Name(name) => write!(f, "${{{name}}}"),
            Kind::Call(function, arguments) => {
                write!(f, "${{{}(", function.name())?;
                join(f, arguments, ",")?;
                f.write_str(")}")
            }
            Kind::Now(now) => write!(f, "${{{now}}}"),
            Kind::Random => f.write_str("${random}"),
            Kind::Choice(alternatives) => join(f, alternatives, " || "),
        }
    }
}

fn join(f: &mut Formatter<'_>, parts: &[Template], separator: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // documented, with their arguments, in `keyway_spec::template::Function`
pub enum Function {
    Base64,
    Sha256Hex,
    Sha256Base64,
    HmacSha1Hex,
    HmacSha256Hex,
    Truncate,
    Ed25519Sign,
    Fingerprint,
    AwsSigV4,
}

impl Function {
    /// Every function.
    pub const ALL: [Function; 9] = [
        Function::Base64,
        Function::Sha256Hex,
        Function::Sha256Base64,
        Function::HmacSha1Hex,
        Function::HmacSha256Hex,
        Function::Truncate,
        Function::Ed25519Sign,
        Function::Fingerprint,
        Function::AwsSigV4,
    ];

    /// The name in templates.
    pub fn name(self) -> &'static str {
        match self {
            Function::Base64 => "base64",
            Function::Sha256Hex => "sha256Hex",
            Function::Sha256Base64 => "sha256Base64",
            Function::HmacSha1Hex => "hmacSha1Hex",
            Function::HmacSha256Hex => "hmacSha256Hex",
            Function::Truncate => "truncate",
            Function::Ed25519Sign => "ed25519Sign",
            Function::Fingerprint => "fingerprint",
            Function::AwsSigV4 => "awsSigV4",
        }
    }

    /// The function of a name.
    pub fn from_name(name: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|function| function.name() == name)
    }
}

/// `now`, perhaps moved and formatted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// How many units the instant is moved.
    pub offset: Option<(i32, Unit)>,
    /// How it is printed; empty means ISO 8601.
    pub format: Vec<DatePart>,
}

impl Display for Now {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("now")?;
        if let Some((amount, unit)) = self.offset {
            write!(f, "{amount:+}:{}", unit.name())?;
        }
        if !self.format.is_empty() {
            f.write_char(':')?;
        }
        self.format.iter().try_for_each(|part| part.fmt(f))
    }
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // their names say it
pub enum Unit {
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

/// One part of a date format: a token of Day.js, or text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // documented in `keyway_spec::template::DatePart`
pub enum DatePart {
    Text(String),
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    WeekdayName,
    MonthName,
    OffsetColon,
    OffsetPlain,
    UnixSeconds,
    UnixMilliseconds,
}
