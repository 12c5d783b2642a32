//! The authorization server of an MCP server, as a client finds it: the challenge (RFC 9728 section 5.1), the metadata
//! of the resource (RFC 9728) and of its server (RFC 8414), and the registration of the client (RFC 7591).
//!
//! The server stands on a host of its own below the resource's. What it is asked for is the same as of every other
//! (`authorize`, `oauth2`), with the resource indicator (RFC 8707), for a public client.

use crate::answer;
use crate::check::{Checks, RefusalKind};
use crate::compare::{once, user_agent};
use crate::redirect_uri;
use crate::request::ReceivedRequest;
use crate::state::VendorState;
use bytes::Bytes;
use http::{Method, Response};
use keyway_spec::Auth;
use serde_json::{Value, json};
use url::Url;

/// The configuration with the URL of the MCP server.
const SERVER_URL: &str = "mcp_server_url";

/// The scope that the resource names, where the operator asks for none.
const SCOPE: &str = "simulated:tools";

const PROTECTED_RESOURCE: &str = "/.well-known/oauth-protected-resource";
const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";

/// A request by which a client finds out where to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiscoveryStep {
    /// The resource itself, without a token.
    Challenge,
    /// The metadata of the resource.
    Resource,
    /// The metadata of its authorization server.
    Server,
    /// A document that is not there.
    Nothing,
    /// The registration of the client.
    Registration,
}

/// The URL of the MCP server, where the entry's mode has one.
fn server_url(state: &VendorState) -> Option<Url> {
    if !matches!(state.spec.auth, Auth::McpOAuth2Generic) {
        return None;
    }
    Url::parse(state.account.config.get(SERVER_URL)?).ok()
}

/// The resource, as clients name it.
pub(crate) fn resource(state: &VendorState) -> Option<String> {
    server_url(state).map(|_| state.account.config.get(SERVER_URL).cloned().unwrap_or_default())
}

fn issuer(state: &VendorState) -> Option<String> {
    Some(format!("https://auth.{}", server_url(state)?.host_str()?))
}

/// The authorization endpoint.
pub(crate) fn authorization_url(state: &VendorState) -> Option<String> {
    issuer(state).map(|issuer| format!("{issuer}/authorize"))
}

/// The token endpoint.
pub(crate) fn token_url(state: &VendorState) -> Option<String> {
    issuer(state).map(|issuer| format!("{issuer}/token"))
}

/// The issuer, which comes back with the code (RFC 9207).
pub(crate) fn callback(state: &VendorState) -> Vec<(String, String)> {
    issuer(state).map(|issuer| ("iss".to_owned(), issuer)).into_iter().collect()
}

/// The URL of the metadata of the resource: its path and its query follow the well-known path. Of a path that is a
/// slash alone that slash is left out, and no other (RFC 9728 section 3.1).
fn metadata_url(server: &Url) -> String {
    let mut url = server.clone();
    let path = if server.path() == "/" { "" } else { server.path() };
    url.set_path(&format!("{PROTECTED_RESOURCE}{path}"));
    url.set_fragment(None);
    url.into()
}

/// The step that a request is, if it is one.
pub(crate) fn step(state: &VendorState, received: &ReceivedRequest) -> Option<DiscoveryStep> {
    let (server, issuer) = (server_url(state)?, Url::parse(&issuer(state)?).ok()?);
    let (host, path) = (received.url.host(), received.url.path());
    let is_of_server = host == issuer.host();
    if !is_of_server && host != server.host() {
        return None;
    }
    if is_of_server && path == "/register" {
        return Some(DiscoveryStep::Registration);
    }
    if is_of_server && path == AUTHORIZATION_SERVER {
        return Some(DiscoveryStep::Server);
    }
    if !is_of_server && metadata_url(&server) == received.url.as_str() {
        return Some(DiscoveryStep::Resource);
    }
    if path.starts_with("/.well-known/") {
        return Some(DiscoveryStep::Nothing);
    }
    let is_asked = !is_of_server && path == server.path() && received.times("authorization") == 0;
    is_asked.then_some(DiscoveryStep::Challenge)
}

/// Checks a step: nothing of it carries a credential.
pub(crate) fn examine(state: &VendorState, step: DiscoveryStep, received: &ReceivedRequest) -> Checks {
    let mut checks = Checks::default();
    user_agent(&mut checks, received);
    once(&mut checks, received);
    let invalid = RefusalKind::Status(400);
    for name in ["authorization", "cookie"] {
        let got = received.header(name).map(|got| state.mask.wrong(&got)).unwrap_or_default();
        checks.unless(received.times(name) == 0, invalid, &format!("the header `{name}`"), "nothing", got);
    }
    let said = crate::state::texts(received);
    let secret = said.iter().find_map(|text| state.mask.found(text));
    checks.unless(secret.is_none(), invalid, "the request", "no secret", secret.unwrap_or_default());
    let method = received.method.as_str();
    match step {
        DiscoveryStep::Challenge => {}
        DiscoveryStep::Resource | DiscoveryStep::Server | DiscoveryStep::Nothing => {
            checks.note(received.method == Method::GET, RefusalKind::Status(405), "the method", "GET", method);
        }
        DiscoveryStep::Registration => {
            checks.note(received.method == Method::POST, RefusalKind::Status(405), "the method", "POST", method);
            registration(&mut checks, received);
        }
    }
    checks
}

/// The metadata of a client (RFC 7591 section 2).
fn registration(checks: &mut Checks, received: &ReceivedRequest) {
    let refused = RefusalKind::OAuth("invalid_client_metadata");
    let got = received.media_type();
    checks.note(got == "application/json", refused, "`content-type`", "application/json", got);
    let body = received.json().unwrap_or_default();
    let words = |name: &str| -> Vec<String> {
        let list = body.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let uris = words("redirect_uris");
    let ok = !uris.is_empty() && uris.iter().all(|uri| redirect_uri::is_registrable(uri));
    let invalid_uri = RefusalKind::OAuth("invalid_redirect_uri");
    checks.note(
        ok,
        invalid_uri,
        "`redirect_uris`",
        "URIs with `https:`, or of the client's own machine",
        uris.join(", "),
    );
    let method = body.get("token_endpoint_auth_method").and_then(Value::as_str).unwrap_or_default();
    checks.note(method == "none", refused, "`token_endpoint_auth_method`", "none", method);
    // Without these members they are `authorization_code` and `code`.
    for (name, needed, default) in [
        ("grant_types", &["authorization_code", "refresh_token"][..], "authorization_code"),
        ("response_types", &["code"], "code"),
    ] {
        let said = words(name);
        let said = if body.get(name).is_none() { vec![default.to_owned()] } else { said };
        let ok = needed.iter().all(|needed| said.iter().any(|said| said == needed));
        checks.note(ok, refused, format!("`{name}`"), needed.join(", "), said.join(", "));
    }
    let name = body.get("client_name").and_then(Value::as_str).unwrap_or_default();
    checks.note(!name.is_empty(), refused, "`client_name`", "a name", name);
}

/// Answers a step that passed every check.
pub(crate) fn succeed(state: &mut VendorState, step: DiscoveryStep, received: &ReceivedRequest) -> Response<Bytes> {
    let (Some(server), Some(issuer)) = (server_url(state), issuer(state)) else {
        return answer::json(404, &json!({}));
    };
    match step {
        DiscoveryStep::Challenge => {
            let challenge = format!("Bearer resource_metadata=\"{}\"", metadata_url(&server));
            answer::with_header(answer::json(401, &json!({"error": "unauthorized"})), "www-authenticate", &challenge)
        }
        DiscoveryStep::Resource => {
            if state.account.scopes.is_empty() {
                state.account.scopes = vec![SCOPE.to_owned()];
            }
            let resource = resource(state);
            let servers = [&issuer];
            let scopes = [SCOPE];
            answer::json(
                200,
                &json!({"resource": resource, "authorization_servers": servers, "scopes_supported": scopes}),
            )
        }
        DiscoveryStep::Server => answer::json(
            200,
            &json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "registration_endpoint": format!("{issuer}/register"),
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
                "authorization_response_iss_parameter_supported": true,
            }),
        ),
        DiscoveryStep::Nothing => answer::json(404, &json!({"error": "not_found"})),
        DiscoveryStep::Registration => {
            let id = state.grants.fresh("client");
            state.account.client_id.clone_from(&id);
            let mut body = received.json().unwrap_or_default();
            let uris = body.get("redirect_uris").and_then(Value::as_array).cloned().unwrap_or_default();
            state.redirect_uris = uris.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            if let Some(members) = body.as_object_mut() {
                members.insert("client_id".to_owned(), id.into());
            }
            answer::not_stored(answer::json(201, &body))
        }
    }
}
