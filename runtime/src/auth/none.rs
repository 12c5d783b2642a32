//! No credential at all.
//!
//! Nothing is obtained and nothing is placed.

use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};

/// Refuses a credential, because nothing would use it and the caller must not believe that it protects anything.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    if credentials.inputs.is_empty() && credentials.token.is_none() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidValue, "this provider takes no credentials: leave them out"))
}
