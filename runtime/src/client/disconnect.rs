//! The end of a connection: its token is revoked where the entry says how, and it is deleted whatever comes of that.
//!
//! hook -> revoke -> delete. The vendor is asked within [`LIMITS`], and what it said is the caller's to know: a grant
//! that lives on at the vendor is found nowhere else once the connection is gone.

use super::keyway::Keyway;
use super::verify;
use crate::account::Account;
use crate::auth::oauth2::revocation;
use crate::connection::ConnectionKey;
use crate::engine::Engine;
use crate::error::{Error, Result, Stage};
use crate::exchange::{Limits, exchange_within};
use std::fmt;
use std::time::Duration;

/// The time that the vendor has: a person may be waiting, and the deletion is.
const LIMITS: Limits = Limits { request: Duration::from_secs(5), whole: Duration::from_secs(10) };

/// The fate of the token of a connection that was deleted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RevocationOutcome {
    /// The provider revoked it.
    Revoked,
    /// The provider answered and did not revoke it: [`Evidence::status`](crate::error::Evidence::status) of the error
    /// is its status. The token may have been invalid already.
    Refused(Error),
    /// It is not known: the provider was not reached, or did not answer in time.
    Unreachable(Error),
    /// Nothing was sent: a value is missing, or the host is not one that may have it.
    NotSent(Error),
    /// The entry does not say how (`keyway.revocation`): the grant lives on at the provider.
    NotDescribed,
    /// There was no token.
    NoToken,
}

impl RevocationOutcome {
    /// A stable name for machines: `revoked`, `refused`, `unreachable`, `not-sent`, `not-described`, `no-token`.
    pub const fn code(&self) -> &'static str {
        match self {
            RevocationOutcome::Revoked => "revoked",
            RevocationOutcome::Refused(_) => "refused",
            RevocationOutcome::Unreachable(_) => "unreachable",
            RevocationOutcome::NotSent(_) => "not-sent",
            RevocationOutcome::NotDescribed => "not-described",
            RevocationOutcome::NoToken => "no-token",
        }
    }

    /// The error, where there is one; it holds no secret.
    pub const fn error(&self) -> Option<&Error> {
        match self {
            RevocationOutcome::Refused(error)
            | RevocationOutcome::Unreachable(error)
            | RevocationOutcome::NotSent(error) => Some(error),
            RevocationOutcome::Revoked | RevocationOutcome::NotDescribed | RevocationOutcome::NoToken => None,
        }
    }

    fn failed(error: Error) -> RevocationOutcome {
        match (error.evidence().status, error.evidence().sent) {
            (Some(_), _) => RevocationOutcome::Refused(error),
            (None, Some(true)) => RevocationOutcome::Unreachable(error),
            (None, _) if is_of_the_network(&error) => RevocationOutcome::Unreachable(error),
            (None, _) => RevocationOutcome::NotSent(error),
        }
    }
}

impl fmt::Display for RevocationOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        self.error().map_or(Ok(()), |error| write!(f, ": {error}"))
    }
}

impl Keyway {
    /// Removes a connection, after the entry's hook for that; false if there is none. Its token is revoked where the
    /// entry says how: [`Keyway::disconnect`] says what came of that.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// use keyway::ConnectionKey;
    ///
    /// let key = ConnectionKey::new("acme", "customer-42");
    /// assert!(keyway.delete_connection(&key).await?);
    /// assert!(!keyway.delete_connection(&key).await?, "there is none now");
    /// # Ok(())
    /// # });
    /// ```
    pub async fn delete_connection(&self, key: &ConnectionKey) -> Result<bool> {
        Ok(self.disconnect(key).await?.is_some())
    }

    /// Removes a connection, and says what became of its token at the provider; `None` if there is no such connection.
    ///
    /// The token is revoked where the entry says how (`keyway.revocation`), within ten seconds. The connection is
    /// removed whatever the provider says, also when the caller leaves. An error says that it could not be removed.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// use keyway::{ConnectionKey, RevocationOutcome};
    ///
    /// match keyway.disconnect(&ConnectionKey::new("acme", "customer-42")).await? {
    ///     None => println!("there was no connection"),
    ///     Some(RevocationOutcome::Revoked) => println!("the provider forgot the grant too"),
    ///     Some(other) => println!("removed here; at the provider: {other}"),
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub async fn disconnect(&self, key: &ConnectionKey) -> Result<Option<RevocationOutcome>> {
        let (keyway, key) = (self.clone(), key.clone());
        let work = async move { keyway.disconnected(&key).await };
        self.inner.sign_ins.to_its_end(Box::pin(work)).await
    }

    async fn disconnected(&self, key: &ConnectionKey) -> Result<Option<RevocationOutcome>> {
        let engine = self.engine();
        let outcome = match engine.load_account(key).await {
            Ok(mut account) => {
                verify::before_deletion(self, &mut account).await;
                revoke(engine, &account).await
            }
            // One that cannot be read can be removed, and so can one whose provider is not in the catalogue any more.
            Err(error) => RevocationOutcome::NotSent(error.stage(Stage::Revoke)),
        };
        let removed = engine.store().await?.delete_connection(key).await?;
        if removed && let Some(error) = outcome.error() {
            let (provider, outcome) = (error.evidence().provider.as_deref(), outcome.code());
            tracing::warn!(provider, outcome, %error, "a connection was removed, and its token was not revoked");
        }
        Ok(removed.then_some(outcome))
    }
}

/// Asks the vendor to revoke the token of an account.
async fn revoke(engine: &Engine, account: &Account) -> RevocationOutcome {
    let Some(quirks) = account.spec.quirks.and_then(|quirks| quirks.revocation.as_ref()) else {
        return RevocationOutcome::NotDescribed;
    };
    let asked = async {
        let moment = engine.moment()?;
        let inputs = account.inputs(&moment);
        if !revocation::applies(&inputs, quirks) {
            return Ok(RevocationOutcome::NoToken);
        }
        exchange_within(engine, account, LIMITS, |answers| revocation::step(&inputs, quirks, answers)).await?;
        Ok(RevocationOutcome::Revoked)
    };
    asked
        .await
        .unwrap_or_else(|error: Error| RevocationOutcome::failed(error.provider(account.spec.key).stage(Stage::Revoke)))
}

fn is_of_the_network(error: &Error) -> bool {
    use crate::error::ErrorKind::{Timeout, Unreachable, UnreadableResponse};
    matches!(error.kind(), Timeout | Unreachable | UnreadableResponse)
}
