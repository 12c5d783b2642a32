//! A WSSE UsernameToken for one request, in a header.
//!
//! The digest is Base64 over the *hexadecimal text* of the SHA-1, as vendors of this header compute it; OASIS WSS
//! UsernameToken Profile 1.0 has Base64 over its bytes, and the nonce in Base64. The header's name, the nonce and the
//! time are arguments.

use super::digest::{hex, sha1_hex};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// `UsernameToken Username="...", PasswordDigest="...", Nonce="...", Created="..."`.
pub fn username_token(username: &str, password: &Secret, nonce: [u8; 16], created: Timestamp) -> Result<Secret> {
    if username.chars().any(|c| c.is_control() || matches!(c, '"' | '\\')) {
        return Err(Error::new(
            ErrorKind::InvalidValue,
            "the WSSE `username` may not hold quotes, backslashes or control characters",
        ));
    }
    let nonce = hex(&nonce);
    let created = format!("{created:.3}");
    let secret = Zeroizing::new(format!("{nonce}{created}{}", password.expose()));
    let digest = STANDARD.encode(sha1_hex(secret.as_bytes()));
    Ok(Secret::new(format!(
        "UsernameToken Username=\"{username}\", PasswordDigest=\"{digest}\", Nonce=\"{nonce}\", Created=\"{created}\""
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_the_one_computed_elsewhere() {
        // printf '%s' 'abababababababababababababababab2026-01-02T03:04:05.000Zs3cret ä' | sha1sum | cut -c1-40 | tr -d
        // '\n' | base64 -w0
        let at = "2026-01-02T03:04:05Z".parse().unwrap();
        let token = username_token("user-1", &Secret::from("s3cret ä"), [0xab; 16], at).unwrap();
        assert_eq!(
            token.expose(),
            "UsernameToken Username=\"user-1\", \
             PasswordDigest=\"MDRjYmQ2NDBiNTBjNzRkYjVkZTRhMDhjMjYxZGU0NmE5MTQ1YWMwMg==\", \
             Nonce=\"abababababababababababababababab\", Created=\"2026-01-02T03:04:05.000Z\""
        );
    }

    #[test]
    fn a_user_name_cannot_end_its_quotes() {
        for username in ["a\"b", "a\\b", "a\r\nb"] {
            let error = username_token(username, &Secret::from("p"), [0; 16], Timestamp::UNIX_EPOCH).unwrap_err();
            assert!(error.message().contains("`username`"), "{error}");
        }
    }
}
