//! Driving an exchange: send what the mode asks for, until it says what was granted.
//!
//! Bounded in requests, time and size. A redirect is an error: the request holds secrets that no other endpoint should
//! see; only public metadata is asked for where it has moved to ([`super::purpose`]). An answer that is compressed is
//! decompressed, although none is asked for: some servers do it unasked. Nothing is tried again here.

use super::purpose::answered;
use super::{beside, http_request, resend};
use crate::auth::exchange::{Answer, MAX_DISCOVERY_REQUESTS, Step};
use crate::auth::purpose::Purpose;
use crate::auth::token_request::TokenRequest;
use crate::egress::{Carries, Egress};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::integration::IntegrationRecord;
use crate::parts::Parts;
use crate::planned::PlannedHeader;
use crate::response::decompress::decompressed;
use crate::secret::Secret;
use crate::transport::Body;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use keyway_spec::ProviderSpec;
use std::time::Duration;

/// How long an exchange may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For one request and its answer.
    pub(crate) request: Duration,
    /// For all of them.
    pub(crate) whole: Duration,
}

/// The limits where nothing that is good once is at stake.
pub(crate) const LIMITS: Limits = Limits { request: Duration::from_secs(30), whole: Duration::from_secs(60) };
/// How large an answer may be: 1 MiB.
const LARGEST_ANSWER: usize = 1 << 20;

/// What an exchange ends with. `step` gives the next request, or the outcome, for the answers so far.
pub(crate) async fn exchange<T>(
    parts: &Parts,
    spec: &ProviderSpec,
    integration: &IntegrationRecord,
    step: impl Fn(&[Answer]) -> Result<Step<T>>,
) -> Result<T> {
    exchange_within(parts, spec, integration, LIMITS, step).await
}

/// The same within other limits.
pub(crate) async fn exchange_within<T>(
    parts: &Parts,
    spec: &ProviderSpec,
    integration: &IntegrationRecord,
    limits: Limits,
    step: impl Fn(&[Answer]) -> Result<Step<T>>,
) -> Result<T> {
    let run = async {
        let mut answers = Vec::new();
        for _ in 0..=MAX_DISCOVERY_REQUESTS {
            match step(&answers)? {
                Step::Done(outcome) => return Ok(outcome),
                Step::Send(request) => {
                    let optional = request.optional;
                    let outcome = answered(parts, spec, integration, limits, *request).await;
                    answers.push(match outcome {
                        Err(error) if optional => {
                            tracing::warn!(provider = spec.key, %error, "went on without an optional request");
                            Answer::none(parts.clock.now())
                        }
                        // Whatever was redeemed before this request has been sent.
                        Err(error) if !answers.is_empty() => return Err(error.sent(true)),
                        outcome => outcome?,
                    });
                }
            }
        }
        Err(Error::new(ErrorKind::Internal, format!("signing in took more than {MAX_DISCOVERY_REQUESTS} requests"))
            .sent(true))
    };
    let outcome = tokio::time::timeout(limits.whole, run).await;
    let outcome = outcome.unwrap_or_else(|_| {
        let message = format!("signing in took more than {} seconds", limits.whole.as_secs_f32());
        Err(Error::new(ErrorKind::Timeout, message).stage(Stage::Token).sent(true))
    });
    outcome.map_err(|error| {
        let error = error.provider(spec.key);
        if error.evidence().sent == Some(true) {
            let (code, stage) = (error.kind().code(), error.evidence().stage.map(Stage::as_str));
            tracing::warn!(provider = spec.key, integration = integration.key, code, stage, %error, "an exchange failed");
        }
        error
    })
}

/// The answer to one request.
pub(super) async fn answer(
    parts: &Parts,
    spec: &ProviderSpec,
    integration: &IntegrationRecord,
    limits: Limits,
    request: TokenRequest,
) -> Result<Answer> {
    let outcome = tokio::time::timeout(limits.request, send(parts, spec, integration, request)).await;
    let answer = outcome.unwrap_or_else(|_| {
        let message = format!("the token endpoint did not answer within {} seconds", limits.request.as_secs_f32());
        Err(Error::new(ErrorKind::Timeout, message).sent(true))
    });
    answer.map_err(|error| error.stage(Stage::Token))
}

async fn send(
    parts: &Parts,
    spec: &ProviderSpec,
    integration: &IntegrationRecord,
    request: TokenRequest,
) -> Result<Answer> {
    let policy = parts.policy.clone();
    let egress = match request.carries {
        Carries::OperatorSecret => Egress::for_operator_secret(spec, integration, policy),
        Carries::CustomerCredential => Egress::for_customer_token(spec, integration, policy),
        Carries::Nothing if request.purpose == Purpose::Page => Egress::for_page(spec, integration, policy),
        Carries::Nothing => Egress::for_discovery(spec, integration, policy),
    };
    egress.check_url(&request.url.0)?;
    let TokenRequest { method, url, mut headers, body, secrets, identity, carries, .. } = request;
    if !headers.iter().any(|header| header.name == "user-agent") {
        let value = parts.user_agent.as_str().into();
        headers.push(PlannedHeader { name: "user-agent".into(), value, injected: false });
    }
    if !headers.iter().any(|header| header.name == "accept-encoding") {
        headers.push(PlannedHeader { name: "accept-encoding".into(), value: "identity".into(), injected: false });
    }
    let make = || {
        let mut request = http_request(&method, url.0.as_str(), &headers, Body::full(body.expose().to_owned()))?;
        request.extensions_mut().extend(beside(identity.as_ref(), || secrets.clone()));
        Ok(request)
    };
    let response = resend::delivered(parts, &egress, resend::MOST, make).await?;
    let status = response.status().as_u16();
    tracing::debug!(
        keyway.provider = spec.key,
        http.response.status_code = status,
        "a request of signing in was answered"
    );
    // Where public metadata is asked for, a redirect says that it is not there.
    if response.status().is_redirection() && carries != Carries::Nothing {
        let message = "the token endpoint redirected: correct its URL in the entry";
        return Err(Error::new(ErrorKind::TokenRefused, message).sent(true).response(status, ""));
    }
    let response = decompressed(response, &method).await.map_err(|error| error.sent(true))?;
    let (head, body) = response.into_parts();
    if let Some(coding) = head.headers.get(CONTENT_ENCODING).filter(|coding| *coding != "identity") {
        let coding = String::from_utf8_lossy(coding.as_bytes());
        let message = format!("the answer is compressed in a way that cannot be read here: `{coding}`");
        return Err(Error::new(ErrorKind::TokenUnreadable, message).sent(true));
    }
    // A stream of events has no end, and is not an answer to anything that is asked here.
    let body = if is_event_stream(&head.headers) { Body::empty() } else { body };
    let body = body.collect(LARGEST_ANSWER).await.map_err(|error| unread(error, status).sent(true))?;
    let body = Secret::new(String::from_utf8_lossy(&body).into_owned());
    Ok(Answer { status, headers: head.headers, body, received: parts.clock.now(), secrets, kept: false })
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    content_type.get(..17).is_some_and(|start| start.eq_ignore_ascii_case(b"text/event-stream"))
}

/// An answer that is too large to be read said yes all the same, if it did.
fn unread(error: Error, status: u16) -> Error {
    if error.kind() != ErrorKind::InvalidRequest || !(200..300).contains(&status) {
        return error;
    }
    Error::new(ErrorKind::TokenUnreadable, format!("the answer is larger than {LARGEST_ANSWER} bytes"))
}
