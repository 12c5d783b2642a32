//! Keeping credentials alive: a connection whose credentials are fresh, whoever asks and however many ask at once.
//!
//! One refresh at a time per connection in this process, as a task of its own ([`flight`]): whoever waits for it may go
//! away without stopping it. It reads the connection again before it acts, and writes with the epoch it read
//! ([`renew`]). When it is due, and when it must not be tried, is decided without IO ([`decide`]).
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
//! the others wait for its outcome and read again. The intent ends with its lease, which is longer than an exchange may
//! take. One whose lease is over was abandoned, and nobody knows whether the refresh token was redeemed.
//!
//! | a process dies | what the next one finds, when the lease is over |
//! |---|---|
//! | before the intent is written | nothing happened: it refreshes |
//! | after the intent, before or after sending | an abandoned intent: "reconnect needed"; the token is not sent again by itself |
//! | after the answer, before the outcome is written | the same: what was granted died with the process |
//! | after the outcome is written | the new token |
//!
//! Guaranteed, whoever dies when: a refresh token is sent at most once unless an operator asks for one more try; a new
//! token is never overwritten by an older one; what may be lost is reported; a token that is still good is used until it
//! dies, whatever became of its renewal. `interleavings` tries every order of two processes and every moment of a death
//! against the real code, `tests/killed_refreshing.rs` kills real processes.
//!
//! Modes that redeem nothing single-use (a client's own secret, a signed assertion) need no intent.
//!
//! Absent here: any way to ask an authorization server what became of a token.

mod decide;
mod flight;
#[cfg(test)]
mod interleavings;
mod introspect;
mod renew;

pub(crate) use flight::{Flights, again};

use crate::connection::{Connection, ConnectionKey};
use crate::error::Result;
use crate::parts::Parts;
use crate::secret::Secret;
use decide::Decision;
use introspect::Finding;
use keyway_spec::ProviderSpec;
use std::sync::Arc;

/// What a caller wants.
#[derive(Clone, Debug)]
pub(crate) enum Want {
    /// Credentials that are good now; renewed if that is due.
    Fresh,
    /// Renewed credentials, due or not, whatever happened before: an operator's wish.
    Renewed,
    /// Other credentials than this access token, which an upstream has just refused.
    Instead(Secret),
}

/// A connection with the credentials that are wanted.
///
/// Where there is nothing to renew with, the connection as it is. A failed renewal is an error only if the token that
/// is there is dead too, or the renewal was asked for.
pub(crate) async fn connection(parts: &Arc<Parts>, key: &ConnectionKey, want: Want) -> Result<Connection> {
    let stored = parts.connection(key).await?;
    let spec = parts.catalogue.require(&stored.provider)?;
    let now = parts.clock.now();
    let usable = decide::decide(spec, &stored, &want, now) == Decision::Use;
    let asks = usable && matches!(want, Want::Fresh) && introspect::applies(spec, &stored);
    if usable && !asks {
        return Ok(stored);
    }
    // Boxed: nearly every call ends above, and should not carry room for a refresh.
    Box::pin(renewed(parts, key, spec, stored, want, asks)).await
}

/// The connection after a renewal. With `asks` the vendor is asked first, and the connection is as it was if its token
/// still holds.
async fn renewed(
    parts: &Arc<Parts>,
    key: &ConnectionKey,
    spec: &'static ProviderSpec,
    stored: Connection,
    mut want: Want,
    asks: bool,
) -> Result<Connection> {
    let mut dead = None;
    if asks {
        let finding = introspect::ask(parts, spec, &stored).await;
        let Some(token) = stored.credentials.token.as_ref().filter(|_| finding != Finding::Good) else {
            return Ok(stored);
        };
        dead = (finding == Finding::Dead).then(|| token.access.clone());
        want = Want::Instead(token.access.clone());
    }
    let may_do = dead.is_none();
    let outcome = flight::join(parts, key, want.clone()).await;
    let stored = parts.connection(key).await?;
    // Nothing may have been there to renew with, or the token had just been renewed: it is dead all the same.
    let still = stored.credentials.token.as_ref().map(|token| &token.access);
    if outcome.is_ok() && dead.is_some() && still == dead.as_ref() {
        return Err(introspect::dead().provider(spec.key).stage("refresh"));
    }
    match outcome {
        Ok(()) => Ok(stored),
        Err(_) if may_do && !matches!(want, Want::Renewed) && decide::is_alive(&stored, parts.clock.now()) => {
            Ok(stored)
        }
        Err(error) => Err(error),
    }
}
