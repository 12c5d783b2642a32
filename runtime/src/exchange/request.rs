//! One request of an exchange, and its answer read to the end.
//!
//! A redirect is an error: the request holds secrets that no other endpoint should see; only public metadata is asked
//! for where it has moved to ([`super::purpose`]). An answer that is compressed is decompressed, although none is asked
//! for: some servers compress without being asked.

use super::RequestTime;
use crate::account::{Account, Use};
use crate::auth::exchange::Answer;
use crate::auth::purpose::Purpose;
use crate::auth::token_request::TokenRequest;
use crate::decompress::decompressed;
use crate::egress::SecretOwner;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::planned::PlannedHeader;
use crate::secret::Secret;
use crate::send::{MAX_RESENDS, delivered, http_request, request_extensions};
use crate::transport::Body;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::time::Instant;

/// The largest answer, in bytes: 1 MiB.
const MAX_ANSWER: usize = 1 << 20;

/// The answer to one request, within its time.
pub(super) async fn answer(
    engine: &Engine,
    account: &Account,
    RequestTime { timeout, end }: RequestTime,
    request: TokenRequest,
) -> Result<Answer> {
    let endpoint = request.purpose.endpoint();
    let outcome = tokio::time::timeout(timeout, send(engine, account, end, request)).await;
    let answer = outcome.unwrap_or_else(|_| {
        let message = format!("{endpoint} did not answer within {} seconds", timeout.as_secs_f32());
        Err(Error::new(ErrorKind::Timeout, message).sent(true))
    });
    answer.map_err(|error| error.stage(Stage::Token))
}

async fn send(engine: &Engine, account: &Account, end: Instant, request: TokenRequest) -> Result<Answer> {
    let what = match request.carries {
        SecretOwner::None if request.purpose == Purpose::Page => Use::Page,
        carries => Use::Exchange(carries),
    };
    let endpoint = request.purpose.endpoint();
    let egress = account.egress(&engine.policy, what);
    egress.check_url(&request.url.0)?;
    let TokenRequest { method, url, mut headers, body, secrets, identity, carries, .. } = request;
    for (name, value) in [("user-agent", engine.user_agent.as_str()), ("accept-encoding", "identity")] {
        if !headers.iter().any(|header| header.name == name) {
            headers.push(PlannedHeader { name: name.into(), value: value.into(), injected: false });
        }
    }
    let make = || {
        let mut request = http_request(&method, url.0.as_str(), &headers, Body::before(end, body.expose().to_owned()))?;
        request.extensions_mut().extend(request_extensions(identity.as_ref(), || secrets.clone()));
        Ok(request)
    };
    let response = delivered(engine, &egress, MAX_RESENDS, make).await?;
    let status = response.status().as_u16();
    tracing::debug!(
        keyway.provider = account.spec.key,
        http.response.status_code = status,
        "a request of signing in was answered"
    );
    // Where public metadata is asked for, a redirect says that it is not there.
    if response.status().is_redirection() && carries != SecretOwner::None {
        let message = format!("{endpoint} redirected: correct its URL in the entry");
        return Err(Error::new(ErrorKind::TokenRefused, message).sent(true).response(status, ""));
    }
    let response = decompressed(response, &method).await.map_err(|error| error.sent(true))?;
    let (head, body) = response.into_parts();
    if let Some(coding) = head.headers.get(CONTENT_ENCODING).filter(|coding| *coding != "identity") {
        let coding = String::from_utf8_lossy(coding.as_bytes());
        let message = format!("the answer is compressed in a way that cannot be read here: `{coding}`");
        return Err(Error::new(ErrorKind::TokenUnreadable, message).sent(true));
    }
    // A stream of events has no end, and no request of an exchange asks for one.
    let body = if is_event_stream(&head.headers) { Body::empty() } else { body };
    let body = body.collect(MAX_ANSWER).await.map_err(|error| unread(error, status).sent(true))?;
    let body = Secret::new(String::from_utf8_lossy(&body).into_owned());
    Ok(Answer { status, headers: head.headers, body, received: engine.clock.now(), secrets, kept: false })
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    content_type.get(..17).is_some_and(|start| start.eq_ignore_ascii_case(b"text/event-stream"))
}

/// The error of an answer that could not be read to its end. One that is only too large may have been a success.
fn unread(error: Error, status: u16) -> Error {
    if error.kind() != ErrorKind::InvalidRequest || !(200..300).contains(&status) {
        return error;
    }
    Error::new(ErrorKind::TokenUnreadable, format!("the answer is larger than {MAX_ANSWER} bytes"))
}
