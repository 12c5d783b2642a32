//! The token of a mode that makes one: the real one, or what it is made of.
//!
//! Tokens that an authorization server issues are stand-ins (`given`).

use super::by_name::{in_words, name_of, references};
use super::given::Given;
use super::signature;
use super::stand_in::StandIns;
use keyway::auth::exchange::{Grant, Step};
use keyway::auth::unsigned_jwt;
use keyway::credentials::Token;
use keyway::inputs::Inputs;
use keyway::secret::Secret;
use keyway_spec::Auth;
use keyway_spec::mode::TokenFrom;
use serde_json::Value;

/// The token of the requests that are built with these inputs.
pub(super) fn token(
    given: &Given,
    inputs: &Inputs<'_>,
    stand_ins: &mut StandIns,
) -> Result<Option<Token>, keyway::Error> {
    if inputs.spec.auth.facts().token != TokenFrom::Made || given.credentials.token.is_some() {
        return Ok(given.credentials.token.clone());
    }
    if given.is_real {
        return signed(inputs);
    }
    let shown = if let (Auth::Jwt(mode), Some(jwt)) = (&inputs.spec.auth, unsigned_jwt(inputs)?) {
        let [header, claims] =
            [jwt.header, jwt.claims].map(|part| stand_ins.named_in_json(&Value::from(part).to_string()));
        references(&mode.signing_key, &mut |reference| {
            if let Some(name) = name_of(reference) {
                stand_ins.see(&format!("<{name}>"));
            }
        });
        format!("jwt({header}, {claims}, {})", in_words(&mode.signing_key))
    } else {
        let token = signed(inputs)?;
        let text = token.as_ref().map(|token| token.access.expose()).unwrap_or_default();
        stand_ins.named(&signature::without_digest(text))
    };
    let access = Secret::new(stand_ins.of(shown));
    Ok(Some(Token::new(access)))
}

fn signed(inputs: &Inputs<'_>) -> Result<Option<Token>, keyway::Error> {
    match keyway::auth::step(inputs, Grant::Login, &[])? {
        Step::Done(granted) => Ok(granted.token),
        Step::Send(_) => Ok(None),
    }
}
