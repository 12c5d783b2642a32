//! The first request of a call: made of what its account keeps ready where the call adds little to it, else planned.
//!
//! Both are sent alike. Only what follows a redirect needs a plan, and makes it then.

use super::outgoing::{ready_request, send_plan};
use super::resend::{MAX_RESENDS, delivered};
use crate::account::Account;
use crate::clock::Moment;
use crate::egress::Egress;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::planned::PlannedUrl;
use crate::request::{Call, Plan, Prepared};
use crate::transport::{Body, Response};
use http::{Request, Uri};
use std::fmt;
use std::sync::Arc;
use url::Url;

/// The answer to the first request of a call.
pub(super) struct First {
    pub(super) response: Response,
    pub(super) requested: Requested,
    /// The request's plan, where one was made.
    pub(super) plan: Option<Box<Plan>>,
    pub(super) egress: Arc<Egress>,
}

/// The URL of a request. It may hold a credential, so it does not show itself.
pub(crate) enum Requested {
    Planned(PlannedUrl),
    Ready(Uri),
}

impl fmt::Debug for Requested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requested")
    }
}

impl Requested {
    /// The same as a URL.
    pub(crate) fn url(self) -> Result<PlannedUrl> {
        match self {
            Requested::Planned(url) => Ok(url),
            Requested::Ready(uri) => Url::parse(&uri.to_string()).map(PlannedUrl).map_err(|_| {
                Error::new(ErrorKind::InvalidRequest, "the request's URL cannot be read as one").sent(true)
            }),
        }
    }
}

/// Sends the first request of a call.
pub(super) async fn send(engine: &Engine, account: &Account, call: &Call, stream: Option<Body>) -> Result<First> {
    let ready = account.prepared(&engine.policy, &engine.user_agent, &*engine.clock);
    let ready = ready.and_then(|(prepared, egress)| Some((prepared, prepared.request(call)?, egress)));
    match ready {
        Some((prepared, request, egress)) => {
            let requested = Requested::Ready(request.uri().clone());
            let sent = send_ready(engine, account, call, prepared, request, stream, egress).await;
            let response = sent.map_err(|error| error.provider(account.spec.key).stage(Stage::Request))?;
            Ok(First { response, requested, plan: None, egress: Arc::clone(egress) })
        }
        // Boxed, so that the future of a call is no larger than what most calls need.
        None => Box::pin(send_planned(engine, account, call, stream)).await,
    }
}

/// The plan of a call's request at a moment.
pub(super) fn plan(engine: &Engine, account: &Account, call: &Call, moment: &Moment) -> Result<Plan> {
    Ok(account.plan(call, moment)?.named(&engine.user_agent))
}

async fn send_planned(engine: &Engine, account: &Account, call: &Call, stream: Option<Body>) -> Result<First> {
    let spec = account.spec;
    let moment = account.moment(&*engine.clock)?;
    let plan = plan(engine, account, call, &moment)?;
    let egress = account.call_egress(&engine.policy, call, &moment);
    egress.check_url(&plan.url.0).map_err(|error| error.provider(spec.key))?;
    let response = send_plan(engine, account, &plan, stream, &egress).await;
    let response = response.map_err(|error| error.provider(spec.key).stage(Stage::Request))?;
    Ok(First { response, requested: Requested::Planned(plan.url.clone()), plan: Some(Box::new(plan)), egress })
}

/// Sends a request that was ready. A stream is there once, so a request with one is never sent again.
async fn send_ready(
    engine: &Engine,
    account: &Account,
    call: &Call,
    prepared: &Prepared,
    request: Request<()>,
    mut stream: Option<Body>,
    egress: &Egress,
) -> Result<Response> {
    let resends = if stream.is_some() { 0 } else { MAX_RESENDS };
    let mut made = Some(request);
    let make = || {
        let unfit = || Error::new(ErrorKind::InvalidRequest, "the request does not fit into HTTP").sent(false);
        let request = made.take().or_else(|| prepared.request(call)).ok_or_else(unfit)?;
        Ok(ready_request(account, request, &call.body, stream.take()))
    };
    delivered(engine, egress, resends, make).await
}
