//! Sending a token request.
//!
//! Bounded in time and size. A redirect is an error: the body holds secrets that no other endpoint should see. Never
//! tried again here.

use crate::auth::token_request::TokenRequest;
use crate::auth::token_response::Answer;
use crate::egress::{Carries, Egress};
use crate::error::{Error, ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::parts::Parts;
use crate::secret::Secret;
use crate::transport::Body;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use keyway_spec::ProviderSpec;
use std::time::Duration;

/// How long a token endpoint may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How large its answer may be: 1 MiB.
const LARGEST_ANSWER: usize = 1 << 20;

/// The answer to a token request.
pub(crate) async fn exchange(
    parts: &Parts,
    spec: &ProviderSpec<'_>,
    integration: &IntegrationRecord,
    request: TokenRequest,
) -> Result<Answer> {
    let outcome = tokio::time::timeout(TIMEOUT, send(parts, spec, integration, request)).await;
    let answer = outcome.unwrap_or_else(|_| {
        let message = format!("the token endpoint did not answer within {} seconds", TIMEOUT.as_secs());
        Err(Error::new(ErrorKind::Timeout, message).sent(true))
    });
    answer.map_err(|error| error.provider(spec.key).stage("token"))
}

async fn send(
    parts: &Parts,
    spec: &ProviderSpec<'_>,
    integration: &IntegrationRecord,
    request: TokenRequest,
) -> Result<Answer> {
    let policy = parts.policy.clone();
    let egress = match request.carries {
        Carries::OperatorSecret => Egress::for_operator_secret(spec, integration, policy),
        Carries::CustomerCredential => Egress::for_customer_token(spec, integration, policy),
    };
    egress.check_url(&request.url.0)?;
    let response = parts.transport.send(http_request(&request)?, &egress).await?;
    let status = response.status().as_u16();
    if response.status().is_redirection() {
        let message = "the token endpoint redirected: correct its URL in the entry";
        return Err(Error::new(ErrorKind::TokenRefused, message).sent(true).response(status, ""));
    }
    let body = response.into_body().collect(LARGEST_ANSWER).await.map_err(|error| error.sent(true))?;
    let body = Secret::new(String::from_utf8_lossy(&body).into_owned());
    Ok(Answer { status, body, secrets: request.secrets })
}

fn http_request(request: &TokenRequest) -> Result<http::Request<Body>> {
    let unfit = |_| Error::new(ErrorKind::InvalidRequest, "the token request does not fit into HTTP").sent(false);
    let mut built = http::Request::post(request.url.0.as_str())
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, concat!("keyway/", env!("CARGO_PKG_VERSION")));
    if let Some(content_type) = request.content_type {
        built = built.header(CONTENT_TYPE, content_type);
    }
    if let Some(authorization) = &request.authorization {
        let mut value = HeaderValue::from_str(authorization.expose()).map_err(http::Error::from).map_err(unfit)?;
        value.set_sensitive(true);
        built = built.header(AUTHORIZATION, value);
    }
    built.body(Body::full(request.body.expose().to_owned())).map_err(unfit)
}
