//! One renewal: read, write the intent, ask the token endpoint, write the outcome; where the outcome is unknown, once
//! more within seconds.
//!
//! Where a refresh token is redeemed, the intent is in the store before the request leaves, written against the epoch
//! that was read: of several processes one begins, the others wait for its outcome. One that was killed leaves an
//! intent, which is an attempt of unknown outcome once its lease is over.
//!
//! Runs alone per connection in this process ([`super::flight`]). What an outcome means is decided in
//! [`super::outcome`] and [`super::state`].

use super::decide::{self, Decision, RefreshIf};
use super::outcome::{Outcome, outcome};
use super::state::{self, Intent};
use crate::account::Account;
use crate::auth::{self, exchange::Answer, exchange::Grant};
use crate::clock::Timestamp;
use crate::connection::update::apply_grant;
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::credentials::Token;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::exchange::{LIMITS, Limits, exchange_within};
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use crate::trace;
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::UnknownOutcome;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often an attempt or a write is begun again because something else about the connection changed meanwhile.
const MAX_WRITES: usize = 8;

/// How often and how long to poll for the outcome of another process's attempt: longer than any lease.
const MAX_POLLS: usize = 400;
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// What came of one attempt.
enum Attempt {
    /// The connection has what was wanted.
    Renewed,
    /// Another process was faster: read again.
    Disturbed,
    /// The outcome is unknown, for the first time: the token it was made with is sent again.
    TriedAgain(Option<Token>),
}

pub(super) async fn renew(engine: &Engine, key: &ConnectionKey, wanted: &RefreshIf) -> Result<()> {
    // The token of a first attempt whose outcome is unknown.
    let mut first: Option<Option<Token>> = None;
    for _ in 0..MAX_WRITES {
        let before = wait_for_other_process(engine, key).await?;
        if first.as_ref().is_some_and(|token| *token != before.credentials.token) {
            return Ok(());
        }
        match attempt(engine, before, wanted, first.is_some()).await? {
            Attempt::Renewed => return Ok(()),
            Attempt::Disturbed => {}
            Attempt::TriedAgain(token) => {
                first = Some(token);
                tokio::time::sleep(state::RETRY_PAUSE.min(engine.refresh_timeout / 6)).await;
            }
        }
    }
    Err(too_often())
}

/// The connection, as soon as no other process is renewing it, or cannot be waited for any longer.
async fn wait_for_other_process(engine: &Engine, key: &ConnectionKey) -> Result<Connection> {
    let mut connection = engine.connection(key).await?;
    for _ in 0..MAX_POLLS {
        if state::intent(&connection.refresh, engine.clock.now()) != Intent::Running {
            break;
        }
        tokio::time::sleep(POLL_INTERVAL).await;
        connection = engine.connection(key).await?;
    }
    Ok(connection)
}

/// `again`: this is the second attempt, whose time has come.
async fn attempt(engine: &Engine, before: Connection, wanted: &RefreshIf, again: bool) -> Result<Attempt> {
    let mut account = engine.account_of(before).await?;
    let (spec, before) = (account.spec, &account.connection);
    trace::provider(spec.key);
    let now = engine.clock.now();
    if decide::decide(spec, before, wanted, now) == Decision::Use || !auth::can_refresh(spec, &before.credentials) {
        return Ok(Attempt::Renewed);
    }
    if state::intent(&before.refresh, now) == Intent::Running {
        return Err(with_context(running(), spec));
    }
    let policy = policy(spec, account.integration());
    let state = state::settled(&before.refresh, policy, now);
    let permitted = if again && !state.exhausted { Ok(()) } else { state::permit(&state, wanted, now) };
    if let Err(error) = permitted {
        if state != before.refresh {
            let settle = |connection: &mut Connection| {
                connection.refresh = state::settled(&connection.refresh, policy, now);
            };
            write(engine, account.connection, Change::Failure, settle).await?;
        }
        return Err(with_context(error, spec));
    }
    let request = engine.refresh_timeout;
    // A client's own secret can be sent repeatedly; a refresh token may be single-use.
    if !auth::refresh_is_single_use(spec, &before.credentials, now) {
        // Only a single-use token can be used up.
        return redeem(engine, account, UnknownOutcome::Retry, Limits { request, ..LIMITS }).await;
    }
    if !begin(engine, &mut account.connection, &state, now).await? {
        return Ok(Attempt::Disturbed);
    }
    match state::left(&account.connection.refresh, engine.clock.now()) {
        Some(left) => redeem(engine, account, policy, Limits { request, whole: left.min(request) }).await,
        None => Ok(Attempt::Disturbed),
    }
}

/// Writes the intent. `false`, nothing having been sent, means that another process was faster.
async fn begin(engine: &Engine, connection: &mut Connection, state: &RefreshState, now: Timestamp) -> Result<bool> {
    connection.refresh = state::begun(state, engine.refresh_timeout, now);
    match engine.store().await?.put_connection(connection.clone(), Some(connection.epoch)).await {
        Ok(epoch) => {
            connection.epoch = epoch;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
        Err(error) => Err(error.stage(Stage::Refresh).sent(false)),
    }
}

/// Asks the token endpoint, and writes what came of it.
async fn redeem(engine: &Engine, account: Account, policy: UnknownOutcome, limits: Limits) -> Result<Attempt> {
    let spec = account.spec;
    let moment = engine.moment()?;
    let inputs = account.inputs(&moment);
    // Of several requests the first may have brought a new refresh token when a later one fails.
    let successor: Mutex<Option<Secret>> = Mutex::new(None);
    let step = |answers: &[Answer]| {
        if let Some(found) = auth::successor(&inputs, answers) {
            *successor.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        }
        auth::step(&inputs, Grant::Renewal, answers)
    };
    let granted = exchange_within(engine, &account, limits, step).await;
    let now = engine.clock.now();
    let error = match granted {
        Ok(granted) => {
            let keep = |connection: &mut Connection| apply_grant(spec, connection, granted.clone(), now);
            return write(engine, account.connection, Change::Grant, keep).await.map(|()| Attempt::Renewed);
        }
        Err(error) => error,
    };
    let successor = successor.into_inner().unwrap_or_else(PoisonError::into_inner);
    // A token whose successor arrived is never sent again, and the successor has not been sent.
    let outcome = if successor.is_some() { Outcome::NotRedeemed(None) } else { outcome(&error, spec) };
    let state = state::failed(&account.connection.refresh, outcome, policy, now);
    let integration = &account.integration().key;
    tracing::warn!(provider = spec.key, integration, outcome = ?outcome, %error, "a refresh failed");
    let token = account.connection.credentials.token.clone();
    let note = |connection: &mut Connection| {
        connection.refresh = state::failed(&connection.refresh, outcome, policy, now);
        if let (Some(token), Some(successor)) = (&mut connection.credentials.token, &successor) {
            token.refresh = Some(successor.clone());
        }
    };
    let change = if successor.is_some() { Change::Grant } else { Change::Failure };
    write(engine, account.connection, change, note).await?;
    if outcome == Outcome::Unknown && state::is_tried_again_soon(&state) {
        return Ok(Attempt::TriedAgain(token));
    }
    Err(with_context(explain(error, outcome, &state, now), spec))
}

/// What follows an unknown outcome: as the integration says, else as the entry does.
fn policy(spec: &ProviderSpec, integration: &IntegrationRecord) -> UnknownOutcome {
    let declared = spec.quirks.map_or(UnknownOutcome::Retry, |quirks| quirks.unknown_outcome);
    integration.unknown_outcome.unwrap_or(declared)
}

/// How often and how long a write waits for a store that is unavailable: what was granted is nowhere else.
const MAX_STORE_RETRIES: usize = 40;
const STORE_RETRY_DELAY: Duration = Duration::from_millis(500);

/// Writes a connection, waiting for a store that is unavailable for a while.
async fn put(engine: &Engine, connection: &Connection, epoch: u64) -> Result<u64> {
    for _ in 0..MAX_STORE_RETRIES {
        match engine.store().await?.put_connection(connection.clone(), Some(epoch)).await {
            Err(error) if error.kind() == ErrorKind::StoreUnavailable => tokio::time::sleep(STORE_RETRY_DELAY).await,
            outcome => return outcome,
        }
    }
    engine.store().await?.put_connection(connection.clone(), Some(epoch)).await
}

/// What a change brings.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    /// Something that must not be lost.
    Grant,
    /// The note of a failure.
    Failure,
}

/// Writes a change. If another write came first, the change is made to that, unless its token is another one: then
/// another process renewed or reconnected, and its token stays. A failure is not noted over another process's attempt.
async fn write(engine: &Engine, before: Connection, what: Change, change: impl Fn(&mut Connection)) -> Result<()> {
    let (token, intent) = (before.credentials.token.clone(), before.refresh.intent);
    let (provider, key) = (before.provider.clone(), before.key.clone());
    let mut current = before;
    for _ in 0..MAX_WRITES {
        let epoch = current.epoch;
        change(&mut current);
        let written = match put(engine, &current, epoch).await {
            Err(error) if error.kind() == ErrorKind::Conflict => None,
            outcome => Some(outcome.map(|_| ())),
        };
        if what == Change::Grant && intent.is_some_and(|end| end <= engine.clock.now()) {
            let integration = &key.integration;
            tracing::warn!(provider, integration, "{STORED_LATE}");
        }
        if let Some(outcome) = written {
            return outcome;
        }
        current = engine.connection(&key).await?;
        let taken_over = what == Change::Failure && current.refresh.intent != intent;
        if current.credentials.token != token || taken_over {
            return Ok(());
        }
    }
    Err(too_often())
}

/// The operator is told why a customer may have to connect again.
const STORED_LATE: &str = "what a refresh brought reached the store when its lease was over: another process may have \
                           sent the refresh token again";

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

fn with_context(error: Error, spec: &ProviderSpec) -> Error {
    error.provider(spec.key).stage(Stage::Refresh)
}

fn running() -> Error {
    Error::new(ErrorKind::RefreshBackoff, "another process is refreshing this connection: try again later").sent(false)
}

fn too_often() -> Error {
    Error::new(ErrorKind::Conflict, "the connection is being changed too often: try again").stage(Stage::Refresh)
}
