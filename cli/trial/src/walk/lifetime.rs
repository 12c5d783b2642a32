//! The life of a token: expiry, renewal by one of many, a token that is used twice, the end of a grant, a new
//! beginning.

use super::calls::one;
use super::stage::{WalkStage, of_kind, wrong};
use super::step::Walked;
use keyway::{Call, Clock, RevocationOutcome};
use keyway_simulator::{EndpointKind, SeenRequest};
use keyway_spec::mode::TokenFrom;
use keyway_spec::quirks::{GrantType, RefreshWhen};
use std::time::Duration;
use tokio::task::JoinSet;

/// A path of no meaning.
const SOMETHING: &str = "/keyway-simulator/something";
/// Longer than any token of the stand-in lives: 400 days.
const AGES: Duration = Duration::from_secs(400 * 86_400);
/// The rest of the life of a token that renews itself.
const MOMENT: Duration = Duration::from_secs(1);
/// Calls that find an expired token at once.
const AT_ONCE: usize = 10;

/// All of it, for modes whose token has a life.
pub(super) async fn all(stage: &mut WalkStage, walked: &mut Walked) {
    let facts = stage.spec.auth.facts();
    if facts.token == TokenFrom::Nothing || !facts.refreshes {
        return;
    }
    if stage.spec.proxy.is_none() {
        return;
    }
    if stage.spec.quirks.is_some_and(|quirks| quirks.refresh_when == RefreshWhen::Never) {
        walked.not_described("renewal", "`keyway.token.refresh_when` is `never`: the customer connects again");
        return;
    }
    if !has_expiry(stage).await {
        walked.not_described("renewal", "no answer says when the token expires, so it is renewed when it is refused");
        return;
    }
    renewal(stage, walked).await;
    at_once(stage, walked).await;
    if facts.token == TokenFrom::Consent {
        used_twice(stage, walked);
    }
    end(stage, walked).await;
    again(stage, walked).await;
}

async fn has_expiry(stage: &WalkStage) -> bool {
    let connection = stage.account.keyway.fetch(&stage.account.key).await;
    let token = connection.ok().and_then(|connection| connection.credentials.token);
    token.is_some_and(|token| token.expires_at.is_some())
}

/// The grant that renews a token of the customer's consent, where the entry says one of its own.
fn renewed_by(stage: &WalkStage) -> Option<GrantType> {
    stage.spec.quirks.and_then(|quirks| quirks.refresh).map(|refresh| refresh.request.grant)
}

/// Time passes until the token has to be renewed: beyond its end, but where it renews itself. Then it is a moment
/// before, when the vendor still takes it.
async fn pass_until_due(stage: &mut WalkStage) {
    let connection = stage.account.keyway.fetch(&stage.account.key).await;
    let token = connection.ok().and_then(|connection| connection.credentials.token);
    let left = token.and_then(|token| token.expires_at).map(|end| end.duration_since(stage.clock.now()));
    let left = left.and_then(|left| Duration::try_from(left).ok()).and_then(|left| left.checked_sub(MOMENT));
    let renews_itself = renewed_by(stage) == Some(GrantType::AccessToken);
    stage.pass(left.filter(|_| renews_itself).unwrap_or(AGES));
}

/// The requests of a call, and of a renewal that it began: while a token lives, calls do not wait for the next one.
async fn settled(stage: &mut WalkStage) -> Vec<SeenRequest> {
    let mut requests = stage.look();
    if renewed_by(stage) == Some(GrantType::AccessToken) && renewals(&requests) == 0 {
        tokio::time::sleep(MOMENT).await;
        requests.extend(stage.look());
    }
    requests
}

/// An expired token is renewed before the call that needs it.
async fn renewal(stage: &mut WalkStage, walked: &mut Walked) {
    pass_until_due(stage).await;
    let outcome = stage.account.keyway.send(&stage.account.key, Call::get(SOMETHING), None).await;
    let requests = settled(stage).await;
    let renewals = renewals(&requests);
    let is_made = stage.spec.auth.facts().token == TokenFrom::Made;
    let renews_itself = renewed_by(stage) == Some(GrantType::AccessToken);
    walked.step(
        "renewal",
        match (wrong(&requests), outcome) {
            (Some(wrong), _) => Err(wrong),
            (None, Err(error)) => Err(error.to_string()),
            (None, Ok(answer)) if !answer.status().is_success() => {
                Err(format!("the call answers {}", answer.status().as_u16()))
            }
            (None, Ok(_)) if renewals == 0 && !is_made => Err("the expired token was used".to_owned()),
            (None, Ok(_)) if is_made => Ok("a new token is made".to_owned()),
            (None, Ok(_)) if renews_itself => Ok("the token is renewed with itself before its end".to_owned()),
            (None, Ok(_)) => Ok("the token is renewed before the call".to_owned()),
        },
    );
}

/// Of many calls one renews, and all wait for it.
async fn at_once(stage: &mut WalkStage, walked: &mut Walked) {
    pass_until_due(stage).await;
    let mut calls = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (keyway, key) = (stage.account.keyway.clone(), stage.account.key.clone());
        calls.spawn(async move { keyway.send(&key, Call::get(SOMETHING), None).await });
    }
    let mut failed = None;
    while let Some(done) = calls.join_next().await {
        match done {
            Ok(Ok(answer)) if answer.status().is_success() => {}
            Ok(Ok(answer)) => failed = Some(format!("a call answers {}", answer.status().as_u16())),
            Ok(Err(error)) => failed = Some(error.to_string()),
            Err(error) => failed = Some(error.to_string()),
        }
    }
    let requests = settled(stage).await;
    let exchanges = exchanges(&requests);
    // A token that is made here needs no request.
    let expected = usize::from(stage.spec.auth.facts().token != TokenFrom::Made);
    walked.step(
        "renewal at once",
        match (wrong(&requests), failed) {
            (Some(wrong), _) => Err(wrong),
            (None, Some(failed)) => Err(failed),
            (None, None) if exchanges != expected => Err(format!("{AT_ONCE} calls renew the token {exchanges} times")),
            (None, None) => Ok(format!("{AT_ONCE} calls, one renewal")),
        },
    );
}

/// A refresh token that was used before is refused by the vendor; the runtime sends none twice.
fn used_twice(stage: &mut WalkStage, walked: &mut Walked) {
    let requests: Vec<SeenRequest> = stage.simulator().requests().to_vec();
    let refreshes: Vec<&SeenRequest> =
        requests.iter().filter(|request| request.endpoint == EndpointKind::TokenRefresh).collect();
    if refreshes.is_empty() {
        walked.not_described("refresh tokens", "no refresh token is used");
        return;
    }
    let refused = refreshes.iter().filter(|request| request.status >= 400).count();
    walked.step(
        "refresh tokens",
        match refused {
            0 => Ok(format!("{} were used, each once", refreshes.len())),
            refused => Err(format!("{refused} of {} were refused", refreshes.len())),
        },
    );
}

/// A grant that the customer ends at the vendor.
async fn end(stage: &mut WalkStage, walked: &mut Walked) {
    stage.simulator().revoke();
    stage.pass(AGES);
    let outcome = stage.account.keyway.send(&stage.account.key, Call::get(SOMETHING), None).await;
    stage.look();
    let (from, is_installed) = (stage.spec.auth.facts().token, stage.spec.auth.facts().app_page);
    let is_clients = renewed_by(stage) == Some(GrantType::ClientCredentials);
    walked.step(
        "end of the grant",
        match (from, outcome) {
            (TokenFrom::Consent, Err(error)) if error.needs_reconnect() => {
                Ok("the customer has to connect again".to_owned())
            }
            (TokenFrom::Consent, Err(error)) => {
                Err(format!("the error does not say that the customer has to connect again: {error}"))
            }
            // An app that is installed speaks for itself, whatever became of the user's grant.
            (TokenFrom::Consent, Ok(answer)) if answer.status().is_success() && is_installed => {
                Ok("the installation's token is obtained without the user".to_owned())
            }
            // The client alone asks for the next token. No protocol says if the vendor still grants it one.
            (TokenFrom::Consent, Ok(answer)) if is_clients => {
                Ok(format!("the client obtains another token by itself; the call answers {}", answer.status().as_u16()))
            }
            (TokenFrom::Consent, Ok(answer)) => Err(format!("the call answers {}", answer.status().as_u16())),
            (_, Ok(answer)) if answer.status().is_success() => Ok("the token is obtained again".to_owned()),
            (_, Ok(answer)) => Err(format!("the call answers {}", answer.status().as_u16())),
            (_, Err(error)) => Err(error.to_string()),
        },
    );
}

/// The account is connected again.
async fn again(stage: &mut WalkStage, walked: &mut Walked) {
    let connected = stage.connect().await;
    stage.look();
    let outcome = match connected {
        Ok(_) => one(stage, Call::get(SOMETHING)).await.map(|_| "calls succeed again".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    walked.step("connecting again", outcome);
}

/// The account is disconnected: its tokens end at the vendor where the entry says how.
pub(super) async fn disconnected(stage: &mut WalkStage, walked: &mut Walked) {
    if stage.spec.auth.facts().token == TokenFrom::Nothing {
        return;
    }
    let outcome = stage.account.keyway.disconnect(&stage.account.key).await;
    let requests = stage.look();
    if stage.spec.quirks.is_none_or(|quirks| quirks.revocation.is_none()) {
        walked.not_described("disconnecting", "`keyway.revocation`: the token lives on at the vendor");
        return;
    }
    walked.step(
        "disconnecting",
        match (wrong(&requests), outcome) {
            (Some(wrong), _) => Err(wrong),
            (None, Err(error)) => Err(error.to_string()),
            (None, Ok(Some(RevocationOutcome::Revoked))) if of_kind(&requests, EndpointKind::Revoke) > 0 => {
                Ok("the token is revoked".to_owned())
            }
            (None, Ok(outcome)) => {
                Err(outcome.map_or_else(|| "there was no connection".to_owned(), |other| other.to_string()))
            }
        },
    );
}

/// The number of requests that renew.
fn renewals(requests: &[SeenRequest]) -> usize {
    let renews = |kind| matches!(kind, EndpointKind::TokenRefresh | EndpointKind::TokenClient | EndpointKind::LogIn);
    requests.iter().filter(|request| renews(request.endpoint)).count()
}

/// The number of exchanges that begin among requests: a login of several steps is one.
fn exchanges(requests: &[SeenRequest]) -> usize {
    let first = requests.iter().find(|request| request.endpoint == EndpointKind::LogIn).map(|request| &request.url);
    let logins =
        requests.iter().filter(|request| request.endpoint == EndpointKind::LogIn && Some(&request.url) == first);
    let others = requests
        .iter()
        .filter(|request| matches!(request.endpoint, EndpointKind::TokenRefresh | EndpointKind::TokenClient));
    logins.count() + others.count()
}
