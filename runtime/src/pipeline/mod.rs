//! The ordered call. START HERE.
//!
//! connection -> fresh credentials -> plan -> egress -> send -> redirects -> (401: one forced refresh) -> retry ->
//! response. Everything that decides is elsewhere; this module puts it in order, and is the only one that sends.
//!
//! URLs are built in [`crate::request`], checked in [`crate::egress`]; answers are interpreted in
//! [`crate::response`].

mod deadline;
mod purpose;
mod redirect;
mod resend;
pub(crate) mod token;
pub(crate) mod trace;
mod turns;

pub(crate) use deadline::DEFAULT_CALL_TIMEOUT;
pub(crate) use turns::Turns;

use crate::connection::{Connection, ConnectionKey};
use crate::egress::Egress;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::parts::{Parts, inputs, secrets};
use crate::planned::{PlannedHeader, PlannedUrl};
use crate::refresh::{self, Want};
use crate::request::{self, Call, CallBody, Plan};
use crate::response::decompress::decompressed;
use crate::response::retry::{self, Decision, Outcome};
use crate::secret::Secret;
use crate::transport::{Body, ClientIdentity};
use bytes::Bytes;
use deadline::Progress;
use http::header::{HeaderName, HeaderValue};
use http::{Method, Response};
use keyway_spec::{ProviderSpec, Retry};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tracing::Instrument;

/// How long a call of [`once_as`] may take until its headers are there; what reads its body takes the rest of it.
pub(crate) const SINGLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How much of an error's body is read to find a wait in it: about 1 MiB. A longer one goes on to the caller whole.
const LARGEST_ERROR: usize = 1 << 20;

/// Sends a call of a connection. `stream` is the body where the call says [`CallBody::Stream`]. Bounded in time until
/// the response's headers are there.
pub(crate) async fn call(
    parts: &Arc<Parts>,
    key: &ConnectionKey,
    call: &Call,
    stream: Option<Body>,
) -> Result<Response<Body>> {
    let span = trace::call(key, call);
    let bounded = async {
        let (stream, progress) = Progress::of(stream);
        let sent = AtomicU32::new(0);
        let outcome = progress.bound(parts.call_timeout, pin!(tries(parts, key, call, stream, &sent))).await;
        let outcome = outcome.map_err(|error| progress.broke().unwrap_or(error));
        trace::ended(sent.into_inner(), &outcome);
        outcome
    };
    bounded.instrument(span).await
}

/// Tries until there is an answer for the caller; `sent` counts them.
async fn tries(
    parts: &Arc<Parts>,
    key: &ConnectionKey,
    call: &Call,
    mut stream: Option<Body>,
    sent: &AtomicU32,
) -> Result<Response<Body>> {
    let streams = matches!(call.body, CallBody::Stream);
    let (integration, spec) = parts.integration(&key.integration).await?;
    trace::provider(spec.key);
    let mut connection = refresh::connection(parts, key, Want::Fresh).await?;
    let mut waiting =
        Waiting { left: parts.max_wait, attempt: 0, tries: if streams { 0 } else { tries_of(parts, call) } };
    let mut renewed = streams;
    loop {
        let body = if streams { stream.take() } else { None };
        let number = sent.fetch_add(1, Ordering::Relaxed);
        let outcome = send(parts, spec, &integration, &connection, call, body).await;
        trace::tried(number, &outcome);
        if let Ok(response) = &outcome
            && response.status().as_u16() == 401
            && !renewed
        {
            renewed = true;
            // Boxed because it is rare: a call's future is as large as its largest part.
            if let Some(other) = Box::pin(renew(parts, &connection)).await {
                connection = other;
                continue;
            }
        }
        let rules = spec.proxy.as_ref().map_or(&Retry::EMPTY, |proxy| &proxy.retry);
        match waiting.after(rules, call, parts, outcome).await? {
            Next::Answer(response) => return Ok(response),
            Next::Again(wait) => {
                trace::waiting(wait);
                tokio::time::sleep(wait).await;
            }
        }
        connection = refresh::connection(parts, key, Want::Fresh).await?;
    }
}

/// Sends a call once with credentials that need not be stored: what proves them, and what hooks send.
pub(crate) async fn once_as(
    parts: &Parts,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    connection: &Connection,
    call: &Call,
) -> Result<Response<Body>> {
    let sent = tokio::time::timeout(SINGLE_TIMEOUT, send(parts, spec, integration, connection, call, None)).await;
    sent.unwrap_or_else(|_| {
        let message = format!("the provider did not answer within {} seconds", SINGLE_TIMEOUT.as_secs());
        Err(Error::new(ErrorKind::Timeout, message).provider(spec.key).stage(Stage::Request).sent(true))
    })
}

/// One try: plan, check, send, follow redirects.
async fn send(
    parts: &Parts,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    connection: &Connection,
    call: &Call,
    stream: Option<Body>,
) -> Result<Response<Body>> {
    let moment = parts.moment()?;
    let inputs = inputs(spec, integration, connection, &moment);
    let plan = request::plan(&inputs, call)?.named(&parts.user_agent);
    let egress = request::egress(&inputs, parts.policy.clone(), call);
    egress.check_url(&plan.url.0).map_err(|error| error.provider(spec.key))?;
    // Each redirect hop is signed with a fresh nonce.
    let sign = |plan: &mut Plan| {
        let moment = parts.moment()?;
        request::sign::sign(&Inputs { moment: &moment, ..inputs }, call, plan)
    };
    let secrets = || secrets(spec, integration, connection);
    let rules = redirect::Rules {
        sign: &sign,
        secrets: &secrets,
        forward_headers: call
            .forward_headers_on_redirect
            .unwrap_or_else(|| spec.proxy.is_some_and(|proxy| proxy.forward_headers_on_redirect)),
    };
    let (method, asked) = (plan.method.clone(), plan.url.clone());
    let outcome = redirect::follow(parts, plan, stream, egress, &rules).await;
    let mut response = outcome.map_err(|error| error.provider(spec.key).stage(Stage::Request))?;
    response.extensions_mut().insert(Asked(asked));
    if !response.status().is_success() {
        response.extensions_mut().insert(Carried(secrets().into()));
    }
    let decompress = call.decompress || spec.proxy.is_some_and(|proxy| proxy.decompress);
    if !decompress {
        return Ok(response);
    }
    // Boxed because it is rare: a call's future is as large as its largest part.
    Box::pin(decompressed(response, &method)).await.map_err(|error| error.provider(spec.key).stage(Stage::Request))
}

/// The URL that a response was first asked of, among its extensions.
#[derive(Clone, Debug)]
pub(crate) struct Asked(pub(crate) PlannedUrl);

/// What the request of a refusal was built from and must not be shown, among the response's extensions: the token may
/// have been replaced since.
#[derive(Clone, Debug)]
pub(crate) struct Carried(pub(crate) Arc<[Secret]>);

/// The connection with another token than the refused one; `None` if there is no other.
async fn renew(parts: &Arc<Parts>, refused: &Connection) -> Option<Connection> {
    let token = refused.credentials.token.as_ref()?.access.clone();
    let other = refresh::connection(parts, &refused.key, Want::Instead(token.clone())).await.ok()?;
    let changed = other.credentials.token.as_ref().is_some_and(|new| new.access != token);
    changed.then_some(other)
}

/// How long and how often a call may still wait.
struct Waiting {
    left: Duration,
    attempt: u32,
    tries: u32,
}

enum Next {
    Answer(Response<Body>),
    Again(Duration),
}

impl Waiting {
    /// What follows from the outcome of a try.
    async fn after(
        &mut self,
        rules: &Retry,
        call: &Call,
        parts: &Parts,
        outcome: Result<Response<Body>>,
    ) -> Result<Next> {
        let (mut outcome, body) = match outcome {
            Ok(response) if rules.in_body.is_some() && !response.status().is_success() => {
                let (response, body) = peeked(response).await?;
                (Ok(response), Some(body))
            }
            other => (other, None),
        };
        let now = parts.clock.now();
        if let Ok(response) = &mut outcome {
            let (status, headers) = (response.status().as_u16(), response.headers());
            let asked = retry::asked(rules, status, headers, body.as_deref(), &call.retry_on, now);
            if let Some(wait) = asked {
                response.extensions_mut().insert(retry::Asked(wait));
            }
        }
        if self.attempt >= self.tries {
            return outcome.map(Next::Answer);
        }
        let seen = match &outcome {
            Ok(response) => Outcome::Response {
                status: response.status().as_u16(),
                headers: response.headers(),
                body: body.as_deref(),
            },
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Unreachable | ErrorKind::UnreadableResponse | ErrorKind::Timeout
                ) =>
            {
                Outcome::Network { sent: error.evidence().sent != Some(false) }
            }
            Err(_) => return outcome.map(Next::Answer),
        };
        let names = call.headers.iter().map(|(name, _)| name.as_str());
        let repeatable = retry::is_repeatable(&call.method, names, call.retries > 0);
        match retry::decide(rules, seen, self.attempt, &call.retry_on, now, repeatable, self.left) {
            Decision::After(wait) => {
                self.attempt += 1;
                self.left = self.left.saturating_sub(wait);
                Ok(Next::Again(wait))
            }
            Decision::Stop => outcome.map(Next::Answer),
            Decision::GiveUp(why) => outcome.map(|mut response| {
                response.extensions_mut().insert(why);
                Next::Answer(response)
            }),
        }
    }
}

/// How many times a call is tried again at most.
fn tries_of(parts: &Parts, call: &Call) -> u32 {
    if call.retries > 0 { call.retries } else { call.safe_retries.unwrap_or(parts.retries) }
}

/// A response, and the beginning of its body, which it still gives.
async fn peeked(response: Response<Body>) -> Result<(Response<Body>, Bytes)> {
    let (head, body) = response.into_parts();
    let (beginning, body) = body.beginning(LARGEST_ERROR).await?;
    Ok((Response::from_parts(head, body), beginning))
}

/// A request of a plan; what it carries is marked as sensitive.
fn http_request(method: &Method, url: &str, headers: &[PlannedHeader], body: Body) -> Result<http::Request<Body>> {
    let unfit = || Error::new(ErrorKind::InvalidRequest, "the request does not fit into HTTP").sent(false);
    let mut request = http::Request::builder().method(method).uri(url).body(body).map_err(|_| unfit())?;
    for header in headers {
        let name = HeaderName::try_from(&*header.name).map_err(|_| unfit())?;
        let mut value = HeaderValue::try_from(header.value.expose()).map_err(|_| unfit())?;
        value.set_sensitive(header.injected);
        request.headers_mut().append(name, value);
    }
    Ok(request)
}

/// What a transport learns beside the request: the client's identity, and one for tests what it must not show.
fn beside(identity: Option<&ClientIdentity>, secrets: impl Fn() -> Vec<Secret>) -> http::Extensions {
    let mut extensions = http::Extensions::new();
    #[cfg(feature = "testing")]
    extensions.insert(crate::testing::Hidden(secrets()));
    #[cfg(not(feature = "testing"))]
    let _ = secrets;
    if let Some(identity) = identity {
        extensions.insert(identity.clone());
    }
    extensions
}

/// The body of a plan, again for every try. A stream is there once.
fn body(plan: &Plan, stream: Option<Body>) -> Body {
    match plan.body.encoded() {
        Some(bytes) if bytes.is_empty() => Body::empty(),
        Some(bytes) => Body::full(bytes),
        None => stream.unwrap_or_else(Body::empty),
    }
}

/// Sends one request of a plan. The response's extensions hold the URL that it came from.
async fn once(
    parts: &Parts,
    plan: &Plan,
    mut stream: Option<Body>,
    egress: &Egress,
    secrets: &(dyn Fn() -> Vec<Secret> + Sync),
) -> Result<Response<Body>> {
    let most = if stream.is_some() { 0 } else { resend::MOST };
    let make = || {
        let mut request = http_request(&plan.method, &plan.target(), &plan.headers, body(plan, stream.take()))?;
        request.extensions_mut().extend(beside(plan.identity.as_ref(), secrets));
        Ok(request)
    };
    let mut response = resend::delivered(parts, egress, most, make).await?;
    response.extensions_mut().insert(plan.url.clone());
    Ok(response)
}
