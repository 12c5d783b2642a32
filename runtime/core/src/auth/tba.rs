//! Token-based authentication: OAuth 1.0 with HMAC-SHA256 and a realm, and tokens that the customer made by hand.
//!
//! Nothing is obtained and nothing expires. The client is the operator's, unless the customer submitted its own.
//! What a signature covers is the same for all of OAuth 1.0 ([`super::signed_call`]).

use super::method::Method;
use super::oauth1::consumer;
use super::oauth2::{ID_OVERRIDE, SECRET_OVERRIDE};
use super::signed_call::{has_authorization, with_oauth1};
use super::submitted::{check_input, check_inputs};
use crate::call::Call;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::sign::oauth1 as sign;

/// The mode.
pub(super) struct Tba;

impl Method for Tba {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(credentials)
    }

    fn sign(&self, inputs: &Inputs<'_>, call: &Call, plan: &mut Plan) -> Result<()> {
        if has_authorization(inputs, call) {
            return Ok(());
        }
        let realm = realm(inputs.config)?;
        with_oauth1(inputs, plan, signer(inputs)?, sign::Method::HmacSha256, Some(&realm))
    }

    /// Unless the client is the customer's own.
    fn carries_operator_secret(&self, inputs: &Inputs<'_>) -> bool {
        !OWN_CLIENT.iter().all(|name| inputs.credentials.input(name).is_some())
    }
}

/// The names of a client that the customer registered itself.
const OWN_CLIENT: [&str; 2] = [ID_OVERRIDE, SECRET_OVERRIDE];

/// Refuses credentials without a token and its secret, and half a client.
fn check(credentials: &Credentials) -> Result<()> {
    check_input(credentials, "token_id", false, 1024)?;
    check_input(credentials, "token_secret", false, 1024)?;
    if OWN_CLIENT.iter().any(|name| credentials.input(name).is_some()) {
        check_inputs(credentials, &OWN_CLIENT)?;
    }
    Ok(())
}

/// Who signs calls.
fn signer<'a>(inputs: &Inputs<'a>) -> Result<sign::Credentials<'a>> {
    let credentials = inputs.credentials;
    let input = |name: &str| {
        credentials.input(name).ok_or_else(|| {
            Error::new(ErrorKind::MissingValue, format!("the credential `{name}` is missing: connect again"))
        })
    };
    let [id, secret] = OWN_CLIENT;
    let (consumer_key, consumer_secret) = match (credentials.input(id), credentials.input(secret)) {
        (Some(id), Some(secret)) => (id.expose(), secret),
        _ => consumer(inputs.integration)?,
    };
    Ok(sign::Credentials {
        consumer_key,
        consumer_secret,
        token: Some((input("token_id")?.expose(), input("token_secret")?)),
    })
}

/// The realm: the account's id as the vendor writes it in headers, `123-sb1` as `123_SB1`.
fn realm(config: &ConfigMap) -> Result<String> {
    match config.get("accountId").filter(|id| !id.is_empty()) {
        Some(id) => Ok(id.replace('-', "_").to_ascii_uppercase()),
        None => Err(Error::new(
            ErrorKind::MissingValue,
            "`connectionConfig.accountId` has no value on this connection: set it, or connect again",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_realm_is_upper_case_with_every_hyphen_as_an_underscore() {
        for (id, expected) in [("tstdrv1", "TSTDRV1"), ("123-sb1", "123_SB1"), ("1-a-b", "1_A_B")] {
            assert_eq!(realm(&ConfigMap::from([("accountId".to_owned(), id.to_owned())])).unwrap(), expected);
        }
        assert_eq!(realm(&ConfigMap::new()).unwrap_err().kind(), ErrorKind::MissingValue);
    }

    #[test]
    fn tokens_are_required_and_a_client_is_whole_or_absent() {
        let submitted = |names: &[&str]| {
            Credentials::submitted(names.iter().map(|name| ((*name).to_owned(), "x".into())).collect())
        };
        let [id, secret] = OWN_CLIENT;
        assert!(check(&submitted(&["token_id", "token_secret"])).is_ok());
        assert!(check(&submitted(&["token_id", "token_secret", id, secret])).is_ok());
        for names in [&["token_id"][..], &["token_secret"], &["token_id", "token_secret", id]] {
            assert_eq!(check(&submitted(names)).unwrap_err().kind(), ErrorKind::MissingValue, "{names:?}");
        }
    }
}
