//! The authentication of a client at a token endpoint (RFC 6749 section 2.3).

use crate::check::{Checks, RefusalKind};
use crate::crypto;
use crate::expected::ExpectedParameter;
use crate::mask::Mask;
use crate::request::ReceivedRequest;
use crate::text::{Expected, TextForm};
use keyway_spec::auth::ClientAuth;

/// The type of a client assertion (RFC 7523 section 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const INVALID_CLIENT: RefusalKind = RefusalKind::OAuth("invalid_client");

/// The parameters of the client.
pub(crate) fn parameters(method: ClientAuth, client: &(String, String), own_assertion: bool) -> Vec<ExpectedParameter> {
    let (id, secret) = client;
    let of_client = |parameter: ExpectedParameter| ExpectedParameter { refused: INVALID_CLIENT, ..parameter };
    let secret = || Expected::secret("clientSecret", secret.clone());
    let parameters = match method {
        ClientAuth::Post => {
            vec![ExpectedParameter::plain("client_id", id), ExpectedParameter::text("client_secret", secret())]
        }
        ClientAuth::UsernamePassword => {
            vec![ExpectedParameter::plain("username", id), ExpectedParameter::text("password", secret())]
        }
        ClientAuth::Public => vec![ExpectedParameter::plain("client_id", id)],
        ClientAuth::PrivateKeyJwt => {
            let mut parameters = vec![
                ExpectedParameter::plain("client_assertion_type", ASSERTION_TYPE),
                ExpectedParameter::text("client_assertion", Expected::form("client assertion", TextForm::Jwt)),
            ];
            if !own_assertion {
                // RFC 7521 section 4.2: unnecessary, and the same if it is there.
                parameters.push(ExpectedParameter { optional: true, ..ExpectedParameter::plain("client_id", id) });
            }
            parameters
        }
        ClientAuth::Basic | ClientAuth::BasicRaw | ClientAuth::Nothing => Vec::new(),
    };
    parameters.into_iter().map(of_client).collect()
}

/// Checks the `Authorization` of a token request. `own` is true if the entry writes that header itself.
pub(crate) fn header(
    checks: &mut Checks,
    method: ClientAuth,
    client: &(String, String),
    own: bool,
    received: &ReceivedRequest,
    mask: &Mask,
) {
    let got = received.header("authorization");
    let what = "the header `authorization`";
    match method {
        ClientAuth::Basic | ClientAuth::BasicRaw => {
            let expected = "Basic ${clientId}:${clientSecret}";
            let Some(got) = got else {
                checks.note(false, INVALID_CLIENT, what, expected, "nothing");
                return;
            };
            let pair = got.strip_prefix("Basic ").and_then(crypto::from_base64);
            let pair = pair.and_then(|pair| String::from_utf8(pair).ok());
            let ok = pair.as_deref().and_then(|pair| pair.split_once(':')).is_some_and(|(id, secret)| match method {
                ClientAuth::Basic => is_encoded(id, &client.0) && is_encoded(secret, &client.1),
                _ => id == client.0 && secret == client.1,
            });
            let shown = match (ok, &pair) {
                (true, _) => expected.to_owned(),
                (false, Some(pair)) => format!("Basic {}", mask.wrong(pair)),
                (false, None) => mask.wrong(&got),
            };
            checks.note(ok, INVALID_CLIENT, what, expected, shown);
        }
        _ if own => {}
        ClientAuth::Post
        | ClientAuth::UsernamePassword
        | ClientAuth::PrivateKeyJwt
        | ClientAuth::Public
        | ClientAuth::Nothing => {
            // RFC 6749 section 2.3: not more than one method in a request.
            let shown = got.as_deref().map(|got| mask.wrong(got)).unwrap_or_default();
            checks.unless(got.is_none(), RefusalKind::OAuth("invalid_request"), what, "nothing", shown);
        }
    }
}

/// True if a text is a value in the encoding of forms (RFC 6749 appendix B).
fn is_encoded(text: &str, value: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'-' | b'.' | b'_' | b'%' | b'+' | b'~');
    let decoded = percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.bytes().all(is_allowed) && decoded == value
}
