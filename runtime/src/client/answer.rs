//! A call whose answer is read as a whole: a success, or an error that says what the upstream said.
//!
//! Absent here: what the answer means.

use super::Keyway;
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result};
use crate::mask::Masker;
use crate::pipeline::Carried;
use crate::request::Call;
use crate::response::retry::GivenUp;
use bytes::Bytes;
use std::time::Duration;

/// How large a body may be that is read as a whole, decompressed: 64 MiB.
const LARGEST_BODY: usize = 64 << 20;
/// How much of a refused call's body is read for the error.
const LARGEST_ERROR: usize = 1 << 20;

/// An answer that was read to its end.
pub(super) type Whole = (http::response::Parts, Bytes);

/// An answer that is no success.
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
    // Whoever reads an answer wants it plain, where that is compiled in.
    call.decompress |= cfg!(feature = "decompress");
    let (head, body) = keyway.send(key, call, None).await?.into_parts();
    // A body that is read here has the time that its head had.
    let limit = keyway.parts.call_timeout;
    if head.status.is_success() {
        let body = tokio::time::timeout(limit, body.collect(LARGEST_BODY)).await;
        return Ok(Ok((head, body.unwrap_or_else(|_| Err(stalled(limit)))?)));
    }
    let body = tokio::time::timeout(limit, body.collect(LARGEST_ERROR)).await;
    let body = body.unwrap_or_else(|_| Err(stalled(limit))).unwrap_or_default();
    let (_, spec) = keyway.parts.integration(&key.integration).await?;
    let carried = head.extensions.get::<Carried>().map_or(&[][..], |carried| &carried.0);
    let said = Masker::new(carried).text(&String::from_utf8_lossy(&body));
    let error = Error::new(ErrorKind::Refused, "the upstream refused the call").sent(true).stage("request");
    let wait = head.extensions.get::<GivenUp>().and_then(|given_up| given_up.wait);
    let error = error.provider(spec.key).response(head.status.as_u16(), said.as_str()).wait(wait);
    Ok(Err(Refusal { error, body: said }))
}

fn stalled(limit: Duration) -> Error {
    let message = format!("the body of the answer did not arrive within {} seconds", limit.as_secs());
    Error::new(ErrorKind::Timeout, message).stage("response").sent(true)
}
