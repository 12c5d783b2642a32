//! `POST /call/{integration}/{operation}`: an operation that the provider's entry lists, with checked parameters.
//!
//! ```text
//! path, headers -> connection, options;  body -> parameters;  the entry -> the request -> Keyway::send -> as `/proxy`
//! ```
//!
//! The headers are those of `/proxy`. A wrong parameter is refused before anything is sent, together with all others.

use super::headers::Instructions;
use super::{refused, response};
use crate::answers::ShownProblem;
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::extract::{Key, NoQuery};
use crate::input::{self, Fields};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use keyway::clock::{Moment, System};
use keyway::operation::{self, ParameterProblem, summary};
use keyway_spec::{Operation, ProviderSpec};
use serde_json::{Map, Value};

/// Names the integration where it is not the one of the path.
const INTEGRATION: &str = "provider-config-key";

/// Calls the operation, and gives the upstream's answer.
pub(crate) async fn route(
    State(app): AppState,
    Key((named, name)): Key<(String, String)>,
    _: NoQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let instructions = instructions(&named, headers)?;
    let (spec, operation) = find(&app, &named, &instructions.key.integration, &name).await?;
    let given = parameters(body).await?;
    let Instructions { key, retries, retry_on, base_url_override, decompress, forward_on_redirect, forwarded, passed } =
        instructions;
    let call = match operation::call(operation, given.into(), forwarded, &unique_key(operation)?) {
        Ok(call) => call,
        Err(problems) => return Ok(wrong(spec, operation, &problems)),
    };
    // As on `/proxy`: without the header `Retries` a call is sent once.
    let call = call.passed(passed).retries(retries).safe_retries(0).retry_on(retry_on).decompress(decompress);
    let mut call = call.forward_headers_on_redirect(forward_on_redirect);
    call.base_url_override = base_url_override;
    let is_head = call.method == Method::HEAD;
    let mut answer = response::relay(app.keyway.send(&key, call, None).await.map_err(refused)?, is_head);
    if is_head {
        // This answer is one to a POST, so its length would be that of a body here.
        answer.headers_mut().remove(CONTENT_LENGTH);
    }
    Ok(answer.map(Body::new))
}

/// The instructions of the headers. The integration is that of the path unless they name one.
fn instructions(named: &str, mut headers: HeaderMap) -> Result<Instructions, ApiError> {
    if !headers.contains_key(INTEGRATION) {
        let value = HeaderValue::from_bytes(named.as_bytes());
        headers.insert(INTEGRATION, value.map_err(|_| ApiError::invalid("the path holds a control character"))?);
    }
    Instructions::read(&headers)
}

/// The operation of an integration. The path names the integration, or the provider of the one that a header names.
async fn find(
    app: &App,
    named: &str,
    integration: &str,
    name: &str,
) -> Result<(&'static ProviderSpec, &'static Operation), ApiError> {
    let spec = crate::integrations::provider_of(app, integration).await?;
    if named != integration && named != spec.key {
        let message = format!(
            "the path names `{named}`, and the integration `{integration}` is one of `{}`: name either of these there",
            spec.key
        );
        return Err(ApiError::invalid(message));
    }
    Ok((spec, operation_of(spec, name)?))
}

/// The operation of an entry.
pub(crate) fn operation_of(spec: &ProviderSpec, name: &str) -> Result<&'static Operation, ApiError> {
    let unknown = |message| ApiError::new(StatusCode::NOT_FOUND, "unknown_operation", message);
    operation::find(spec, name).map_err(unknown)
}

/// A key that no other call has, for an operation that takes one; else empty.
pub(crate) fn unique_key(operation: &Operation) -> Result<String, keyway::Error> {
    if operation.idempotency_key.is_some() { Ok(Moment::take(&System)?.uuid) } else { Ok(String::new()) }
}

/// The parameters; none for no body.
async fn parameters(body: Body) -> Result<Map<String, Value>, ApiError> {
    let body = input::whole(body, input::MAX_BODY).await?;
    if body.is_empty() { Ok(Map::new()) } else { Ok(Fields::parse(&body)?.into_map()) }
}

/// The answer to wrong parameters: all of them.
fn wrong(spec: &ProviderSpec, operation: &Operation, problems: &[ParameterProblem]) -> Response {
    let list = problems.iter().map(|problem| ShownProblem {
        parameter: &problem.parameter,
        problem: problem.fault.code(),
        message: &problem.message,
    });
    let message = format!("`{}` of `{}`: {}", operation.name, spec.key, summary(problems));
    let error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_parameters", message);
    error.answer(list.collect())
}
