//! Sending a call once: the only module that calls a transport.
//!
//! ready or planned ([`first`]) -> send ([`outgoing`]) -> redirects ([`redirect`]) -> decompression. A request that a
//! server says it did not process is sent again ([`resend`]); every other decision about a further try is the caller's
//! ([`crate::call`]).

mod beginning;
mod first;
mod outgoing;
mod redirect;
mod resend;

pub(crate) use beginning::{Beginning, beginning, may_tell_error};
pub(crate) use first::requested_url;
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
use crate::request::{Call, Plan};
use crate::transport::{Body, Response};
use first::First;
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
    /// The plan of the call's first request, where one was made: [`requested_url`].
    pub(crate) plan: Option<Box<Plan>>,
    /// The URL that the response came from, where redirects led to another one.
    pub(crate) moved_to: Option<Box<PlannedUrl>>,
    /// Where the call was allowed to go.
    pub(crate) egress: Arc<Egress>,
}

/// Sends a call, and follows its redirects. `stream` is the body where the call says
/// [`crate::request::CallBody::Stream`], and is taken.
pub(crate) async fn send(
    engine: &Engine,
    account: &Account,
    call: &Call,
    stream: &mut Option<Body>,
) -> Result<Answered> {
    let First { response, plan, egress } = first::send(engine, account, call, stream).await?;
    let answered = Answered { response, plan, moved_to: None, egress };
    let decompresses = call.decompress || account.spec.proxy.is_some_and(|proxy| proxy.decompress);
    if !decompresses && !redirect::is_followed(call, &answered.response) {
        return Ok(answered);
    }
    // Boxed, as everything that few calls need: the future of a call is as large as its largest part.
    let rest = Box::pin(finish(engine, account, call, answered, decompresses)).await;
    rest.map_err(|error| error.provider(account.spec.key).stage(Stage::Request))
}

/// Follows redirects, and decompresses what they lead to.
async fn finish(
    engine: &Engine,
    account: &Account,
    call: &Call,
    mut answered: Answered,
    decompresses: bool,
) -> Result<Answered> {
    if redirect::is_followed(call, &answered.response) {
        let Answered { response, plan, egress, .. } = answered;
        let first = match plan {
            Some(plan) => plan,
            None => Box::new(first::plan(engine, account, call, &account.moment(&*engine.clock)?)?),
        };
        let Followed { response, moved_to } =
            redirect::follow(engine, account, call, &first, response, &egress).await?;
        answered = Answered { response, plan: Some(first), moved_to: moved_to.map(Box::new), egress };
    }
    if decompresses {
        answered.response = decompressed(answered.response, &call.method).await?;
    }
    Ok(answered)
}

/// Sends a call whose credentials need not be stored, within [`SINGLE_CALL_TIMEOUT`]: what proves them, and what hooks
/// send.
pub(crate) async fn once(engine: &Engine, account: &Account, call: &Call) -> Result<Response> {
    let sent = tokio::time::timeout(SINGLE_CALL_TIMEOUT, send(engine, account, call, &mut None)).await;
    let sent = sent.unwrap_or_else(|_| {
        let message = format!("the provider did not answer within {} seconds", SINGLE_CALL_TIMEOUT.as_secs());
        Err(Error::new(ErrorKind::Timeout, message).provider(account.spec.key).stage(Stage::Request).sent(true))
    });
    sent.map(|answered| answered.response)
}
