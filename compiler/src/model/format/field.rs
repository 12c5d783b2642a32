//! The fields that people fill in: `connection_config`, `credentials`, `integration_config`, `assertion_option`.
//!
//! Whether an example matches its own pattern is checked by rules.

use crate::model::kit::grammar::DocSection;
use crate::model::kit::text::{Map, Spanned, Str, Validated};
use keyway_spec::field::Format;

keys! {
    /// A field that a customer or an operator fills in.
    pub struct Field {
        /// The type of the value. Only strings exist.
        kind = "type": Spanned<FieldType>,
        /// A short label.
        title: Str,
        /// What to enter, in a sentence.
        description: Str,
        /// An example value.
        example: Option<Str>,
        /// A regular expression as ECMAScript has it without flags, searched for in the value: anchor it with `^` and
        /// `$`.
        pattern: Option<Str>,
        /// A named format of the value.
        format: Option<Spanned<Format>>,
        /// The allowed values. Forms preselect the first one.
        choices = "enum": Option<Vec<Str>>,
        /// The value when none is entered. An empty string means that the value may be empty.
        default_value: Option<Str>,
        /// Text shown before the value. It is never part of the value.
        prefix: Option<Str>,
        /// Text shown after the value. It is never part of the value.
        suffix: Option<Str>,
        /// The section of the connect guide (`docs_connect`) that explains the field.
        doc_section: Option<Validated<DocSection>>,
        /// The position among the fields; those with a position come first.
        order: Option<Spanned<i64>>,
        /// Whether an empty value is accepted.
        optional: Option<Spanned<bool>>,
        /// Whether the form leaves the field out; the default is submitted.
        hidden: Option<Spanned<bool>>,
        /// Whether the provider supplies the value, from a token response, a callback, a webhook or a script, and the
        /// customer may not.
        automated: Option<Spanned<bool>>,
        /// Whether the value must never be shown.
        secret: Option<Spanned<bool>>,
        /// Ask only when another field of the same map has a certain value.
        visible_when: Option<VisibleWhen>,
        /// Warnings to show when a value is chosen, by value.
        warnings: Option<Map<Str>>,
        ---
        ---
    }
}

keys! {
    /// A condition on another field of the same map.
    pub struct VisibleWhen {
        /// The name of the other field.
        field: Str,
        /// The value it must have.
        equals: Str,
        ---
        ---
    }
}

string_enum! {
    /// The type of a field.
    pub enum FieldType {
        /// Text.
        String = "string",
    }
}

string_enum! {
    impl Format {
        /// Letters, digits, dots and hyphens: no scheme, no port, no path.
        Hostname,
        /// A host name or an IPv4 address, perhaps with a port (`git.example.com:8443`): no scheme, no path. For a
        /// server that the customer runs, as in `https://${connectionConfig.host}/api` of a GitLab of their own.
        Authority,
        /// A UUID with hyphens (RFC 9562).
        Uuid,
        /// An absolute URI (RFC 3986).
        Uri,
        /// An e-mail address.
        Email,
    }
}
