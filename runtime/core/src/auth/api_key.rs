//! One API key, placed by the entry's templates.
//!
//! Nothing is obtained and nothing expires.

use super::method::Method;
use super::submitted::check_input;
use crate::credentials::Credentials;
use crate::error::Result;

/// The mode.
pub(super) struct ApiKey;

impl Method for ApiKey {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(credentials)
    }
}

/// Refuses anything but a key of 1 to 1024 bytes under `apiKey`.
fn check(credentials: &Credentials) -> Result<()> {
    check_input(credentials, "apiKey", false, 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn keys_are_neither_missing_nor_empty_nor_endless() {
        assert!(check(&Credentials::api_key("k")).is_ok());
        assert_eq!(check(&Credentials::default()).unwrap_err().kind(), ErrorKind::MissingValue);
        assert_eq!(check(&Credentials::api_key("")).unwrap_err().kind(), ErrorKind::MissingValue);
        let error = check(&Credentials::api_key("k".repeat(1025))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue);
        assert!(!error.to_string().contains("kk"));
    }
}
