//! Sending again what the server says it did not process (RFC 9113 section 8.7): a refused stream, a connection that it
//! left before the request.
//!
//! That is safe for every method, so it is done without being asked for. Tries that may repeat a request are decided
//! in [`crate::response::retry`].

use crate::egress::Egress;
use crate::error::{Error, Result};
use crate::parts::Parts;
use crate::transport::{Body, NotProcessed};
use http::{Request, Response};
use std::time::Duration;

/// How often a request is sent again.
pub(super) const MOST: u32 = 3;
/// How long to wait before the first time; it doubles. A server that refuses streams has too many at the moment.
const PAUSE: Duration = Duration::from_millis(100);

/// The response to a request that `make` makes anew for each sending.
pub(super) async fn delivered(
    parts: &Parts,
    egress: &Egress,
    most: u32,
    mut make: impl FnMut() -> Result<Request<Body>>,
) -> Result<Response<Body>> {
    let mut pause = PAUSE;
    for _ in 0..most {
        match parts.transport.send(make()?, egress).await {
            Err(error) if is_unprocessed(&error) => tokio::time::sleep(pause).await,
            outcome => return outcome,
        }
        pause *= 2;
    }
    parts.transport.send(make()?, egress).await
}

fn is_unprocessed(error: &Error) -> bool {
    std::error::Error::source(error).and_then(|source| source.downcast_ref::<NotProcessed>()).is_some()
}
