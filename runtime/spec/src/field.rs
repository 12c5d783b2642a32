//! Fields that people fill in: connection configuration, credentials, integration configuration, assertion options.
//!
//! The runtime refuses bad values where they enter.

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name, as written (`accounts-server`, `installation.uuid`).
    pub name: &'static str,
    /// A short label.
    pub title: &'static str,
    /// A description of the value to enter.
    pub description: &'static str,
    /// An example value.
    pub example: Option<&'static str>,
    /// A regular expression as ECMAScript has it without flags, searched for in the value.
    pub pattern: Option<&'static str>,
    /// A named shape.
    pub format: Option<Format>,
    /// The allowed values; empty means any.
    pub choices: &'static [&'static str],
    /// The value when none is entered.
    pub default_value: Option<&'static str>,
    /// Shown before (never part of) the value.
    pub prefix: Option<&'static str>,
    /// Shown after (never part of) the value.
    pub suffix: Option<&'static str>,
    /// The section of the connect guide, with its `#`.
    pub doc_section: Option<&'static str>,
    /// Position among its siblings.
    pub order: Option<i64>,
    /// True if an empty value is accepted.
    pub optional: bool,
    /// True if forms leave the field out; its default is submitted.
    pub hidden: bool,
    /// True if only the provider may supply it.
    pub automated: bool,
    /// True if the value must never be shown. Also true if the name of a credential implies it.
    pub secret: bool,
    /// Only asked for when another field has a value.
    pub visible_when: Option<VisibleWhen>,
    /// Warnings to show for a chosen value.
    pub warnings: &'static [(&'static str, &'static str)],
}

impl Field {
    /// A field without any data; the base of `..Field::EMPTY` in generated code.
    pub const EMPTY: Field = Field {
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
pub struct VisibleWhen {
    /// The other field.
    pub field: &'static str,
    /// The value it must have.
    pub equals: &'static str,
}

words! {
    /// A named format of a value.
    pub enum Format {
        /// A host name: letters, digits, dots and hyphens; no scheme, no port.
        Hostname = "hostname",
        /// A host name, perhaps with a port: `git.example.com`, `git.example.com:8443`; no scheme, no path.
        Authority = "authority",
        /// A UUID in its hyphenated form (RFC 9562).
        Uuid = "uuid",
        /// An absolute URI.
        Uri = "uri",
        /// An e-mail address.
        Email = "email",
    }
}
