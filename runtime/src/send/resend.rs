//! Sending again what the server says it did not process (RFC 9113 section 8.7): a refused stream, a connection that it
//! left before the request.
//!
//! That is safe for every method, so no caller has to ask for it. Tries that may repeat a request are decided in
//! [`crate::response::retry`].

use crate::egress::Egress;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::transport::{Body, BoxFuture, NotProcessed};
use http::{Request, Response};
use std::time::Duration;

/// How often a request is sent again.
pub(crate) const MAX_RESENDS: u32 = 3;
/// The wait before the first time; it doubles. A server that refuses streams has too many at the moment.
const FIRST_RESEND_DELAY: Duration = Duration::from_millis(100);

/// The response to a request that `make` makes anew for each sending.
pub(crate) async fn delivered(
    engine: &Engine,
    egress: &Egress,
    resends: u32,
    mut make: impl FnMut() -> Result<Request<Body>>,
) -> Result<Response<Body>> {
    let sending = engine.transport.send(make()?, egress);
    answered(engine, egress, sending, resends, make).await
}

/// The response to a request that is being sent; `make` makes it anew for each further sending.
pub(super) async fn answered(
    engine: &Engine,
    egress: &Egress,
    sending: BoxFuture<'_, Result<Response<Body>>>,
    resends: u32,
    make: impl FnMut() -> Result<Request<Body>>,
) -> Result<Response<Body>> {
    match sending.await {
        // Boxed, as everything that few calls need: the future of a call is as large as its largest part.
        Err(error) if resends > 0 && is_unprocessed(&error) => Box::pin(again(engine, egress, resends, make)).await,
        outcome => outcome,
    }
}

async fn again(
    engine: &Engine,
    egress: &Egress,
    resends: u32,
    mut make: impl FnMut() -> Result<Request<Body>>,
) -> Result<Response<Body>> {
    let (mut left, mut delay) = (resends, FIRST_RESEND_DELAY);
    loop {
        tokio::time::sleep(delay).await;
        left -= 1;
        delay *= 2;
        match engine.transport.send(make()?, egress).await {
            Err(error) if left > 0 && is_unprocessed(&error) => {}
            outcome => return outcome,
        }
    }
}

fn is_unprocessed(error: &Error) -> bool {
    std::error::Error::source(error).and_then(|source| source.downcast_ref::<NotProcessed>()).is_some()
}
