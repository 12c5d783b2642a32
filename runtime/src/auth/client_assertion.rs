//! A client that proves itself with a signed assertion: `private_key_jwt` (RFC 7523 section 2.2).
//!
//! The key is a JSON Web Key or PEM. A JSON Web Key may say under which `kid` the server knows it, and with which `alg`
//! it signs. Absent here: assertions as grants (RFC 7523 section 2.1).

use super::token_request::{Parameters, json, text, url};
use crate::error::Result;
use crate::inputs::Inputs;
use crate::secret::Secret;
use crate::sign::{Key, jwt};
use crate::template::Scope;
use keyway_spec::Entry;
use keyway_spec::auth::{Jwt, KeyKind, TokenEndpoint};
use serde_json::{Map, Value};

/// How long an assertion is good for, in seconds.
const LIFETIME: i64 = 300;
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Puts the client's id and a fresh assertion into the parameters, signed with the client's private key.
pub(super) fn add(
    inputs: &Inputs<'_>,
    endpoint: &TokenEndpoint,
    client_id: &str,
    private_key: &Secret,
    parameters: &mut Parameters,
) -> Result<()> {
    let key = Key::private(private_key)?;
    let jwk = Said::by(private_key.expose());
    let mut header = Map::new();
    header.insert("alg".to_owned(), jwk.alg.map_or_else(|| key.own_algorithm().map(|own| own.name().into()), Ok)?);
    header.insert("typ".to_owned(), "JWT".into());
    if let Some(kid) = jwk.kid {
        header.insert("kid".to_owned(), kid);
    }
    let now = inputs.moment.now.as_second();
    let mut claims = Map::new();
    for (name, value) in [
        ("iss", Value::from(client_id)),
        ("sub", client_id.into()),
        ("aud", url(&endpoint.url, &inputs.scope())?.as_str().into()),
        ("iat", now.into()),
        ("exp", now.saturating_add(LIFETIME).into()),
        ("jti", inputs.moment.uuid.as_str().into()),
    ] {
        claims.insert(name.to_owned(), value);
    }
    parameters.set("client_id", client_id);
    parameters.set("client_assertion_type", TYPE);
    parameters.set("client_assertion", jwt::sign(&header, &claims, &key)?.expose());
    Ok(())
}

/// Refuses a key that cannot sign an assertion.
pub(super) fn check_key(private_key: &Secret) -> Result<()> {
    Key::private(private_key)?.own_algorithm().map(|_| ())
}

/// An assertion as an entry describes it. A claim that is `null` is left out.
pub(super) fn signed(jwt: &Jwt, scope: &Scope<'_>) -> Result<Secret> {
    let text = Secret::new(text(&jwt.signing_key, scope)?);
    let key = match jwt.key_kind {
        KeyKind::Rsa | KeyKind::Ec => Key::private(&text)?,
        KeyKind::HmacHex => Key::shared_hex(&text)?,
        KeyKind::HmacUtf8 => Key::shared(&text)?,
    };
    let now = scope.moment.now.as_second();
    let mut claims = written(jwt.payload, scope)?;
    for (name, value) in [("iat", now), ("exp", now.saturating_add(jwt.expires_in_ms / 1000))] {
        if !jwt.payload.iter().any(|claim| claim.name == name) {
            claims.insert(name.to_owned(), value.into());
        }
    }
    let header = written(jwt.header, scope)?;
    jwt::sign(&header, &claims, &key)
}

/// The members that an entry writes, in its order, without those that are `null`.
fn written(entries: &[Entry], scope: &Scope<'_>) -> Result<Map<String, Value>> {
    let members = entries.iter().map(|entry| Ok((entry.name.to_owned(), json(&entry.value, scope)?)));
    let members: Map<String, Value> = members.collect::<Result<_>>()?;
    Ok(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

/// What a JSON Web Key says about its use (RFC 7517 section 4).
#[derive(Default)]
struct Said {
    kid: Option<Value>,
    alg: Option<Value>,
}

impl Said {
    fn by(key: &str) -> Said {
        #[derive(serde::Deserialize)]
        struct Jwk {
            kid: Option<String>,
            alg: Option<String>,
        }
        let jwk = serde_json::from_str::<Jwk>(key.trim());
        jwk.map_or_else(
            |_| Said::default(),
            |jwk| Said { kid: jwk.kid.map(Value::from), alg: jwk.alg.map(Value::from) },
        )
    }
}
