//! Keeping credentials alive: a connection whose credentials are fresh, however many callers ask at once.
//!
//! One refresh at a time per connection in this process, as a task of its own ([`flight`]): a caller that waits for it
//! may leave without stopping it. It reads the connection again before it acts, and writes with the epoch it read
//! ([`renew`]). When it is due, and when it must not be tried, is decided without IO ([`decide`], [`state`]).
//!
//! A token that still lives is used while it is renewed beside the call. Only a dead one makes a call wait, for at most
//! [`CALL_TIMEOUT`]; then the call is told so, and the renewal goes on.
//!
//! # What an answer means
//!
//! | the token endpoint's answer | says | then |
//! |---|---|---|
//! | a readable success | redeemed | stored at once |
//! | `invalid_grant`, or what the entry names as its equal, under any status | the grant is gone | reconnect needed, nothing more is sent |
//! | another 4xx but 408, 425, 429; a refusal inside a 2xx | refused, the grant is good | an error with the OAuth code as data, backoff |
//! | 429, 503 with `Retry-After`; a request that never left | not redeemed | the wait that was told, else backoff |
//! | anything else: 408, 425, 5xx, 3xx, a reset, a time-out, a cut or unreadable success | unknown | sent again, the first time within 30 s, then with growing backoff; reconnect needed on the fourth day (UTC) without an answer |
//!
//! [`outcome`] is this table as a function; `tests/refresh_table.rs` has each row over real sockets. Backoff begins at
//! 30 s and doubles up to 15 min; a wait that is told counts up to a day.
//!
//! Why an unknown outcome is tried again: if the lost answer held a new refresh token, the connection is lost unless
//! the server honours the old one once more; if the request was never handled, not trying loses a good grant. So
//! sending again can only save, and soon: vendors that rotate keep a window for just this (WorkOS and Okta 30 s,
//! Cognito up to 60 s, Atlassian 10 minutes, Auth0 by setting). An attempt takes at most 12 s
//! ([`DEFAULT_REFRESH_TIMEOUT`]) for that reason. A vendor that ends every session when it sees a token twice is the
//! exception: an integration, or an entry (`keyway.token.unknown_outcome`), says that an unknown outcome is final.
//!
//! # Across processes
//!
//! Processes that share a store agree through an intent, which is an instant in the connection's record:
//!
//! ```text
//! read at epoch n -> write the intent at n -> send -> write the outcome at n + 1, which removes the intent
//! ```
//!
//! A write names the epoch that was read, and fails if another came first: of several processes one writes the intent,
//! the others wait for its outcome and read again. The intent ends with its lease, which is 8 s longer than an attempt
//! may take. One whose lease is over was abandoned: an attempt of unknown outcome. A process that was stopped meanwhile
//! may wake in the middle of connecting, so the token is in a body that breaks off where its attempt is over
//! ([`crate::transport::Body`]). One whose outcome is stored after the lease says so in the log.
//!
//! | a process dies | what the next one finds, when the lease is over |
//! |---|---|
//! | before the intent is written | nothing happened: it refreshes |
//! | after the intent, before or after sending | an abandoned intent: the token is sent again, within 30 s of the first sending if the connection is used |
//! | after the answer, before the outcome is written | the same: what was granted died with the process |
//! | after the outcome is written | the new token |
//!
//! The promise: **at most one redemption of a refresh token is under way at any time, over tasks, processes and
//! machines; a token whose successor arrived is never sent; after an unknown outcome it is sent again only under the
//! lease, after the deadline of the attempt before.** A new token is never overwritten by an older one, and a token
//! that is still good is used until it dies, whatever became of its renewal. `interleavings` tries every order of two
//! processes and every moment of a death against the real code, `tests/killed_refreshing.rs` kills real processes, and
//! `cli/tests/chaos` holds whole runs of several servers and failing vendors against these tables.
//!
//! Modes that redeem nothing single-use (a client's own secret, a signed assertion) need no intent.
//!
//! No authorization server can be asked what became of a token; the tables above follow from that.

mod flight;
#[cfg(test)]
mod interleavings;
mod introspect;
mod renew;

pub(crate) use keyway_core::refresh::{MAX_REFRESH_TIMEOUT, decide::RefreshIf};

use crate::account::Account;
use crate::auth;
use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result, Stage};
use decide::Decision;
use flight::Flights;
use introspect::Finding;
use keyway_core::refresh::{decide, outcome, state};
use keyway_spec::ProviderSpec;
use state::Intent;
use std::sync::Arc;
use std::time::Duration;

/// The longest time that one attempt at a renewal may take where the program sets no other limit.
pub(crate) const DEFAULT_REFRESH_TIMEOUT: Duration = Duration::from_secs(12);

/// How long a caller that shows a connection waits for the renewal of a token that still lives.
const SHOWN_TIMEOUT: Duration = Duration::from_millis(800);
/// How long a call with an expired token waits for a refresh token to be redeemed: for the first attempt, and for the
/// second unless the first timed out. The renewal continues without the call.
const CALL_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest time that it waits for a new login, which may take several requests.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(65);

/// What keeps credentials alive; clones share the renewals that are running.
#[derive(Clone, Debug)]
pub(crate) struct Refresher {
    engine: Arc<Engine>,
    flights: Flights,
}

impl Refresher {
    pub(crate) fn new(engine: Arc<Engine>) -> Refresher {
        Refresher { engine, flights: Flights::default() }
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// An account with the credentials that are wanted, for a call: see [`Refresher::connection`].
    ///
    /// From memory where nothing is to be renewed, or nothing may be sent for it now; else it is read from the store,
    /// and decided again.
    pub(crate) async fn account(&self, key: &ConnectionKey, wanted: RefreshIf) -> Result<Arc<Account>> {
        if matches!(wanted, RefreshIf::Due) {
            let kept = self.engine.kept_account(key).await?;
            if self.serves(&kept)? {
                return Ok(kept);
            }
        }
        // Boxed: nearly every call returns above.
        Box::pin(async {
            let connection = self.connection(key, wanted).await?;
            Ok(self.engine.for_calls(self.engine.account_of(connection).await?))
        })
        .await
    }

    /// True if a call may use a connection as it is: nothing is due, or its token lives and a renewal must not begin
    /// now.
    fn serves(&self, account: &Account) -> Result<bool> {
        let Account { spec, connection, .. } = account;
        // Another provider than the integration's, where that was changed since.
        let spec =
            if spec.key == connection.provider { spec } else { self.engine.catalogue.require(&connection.provider)? };
        let now = self.engine.clock.now();
        if decide::decide(spec, connection, &RefreshIf::Due, now) == Decision::Use {
            return Ok(!introspect::applies(spec, connection));
        }
        let lives = auth::renews_by_request(spec) && decide::all_live(spec, connection, now);
        Ok(lives && is_withheld(&connection.refresh, &RefreshIf::Due, now))
    }

    /// A connection with the credentials that are wanted, as it is stored.
    ///
    /// If there is nothing to renew with, the connection as it is. A token that is still valid is returned at once,
    /// and its renewal runs in the background. A failed renewal is an error only if the stored token has expired, or
    /// the renewal was requested.
    pub(crate) async fn connection(&self, key: &ConnectionKey, wanted: RefreshIf) -> Result<Connection> {
        self.within(key, wanted, Duration::ZERO).await
    }

    /// A connection to be shown: like [`Refresher::connection`], but a living token's renewal is waited for, briefly.
    pub(crate) async fn shown(&self, key: &ConnectionKey) -> Result<Connection> {
        self.within(key, RefreshIf::Due, SHOWN_TIMEOUT).await
    }

    /// Waits until no renewal is running.
    pub(crate) async fn settled(&self) {
        self.flights.settled().await;
    }

    /// `timeout`: for the renewal of a token that still lives.
    async fn within(&self, key: &ConnectionKey, wanted: RefreshIf, timeout: Duration) -> Result<Connection> {
        let stored = self.engine.connection(key).await?;
        let spec = self.engine.catalogue.require(&stored.provider)?;
        let now = self.engine.clock.now();
        let usable = decide::decide(spec, &stored, &wanted, now) == Decision::Use;
        let asks = usable && matches!(wanted, RefreshIf::Due) && introspect::applies(spec, &stored);
        if usable && !asks {
            return Ok(stored);
        }
        // Boxed: nearly every call returns above, and its future should not contain one of a refresh.
        Box::pin(self.renewed(spec, stored, wanted, asks, timeout)).await
    }

    /// The connection after a renewal. With `asks` the vendor is asked first, and the connection is as it was if its
    /// token still holds.
    async fn renewed(
        &self,
        spec: &'static ProviderSpec,
        stored: Connection,
        mut wanted: RefreshIf,
        asks: bool,
        timeout: Duration,
    ) -> Result<Connection> {
        let engine = &self.engine;
        let key = &stored.key.clone();
        // The token that the vendor calls inactive.
        let mut dead = None;
        // Whether the stored token may be used although it should be renewed.
        let mut may_do = matches!(wanted, RefreshIf::Due);
        if asks {
            let finding = introspect::ask(engine, spec, &stored).await;
            let Some(token) = stored.credentials.token.as_ref().filter(|_| finding != Finding::Good) else {
                return Ok(stored);
            };
            may_do = finding != Finding::Dead;
            dead = (finding == Finding::Dead).then(|| token.access.clone());
            wanted = RefreshIf::StillToken(token.access.clone());
        }
        let now = engine.clock.now();
        if may_do && auth::renews_by_request(spec) && decide::all_live(spec, &stored, now) {
            if is_withheld(&stored.refresh, &wanted, now) {
                return Ok(stored);
            }
            let flight = self.flights.begin(engine, key, wanted);
            return match tokio::time::timeout(timeout, flight.ended()).await {
                Ok(Ok(())) => engine.connection(key).await,
                Ok(Err(_)) | Err(_) => Ok(stored),
            };
        }
        let keep = may_do || matches!(wanted, RefreshIf::StillToken(_)) && !asks;
        let timeout = match wanted {
            RefreshIf::Forced => Duration::MAX,
            _ if auth::refresh_is_single_use(spec, &stored.credentials, now) => CALL_TIMEOUT,
            _ => LOGIN_TIMEOUT,
        };
        let ended = self.flights.begin(engine, key, wanted).ended();
        let outcome = tokio::time::timeout(timeout, ended).await.unwrap_or_else(|_| Err(unfinished(spec, timeout)));
        let stored = engine.connection(key).await?;
        // There may have been nothing to renew with, or the token had just been renewed: it has expired all the same.
        let still = stored.credentials.token.as_ref().map(|token| &token.access);
        if outcome.is_ok() && dead.is_some() && still == dead.as_ref() {
            return Err(introspect::dead().provider(spec.key).stage(Stage::Refresh));
        }
        match outcome {
            Ok(()) => Ok(stored),
            Err(_) if keep && decide::is_alive(&stored, engine.clock.now()) => Ok(stored),
            Err(error) => Err(error),
        }
    }
}

/// True if no renewal may begin now: another one is under way, or a pause has not passed.
fn is_withheld(refresh: &RefreshState, wanted: &RefreshIf, now: Timestamp) -> bool {
    state::intent(refresh, now) == Intent::Running || state::permit(refresh, wanted, now).is_err()
}

fn unfinished(spec: &ProviderSpec, waited: Duration) -> Error {
    let message = format!(
        "the token is dead and its renewal has not ended within {} s: it goes on, try again later",
        waited.as_secs()
    );
    let error = Error::new(ErrorKind::RefreshBackoff, message).sent(false).wait(Some(DEFAULT_REFRESH_TIMEOUT));
    error.provider(spec.key).stage(Stage::Refresh)
}
