//! Requests to STS, or to an endpoint of the operator's that stands in its place.
//!
//! Answers are read in `answer`.

use super::answer::Issued;
use super::endpoint;
use super::settings::Settings;
use crate::auth::token_request::{TokenRequest, basic};
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;
use crate::sign::sigv4::{self, PathForm, Payload};
use form_urlencoded::Serializer;
use http::Method;
use serde_json::json;
use url::Url;

/// The version of the API.
const VERSION: &str = "2011-06-15";
/// The lifetime to ask for, in seconds: every role allows it.
const DURATION: &str = "3600";

/// Asks for temporary credentials of the role.
pub(super) fn assume_role(inputs: &Inputs<'_>, settings: &Settings<'_>) -> Result<TokenRequest> {
    match settings.get("stsMode").map(Secret::expose) {
        None | Some("builtin") => builtin(inputs, settings),
        Some("custom") => custom(inputs, settings),
        Some(_) => Err(Error::new(ErrorKind::InvalidValue, "the setting `stsMode` must be `builtin` or `custom`")),
    }
}

/// Asks whose credentials these are. STS always allows that call, so a success proves the credentials.
pub(super) fn caller_identity(inputs: &Inputs<'_>, settings: &Settings<'_>, issued: &Issued) -> Result<TokenRequest> {
    let mut sts = endpoint::sts(settings)?;
    sts.url.set_query(Some(&format!("Action=GetCallerIdentity&Version={VERSION}")));
    let url = sts.url.clone();
    let post = TokenRequest::post(url, SecretOwner::Customer);
    let mut request = TokenRequest { method: Method::GET, ..post };
    let secrets = [&issued.key_id, &issued.secret, &issued.session_token];
    request.secrets.extend(secrets.into_iter().cloned());
    let signer = sigv4::Credentials {
        key_id: issued.key_id.expose(),
        secret: &issued.secret,
        session_token: Some(&issued.session_token),
    };
    signed(inputs, &sts.region, request, signer)
}

/// Signed with the operator's own keys.
fn builtin(inputs: &Inputs<'_>, settings: &Settings<'_>) -> Result<TokenRequest> {
    let key_id = settings.required("awsAccessKeyId", inputs)?;
    let secret = settings.required("awsSecretAccessKey", inputs)?;
    let session: String = inputs.moment.uuid.chars().filter(|c| *c != '-').take(16).collect();
    let body = Serializer::new(String::new())
        .append_pair("Action", "AssumeRole")
        .append_pair("RoleArn", settings.role_arn)
        .append_pair("ExternalId", settings.external_id)
        .append_pair("RoleSessionName", &format!("keyway-{session}"))
        .append_pair("DurationSeconds", DURATION)
        .append_pair("Version", VERSION)
        .finish();
    let sts = endpoint::sts(settings)?;
    let post = TokenRequest::post(sts.url, SecretOwner::Operator);
    let mut request = TokenRequest { body: body.into(), secrets: vec![key_id.clone(), secret.clone()], ..post };
    request.set_header("content-type", "application/x-www-form-urlencoded");
    signed(inputs, &sts.region, request, sigv4::Credentials { key_id: key_id.expose(), secret, session_token: None })
}

/// An endpoint of the operator's issues the credentials.
fn custom(inputs: &Inputs<'_>, settings: &Settings<'_>) -> Result<TokenRequest> {
    let url = Url::parse(settings.required("stsEndpointUrl", inputs)?.expose())
        .map_err(|_| Error::new(ErrorKind::InvalidValue, "the setting `stsEndpointUrl` is not a URL"))?;
    let body = json!({
        "role_arn": settings.role_arn, "external_id": settings.external_id,
        "region": settings.region, "service": settings.service.expose(),
    });
    let post = TokenRequest::post(url, SecretOwner::Operator);
    let mut request = TokenRequest { body: body.to_string().into(), ..post };
    request.set_header("content-type", "application/json");
    match settings.get("stsAuthType").map(Secret::expose) {
        None | Some("none") => {}
        Some("api_key") => {
            let key = settings.required("stsApiKey", inputs)?;
            request.secrets.push(key.clone());
            request.set_header(settings.get("stsAuthHeader").map_or("x-api-key", Secret::expose), key.clone());
        }
        Some("basic") => {
            let name = settings.required("stsAuthUsername", inputs)?;
            let password = settings.required("stsAuthPassword", inputs)?;
            let authorization = basic(name.expose(), password.expose());
            request.secrets.extend([password.clone(), authorization.clone()]);
            request.set_header("authorization", authorization);
        }
        Some(_) => {
            let message = "the setting `stsAuthType` must be `none`, `api_key` or `basic`";
            return Err(Error::new(ErrorKind::InvalidValue, message));
        }
    }
    Ok(request)
}

fn signed(
    inputs: &Inputs<'_>,
    region: &str,
    mut request: TokenRequest,
    signer: sigv4::Credentials<'_>,
) -> Result<TokenRequest> {
    // Asked for JSON, STS gives an undocumented form of its answer.
    request.set_header("accept", "application/xml");
    let content_type = request.header("content-type").map(|value| ("content-type", value.expose()));
    let headers = sigv4::headers(
        &sigv4::Request {
            method: request.method.as_str(),
            url: &request.url.0,
            headers: content_type.as_slice(),
            payload: Payload::Bytes(request.body.expose().as_bytes()),
            path: PathForm::Normalized,
            content_hash: true,
        },
        signer,
        sigv4::Scope { region, service: "sts", at: inputs.moment.now },
    )?;
    for (name, value) in headers {
        request.set_header(name, value);
    }
    Ok(request)
}
