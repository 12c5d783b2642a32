//! The ordered call. START HERE.
//!
//! connection -> fresh credentials -> send -> (401: one forced refresh) -> retry -> response. Everything that decides
//! is elsewhere; this module puts it in order.
//!
//! | what | where |
//! |---|---|
//! | which credentials are fresh | [`crate::refresh`] |
//! | one try: plan, egress, transport, redirects | [`crate::send`] |
//! | whether and when to try again | [`budget`], which asks [`crate::response::retry`] |
//! | how long all of it may take | [`deadline`] |

mod budget;
mod deadline;

pub(crate) use deadline::{DEFAULT_CALL_TIMEOUT, shown as shown_limit};

use crate::account::Account;
use crate::connection::ConnectionKey;
use crate::engine::Engine;
use crate::error::Result;
use crate::recent::CallEnd;
use crate::refresh::{RefreshIf, Refresher};
use crate::request::{Call, CallBody};
use crate::response::retry::GivenUp;
use crate::send::{Answered, send};
use crate::trace;
use crate::transport::{Body, Response};
use budget::{Next, RetryBudget};
use deadline::Progress;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tracing::Instrument;

/// The response to a call, whatever its status, and what led to it.
#[derive(Debug)]
pub(crate) struct CallOutcome {
    pub(crate) answered: Answered,
    /// What the request was built from: the stored token may have been replaced since.
    pub(crate) account: Arc<Account>,
    /// Why a response that is no success, or counts as none, was not followed by another try, where that is known.
    pub(crate) given_up: Option<GivenUp>,
    /// The status that the response counts as, where its body tells that it is an error.
    pub(crate) counts_as: Option<u16>,
}

impl CallOutcome {
    /// The response for a user of the crate, with [`GivenUp`] among its extensions where there is one.
    pub(crate) fn into_response(self) -> Response {
        let mut response = self.answered.response;
        if let Some(given_up) = self.given_up {
            response.extensions_mut().insert(given_up);
        }
        response
    }
}

/// Sends a call of a connection. `stream` is the body where the call says [`CallBody::Stream`]. Bounded in time until
/// the response's headers are there, and what is read ahead of its body.
pub(crate) async fn call(
    refresher: &Refresher,
    key: &ConnectionKey,
    call: &Call,
    stream: Option<Body>,
) -> Result<CallOutcome> {
    let (span, begun) = (trace::call(key, call), Instant::now());
    let bounded = async {
        let (mut stream, progress) = Progress::of(stream);
        let sent = AtomicU32::new(0);
        let timeout = call.timeout.unwrap_or(refresher.engine().call_timeout);
        let outcome = progress.bound(timeout, pin!(tries(refresher, key, call, &mut stream, &sent))).await;
        let outcome = outcome.map_err(|error| progress.broke().unwrap_or(error));
        trace::ended(sent.into_inner(), outcome.as_ref().map(|outcome| outcome.answered.response.status()));
        note(refresher.engine(), key, &outcome, begun.elapsed());
        outcome
    };
    bounded.instrument(span).await
}

/// Notes how a call ended, for those who ask how a connection does.
fn note(engine: &Engine, key: &ConnectionKey, outcome: &Result<CallOutcome>, took: Duration) {
    let (account, ended) = match outcome {
        Ok(CallOutcome { answered, account, counts_as, .. }) => {
            let status = answered.response.status().as_u16();
            (Some(&**account), CallEnd::Answered { status, counts_as: *counts_as })
        }
        Err(error) => (None, CallEnd::Failed(error.kind())),
    };
    engine.note_call(key, account, ended, took);
}

/// Tries until there is an answer for the caller; `sent` counts them.
async fn tries(
    refresher: &Refresher,
    key: &ConnectionKey,
    call: &Call,
    stream: &mut Option<Body>,
    sent: &AtomicU32,
) -> Result<CallOutcome> {
    let engine = refresher.engine();
    let streams = matches!(call.body, CallBody::Stream);
    let mut budget = RetryBudget::of(engine, call);
    let mut account = refresher.account(key, RefreshIf::Due).await?;
    let spec = account.spec;
    let mut renewed = streams;
    loop {
        let number = sent.fetch_add(1, Ordering::Relaxed);
        let mut outcome = send(engine, &account, call, stream).await;
        trace::tried(number, outcome.as_ref().map(|answered| answered.response.status()));
        // Boxed, as everything that few calls need: the future of a call is as large as its largest part.
        let mut beginning = None;
        if let Some(limit) = budget::read_ahead(spec, &outcome) {
            // A body that breaks off here is a try that failed, as one whose connection broke before the headers.
            match Box::pin(budget.peeked(spec, call, outcome?, limit)).await {
                Ok((answered, read)) => (outcome, beginning) = (Ok(answered), Some(read)),
                Err(error) => outcome = Err(error),
            }
        }
        let counts_as = beginning.as_ref().and_then(|read| read.counts_as);
        if let Ok(answered) = &outcome
            && counts_as.unwrap_or(answered.response.status().as_u16()) == 401
            && !renewed
        {
            renewed = true;
            if let Some(other) = Box::pin(renew(refresher, &account)).await {
                account = other;
                continue;
            }
        }
        match budget.after(spec, call, engine.clock.now(), outcome, beginning.as_ref())? {
            Next::Break((answered, given_up)) => return Ok(CallOutcome { answered, account, given_up, counts_as }),
            Next::Continue(wait) => {
                trace::waiting(wait);
                tokio::time::sleep(wait).await;
            }
        }
        account = refresher.account(key, RefreshIf::Due).await?;
    }
}

/// The account with another token than the refused one; `None` if there is no other.
async fn renew(refresher: &Refresher, refused: &Account) -> Option<Arc<Account>> {
    let connection = &refused.connection;
    let token = &connection.credentials.token.as_ref()?.access;
    let other = refresher.account(&connection.key, RefreshIf::StillToken(token.clone())).await.ok()?;
    let changed = other.connection.credentials.token.as_ref().is_some_and(|new| new.access != *token);
    changed.then_some(other)
}
