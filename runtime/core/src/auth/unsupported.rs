//! Requirements of authorization servers that this runtime does not support: named, so that users need not guess from
//! a refusal.
//!
//! Demands stand in metadata (RFC 8414, RFC 9728), in a refusal, or in the type of a granted token. That a server
//! offers something is not a demand.

use crate::error::{Error, ErrorKind, Result};
use serde_json::{Map, Value};

const DPOP: &str = "sender-constrained tokens (DPoP, RFC 9449)";
const PAR: &str = "pushed authorization requests (PAR, RFC 9126)";
const JAR: &str = "signed request objects (JAR, RFC 9101)";
const MTLS: &str = "tokens bound to a client certificate (RFC 8705)";
const MAC: &str = "MAC tokens";
const HEADERLESS: &str = "access tokens outside the `Authorization` header (RFC 6750 sections 2.2 and 2.3)";

/// Members of an authorization server's metadata whose `true` is a demand.
const OF_AUTHORITY: [(&str, &str); 3] = [
    ("require_pushed_authorization_requests", PAR),
    ("require_signed_request_object", JAR),
    ("tls_client_certificate_bound_access_tokens", MTLS),
];

/// Members of a protected resource's metadata whose `true` is a demand (RFC 9728 section 2).
const OF_RESOURCE: [(&str, &str); 2] =
    [("dpop_bound_access_tokens_required", DPOP), ("tls_client_certificate_bound_access_tokens", MTLS)];

/// Lists of metadata in which one value has to stand; an absent list means that it does (RFC 8414 section 2).
const OFFERS: [(&str, &str); 3] = [
    ("response_types_supported", "code"),
    ("response_modes_supported", "query"),
    ("grant_types_supported", "authorization_code"),
];

/// Words of a refusal, in lower case, and what a server means by them.
const WORDS: [(&str, &str); 7] = [
    ("dpop", DPOP),
    ("pushed authorization", PAR),
    ("pushed_authorization", PAR),
    ("request object", JAR),
    ("request_object", JAR),
    ("mtls", MTLS),
    ("mutual tls", MTLS),
];

/// Refuses an authorization server that demands what is not supported, or does not have the code flow.
pub(super) fn check_authority(members: &Map<String, Value>) -> Result<()> {
    demands("the authorization server", members, &OF_AUTHORITY)?;
    for (list, wanted) in OFFERS {
        let offered = members.get(list).and_then(Value::as_array);
        if offered.is_some_and(|offered| !offered.is_empty() && !offered.iter().any(|value| value == wanted)) {
            let message = format!("the authorization server has no `{wanted}` in its `{list}`, which this flow needs");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    Ok(())
}

/// Refuses a protected resource that takes no bearer token in a header.
pub(super) fn check_resource(members: &Map<String, Value>) -> Result<()> {
    demands("the server", members, &OF_RESOURCE)?;
    let methods = members.get("bearer_methods_supported").and_then(Value::as_array);
    if methods.is_some_and(|methods| !methods.is_empty() && !methods.iter().any(|method| method == "header")) {
        return Err(unsupported("the server", HEADERLESS));
    }
    Ok(())
}

/// Refuses a server whose challenges ask for a proof that cannot be made, and for nothing else (RFC 9449 section 7.1).
pub(super) fn check_challenges(values: &[String]) -> Result<()> {
    let begins = |value: &String, scheme: &str| {
        value.trim_start().get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    let bearer = values.iter().any(|value| value.to_ascii_lowercase().contains("bearer"));
    if values.iter().any(|value| begins(value, "dpop")) && !bearer {
        return Err(unsupported("the server", DPOP));
    }
    Ok(())
}

/// Refuses a granted token that cannot be used as a bearer token (RFC 6749 section 7.1). Vendors write many things in
/// `token_type` and mean bearer by them; these mean something else.
pub(super) fn check_type(token_type: Option<&Value>) -> Result<()> {
    let is = |name: &str| token_type.and_then(Value::as_str).is_some_and(|text| text.trim().eq_ignore_ascii_case(name));
    match [("dpop", DPOP), ("pop", DPOP), ("mac", MAC)].into_iter().find(|(name, _)| is(name)) {
        Some((_, what)) => Err(unsupported("the token endpoint", what).sent(true)),
        None => Ok(()),
    }
}

/// The requirement that a refusal names, from its code and its description: the end of a sentence about it.
pub(super) fn hint(said: &str) -> Option<String> {
    let said = said.to_ascii_lowercase();
    let (_, what) = WORDS.into_iter().find(|(word, _)| said.contains(word))?;
    Some(format!("{what} are not supported"))
}

fn demands(who: &str, members: &Map<String, Value>, known: &[(&str, &str)]) -> Result<()> {
    let demanded = known.iter().find(|(name, _)| members.get(*name) == Some(&Value::Bool(true)));
    demanded.map_or(Ok(()), |(_, what)| Err(unsupported(who, what)))
}

fn unsupported(who: &str, what: &str) -> Error {
    let message = format!("{who} demands {what}, which are not supported: ask its operator for a client without them");
    Error::new(ErrorKind::Unsupported, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn says(outcome: Result<()>, expected: Option<&str>) {
        match (outcome, expected) {
            (Ok(()), None) => {}
            (Err(error), Some(expected)) => {
                assert_eq!(error.kind(), ErrorKind::Unsupported);
                assert!(error.message().contains(expected), "{error}");
            }
            (outcome, expected) => panic!("{outcome:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn what_metadata_demands_is_named_and_what_it_offers_is_not_refused() {
        for (metadata, expected) in [
            (json!({"require_pushed_authorization_requests": true}), Some("RFC 9126")),
            (
                json!({"require_pushed_authorization_requests": false, "pushed_authorization_request_endpoint": "x"}),
                None,
            ),
            (json!({"require_signed_request_object": true}), Some("RFC 9101")),
            (json!({"tls_client_certificate_bound_access_tokens": true}), Some("RFC 8705")),
            (json!({"dpop_signing_alg_values_supported": ["ES256"]}), None),
            (json!({"response_types_supported": ["code id_token"]}), Some("`code`")),
            (json!({"response_modes_supported": ["form_post"]}), Some("`query`")),
            (json!({"grant_types_supported": ["implicit", "authorization_code"]}), None),
            (json!({"grant_types_supported": ["client_credentials"]}), Some("`authorization_code`")),
            (json!({"grant_types_supported": []}), None),
        ] {
            says(check_authority(metadata.as_object().unwrap()), expected);
        }
        for (metadata, expected) in [
            (json!({"dpop_bound_access_tokens_required": true}), Some("RFC 9449")),
            (json!({"tls_client_certificate_bound_access_tokens": true}), Some("RFC 8705")),
            (json!({"bearer_methods_supported": ["body"]}), Some("RFC 6750")),
            (json!({"bearer_methods_supported": ["header", "body"]}), None),
            (json!({}), None),
        ] {
            says(check_resource(metadata.as_object().unwrap()), expected);
        }
    }

    #[test]
    fn a_token_of_another_type_is_refused_and_odd_words_for_bearer_are_not() {
        for (token_type, expected) in [
            (json!("DPoP"), Some("RFC 9449")),
            (json!("mac"), Some("MAC")),
            (json!("Bearer"), None),
            (json!("BearerToken"), None),
            (json!("user"), None),
            (Value::Null, None),
        ] {
            says(check_type(Some(&token_type)), expected);
        }
        says(check_type(None), None);
    }

    #[test]
    fn a_challenge_for_a_proof_alone_is_refused() {
        for (values, expected) in [
            (&[r#"DPoP algs="ES256""#][..], Some("RFC 9449")),
            (&[r#"dpop algs="ES256", Bearer realm="x""#], None),
            (&[r#"DPoP algs="ES256""#, "Bearer"], None),
            (&["Bearer"], None),
            (&["", "D"], None),
            (&[], None),
        ] {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            says(check_challenges(&values), expected);
        }
    }

    #[test]
    fn a_refusal_says_what_it_demands() {
        for (said, expected) in [
            ("invalid_dpop_proof", Some("RFC 9449")),
            ("invalid_request Pushed Authorization Request must be used", Some("RFC 9126")),
            ("invalid_request_object", Some("RFC 9101")),
            ("invalid_grant the code is used", None),
        ] {
            assert_eq!(hint(said).is_some(), expected.is_some(), "{said}");
            assert!(hint(said).unwrap_or_default().contains(expected.unwrap_or_default()), "{said}");
        }
    }
}
