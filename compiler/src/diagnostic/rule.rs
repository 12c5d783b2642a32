//! The identity of a rule: name, code, usual severity.
//!
//! Each stage declares the rules it can report next to the code that reports them; nothing here checks anything.

/// A rule: a kind of finding with a stable name and code.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name, for people: `undeclared-template-variable`.
    pub name: &'static str,
    /// The code, stable for ever: `KW0201`.
    pub code: &'static str,
    /// The severity its findings have unless a finding says otherwise.
    pub severity: Severity,
}

impl Rule {
    /// A rule whose findings are errors.
    pub const fn error(code: &'static str, name: &'static str) -> Rule {
        Rule { name, code, severity: Severity::Error }
    }

    /// A rule whose findings are warnings.
    pub const fn warning(code: &'static str, name: &'static str) -> Rule {
        Rule { name, code, severity: Severity::Warning }
    }

    /// True if its findings are mistakes of Keyway itself, not of the file: rules named `internal-...`.
    pub fn is_internal(&self) -> bool {
        self.name.starts_with("internal-")
    }

    /// A rule whose findings are notes.
    pub const fn note(code: &'static str, name: &'static str) -> Rule {
        Rule { name, code, severity: Severity::Note }
    }
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The entry cannot work as written, or is unsafe.
    Error,
    /// It probably does not do what its author meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning`, `note`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}
