//! One renewal: read, write the intent, ask the token endpoint, write the outcome; where the outcome is unknown, once
//! more within seconds.
//!
//! Where a refresh token is redeemed, the intent is in the store before the request leaves, written against the epoch
//! that was read: of several processes one begins, the others wait for its outcome. One that was killed leaves an
//! intent behind, which is an attempt of unknown outcome once its lease is over.
//!
//! Runs alone per connection in this process. [`super::outcome`] and [`super::state`] say what an outcome means.

use super::Want;
use super::decide::{self, Decision};
use super::outcome::{Outcome, outcome};
use super::state::{self, Intent};
use crate::auth::{self, exchange::Answer, exchange::Grant};
use crate::clock::Timestamp;
use crate::connection::accept::accept;
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::credentials::Token;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::integration::IntegrationRecord;
use crate::parts::{Parts, inputs};
use crate::pipeline::token::{LIMITS, Limits, exchange_within};
use crate::pipeline::trace;
use crate::secret::Secret;
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::UnknownOutcome;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often an attempt or a write is begun again because something else about the connection changed meanwhile.
const MAX_WRITES: usize = 8;

/// How often and how long to poll for the outcome of another process's attempt: longer than any lease.
const MAX_LOOKS: usize = 400;
const LOOK: Duration = Duration::from_millis(250);

/// What came of one attempt.
enum Attempt {
    /// The connection has what was wanted.
    Renewed,
    /// Another process was faster: read again.
    Disturbed,
    /// The outcome is unknown, for the first time: the token it was made with is sent again.
    TriedAgain(Option<Token>),
}

pub(super) async fn renew(parts: &Parts, key: &ConnectionKey, want: &Want) -> Result<()> {
    // The token of a first attempt whose outcome is unknown.
    let mut first: Option<Option<Token>> = None;
    for _ in 0..MAX_WRITES {
        let before = undisturbed(parts, key).await?;
        if first.as_ref().is_some_and(|token| *token != before.credentials.token) {
            return Ok(());
        }
        match attempt(parts, before, want, first.is_some()).await? {
            Attempt::Renewed => return Ok(()),
            Attempt::Disturbed => {}
            Attempt::TriedAgain(token) => {
                first = Some(token);
                tokio::time::sleep(state::RETRY_PAUSE.min(parts.refresh_timeout / 6)).await;
            }
        }
    }
    Err(too_often())
}

/// The connection, as soon as no other process is renewing it, or cannot be waited for any longer.
async fn undisturbed(parts: &Parts, key: &ConnectionKey) -> Result<Connection> {
    let mut connection = parts.connection(key).await?;
    for _ in 0..MAX_LOOKS {
        if state::intent(&connection.refresh, parts.clock.now()) != Intent::Running {
            break;
        }
        tokio::time::sleep(LOOK).await;
        connection = parts.connection(key).await?;
    }
    Ok(connection)
}

/// `again`: this is the second attempt, whose time has come.
async fn attempt(parts: &Parts, before: Connection, want: &Want, again: bool) -> Result<Attempt> {
    let (mut integration, spec) = parts.integration(&before.key.integration).await?;
    trace::provider(spec.key);
    parts.document(&mut integration);
    let now = parts.clock.now();
    if decide::decide(spec, &before, want, now) == Decision::Use || !auth::renews(spec, &before.credentials) {
        return Ok(Attempt::Renewed);
    }
    if state::intent(&before.refresh, now) == Intent::Running {
        return Err(placed(running(), spec));
    }
    let policy = policy(spec, &integration);
    let state = state::settled(&before.refresh, policy, now);
    let permitted = if again && !state.exhausted { Ok(()) } else { state::permit(&state, want, now) };
    if let Err(error) = permitted {
        if state != before.refresh {
            let settle = |connection: &mut Connection| {
                connection.refresh = state::settled(&connection.refresh, policy, now);
            };
            write(parts, before, Change::Failure, settle).await?;
        }
        return Err(placed(error, spec));
    }
    // A client's own secret can be sent repeatedly; a refresh token may be single-use.
    let single_use = auth::redeems_once(spec, &before.credentials, now);
    let request = parts.refresh_timeout;
    let (before, limits) = if single_use {
        let Some(before) = begin(parts, before, &state, now).await? else { return Ok(Attempt::Disturbed) };
        let Some(left) = state::left(&before.refresh, parts.clock.now()) else { return Ok(Attempt::Disturbed) };
        (before, Limits { request, whole: left.min(request) })
    } else {
        (before, Limits { request, ..LIMITS })
    };
    // Only a single-use token can be used up.
    let policy = if single_use { policy } else { UnknownOutcome::Retry };
    send(parts, spec, &integration, before, policy, limits).await
}

/// Writes the intent. `None`, nothing having been sent, means that another process was faster.
async fn begin(
    parts: &Parts,
    mut connection: Connection,
    state: &RefreshState,
    now: Timestamp,
) -> Result<Option<Connection>> {
    let epoch = connection.epoch;
    connection.refresh = state::begun(state, parts.refresh_timeout, now);
    match parts.store().await?.put_connection(connection.clone(), Some(epoch)).await {
        Ok(epoch) => Ok(Some(Connection { epoch, ..connection })),
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(None),
        Err(error) => Err(error.stage(Stage::Refresh).sent(false)),
    }
}

/// Asks the token endpoint, and writes what came of it.
async fn send(
    parts: &Parts,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    before: Connection,
    policy: UnknownOutcome,
    limits: Limits,
) -> Result<Attempt> {
    let moment = parts.moment()?;
    let inputs = inputs(spec, integration, &before, &moment);
    // Of several requests the first may have brought a new refresh token when a later one fails.
    let successor: Mutex<Option<Secret>> = Mutex::new(None);
    let step = |answers: &[Answer]| {
        if let Some(found) = auth::successor(&inputs, answers) {
            *successor.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        }
        auth::step(&inputs, Grant::Renewal, answers)
    };
    let granted = exchange_within(parts, spec, integration, limits, step).await;
    let now = parts.clock.now();
    let error = match granted {
        Ok(granted) => {
            let keep = |connection: &mut Connection| accept(spec, connection, granted.clone(), now);
            return write(parts, before, Change::Grant, keep).await.map(|()| Attempt::Renewed);
        }
        Err(error) => error,
    };
    let successor = successor.into_inner().unwrap_or_else(PoisonError::into_inner);
    // A token whose successor arrived is never sent again, and the successor has not been sent.
    let outcome = if successor.is_some() { Outcome::NotRedeemed(None) } else { outcome(&error, spec) };
    let state = state::failed(&before.refresh, outcome, policy, now);
    tracing::warn!(provider = spec.key, integration = integration.key, outcome = ?outcome, %error, "a refresh failed");
    let token = before.credentials.token.clone();
    let note = |connection: &mut Connection| {
        connection.refresh = state::failed(&connection.refresh, outcome, policy, now);
        if let (Some(token), Some(successor)) = (&mut connection.credentials.token, &successor) {
            token.refresh = Some(successor.clone());
        }
    };
    let change = if successor.is_some() { Change::Grant } else { Change::Failure };
    write(parts, before, change, note).await?;
    if outcome == Outcome::Unknown && state::is_tried_again_soon(&state) {
        return Ok(Attempt::TriedAgain(token));
    }
    Err(placed(explain(error, outcome, &state, now), spec))
}

/// What to do after an unknown outcome: the integration's setting, else the entry's.
fn policy(spec: &ProviderSpec, integration: &IntegrationRecord) -> UnknownOutcome {
    let entrys = spec.quirks.map_or(UnknownOutcome::Retry, |quirks| quirks.unknown_outcome);
    integration.unknown_outcome.unwrap_or(entrys)
}

/// How often and how long a write is repeated while the store is unavailable: the granted token exists nowhere else.
const MAX_WAITS: usize = 40;
const WAIT: Duration = Duration::from_millis(500);

/// Writes a connection, repeating the write while the store is unavailable.
async fn put(parts: &Parts, connection: &Connection, epoch: u64) -> Result<u64> {
    for _ in 0..MAX_WAITS {
        match parts.store().await?.put_connection(connection.clone(), Some(epoch)).await {
            Err(error) if error.kind() == ErrorKind::StoreUnavailable => tokio::time::sleep(WAIT).await,
            outcome => return outcome,
        }
    }
    parts.store().await?.put_connection(connection.clone(), Some(epoch)).await
}

/// What a change brings.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    /// Something that must not be lost.
    Grant,
    /// The note of a failure.
    Failure,
}

/// Writes a change. If another write came first, the change is made to that record, unless its token is a different
/// one: then another process renewed or reconnected, and its token stays. A failure is not recorded over another
/// process's attempt.
async fn write(parts: &Parts, before: Connection, what: Change, change: impl Fn(&mut Connection)) -> Result<()> {
    let (token, intent) = (before.credentials.token.clone(), before.refresh.intent);
    let mut current = before;
    for _ in 0..MAX_WRITES {
        let epoch = current.epoch;
        let key = current.key.clone();
        change(&mut current);
        match put(parts, &current, epoch).await {
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            outcome => return outcome.map(|_| ()),
        }
        current = parts.connection(&key).await?;
        let taken_over = what == Change::Failure && current.refresh.intent != intent;
        if current.credentials.token != token || taken_over {
            return Ok(());
        }
    }
    Err(too_often())
}

/// The error of an attempt, with what follows from it.
fn explain(error: Error, outcome: Outcome, state: &RefreshState, now: Timestamp) -> Error {
    let wait = state::wait(state, now);
    match outcome {
        Outcome::InvalidGrant => {
            let message = format!("{}: the customer has to connect again", error.message());
            Error::new(ErrorKind::ReconnectNeeded, message).known(error.evidence()).source(error)
        }
        Outcome::Unknown if state.exhausted => {
            let message = "the refresh was sent and its answer was lost: the refresh token may be used up, so it is not sent \
                           again by itself; refresh it by hand once, or let the customer connect again";
            Error::new(ErrorKind::ReconnectNeeded, message).known(error.evidence()).source(error)
        }
        Outcome::Unknown => {
            let wait = wait.unwrap_or_default();
            let more = format!("; the outcome is unknown, the refresh is tried again in {} s", state::whole(wait));
            error.adding(&more).wait(Some(wait))
        }
        Outcome::Refused | Outcome::NotRedeemed(_) => error.wait(wait),
    }
}

fn placed(error: Error, spec: &ProviderSpec) -> Error {
    error.provider(spec.key).stage(Stage::Refresh)
}

fn running() -> Error {
    Error::new(ErrorKind::RefreshBackoff, "another process is refreshing this connection: try again later").sent(false)
}

fn too_often() -> Error {
    Error::new(ErrorKind::Conflict, "the connection is being changed too often: try again").stage(Stage::Refresh)
}
