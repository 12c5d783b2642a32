//! Fields that people fill in: connection configuration, credentials, integration configuration, assertion options.
//!
//! Absent here: validation. The runtime refuses bad values where they enter.

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name, as written (`accounts-server`, `installation.uuid`).
    pub name: &'a str,
    /// A short label.
    pub title: &'a str,
    /// What to enter.
    pub description: &'a str,
    /// A value that shows the shape.
    pub example: Option<&'a str>,
    /// A regular expression in ECMAScript syntax, searched for in the value.
    pub pattern: Option<&'a str>,
    /// A named shape.
    pub format: Option<Format>,
    /// The allowed values; empty means any.
    pub choices: &'a [&'a str],
    /// What is submitted when nobody enters anything.
    pub default_value: Option<&'a str>,
    /// Shown before (never part of) the value.
    pub prefix: Option<&'a str>,
    /// Shown after (never part of) the value.
    pub suffix: Option<&'a str>,
    /// The section of the connect guide, with its `#`.
    pub doc_section: Option<&'a str>,
    /// Position among its siblings.
    pub order: Option<i64>,
    /// Whether an empty value is accepted.
    pub optional: bool,
    /// Whether nobody is asked.
    pub hidden: bool,
    /// Whether only the provider may supply it.
    pub automated: bool,
    /// Whether it must never be shown. True also where the name of a credential says so.
    pub secret: bool,
    /// Only asked for when another field has a value.
    pub visible_when: Option<VisibleWhen<'a>>,
    /// Warnings to show for a chosen value.
    pub warnings: &'a [(&'a str, &'a str)],
}

impl<'a> Field<'a> {
    /// A field of which nothing is known; the base of `..Field::EMPTY` in generated code.
    pub const EMPTY: Field<'a> = Field {
        name: "",
        title: "",
        description: "",
        example: None,
        pattern: None,
        format: None,
        choices: &[],
        default_value: None,
        prefix: None,
        suffix: None,
        doc_section: None,
        order: None,
        optional: false,
        hidden: false,
        automated: false,
        secret: false,
        visible_when: None,
        warnings: &[],
    };
}

/// A condition on another field of the same map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisibleWhen<'a> {
    /// The other field.
    pub field: &'a str,
    /// The value it must have.
    pub equals: &'a str,
}

/// A named shape of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A host name: letters, digits, dots and hyphens; no scheme, no port.
    Hostname,
    /// A UUID in its hyphenated form (RFC 9562).
    Uuid,
    /// An absolute URI.
    Uri,
    /// An e-mail address.
    Email,
}
