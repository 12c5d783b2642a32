//! Submitted values, as the modes read and check them.
//!
//! An entry's own fields are checked before ([`crate::fields`]).

use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// A submitted value, unless it is empty.
pub(super) fn given<'a>(credentials: &'a Credentials, name: &str) -> Option<&'a Secret> {
    credentials.input(name).filter(|value| !value.is_empty())
}

/// Refuses a missing input, one longer than `longest` bytes, and, unless `may_be_empty`, an empty one.
pub(super) fn check_input(credentials: &Credentials, name: &str, may_be_empty: bool, longest: usize) -> Result<()> {
    match credentials.input(name) {
        None => Err(Error::new(ErrorKind::MissingValue, format!("`credentials.{name}` is missing"))),
        Some(value) if value.is_empty() && !may_be_empty => {
            Err(Error::new(ErrorKind::MissingValue, format!("`credentials.{name}` is empty")))
        }
        Some(value) if value.expose().len() > longest => {
            Err(Error::new(ErrorKind::InvalidValue, format!("`credentials.{name}` is longer than {longest} bytes")))
        }
        Some(_) => Ok(()),
    }
}

/// Refuses credentials of which a part is missing, empty or over 1024 bytes.
pub(super) fn check_inputs(credentials: &Credentials, names: &[&str]) -> Result<()> {
    names.iter().try_for_each(|name| check_input(credentials, name, false, 1024))
}
