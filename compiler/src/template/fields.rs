//! Which keys of an entry hold templates.
//!
//! One table, by dotted path, and the question it answers for one key. [`super::scope`] decides which names a field
//! knows.

use super::scope::{Field, Part};

/// Where templates are: a dotted path, whose value is one or holds some at any depth.
pub const FIELDS: [(&str, Field); 23] = [
    ("authorization_url", Field::AuthorizationUrl),
    ("authorization_params", Field::AuthorizationParam),
    ("token_url", Field::TokenUrl),
    ("refresh_url", Field::TokenUrl),
    ("token_params", Field::TokenParam),
    ("refresh_params", Field::TokenParam),
    ("refresh_token_params", Field::TokenParam),
    ("token_headers", Field::TokenHeader),
    ("refresh_token_headers", Field::TokenHeader),
    ("additional_steps.token_url", Field::StepUrl),
    ("additional_steps.token_params", Field::StepParam),
    ("additional_steps.token_headers", Field::StepHeader),
    ("assertion", Field::Assertion),
    ("token", Field::Jwt),
    ("keyway.token", Field::TokenParam),
    ("keyway.revocation", Field::TokenParam),
    ("keyway.lookups", Field::Lookup(Part::Parameter)),
    ("proxy.base_url", Field::ProxyUrl),
    ("proxy.query", Field::ProxyQuery),
    ("proxy.body", Field::ProxyBody),
    ("proxy.headers", Field::ProxyHeader),
    ("proxy.verification.base_url_override", Field::ProxyUrl),
    ("proxy.verification.endpoints", Field::ProxyUrl),
];

/// The field that the value at a path belongs to; `None` where a `${` means nothing. Items of lists have no part in
/// `path`.
pub fn field_at(path: &[&str]) -> Option<Field> {
    if let ["keyway", "token" | "revocation", rest @ ..] = path {
        return request_field(rest);
    }
    if let ["keyway", "lookups", rest @ ..] = path {
        return match rest {
            ["headers", _] => Some(Field::Lookup(Part::Header)),
            ["url"] => Some(Field::Lookup(Part::Url)),
            _ => None,
        };
    }
    let below = |dotted: &str| {
        let parts: Vec<&str> = dotted.split('.').collect();
        path.starts_with(&parts)
    };
    FIELDS.iter().find(|(dotted, _)| below(dotted)).map(|(_, field)| *field)
}

/// A field of a request under `keyway.token` or `keyway.revocation`.
fn request_field(path: &[&str]) -> Option<Field> {
    let part = match path {
        [.., "headers", _] => Part::Header,
        _ if path.iter().any(|key| matches!(*key, "params" | "query" | "client_assertion")) => Part::Parameter,
        [.., "url"] => Part::Url,
        _ => return None,
    };
    Some(if path.first() == Some(&"code") { Field::CodeRequest(part) } else { Field::Request(part) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_field() {
        for (path, expected) in [
            ("proxy base_url", Some(Field::ProxyUrl)),
            ("proxy headers x-key", Some(Field::ProxyHeader)),
            ("proxy verification endpoints", Some(Field::ProxyUrl)),
            ("token_params a b", Some(Field::TokenParam)),
            ("additional_steps token_headers x", Some(Field::StepHeader)),
            ("keyway token code url", Some(Field::CodeRequest(Part::Url))),
            ("keyway token refresh then headers x", Some(Field::Request(Part::Header))),
            ("keyway token code params url", Some(Field::CodeRequest(Part::Parameter))),
            ("keyway token introspect params token", Some(Field::Request(Part::Parameter))),
            ("keyway token refresh grant", None),
            ("keyway revocation url", Some(Field::Request(Part::Url))),
            ("keyway revocation headers authorization", Some(Field::Request(Part::Header))),
            ("keyway revocation token", None),
            ("keyway lookups url", Some(Field::Lookup(Part::Url))),
            ("keyway lookups headers x-key", Some(Field::Lookup(Part::Header))),
            ("keyway lookups set url", None),
            ("display_name", None),
            ("proxy", None),
        ] {
            let path: Vec<&str> = path.split(' ').collect();
            assert_eq!(field_at(&path), expected, "{path:?}");
        }
    }
}
