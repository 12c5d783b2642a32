//! A client that proves itself with a signed assertion: `private_key_jwt` (RFC 7523 section 2.2).
//!
//! The key is a JSON Web Key or PEM. A JSON Web Key may say under which `kid` the server knows it, and with which `alg`
//! it signs; for a key that does not say so, the operator may ([`SIGNING_ALG`]). An RSA key fits six algorithms, and
//! which of them a server takes is the server's choice: the default is `RS256`, which every server supports.
//! Assertions as grants (RFC 7523 section 2.1) are the mode `TWO_STEP`'s.

use super::exchange::Answer;
use super::registration::is_unknown_client;
use super::token_request::{Parameters, text, url};
use super::values;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use crate::sign::{Algorithm, Key, jwt};
use crate::template::Scope;
use keyway_spec::Entry;
use keyway_spec::auth::{Jwt, KeyKind, TokenEndpoint};
use serde_json::{Map, Value};

/// The lifetime of an assertion, in seconds.
const LIFETIME: i64 = 300;
/// The operator's setting with the algorithm of assertions, under its name among client metadata (OpenID Connect
/// Dynamic Client Registration 1.0 section 2).
pub(super) const SIGNING_ALG: &str = "token_endpoint_auth_signing_alg";
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
    let mut header = Map::new();
    header.insert("alg".to_owned(), algorithm(&key, private_key, inputs.integration)?.name().into());
    header.insert("typ".to_owned(), "JWT".into());
    if let Some(kid) = Said::by(private_key.expose()).kid {
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

/// Refuses a key that cannot sign an assertion, by the algorithm that was named for it or by any.
pub(super) fn check_key(private_key: &Secret, integration: &IntegrationRecord) -> Result<()> {
    let key = Key::private(private_key)?;
    key.sign(algorithm(&key, private_key, integration)?, b"").map(|_| ())
}

/// Refuses an operator's setting that names no algorithm of a private key.
pub(super) fn check_integration(integration: &IntegrationRecord) -> Result<()> {
    chosen(integration).map(|_| ())
}

/// A refusal of the client, with the algorithm that its assertion was signed by: the server may expect another.
pub(super) fn explain(error: Error, private_key: &Secret, integration: &IntegrationRecord, answer: &Answer) -> Error {
    let signed = Key::private(private_key).and_then(|key| algorithm(&key, private_key, integration));
    let (true, Ok(algorithm)) = (is_unknown_client(answer), signed) else { return error };
    let message = format!(
        "{}; the client's assertion was signed by `{}`: if the server expects another algorithm, name it as `{SIGNING_ALG}` \
         in the integration's settings, or as the `alg` of a JSON Web Key",
        error.message(),
        algorithm.name()
    );
    let kind = error.kind();
    error.reworded(kind, message)
}

/// The algorithm of assertions: the key's own word, else the operator's, else the one that every server knows.
fn algorithm(key: &Key, private_key: &Secret, integration: &IntegrationRecord) -> Result<Algorithm> {
    match (Said::by(private_key.expose()).alg, chosen(integration)?) {
        (Some(alg), _) => Algorithm::named(&alg),
        (None, Some(chosen)) => Ok(chosen),
        (None, None) => key.own_algorithm(),
    }
}

/// The operator's choice.
fn chosen(integration: &IntegrationRecord) -> Result<Option<Algorithm>> {
    let Some(name) = integration.custom.get(SIGNING_ALG).map(Secret::expose).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let algorithm = Algorithm::named(name).ok().filter(|_| !name.starts_with("HS"));
    algorithm.map(Some).ok_or_else(|| {
        let message = format!(
            "the setting `{SIGNING_ALG}` must be the algorithm of a private key: `RS256`, `PS256`, `ES256`, `ES384`, \
             `EdDSA`, or one of `RS` and `PS` with 384 or 512 bits"
        );
        Error::new(ErrorKind::InvalidValue, message)
    })
}

/// An assertion as an entry describes it. A claim that is `null` is left out.
pub(super) fn signed(jwt: &Jwt, inputs: &Inputs<'_>, scope: &Scope<'_>) -> Result<Secret> {
    let text = Secret::new(text(&jwt.signing_key, scope)?);
    let key = match jwt.key_kind {
        KeyKind::Rsa | KeyKind::Ec => Key::private(&text)?,
        KeyKind::HmacHex => Key::shared_hex(&text)?,
        KeyKind::HmacUtf8 => Key::shared(&text)?,
    };
    let now = scope.moment.now.as_second();
    let mut claims = written(jwt.payload, inputs, scope)?;
    for (name, value) in [("iat", now), ("exp", now.saturating_add(jwt.expires_in_ms / 1000))] {
        if !jwt.payload.iter().any(|claim| claim.name == name) {
            claims.insert(name.to_owned(), value.into());
        }
    }
    let header = written(jwt.header, inputs, scope)?;
    jwt::sign(&header, &claims, &key)
}

/// The members that an entry writes, in its order, without those that are `null`.
fn written(entries: &[Entry], inputs: &Inputs<'_>, scope: &Scope<'_>) -> Result<Map<String, Value>> {
    let members = values::object(inputs, scope, entries)?;
    Ok(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

/// The members of a JSON Web Key about its use (RFC 7517 section 4).
#[derive(Default)]
struct Said {
    kid: Option<Value>,
    alg: Option<String>,
}

impl Said {
    fn by(key: &str) -> Said {
        #[derive(serde::Deserialize)]
        struct Jwk {
            kid: Option<String>,
            alg: Option<String>,
        }
        let jwk = serde_json::from_str::<Jwk>(key.trim());
        jwk.map_or_else(|_| Said::default(), |jwk| Said { kid: jwk.kid.map(Value::from), alg: jwk.alg })
    }
}
