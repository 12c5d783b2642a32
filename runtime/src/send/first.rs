//! The first request of a call: made of what its account keeps ready where the call adds little to it, else planned.
//!
//! Both are sent alike. Only what follows a redirect needs a plan, and makes it then.

use super::outgoing::{ready_request, send_plan, unfit};
use super::resend::{MAX_RESENDS, answered};
use crate::account::Account;
use crate::clock::Moment;
use crate::egress::Egress;
use crate::engine::Engine;
use crate::error::{Result, Stage};
use crate::planned::PlannedUrl;
use crate::request::{Call, Plan};
use crate::transport::{Body, BoxFuture, Response};
use http::Request;
use std::sync::Arc;

/// The answer to the first request of a call.
pub(super) struct First {
    pub(super) response: Response,
    /// The request's plan, where one was made.
    pub(super) plan: Option<Box<Plan>>,
    pub(super) egress: Arc<Egress>,
}

/// Sends the first request of a call.
pub(super) async fn send(engine: &Engine, account: &Account, call: &Call, stream: &mut Option<Body>) -> Result<First> {
    // A stream is there once, so a request with one is never sent again.
    let resends = if stream.is_some() { 0 } else { MAX_RESENDS };
    match sending(engine, account, call, stream) {
        Some((sending, egress)) => {
            let make = || ready(engine, account, call, &mut None).map(|(request, _)| request).ok_or_else(unfit);
            let sent = answered(engine, egress, sending, resends, make).await;
            let response = sent.map_err(|error| error.provider(account.spec.key).stage(Stage::Request))?;
            Ok(First { response, plan: None, egress: Arc::clone(egress) })
        }
        // Boxed, so that the future of a call is no larger than what most calls need.
        None => Box::pin(send_planned(engine, account, call, stream)).await,
    }
}

/// The URL of a call's first request.
pub(crate) fn requested_url(
    engine: &Engine,
    account: &Account,
    call: &Call,
    plan: Option<Box<Plan>>,
) -> Result<PlannedUrl> {
    match plan {
        Some(plan) => Ok(plan.url),
        None => Ok(self::plan(engine, account, call, &account.moment(&*engine.clock)?)?.url),
    }
}

/// The plan of a call's request at a moment.
pub(super) fn plan(engine: &Engine, account: &Account, call: &Call, moment: &Moment) -> Result<Plan> {
    Ok(account.plan(call, moment)?.named(&engine.user_agent))
}

async fn send_planned(engine: &Engine, account: &Account, call: &Call, stream: &mut Option<Body>) -> Result<First> {
    let spec = account.spec;
    let moment = account.moment(&*engine.clock)?;
    let plan = plan(engine, account, call, &moment)?;
    let egress = account.call_egress(&engine.policy, call, &moment);
    egress.check_url(&plan.url.0).map_err(|error| error.provider(spec.key))?;
    let response = send_plan(engine, account, &plan, stream.take(), &egress).await;
    let response = response.map_err(|error| error.provider(spec.key).stage(Stage::Request))?;
    Ok(First { response, plan: Some(Box::new(plan)), egress })
}

/// A call's request on its way, where it was ready. Not a part of the future that waits for it, so that the request is
/// in one place alone.
fn sending<'a>(
    engine: &'a Engine,
    account: &'a Account,
    call: &Call,
    stream: &mut Option<Body>,
) -> Option<(BoxFuture<'a, Result<Response>>, &'a Arc<Egress>)> {
    let (request, egress) = ready(engine, account, call, stream)?;
    Some((engine.transport.send(request, egress), egress))
}

fn ready<'a>(
    engine: &Engine,
    account: &'a Account,
    call: &Call,
    stream: &mut Option<Body>,
) -> Option<(Request<Body>, &'a Arc<Egress>)> {
    let (prepared, egress) = account.prepared(&engine.policy, &engine.user_agent, &*engine.clock)?;
    let request = prepared.request(call)?;
    Some((ready_request(account, request, &call.body, stream.take()), egress))
}
