//! A call whose answer is read as a whole: a success, or an error that says what the upstream said.

use super::keyway::Keyway;
use super::shape;
use crate::account::Account;
use crate::call::{CallOutcome, shown_limit};
use crate::connection::ConnectionKey;
use crate::egress::Egress;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::mask::Masker;
use crate::planned::PlannedUrl;
use crate::request::Call;
use crate::send::{Answered, requested_url};
use crate::transport::{Body, Response};
use bytes::Bytes;
use http::header::{HeaderValue, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// How large a body may be that is read as a whole, decompressed: 64 MiB.
const MAX_BODY: usize = 64 << 20;
/// How much of a refused call's body is read for the error.
const MAX_ERROR_BODY: usize = 1 << 20;

/// The message of an error whose answer has the status of a success.
const ERROR_IN_SUCCESS: &str = "the upstream answered with an error inside a success";

/// A call whose answer is a success, or has a status that the caller takes for one. Its body is still to be read.
pub(super) struct Accepted {
    pub(super) response: Response,
    /// The call, as errors name it.
    endpoint: String,
    requested_url: PlannedUrl,
    final_url: PlannedUrl,
    egress: Arc<Egress>,
    account: Arc<Account>,
    /// The longest time for the body where it is read as a whole.
    limit: Duration,
}

/// A successful answer that was read to its end.
pub(super) struct Whole {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The call, as errors name it.
    pub(super) endpoint: String,
    /// The URL of the call's first request, and the one that the answer came from.
    pub(super) requested_url: PlannedUrl,
    pub(super) final_url: PlannedUrl,
    /// Where the call was allowed to go.
    pub(super) egress: Arc<Egress>,
    pub(super) account: Arc<Account>,
}

/// An answer that is not a success.
#[derive(Debug)]
pub(crate) struct RefusedAnswer {
    /// What happened, with the beginning of the body.
    pub(crate) error: Error,
    /// The body as text, up to 1 MiB, secrets masked.
    pub(crate) body: String,
}

/// Why there is no answer to read.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The upstream refused the call.
    Refused(RefusedAnswer),
    /// Anything else.
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Other(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        match failure {
            Failure::Refused(RefusedAnswer { error, .. }) | Failure::Other(error) => error,
        }
    }
}

/// Sends a call and reads a successful answer. Any other status is a refusal with the answer's beginning.
pub(super) async fn whole(keyway: &Keyway, key: &ConnectionKey, call: Call) -> Result<Whole, Failure> {
    Ok(accepted(keyway, key, call, None, &[]).await?.whole().await?)
}

/// Sends a call. A status outside of 2xx and of `also` is a refusal. `stream` is the body of a call that streams.
pub(super) async fn accepted(
    keyway: &Keyway,
    key: &ConnectionKey,
    mut call: Call,
    stream: Option<Body>,
    also: &[u16],
) -> Result<Accepted, Failure> {
    // An answer that is read here is wanted plain, where that is compiled in.
    call.decompress |= cfg!(feature = "decompress");
    let endpoint = call.name();
    // A body that is read here has the time that its head had.
    let limit = call.timeout.unwrap_or(keyway.engine().call_timeout);
    let CallOutcome { answered, account, given_up, counts_as } = keyway.call(key, &call, stream).await?;
    let Answered { response, plan, moved_to, egress } = answered;
    let requested_url = requested_url(keyway.engine(), &account, &call, plan)?;
    let final_url = moved_to.map_or_else(|| requested_url.clone(), |url| *url);
    let status = response.status();
    if counts_as.is_none() && (status.is_success() || also.contains(&status.as_u16())) {
        return Ok(Accepted { response, endpoint, requested_url, final_url, egress, account, limit });
    }
    let (head, body) = response.into_parts();
    let body = collected(body, MAX_ERROR_BODY, limit).await.unwrap_or_default();
    let message = if status.is_success() { ERROR_IN_SUCCESS } else { "the upstream refused the call" };
    let refusal = refusal(message, status, &head.headers, &body, &account, endpoint);
    let error = refusal.error.wait(given_up.and_then(|given_up| given_up.wait));
    Err(Failure::Refused(RefusedAnswer { error, ..refusal }))
}

fn refusal(
    message: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    account: &Account,
    endpoint: String,
) -> RefusedAnswer {
    let masker = Masker::new(&account.secrets());
    let said = masker.text(&String::from_utf8_lossy(body));
    let error = Error::new(ErrorKind::Refused, message).sent(true).stage(Stage::Request);
    let error = error.provider(account.spec.key).response(status.as_u16(), said.as_str()).endpoint(endpoint);
    RefusedAnswer { error: error.response_headers(masked(headers, &masker)), body: said }
}

async fn collected(body: Body, most: usize, limit: Duration) -> Result<Bytes> {
    let body = tokio::time::timeout(limit, body.collect(most)).await;
    body.unwrap_or_else(|_| Err(stalled(limit)))
}

impl Accepted {
    /// The answer with its body.
    pub(super) async fn whole(self) -> Result<Whole> {
        let Accepted { response, endpoint, requested_url, final_url, egress, account, limit } = self;
        let (head, body) = response.into_parts();
        let body = collected(body, MAX_BODY, limit).await?;
        let (status, headers) = (head.status, head.headers);
        Ok(Whole { status, headers, body, endpoint, requested_url, final_url, egress, account })
    }
}

impl Whole {
    /// A success whose body says that the call failed.
    pub(super) fn refused(self) -> RefusedAnswer {
        let body = self.body.slice(..self.body.len().min(MAX_ERROR_BODY));
        refusal(ERROR_IN_SUCCESS, self.status, &self.headers, &body, &self.account, self.endpoint)
    }

    /// The answer as JSON; one without a body is `null`. Another shape is an error that names provider and endpoint.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let json: &[u8] = if self.body.is_empty() { b"null" } else { &self.body };
        shape::read(json).map_err(|said| {
            let headers = masked(&self.headers, &Masker::new(&self.account.secrets()));
            let error = Error::new(ErrorKind::UnexpectedAnswer, said).sent(true).stage(Stage::Response);
            let error = error.response_headers(headers).provider(self.account.spec.key);
            error.response(self.status.as_u16(), "").endpoint(&self.endpoint)
        })
    }
}

/// Headers without the secrets in their values. Cookies are marked as sensitive; a value that is not UTF-8 and holds
/// a secret becomes empty.
fn masked(headers: &HeaderMap, masker: &Masker) -> HeaderMap {
    let mut masked = headers.clone();
    for (name, value) in &mut masked {
        let text = String::from_utf8_lossy(value.as_bytes());
        let shown = masker.text(&text);
        if shown != text {
            *value = HeaderValue::from_str(&shown).unwrap_or_else(|_| HeaderValue::from_static(""));
        }
        value.set_sensitive(name == SET_COOKIE);
    }
    masked
}

fn stalled(limit: Duration) -> Error {
    let message = format!("the body of the answer did not arrive within {}", shown_limit(limit));
    Error::new(ErrorKind::Timeout, message).stage(Stage::Response).sent(true)
}
