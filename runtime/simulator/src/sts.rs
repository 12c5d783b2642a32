//! The Security Token Service of AWS (API version 2011-06-15): temporary credentials of a customer's role, and whose
//! they are; or an endpoint of the operator's that issues them in its place.
//!
//! A role trusts one external id: the one of its first request.

use crate::answer;
use crate::check::{Checks, RefusalKind};
use crate::compare::{compare, once, user_agent};
use crate::crypto::{base64, hex, sha256};
use crate::expected::{ExpectedParameter, ExpectedRequest};
use crate::grant::TokenUse;
use crate::instant;
use crate::request::ReceivedRequest;
use crate::sigv4::{self, AwsSigner};
use crate::state::VendorState;
use crate::text::{Expected, TextForm};
use bytes::Bytes;
use http::{Method, Response};
use keyway_spec::auth::BodyFormat;
use keyway_spec::aws::dns_suffix;
use serde_json::json;
use url::Url;

const VERSION: &str = "2011-06-15";

/// Seconds that credentials live where the request does not say, and those of an endpoint of the operator's.
const LIFETIME: i64 = 3600;

/// The name under which the vendor keeps the external id that the role trusts.
const TRUSTED_ID: &str = "external_id";

/// A refusal as AWS answers it.
const REFUSED: RefusalKind = RefusalKind::Status(403);
const INVALID: RefusalKind = RefusalKind::Status(400);

/// A request for credentials, or about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StsRequest {
    /// `AssumeRole`, signed by the operator.
    AssumeRole,
    /// `GetCallerIdentity`, signed with what was issued.
    CallerIdentity,
    /// The operator's endpoint in the place of the first.
    OwnEndpoint,
}

/// An operator's setting, unless it is empty.
fn setting<'s>(state: &'s VendorState, name: &str) -> Option<&'s str> {
    state.account.settings.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

/// The region of calls: the customer's, else the operator's.
pub(crate) fn region(state: &VendorState) -> &str {
    let own = state.account.config.get("region").map(String::as_str).filter(|region| !region.is_empty());
    own.or_else(|| setting(state, "defaultRegion")).unwrap_or_default()
}

/// The signing name of the service that calls are made to.
fn service(state: &VendorState) -> &str {
    setting(state, "service").unwrap_or_default()
}

/// The requests for credentials, with their URLs.
pub(crate) fn endpoints(state: &VendorState) -> Vec<(StsRequest, String)> {
    let region = region(state);
    let regional = format!("https://sts.{region}.{}/", dns_suffix(region));
    let sts = setting(state, "stsUrl").map_or(regional, str::to_owned);
    let identity = (StsRequest::CallerIdentity, sts.clone());
    match setting(state, "stsMode") {
        Some("custom") => {
            let own = setting(state, "stsEndpointUrl").unwrap_or_default().to_owned();
            vec![(StsRequest::OwnEndpoint, own), identity]
        }
        _ => vec![(StsRequest::AssumeRole, sts), identity],
    }
}

/// Checks a request for credentials.
pub(crate) fn examine(state: &VendorState, asked: StsRequest, received: &ReceivedRequest, now: i64) -> Checks {
    match asked {
        StsRequest::AssumeRole => assume_role(state, received, now),
        StsRequest::CallerIdentity => caller_identity(state, received, now),
        StsRequest::OwnEndpoint => own_endpoint(state, received),
    }
}

/// The region that requests to STS are signed for: its global endpoint belongs to one.
fn sts_region<'s>(state: &'s VendorState, received: &ReceivedRequest) -> &'s str {
    if received.host() == "sts.amazonaws.com" { "us-east-1" } else { region(state) }
}

fn assume_role(state: &VendorState, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = Checks::default();
    user_agent(&mut checks, received);
    once(&mut checks, received);
    let method = received.method.as_str();
    checks.note(received.method == Method::POST, RefusalKind::Status(405), "the method", "POST", method);
    let media_type = received.media_type();
    let is_form = media_type == "application/x-www-form-urlencoded";
    checks.note(is_form, INVALID, "`content-type`", "application/x-www-form-urlencoded", media_type);
    let form = received.form();
    let values = |name: &str| form.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone()).collect();
    let value = |name: &str| {
        let values: Vec<String> = values(name);
        if let [one] = values.as_slice() { one.clone() } else { String::new() }
    };
    let role = state.account.credentials.get("role_arn").cloned().unwrap_or_default();
    for (name, expected, refused) in
        [("Action", "AssumeRole", INVALID), ("Version", VERSION, INVALID), ("RoleArn", role.as_str(), REFUSED)]
    {
        checks.note(value(name) == expected, refused, format!("`{name}`"), expected, value(name));
    }
    let is_word = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    let session = value("RoleSessionName");
    let ok = (2..=64).contains(&session.len()) && is_word(&session, "_+=,.@-");
    checks.note(ok, INVALID, "`RoleSessionName`", "2 to 64 letters, digits, or `_+=,.@-`", session);
    if form.iter().any(|(name, _)| name == "DurationSeconds") {
        let seconds = value("DurationSeconds");
        let ok = seconds.parse().is_ok_and(|seconds: i64| (900..=43_200).contains(&seconds));
        checks.note(ok, INVALID, "`DurationSeconds`", "900 to 43200", seconds);
    }
    external_id(&mut checks, state, &value("ExternalId"));
    let known = ["Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"];
    for (name, _) in form.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        checks.note(false, INVALID, format!("`{name}`"), "nothing", "a value");
    }
    let signer = AwsSigner {
        key_id: setting(state, "awsAccessKeyId").unwrap_or_default(),
        secret: setting(state, "awsSecretAccessKey").unwrap_or_default(),
        session_token: None,
        region: sts_region(state, received),
        service: "sts",
    };
    sigv4::verify(&mut checks, &signer, received, &state.mask, now);
    checks
}

/// The external id, which no other customer can guess, and which stays.
fn external_id(checks: &mut Checks, state: &VendorState, id: &str) {
    let is_id = |c: char| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c);
    let ok = (20..=1224).contains(&id.len()) && id.chars().all(is_id);
    checks.note(ok, INVALID, "`ExternalId`", "one that cannot be guessed", id);
    if let Some(trusted) = state.issued.get(TRUSTED_ID) {
        checks.note(id == trusted, REFUSED, "`ExternalId`", "the one that the role trusts", id);
    }
}

fn caller_identity(state: &VendorState, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = Checks::default();
    user_agent(&mut checks, received);
    once(&mut checks, received);
    let is_read = received.method == Method::GET && received.body.is_empty();
    checks.note(is_read, RefusalKind::Status(405), "the method", "GET without a body", received.method.as_str());
    let mut query = received.query();
    query.sort();
    let expected = [("Action", "GetCallerIdentity"), ("Version", VERSION)];
    let ok = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(expected);
    checks.note(ok, INVALID, "parameters", "Action=GetCallerIdentity&Version=2011-06-15", format!("{query:?}"));
    signed(&mut checks, state, received, sts_region(state, received), "sts", now);
    checks
}

/// Checks the signature of a call to a service.
pub(crate) fn examine_call(checks: &mut Checks, state: &VendorState, received: &ReceivedRequest, now: i64) {
    signed(checks, state, received, region(state), service(state), now);
}

/// Checks a signature with temporary credentials: with those of the session token that the request carries.
fn signed(checks: &mut Checks, state: &VendorState, received: &ReceivedRequest, region: &str, service: &str, now: i64) {
    let carried = received.header("x-amz-security-token").unwrap_or_default();
    let is_known = state.grants.tokens.iter().any(|token| token.value == carried);
    let latest = state.grants.latest(TokenUse::Access).map(|token| token.value.clone());
    let token = if is_known { carried } else { latest.unwrap_or_else(|| "none was issued".to_owned()) };
    let (key_id, secret) = keys(&token);
    let signer = AwsSigner { key_id: &key_id, secret: &secret, session_token: Some(&token), region, service };
    sigv4::verify(checks, &signer, received, &state.mask, now);
    state.note_use(checks, received, TokenUse::Access, now, REFUSED);
}

fn own_endpoint(state: &VendorState, received: &ReceivedRequest) -> Checks {
    let role = state.account.credentials.get("role_arn").cloned().unwrap_or_default();
    let text =
        |name: &str, value: Expected| ExpectedParameter { refused: REFUSED, ..ExpectedParameter::text(name, value) };
    let id = state.issued.get(TRUSTED_ID).cloned();
    let id = id.map_or_else(|| Expected::form("external_id", TextForm::Uuid), Expected::plain);
    let parameters = vec![
        text("role_arn", Expected::plain(role)),
        text("external_id", id),
        text("region", Expected::plain(region(state))),
        text("service", Expected::plain(service(state))),
    ];
    let setting = |name: &str| setting(state, name).unwrap_or_default();
    let headers = match setting("stsAuthType") {
        "api_key" => {
            let name = Some(setting("stsAuthHeader")).filter(|name| !name.is_empty()).unwrap_or("x-api-key");
            vec![(name.to_ascii_lowercase(), Expected::secret("credentials.stsApiKey", setting("stsApiKey")))]
        }
        "basic" => {
            let pair = format!("{}:{}", setting("stsAuthUsername"), setting("stsAuthPassword"));
            let value = Expected::plain(format!("Basic {}", base64(pair.as_bytes())));
            let shown = "Basic ${base64(${stsAuthUsername}:${stsAuthPassword})}".to_owned();
            vec![("authorization".to_owned(), Expected { shown, secret: true, ..value })]
        }
        _ => Vec::new(),
    };
    let expected = ExpectedRequest {
        method: Method::POST,
        url: setting("stsEndpointUrl").to_owned(),
        query: Vec::new(),
        parameters,
        format: BodyFormat::Json,
        headers,
        order: &[],
        refused: REFUSED,
    };
    compare(&expected, received, &state.mask).0
}

/// Answers a request that passed every check.
pub(crate) fn succeed(
    state: &mut VendorState,
    asked: StsRequest,
    received: &ReceivedRequest,
    now: i64,
) -> Response<Bytes> {
    if asked == StsRequest::CallerIdentity {
        let members = "<Arn>arn:aws:sts::123456789012:assumed-role/simulated/session</Arn>\
                       <UserId>AROASIMULATED:session</UserId><Account>123456789012</Account>";
        return xml("GetCallerIdentity", members);
    }
    let form = received.form();
    let in_form = |name: &str| form.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
    let in_json = |name: &str| received.json().and_then(|body| body.get(name)?.as_str().map(str::to_owned));
    let id = in_form("ExternalId").or_else(|| in_json("external_id")).unwrap_or_default();
    state.issued.insert(TRUSTED_ID.to_owned(), id);
    let seconds = in_form("DurationSeconds").and_then(|seconds| seconds.parse().ok()).unwrap_or(LIFETIME);
    let expires_at = now.saturating_add(seconds.saturating_mul(1000));
    let (token, family) = (state.grants.fresh("session"), state.grants.family());
    state.issue(token.clone(), TokenUse::Access, family, Some(expires_at));
    let (key_id, secret) = keys(&token);
    state.mask.add("credentials.secret_access_key", &secret);
    let expiration = instant::iso(expires_at);
    if asked == StsRequest::OwnEndpoint {
        let issued = json!({
            "access_key_id": key_id, "secret_access_key": secret, "session_token": token, "expiration": expiration,
        });
        return answer::not_stored(answer::json(200, &json!({"credentials": issued})));
    }
    let members = format!(
        "<Credentials><AccessKeyId>{key_id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>\
         <SessionToken>{token}</SessionToken><Expiration>{expiration}</Expiration></Credentials>"
    );
    xml("AssumeRole", &members)
}

/// The key that belongs to a session token, and its secret.
pub(crate) fn keys(token: &str) -> (String, String) {
    let digest = |what: &str| sha256(format!("{what} {token}").as_bytes());
    let id: String = hex(&digest("id")).to_ascii_uppercase().chars().take(16).collect();
    (format!("ASIA{id}"), base64(&digest("secret")))
}

fn xml(action: &str, members: &str) -> Response<Bytes> {
    let body = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/{VERSION}/\"><{action}Result>{members}\
         </{action}Result><ResponseMetadata><RequestId>simulated</RequestId></ResponseMetadata></{action}Response>"
    );
    answer::text(200, "text/xml", body)
}

/// A base URL in the partition of the region: an entry writes the domain of the standard one.
pub(crate) fn in_partition(state: &VendorState, base: &str) -> String {
    let suffix = dns_suffix(region(state));
    let Ok(mut url) = Url::parse(base) else { return base.to_owned() };
    let own = url.host_str().and_then(|host| host.strip_suffix(".amazonaws.com")).map(str::to_owned);
    match own {
        Some(own) if url.set_host(Some(&format!("{own}.{suffix}"))).is_ok() => url.to_string(),
        _ => base.to_owned(),
    }
}
