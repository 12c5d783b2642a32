//! Apps and plugins that a customer installs on a page of the vendor's, and the tokens of installations.
//!
//! The page knows no parameter of OAuth 2.0: it takes the state, and sends the browser back to where the app is
//! registered. An app proves itself with a JWT of its own (RFC 7519), ten minutes long at most.

use crate::answer;
use crate::authorize::{ConsentDecision, Outcome, metadata, with_query};
use crate::check::{Checks, RefusalKind};
use crate::compare::{is_same_place, once, user_agent};
use crate::grant::TokenUse;
use crate::instant;
use crate::jwt;
use crate::request::ReceivedRequest;
use crate::state::VendorState;
use crate::template::evaluate;
use bytes::Bytes;
use http::{Method, Response};
use keyway_spec::auth::Authorization;
use keyway_spec::{Auth, Template};
use serde_json::{Value, json};
use url::Url;

/// The parameter of a callback that names the installation.
const INSTALLATION: &str = "installation_id";

/// Milliseconds that an installation's token lives.
const LIFETIME: i64 = 3_600_000;

/// The installation page of an entry: its URL, the parameter of the state, and what the callback has beside it.
pub(crate) struct InstallationPage {
    url: Option<Template>,
    state: &'static str,
    names: &'static [&'static str],
    /// The callback has a code too, in this parameter.
    code: Option<&'static str>,
}

/// The page of a mode that has one.
pub(crate) fn page(auth: &Auth) -> Option<InstallationPage> {
    match auth {
        Auth::App(mode) => Some(InstallationPage {
            url: Some(mode.authorization_url),
            state: "state",
            names: &[INSTALLATION],
            code: None,
        }),
        Auth::Custom(mode) => {
            let Authorization { url, code_param, .. } = mode.authorization;
            Some(InstallationPage { url, state: "state", names: &[INSTALLATION], code: Some(code_param) })
        }
        Auth::InstallPlugin(mode) => Some(InstallationPage {
            url: mode.authorization_url,
            state: "payload",
            names: mode.redirect_uri_metadata,
            code: None,
        }),
        Auth::None
        | Auth::ApiKey
        | Auth::Basic
        | Auth::OAuth1(_)
        | Auth::OAuth2(_)
        | Auth::OAuth2ClientCredentials(_)
        | Auth::TwoStep(_)
        | Auth::Jwt(_)
        | Auth::Signature(_)
        | Auth::Tba
        | Auth::McpOAuth2(_)
        | Auth::McpOAuth2Generic
        | Auth::Bill(_)
        | Auth::AwsSigV4 => None,
    }
}

/// The endpoint of installations' tokens.
pub(crate) fn token_url(auth: &Auth) -> Option<Template> {
    if let Auth::Custom(mode) = auth {
        return Some(mode.app_token_url);
    }
    if let Auth::App(mode) = auth { Some(mode.token_url) } else { None }
}

/// The answer to a browser at the installation page.
pub(crate) fn consent(
    state: &mut VendorState,
    page: &InstallationPage,
    url: &Url,
    decision: ConsentDecision,
    now: i64,
    checks: &mut Checks,
) -> Outcome {
    let own = page.url.and_then(|url| evaluate(&url, &state.values(None, now))?.literal());
    let base = own.unwrap_or_else(|| state.account.app_link.clone());
    let got = state.mask.shown(url.as_str().split(['?', '#']).next().unwrap_or_default());
    checks.note(is_same_place(&base, url), RefusalKind::Status(404), "the URL", base, got);
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let said = query.iter().find(|(name, _)| name == page.state).map(|(_, value)| value.clone());
    let length = said.as_ref().map_or(0, String::len);
    let what = format!("`{}`", page.state);
    let expected = "a value that cannot be guessed";
    checks.note(length >= 16, RefusalKind::Status(400), what, expected, format!("{length} characters"));
    for (name, value) in query.iter().filter(|(name, _)| name != page.state) {
        checks.note(false, RefusalKind::Status(400), format!("`{name}`"), "nothing", state.mask.wrong(value));
    }
    if checks.refusal.is_some() {
        return Err(checks.reason().unwrap_or_default());
    }
    let redirect_uri = state.account.redirect_uri.clone();
    let mut back: Vec<(String, String)> = Vec::new();
    match decision {
        ConsentDecision::Deny => back.push(("error".to_owned(), "access_denied".to_owned())),
        ConsentDecision::Approve => {
            back.extend(metadata(state, page.names));
            if let Some(name) = page.code {
                let code = state.grants.code(&redirect_uri, None, now);
                state.mask.add("code", &code);
                back.push((name.to_owned(), code));
            }
            if page.names.contains(&INSTALLATION) {
                back.push(("setup_action".to_owned(), "install".to_owned()));
            }
        }
    }
    back.extend(said.map(|said| (page.state.to_owned(), said)));
    state.callback = back.iter().cloned().collect();
    Ok(with_query(&redirect_uri, &back))
}

/// Checks the request for an installation's token.
pub(crate) fn examine(state: &VendorState, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = Checks::default();
    user_agent(&mut checks, received);
    once(&mut checks, received);
    let method = received.method.as_str();
    checks.note(received.method == Method::POST, RefusalKind::Status(405), "the method", "POST", method);
    checks.unless(
        received.query().is_empty(),
        RefusalKind::Status(400),
        "parameters of the URL",
        "none",
        format!("{} of them", received.query().len()),
    );
    let is_object = received.body.is_empty() || received.json().is_some_and(|body| body == json!({}));
    let got = format!("{} bytes", received.body.len());
    checks.note(is_object, RefusalKind::Status(400), "the body", "none, or an empty object", got);
    let header = received.header("authorization").unwrap_or_default();
    let Some(token) = header.strip_prefix("Bearer ") else {
        let got = state.mask.wrong(&header);
        checks.note(false, RefusalKind::Unauthorized, "the header `authorization`", "Bearer and the app's JWT", got);
        return checks;
    };
    // A connection's own app is the one that its settings name, where users sign in to another client.
    let is_custom = matches!(state.spec.auth, Auth::Custom(_));
    let of_settings = state.account.settings.get("app_id").filter(|_| is_custom);
    let id = of_settings.unwrap_or(&state.account.client_id);
    jwt::verify_app(&mut checks, token, id, now, RefusalKind::Unauthorized);
    checks
}

/// Issues an installation's token.
pub(crate) fn succeed(state: &mut VendorState, now: i64) -> Response<Bytes> {
    let (token, family) = (state.grants.fresh("installation"), state.grants.family());
    let expires_at = now.saturating_add(LIFETIME);
    state.issue(token.clone(), TokenUse::Access, family, Some(expires_at));
    let body: Value = json!({"token": token, "expires_at": instant::iso(expires_at), "permissions": {}});
    answer::not_stored(answer::json(201, &body))
}
