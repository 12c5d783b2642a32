//! A call whose answer is read as a whole: a success, or an error that says what the upstream said.

use super::{Keyway, shape};
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::mask::Masker;
use crate::parts::secrets;
use crate::pipeline::Carried;
use crate::request::Call;
use crate::response::retry;
use bytes::Bytes;
use http::HeaderMap;
use http::header::{HeaderValue, SET_COOKIE};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How large a body may be that is read as a whole, decompressed: 64 MiB.
const LARGEST_BODY: usize = 64 << 20;
/// How much of a refused call's body is read for the error.
const LARGEST_ERROR: usize = 1 << 20;

/// The call that an answer belongs to, as errors name it, among the answer's extensions.
#[derive(Clone, Debug)]
pub(super) struct Called(pub(super) String);

/// An answer that was read to its end.
pub(super) type Whole = (http::response::Parts, Bytes);

/// An answer that is not a success.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// What happened, with the beginning of the body.
    pub(crate) error: Error,
    /// The body as text, up to 1 MiB, secrets masked.
    pub(crate) body: String,
}

/// Sends a call without a stream, and reads a successful answer. Any other status is an error with the answer's
/// beginning.
pub(super) async fn whole(keyway: &Keyway, key: &ConnectionKey, call: Call) -> Result<Whole> {
    whole_or_refusal(keyway, key, call).await?.map_err(|refusal| refusal.error)
}

/// The same, where a refusal is an answer too.
pub(super) async fn whole_or_refusal(
    keyway: &Keyway,
    key: &ConnectionKey,
    mut call: Call,
) -> Result<Result<Whole, Refusal>> {
    // Decompress the answer, if the feature is compiled in.
    call.decompress |= cfg!(feature = "decompress");
    let name = call.name();
    let (mut head, body) = keyway.send(key, call, None).await?.into_parts();
    // A body that is read here has the time that its head had.
    let limit = keyway.parts.call_timeout;
    if head.status.is_success() {
        head.extensions.insert(Called(name));
        let body = tokio::time::timeout(limit, body.collect(LARGEST_BODY)).await;
        return Ok(Ok((head, body.unwrap_or_else(|_| Err(stalled(limit)))?)));
    }
    let body = tokio::time::timeout(limit, body.collect(LARGEST_ERROR)).await;
    let body = body.unwrap_or_else(|_| Err(stalled(limit))).unwrap_or_default();
    let (_, spec) = keyway.parts.integration(&key.integration).await?;
    let carried = head.extensions.get::<Carried>().map_or(&[][..], |carried| &carried.0);
    let masker = Masker::new(carried);
    let said = masker.text(&String::from_utf8_lossy(&body));
    let error = Error::new(ErrorKind::Refused, "the upstream refused the call").sent(true).stage(Stage::Request);
    let error = error.provider(spec.key).response(head.status.as_u16(), said.as_str()).endpoint(name);
    let error = error.response_headers(masked(&head.headers, &masker)).wait(retry::wait_of(&head.extensions));
    Ok(Err(Refusal { error, body: said }))
}

/// A successful answer as JSON; one without a body is `null`. Another shape is an error that names provider and
/// endpoint.
pub(super) async fn json<T: DeserializeOwned>(
    keyway: &Keyway,
    key: &ConnectionKey,
    head: &http::response::Parts,
    body: &[u8],
) -> Result<T> {
    let json = if body.is_empty() { b"null" } else { body };
    match shape::read(json) {
        Ok(value) => Ok(value),
        Err(said) => {
            let parts = &keyway.parts;
            let (integration, spec) = parts.integration(&key.integration).await?;
            let secrets = secrets(spec, &integration, &parts.connection(key).await?);
            let headers = masked(&head.headers, &Masker::new(&secrets));
            let error = Error::new(ErrorKind::UnexpectedAnswer, said)
                .sent(true)
                .stage(Stage::Response)
                .response_headers(headers);
            let error = error.provider(spec.key).response(head.status.as_u16(), "");
            Err(match head.extensions.get::<Called>() {
                Some(Called(name)) => error.endpoint(name),
                None => error,
            })
        }
    }
}

/// Headers without the secrets in their values. Cookies are marked as sensitive; a value that is not UTF-8 and holds
/// a secret becomes empty.
fn masked(headers: &HeaderMap, masker: &Masker) -> HeaderMap {
    let mut masked = headers.clone();
    for (name, value) in &mut masked {
        let text = String::from_utf8_lossy(value.as_bytes());
        let shown = masker.text(&text);
        if shown != text {
            *value = HeaderValue::from_str(&shown).unwrap_or_else(|_| HeaderValue::from_static(""));
        }
        value.set_sensitive(name == SET_COOKIE);
    }
    masked
}

fn stalled(limit: Duration) -> Error {
    let message = format!("the body of the answer did not arrive within {} seconds", limit.as_secs());
    Error::new(ErrorKind::Timeout, message).stage(Stage::Response).sent(true)
}
