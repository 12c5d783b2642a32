//! Problems of parameters.

use std::fmt;

/// The most problems of one call that are told.
pub(super) const MAX_PROBLEMS: usize = 32;

/// The most characters that are shown of a name that a caller wrote.
const MAX_NAME: usize = 64;

/// The most names in a list.
const MAX_LISTED: usize = 12;

/// Something that is wrong with a parameter, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterProblem {
    /// The parameter's name; of an unknown one as it was given, shortened.
    pub parameter: String,
    /// The kind of problem.
    pub fault: ParameterFault,
    /// The problem and what to do, to be read after the name: `must be a whole number`.
    pub message: String,
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterFault {
    /// The operation has no such parameter.
    Unknown,
    /// It has to be given.
    Missing,
    /// It is given more than once, and takes one value.
    Repeated,
    /// It is of another kind.
    Kind,
    /// It is none of the values that there are.
    Value,
    /// It would lead to another path.
    Path,
    /// It is too large.
    Size,
}

impl ParameterFault {
    /// A stable name for machines.
    pub const fn code(self) -> &'static str {
        match self {
            ParameterFault::Unknown => "unknown",
            ParameterFault::Missing => "missing",
            ParameterFault::Repeated => "repeated",
            ParameterFault::Kind => "wrong_kind",
            ParameterFault::Value => "wrong_value",
            ParameterFault::Path => "wrong_path",
            ParameterFault::Size => "too_large",
        }
    }
}

impl ParameterProblem {
    pub(super) fn new(parameter: &str, fault: ParameterFault, message: impl Into<String>) -> ParameterProblem {
        ParameterProblem { parameter: shown(parameter), fault, message: message.into() }
    }
}

impl fmt::Display for ParameterProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.parameter, self.message)
    }
}

/// All problems as one sentence.
pub fn summary(problems: &[ParameterProblem]) -> String {
    problems.iter().map(ParameterProblem::to_string).collect::<Vec<_>>().join("; ")
}

/// A name that a caller wrote, as it may be shown: bounded, and on one line.
pub(super) fn shown(name: &str) -> String {
    let mut shown: String =
        name.chars().take(MAX_NAME).map(|c| if c.is_control() || c == '`' { '\u{fffd}' } else { c }).collect();
    if name.chars().nth(MAX_NAME).is_some() {
        shown.push_str("...");
    }
    shown
}

/// `a`, `b` and 3 more.
pub(super) fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(MAX_LISTED);
    let first = names.iter().take(MAX_LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}
