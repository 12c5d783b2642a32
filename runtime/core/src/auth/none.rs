//! No credential at all.
//!
//! Nothing is obtained and nothing is placed.

use super::method::Method;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};

/// The mode.
pub(super) struct NoCredential;

impl Method for NoCredential {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(credentials)
    }
}

/// Refuses a credential, because nothing would use it and the caller must not believe that it protects anything.
fn check(credentials: &Credentials) -> Result<()> {
    if credentials.inputs.is_empty() && credentials.token.is_none() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidValue, "this provider takes no credentials: leave them out"))
}
