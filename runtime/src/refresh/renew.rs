//! One renewal: read, write the intent, ask the token endpoint, write the outcome.
//!
//! Where a refresh token is redeemed, the intent is in the store before the request leaves, written against the epoch
//! that was read: of several processes one begins, the others wait for its outcome. One that was killed leaves an
//! intent behind, which is reported and not acted on.
//!
//! Runs alone per connection in this process. Absent here: who waits for it.

use super::Want;
use super::decide::{self, Decision, Intent};
use crate::auth::{self, exchange::Grant};
use crate::clock::Timestamp;
use crate::connection::accept::accept;
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::error::{Error, ErrorKind, Result};
use crate::parts::{Parts, inputs};
use crate::pipeline::token::exchange;
use crate::pipeline::trace;
use std::time::Duration;

/// How often a write is tried again because something else about the connection changed meanwhile.
const MOST_WRITES: usize = 8;

/// How often and how long to look whether another process has ended what it began.
const MOST_LOOKS: usize = 240;
const LOOK: Duration = Duration::from_millis(250);

pub(super) async fn renew(parts: &Parts, key: &ConnectionKey, want: &Want) -> Result<()> {
    for _ in 0..MOST_WRITES {
        let before = undisturbed(parts, key).await?;
        match attempt(parts, before, want).await {
            Err(error) if error.kind() == ErrorKind::Conflict && error.evidence().sent == Some(false) => {}
            outcome => return outcome,
        }
    }
    Err(too_often())
}

/// The connection, as soon as no other process is renewing it, or cannot be waited for any longer.
async fn undisturbed(parts: &Parts, key: &ConnectionKey) -> Result<Connection> {
    let mut connection = parts.connection(key).await?;
    for _ in 0..MOST_LOOKS {
        if decide::intent(&connection.refresh, parts.clock.now()) != Intent::Running {
            break;
        }
        tokio::time::sleep(LOOK).await;
        connection = parts.connection(key).await?;
    }
    Ok(connection)
}

async fn attempt(parts: &Parts, before: Connection, want: &Want) -> Result<()> {
    let key = &before.key;
    let (mut integration, spec) = parts.integration(&key.integration).await?;
    trace::provider(spec.key);
    parts.document(&mut integration);
    let now = parts.clock.now();
    if decide::decide(spec, &before, want, now) == Decision::Use {
        return Ok(());
    }
    if !auth::renews(spec, &before.credentials) {
        return Ok(());
    }
    decide::permit(&before.refresh, want, now).map_err(|error| error.provider(spec.key).stage("refresh"))?;
    match decide::intent(&before.refresh, now) {
        Intent::None => {}
        Intent::Running => return Err(running().provider(spec.key).stage("refresh")),
        // An operator's wish is the one further try.
        Intent::Abandoned if matches!(want, Want::Renewed) => {}
        Intent::Abandoned => {
            let ended =
                |connection: &mut Connection| connection.refresh = decide::failed(&connection.refresh, true, now);
            write(parts, before, ended).await?;
            return Err(lost().provider(spec.key).stage("refresh"));
        }
    }
    // A client's own secret can be sent as often as one likes; a refresh token may be good for one time only.
    let moment = parts.moment()?;
    let single_use = auth::redeems_once(spec, &before.credentials, moment.now);
    let before = if single_use { begin(parts, before, now).await? } else { before };
    let inputs = inputs(spec, &integration, &before, &moment);
    let granted = exchange(parts, spec, &integration, |answers| auth::step(&inputs, Grant::Renewal, answers)).await;
    let now = parts.clock.now();
    match granted {
        Ok(granted) => write(parts, before, |connection| accept(spec, connection, granted.clone(), now)).await,
        Err(error) => {
            let indeterminate = single_use && is_indeterminate(&error);
            let refresh = |state: &RefreshState| decide::failed(state, indeterminate, now);
            write(parts, before, |connection| connection.refresh = refresh(&connection.refresh)).await?;
            Err(explain(error, indeterminate).provider(spec.key).stage("refresh"))
        }
    }
}

/// Writes the intent. A conflict, nothing having been sent, means that somebody else was faster.
async fn begin(parts: &Parts, mut connection: Connection, now: Timestamp) -> Result<Connection> {
    let epoch = connection.epoch;
    connection.refresh = decide::begun(&connection.refresh, now);
    let written = parts.store().await?.put_connection(connection.clone(), Some(epoch)).await;
    connection.epoch = written.map_err(|error| error.stage("refresh").sent(false))?;
    Ok(connection)
}

/// How often and how long a write waits for a store that is away: what was granted is nowhere else. Together with the
/// exchange that is still shorter than the lease.
const MOST_WAITS: usize = 40;
const WAIT: Duration = Duration::from_millis(500);

/// Writes a connection, waiting for a store that is away for a while.
async fn put(parts: &Parts, connection: &Connection, epoch: u64) -> Result<u64> {
    for _ in 0..MOST_WAITS {
        match parts.store().await?.put_connection(connection.clone(), Some(epoch)).await {
            Err(error) if error.kind() == ErrorKind::StoreUnavailable => tokio::time::sleep(WAIT).await,
            outcome => return outcome,
        }
    }
    parts.store().await?.put_connection(connection.clone(), Some(epoch)).await
}

/// Writes a change. If something else was written first, the change is made to that, unless its token is another one:
/// then somebody else renewed or reconnected, and theirs stays.
async fn write(parts: &Parts, before: Connection, change: impl Fn(&mut Connection)) -> Result<()> {
    let token = before.credentials.token.clone();
    let mut current = before;
    for _ in 0..MOST_WRITES {
        let epoch = current.epoch;
        let key = current.key.clone();
        change(&mut current);
        match put(parts, &current, epoch).await {
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            outcome => return outcome.map(|_| ()),
        }
        current = parts.connection(&key).await?;
        if current.credentials.token != token {
            return Ok(());
        }
    }
    Err(too_often())
}

/// Whether the request may have been carried out although no answer says so.
fn is_indeterminate(error: &Error) -> bool {
    use ErrorKind::{Timeout, TokenUnreadable, Unreachable, UnreadableResponse};
    matches!(error.kind(), Timeout | Unreachable | UnreadableResponse | TokenUnreadable)
        && error.evidence().sent != Some(false)
}

fn explain(error: Error, indeterminate: bool) -> Error {
    if !indeterminate {
        return error;
    }
    lost().source(error)
}

fn lost() -> Error {
    let message = "the refresh was sent and its answer was lost: the refresh token may be used up, so it is not sent again \
                   by itself; refresh it by hand once, or let the customer connect again";
    Error::new(ErrorKind::ReconnectNeeded, message).sent(true)
}

fn running() -> Error {
    Error::new(ErrorKind::RefreshBackoff, "another process is refreshing this connection: try again later").sent(false)
}

fn too_often() -> Error {
    Error::new(ErrorKind::Conflict, "the connection is being changed too often: try again").stage("refresh")
}
