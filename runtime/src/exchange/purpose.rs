//! The sender's actions by the purpose of a request: follows the redirects of public metadata, uses
//! a registered client again, forgets one that its server has forgotten.
//!
//! One request is sent in [`super::request`]; what answers mean is said in [`crate::auth`].

use super::RequestTime;
use super::request::answer;
use crate::account::Account;
use crate::auth::exchange::Answer;
use crate::auth::purpose::Purpose;
use crate::auth::token_request::TokenRequest;
use crate::auth::{pkce::fingerprint, registration};
use crate::clock::Timestamp;
use crate::egress::SecretOwner;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::planned::PlannedUrl;
use crate::response::uri_text;
use crate::secret::Secret;
use crate::store::{Registration, RegistrationKey};
use http::header::LOCATION;
use http::{HeaderMap, Method};
use std::time::Duration;
use url::Url;

/// The most redirects of one document that are followed.
const MAX_REDIRECTS: usize = 5;

/// The longest wait for public metadata that the exchange can do without: there may be several such requests, and a
/// person waits for them all.
const OPTIONAL_TIMEOUT: Duration = Duration::from_secs(8);

/// The answer to a request, after what its purpose asks for.
pub(crate) async fn answered(
    engine: &Engine,
    account: &Account,
    time: RequestTime,
    request: TokenRequest,
) -> Result<Answer> {
    if !request.optional || request.carries != SecretOwner::None {
        return acted_on(engine, account, time, request).await;
    }
    let outcome = tokio::time::timeout(OPTIONAL_TIMEOUT, acted_on(engine, account, time, request)).await;
    outcome.unwrap_or_else(|_| {
        let message = format!("there was no answer within {} seconds", OPTIONAL_TIMEOUT.as_secs());
        Err(Error::new(ErrorKind::Timeout, message).stage(Stage::Token).sent(true))
    })
}

async fn acted_on(engine: &Engine, account: &Account, time: RequestTime, request: TokenRequest) -> Result<Answer> {
    match request.purpose.clone() {
        Purpose::Credentials | Purpose::Page | Purpose::Lookup | Purpose::Introspection | Purpose::Revocation => {
            answer(engine, account, time, request).await
        }
        Purpose::Discovery => discovered(engine, account, time, request).await,
        Purpose::Registration { issuer, except } => registered(engine, account, time, request, (issuer, except)).await,
        Purpose::RegisteredClient { id } => {
            let answer = answer(engine, account, time, request).await?;
            if registration::is_unknown_client(&answer)
                && engine.store().await?.delete_registration(&account.integration().key, &id).await?
            {
                let (provider, integration) = (account.spec.key, &account.integration().key);
                tracing::info!(provider, integration, "a registered client is forgotten");
            }
            Ok(answer)
        }
    }
}

/// Follows the redirects of a document (RFC 9110 section 15.4). It carries nothing, so it may go wherever discovery may
/// go, which is checked for every hop; TLS is not given up on the way.
async fn discovered(
    engine: &Engine,
    account: &Account,
    time: RequestTime,
    mut request: TokenRequest,
) -> Result<Answer> {
    for _ in 0..MAX_REDIRECTS {
        let answer = answer(engine, account, time, request.clone()).await?;
        match target(&request, &answer) {
            Some(next) => request.url = PlannedUrl(next),
            None => return Ok(answer),
        }
    }
    answer(engine, account, time, request).await
}

/// Where a redirect leads that is followed.
fn target(request: &TokenRequest, answer: &Answer) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) || request.method != Method::GET {
        return None;
    }
    let location = uri_text(answer.headers.get(LOCATION)?);
    let from = &request.url.0;
    from.join(&location).ok().filter(|to| from.scheme() != "https" || to.scheme() == "https")
}

/// The client that the same request registered before, else the one that is registered now and stored. Of several flows
/// that begin at once one registers; the others use its client.
async fn registered(
    engine: &Engine,
    account: &Account,
    time: RequestTime,
    request: TokenRequest,
    (issuer, except): (String, Option<String>),
) -> Result<Answer> {
    let sent = fingerprint(&format!("{}\n{}", request.url.0, request.body.expose()));
    let key = RegistrationKey { integration: account.integration().key.clone(), issuer, request: sent };
    let _turn = engine.registrations.turn(&key).await;
    let store = engine.store().await?;
    let now = engine.clock.now();
    if let Some(kept) = store.registration(&key).await?.filter(|kept| Some(&kept.client_id) != except.as_ref()) {
        let kept = again(kept, now);
        if registration::registered(&kept, "none").is_ok_and(|client| client.lasts(now)) {
            return Ok(kept);
        }
    }
    let answer = answer(engine, account, time, request).await?;
    if let Ok(client) = registration::registered(&answer, "none") {
        let (client_id, expires_at) = (client.id, client.expires_at);
        store.put_registration(Registration { key, client_id, answer: answer.body.clone(), expires_at }).await?;
    }
    Ok(answer)
}

/// The stored answer of a registration.
fn again(kept: Registration, now: Timestamp) -> Answer {
    Answer {
        status: 201,
        headers: HeaderMap::new(),
        body: kept.answer,
        received: now,
        secrets: Vec::<Secret>::new(),
        kept: true,
    }
}
