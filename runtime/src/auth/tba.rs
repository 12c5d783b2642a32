//! Token-based authentication: OAuth 1.0 with HMAC-SHA256 and a realm, and tokens that the customer made by hand.
//!
//! Nothing is obtained and nothing expires. The client is the operator's, unless the customer submitted its own.
//! Proxied calls are signed in [`crate::request`].

use super::check_input;
use super::oauth1::consumer;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::sign::oauth1 as sign;

/// The names of a client that the customer registered itself.
const OWN_CLIENT: [&str; 2] = ["oauth_client_id_override", "oauth_client_secret_override"];

/// Refuses credentials without a token and its secret, and half a client.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    check_input(credentials, "token_id", false, 1024)?;
    check_input(credentials, "token_secret", false, 1024)?;
    if OWN_CLIENT.iter().any(|name| credentials.input(name).is_some()) {
        OWN_CLIENT.iter().try_for_each(|name| check_input(credentials, name, false, 1024))?;
    }
    Ok(())
}

/// Whether calls are signed with a client of the customer's own.
pub(crate) fn has_own_client(credentials: &Credentials) -> bool {
    OWN_CLIENT.iter().all(|name| credentials.input(name).is_some())
}

/// The signer of calls.
pub(crate) fn signer<'a>(inputs: &Inputs<'a>) -> Result<sign::Credentials<'a>> {
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
pub(crate) fn realm(config: &ConfigMap) -> Result<String> {
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
