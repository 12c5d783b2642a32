//! Logging in with stored credentials for a token: one request, and as many more as the entry lists.
//!
//! The submitted credentials are kept, so that renewing is logging in again, or redeeming a refresh token where the
//! entry says how. A refresh token that is refused ends nothing: the credentials are there.
//!
//! [`request`] builds, [`answer`] reads, [`granted`] says what came of it.

mod answer;
mod assertion;
mod carries;
mod granted;
mod headers;
mod request;
pub(in crate::auth) mod xml;

use super::exchange::{Answer, Grant, Granted, MAX_REQUESTS, Step};
use crate::auth::jwt;
use crate::auth::method::Method;
use crate::auth::place::{self, Header};
use crate::auth::token_response::unit_of;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::template::refers;
use keyway_spec::auth::{LoginRequest, TwoStep};
use keyway_spec::{Reference, Root};

impl Method for TwoStep {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        jwt::check(credentials)
    }

    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        step(inputs, self, grant, answers)
    }

    /// A bearer token, unless the entry places the token or the cookies of the session itself.
    fn headers(&self, inputs: &Inputs<'_>) -> Result<Vec<Header>> {
        if places_its_token(inputs) { Ok(Vec::new()) } else { place::by_row(inputs) }
    }
}

/// True if the entry puts the token, or the cookies of its session, into a header of its own.
fn places_its_token(inputs: &Inputs<'_>) -> bool {
    let token = |reference: &Reference| reference.root == Root::AccessToken;
    let cookies = |reference: &Reference| reference.root == Root::Credentials && reference.path == "_cookies";
    let headers = inputs.spec.proxy.map_or(&[][..], |proxy| proxy.headers);
    let mut headers = headers.iter();
    headers.any(|(name, template)| refers(template, &token) || (*name == "cookie" && refers(template, &cookies)))
}

/// The next request, or what was granted.
fn step(inputs: &Inputs<'_>, mode: &TwoStep, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    // A refused refresh token costs one more.
    if mode.additional_steps.len() + 2 > MAX_REQUESTS {
        let most = MAX_REQUESTS - 2;
        let message = format!("`additional_steps` has more than {most} requests: shorten it");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let (first, answers) = first(inputs, mode, grant, answers);
    let requests = || [first].into_iter().chain(mode.additional_steps.iter());
    let read = answers.iter().zip(requests()).map(|(answer, asked)| answer::read(answer, asked.body_format));
    let read = read.collect::<Result<Vec<_>>>()?;
    if let Some(next) = requests().nth(read.len()) {
        return request::build(inputs, mode, next, &read).map(Step::send);
    }
    granted::granted(mode, unit_of(inputs.spec).unwrap_or_default(), answers, &read).map(Step::Done)
}

/// The request that comes first, and its answer and those after it.
fn first<'m, 'a>(
    inputs: &Inputs<'_>,
    mode: &'m TwoStep,
    grant: Grant<'_>,
    answers: &'a [Answer],
) -> (&'m LoginRequest, &'a [Answer]) {
    let stored = inputs.credentials.token.as_ref().and_then(|token| token.refresh.as_ref());
    let redeems = matches!(grant, Grant::Renewal) && stored.is_some_and(|token| !token.is_empty());
    match (mode.refresh.as_ref().filter(|_| redeems), answers.split_first()) {
        (Some(_), Some((refused, behind))) if is_refusal(refused) => (&mode.login, behind),
        (Some(refresh), _) => (refresh, answers),
        (None, _) => (&mode.login, answers),
    }
}

/// True if an endpoint says that a refresh token is used up or was withdrawn (RFC 6749 section 5.2), and not that it
/// cannot answer now.
fn is_refusal(answer: &Answer) -> bool {
    matches!(answer.status, 400 | 401 | 403)
}
