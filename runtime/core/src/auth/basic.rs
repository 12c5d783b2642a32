//! A user name and a password (RFC 7617).
//!
//! Nothing is obtained and nothing expires. Either may be empty: many APIs take the key as one half.

use super::method::Method;
use super::place::{self, Header};
use super::submitted::check_input;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::{Inputs, missing};

/// The mode.
pub(super) struct Basic;

impl Method for Basic {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(credentials)
    }

    fn headers(&self, inputs: &Inputs<'_>) -> Result<Vec<Header>> {
        let half = |name: &str| inputs.credentials.input(name).ok_or_else(|| missing(name));
        place::basic(inputs, || Ok((half("username")?, half("password")?)))
    }
}

/// Refuses a missing half, one over 1024 bytes, and a user name with a colon (RFC 7617 section 2).
fn check(credentials: &Credentials) -> Result<()> {
    check_input(credentials, "username", true, 1024)?;
    check_input(credentials, "password", true, 1024)?;
    if credentials.input("username").is_some_and(|name| name.expose().contains(':')) {
        return Err(Error::new(ErrorKind::InvalidValue, "`credentials.username` must not hold a colon"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_may_be_empty_but_not_missing_or_ambiguous() {
        assert!(check(&Credentials::basic("", "")).is_ok());
        assert!(check(&Credentials::basic("ann", "a:b")).is_ok());
        assert!(check(&Credentials::basic("a:b", "c")).is_err());
        assert!(check(&Credentials::default()).is_err());
    }
}
