//! Asking the vendor about a token before it is used, where the entry says so.
//!
//! One question for each use, bounded by [`INTROSPECTION_TIMEOUT`]: the call waits for it. The question itself is built
//! in [`crate::auth::oauth2`].

use super::decide;
use crate::auth::exchange::Step;
use crate::auth::oauth2::introspection::{Verdict, question, verdict};
use crate::clock::Timestamp;
use crate::connection::Connection;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::exchange::{Limits, exchange_within};
use jiff::SignedDuration;
use keyway_spec::ProviderSpec;
use std::time::Duration;

/// The longest time that a question may take; then it has no answer.
const INTROSPECTION_TIMEOUT: Duration = Duration::from_secs(5);
const LIMITS: Limits = Limits { request: INTROSPECTION_TIMEOUT, whole: INTROSPECTION_TIMEOUT };

/// What to do with a token that was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Use the token.
    Good,
    /// Renew it; if that fails it may still be used.
    Doubtful,
    /// Renew it: it must not be used.
    Dead,
}

/// True if there is something to ask: the entry says so, and there is a token.
pub(super) fn applies(spec: &ProviderSpec, connection: &Connection) -> bool {
    spec.quirks.is_some_and(|quirks| quirks.introspect.is_some()) && connection.credentials.token.is_some()
}

/// What the vendor says about the token of a connection. A question without an answer is a doubt.
pub(super) async fn ask(engine: &Engine, spec: &'static ProviderSpec, connection: &Connection) -> Finding {
    let Some(quirks) = spec.quirks.and_then(|quirks| quirks.introspect.as_ref()) else { return Finding::Good };
    let asked = async {
        let (integration, _) = engine.integration(&connection.key.integration).await?;
        let account = engine.account((integration, spec), connection.clone());
        let moment = engine.moment()?;
        let inputs = account.inputs(&moment);
        let step = |answers: &[_]| match answers.first() {
            None => question(&inputs, quirks).map(Step::send),
            Some(answer) => Ok(Step::Done(verdict(answer))),
        };
        exchange_within(engine, &account, LIMITS, step).await
    };
    let verdict = asked.await.unwrap_or_else(|error| {
        tracing::warn!(provider = spec.key, %error, "could not ask whether a token still holds");
        Verdict::Unknown
    });
    finding(verdict, |expires_at| decide::buffer(spec, connection, expires_at), engine.clock.now())
}

/// The error of a token that is inactive and was not renewed: sending it would only be refused.
pub(super) fn dead() -> Error {
    let message = "the provider says that this connection's token is not good any more, and it could not be renewed: let \
                   the customer connect again";
    Error::new(ErrorKind::ReconnectNeeded, message).sent(false)
}

fn finding(verdict: Verdict, buffer: impl Fn(Timestamp) -> SignedDuration, now: Timestamp) -> Finding {
    match verdict {
        Verdict::Inactive => Finding::Dead,
        Verdict::Active(Some(expires_at)) if expires_at <= now => Finding::Dead,
        Verdict::Active(Some(expires_at))
            if now < expires_at && expires_at.duration_since(now) >= buffer(expires_at) =>
        {
            Finding::Good
        }
        Verdict::Active(_) | Verdict::Unknown => Finding::Doubtful,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_as_long_as_the_vendor_says_so_for_longer_than_the_buffer() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        for (verdict, expected) in [
            (Verdict::Active(Some(at(1900))), Finding::Good),
            (Verdict::Active(Some(at(1899))), Finding::Doubtful),
            (Verdict::Active(Some(at(1001))), Finding::Doubtful),
            (Verdict::Active(Some(at(1000))), Finding::Dead),
            (Verdict::Active(None), Finding::Doubtful),
            (Verdict::Unknown, Finding::Doubtful),
            (Verdict::Inactive, Finding::Dead),
        ] {
            assert_eq!(finding(verdict, |_| SignedDuration::from_secs(900), at(1000)), expected, "{verdict:?}");
        }
    }
}
