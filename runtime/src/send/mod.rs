//! Sending a call once: the only module that calls a transport.
//!
//! plan -> egress -> send ([`outgoing`]) -> redirects ([`redirect`]) -> decompression. A request that a server says it
//! did not process is sent again ([`resend`]); every other decision about a further try is the caller's
//! ([`crate::call`]).

mod outgoing;
mod redirect;
mod resend;

#[cfg(feature = "testing")]
pub(crate) use outgoing::SecretsInRequest;
pub(crate) use outgoing::{header_map, http_request, request_extensions};
pub(crate) use resend::{MAX_RESENDS, delivered};

use crate::account::Account;
use crate::decompress::decompressed;
use crate::egress::Egress;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::planned::PlannedUrl;
use crate::request::Call;
use crate::transport::{Body, Response};
use redirect::Followed;
use std::sync::Arc;
use std::time::Duration;

/// The longest time that a call of [`once`] may take until its headers are there; what reads its body takes the rest of
/// it.
pub(crate) const SINGLE_CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// The response to a call, and what is known of how it was obtained.
#[derive(Debug)]
pub(crate) struct Answered {
    /// As it came from the last host, decompressed where that was asked for.
    pub(crate) response: Response,
    /// The URL of the call's first request.
    pub(crate) requested_url: PlannedUrl,
    /// The URL that the response came from, after redirects.
    pub(crate) final_url: PlannedUrl,
    /// Where the call was allowed to go.
    pub(crate) egress: Arc<Egress>,
}

/// Sends a call, and follows its redirects. `stream` is the body where the call says
/// [`crate::request::CallBody::Stream`].
pub(crate) async fn send(engine: &Engine, account: &Account, call: &Call, stream: Option<Body>) -> Result<Answered> {
    let spec = account.spec;
    let moment = account.moment(&*engine.clock)?;
    let plan = account.plan(call, &moment)?.named(&engine.user_agent);
    let egress = account.call_egress(&engine.policy, call, &moment);
    egress.check_url(&plan.url.0).map_err(|error| error.provider(spec.key))?;
    let followed = redirect::follow(engine, account, call, &plan, stream, &egress).await;
    let Followed { mut response, moved_to } =
        followed.map_err(|error| error.provider(spec.key).stage(Stage::Request))?;
    if call.decompress || spec.proxy.is_some_and(|proxy| proxy.decompress) {
        // Boxed, as everything that few calls need: the future of a call is as large as its largest part.
        let plain = Box::pin(decompressed(response, &plan.method)).await;
        response = plain.map_err(|error| error.provider(spec.key).stage(Stage::Request))?;
    }
    let requested_url = plan.url;
    let final_url = moved_to.unwrap_or_else(|| requested_url.clone());
    Ok(Answered { response, requested_url, final_url, egress })
}

/// Sends a call whose credentials need not be stored, within [`SINGLE_CALL_TIMEOUT`]: what proves them, and what hooks
/// send.
pub(crate) async fn once(engine: &Engine, account: &Account, call: &Call) -> Result<Response> {
    let sent = tokio::time::timeout(SINGLE_CALL_TIMEOUT, send(engine, account, call, None)).await;
    let sent = sent.unwrap_or_else(|_| {
        let message = format!("the provider did not answer within {} seconds", SINGLE_CALL_TIMEOUT.as_secs());
        Err(Error::new(ErrorKind::Timeout, message).provider(account.spec.key).stage(Stage::Request).sent(true))
    });
    sent.map(|answered| answered.response)
}
