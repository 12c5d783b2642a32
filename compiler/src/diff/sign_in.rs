//! The facts of signing in, mode by mode: what is asked of the vendor, and how its answers are read.
//!
//! The time that a token is held is not a fact: it only decides when a new one is fetched. Quirks are in `quirks`.

use super::ChangeKind;
use super::facts::{Facts, Seen};
use super::quirks;
use keyway_spec::auth::{
    App, Assertion, Authorization, Bill, ClientCredentials, ClientRegistration, Custom, InstallPlugin, Jwt,
    LoginRequest, McpOAuth2, OAuth1, OAuth2, Signature, TokenEndpoint, TwoStep,
};
use keyway_spec::{Entry, Mode, ProviderSpec, Template, Value};

/// Parameters that the mode sends anyway: of an authorization URL (RFC 6749 section 4.1.1, RFC 7636 section 4.3), and
/// of a token request (RFC 6749 sections 4.1.3, 4.4.2 and 6, RFC 7636 section 4.5).
const OF_AUTHORIZATION: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];
const OF_TOKEN: [&str; 8] =
    ["grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier", "refresh_token", "scope"];

const REQUEST: (ChangeKind, ChangeKind) = (ChangeKind::SignInChanged, ChangeKind::SignInAdded);
const EXACT: (ChangeKind, ChangeKind) = (ChangeKind::SignInChanged, ChangeKind::SignInChanged);

/// Adds them.
pub(super) fn facts(facts: &mut Facts<'_, '_>, spec: &ProviderSpec) {
    let _ = keyway_spec::on_data!(&spec.auth, data => data.facts(facts));
    quirks::facts(facts, spec);
}

/// The data of a mode, as facts.
trait SignIn {
    /// Adds them.
    fn facts(&self, facts: &mut Facts<'_, '_>);
}

impl SignIn for OAuth2 {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let OAuth2 { authorization: page, token: endpoint, outbound } = self;
        authorization(facts, page);
        token(facts, endpoint);
        // Another marker of the mode, and with it other functions.
        let installation = if outbound.is_some() { "outbound" } else { "by redirect" };
        facts.add(
            (ChangeKind::AuthModeChanged, ChangeKind::AuthModeChanged),
            &["installation"],
            "the installation".to_owned(),
            word(installation),
        );
        if let Some(outbound) = outbound {
            facts.word(ChangeKind::SignInChanged, &["authorization_code_param_in_webhook"], outbound.code_path);
            facts.stored(&["webhook_response_metadata"], outbound.metadata);
        }
    }
}

fn word(text: &str) -> Seen {
    Seen::Word(text.to_owned())
}

fn authorization(facts: &mut Facts<'_, '_>, page: &Authorization) {
    let Authorization {
        url,
        params,
        replacements,
        fragment,
        skip_empty,
        raw_scopes,
        code_param,
        scope_separator,
        pkce,
        redirect_uri_metadata,
    } = page;
    if let Some(url) = url {
        facts.url(&["authorization_url"], url);
    }
    let own = without(params, "response_type", "code");
    facts.params(&["authorization_params"], "authorization parameter", &own, true, &OF_AUTHORIZATION);
    facts.whole(ChangeKind::SignInChanged, &["authorization_url_replacements"], replacements);
    facts.word(ChangeKind::SignInChanged, &["authorization_url_fragment"], fragment.unwrap_or_default());
    facts.word(ChangeKind::SignInChanged, &["authorization_url_skip_empty"], &skip_empty.to_string());
    facts.whole(ChangeKind::SignInChanged, &["authorization_url_skip_encode"], raw_scopes);
    facts.word(ChangeKind::SignInChanged, &["authorization_code_param_in_callback"], code_param);
    facts.word(ChangeKind::SignInChanged, &["scope_separator"], scope_separator);
    if *pkce {
        facts.add(REQUEST, &["disable_pkce"], "PKCE".to_owned(), word("on"));
    }
    facts.stored(&["redirect_uri_metadata"], redirect_uri_metadata);
}

/// Parameters without one that says what is sent anyway.
fn without(params: &[Entry], name: &str, standard: &str) -> Vec<Entry> {
    let says_nothing = |entry: &&Entry| {
        entry.name == name && matches!(&entry.value, Value::Text(text) if text.as_literal() == Some(standard))
    };
    params.iter().filter(|entry| !says_nothing(entry)).copied().collect()
}

fn token(facts: &mut Facts<'_, '_>, endpoint: &TokenEndpoint) {
    let TokenEndpoint {
        url,
        refresh_url,
        params,
        refresh_params,
        body_format,
        client_auth,
        alternate_token_path,
        response_metadata,
    } = endpoint;
    let is_text = *body_format != keyway_spec::auth::BodyFormat::Json;
    facts.url(&["token_url"], url);
    let path: &[&str] = if refresh_url.is_some() { &["refresh_url"] } else { &["token_url"] };
    let effective = Seen::Url(refresh_url.unwrap_or(*url));
    facts.add((ChangeKind::UrlChanged, ChangeKind::UrlChanged), path, "the URL of refreshes".to_owned(), effective);
    let own = without(params, "grant_type", "authorization_code");
    facts.params(&["token_params"], "token parameter", &own, is_text, &OF_TOKEN);
    let has_own = facts.side.get(&["refresh_params"]).is_some();
    let path: &[&str] = if has_own { &["refresh_params"] } else { &["token_params"] };
    let own = without(refresh_params, "grant_type", "refresh_token");
    facts.params(path, "refresh parameter", &own, is_text, &OF_TOKEN);
    facts.whole(ChangeKind::SignInChanged, &["body_format"], body_format);
    facts.add(
        EXACT,
        &[CLIENT_AUTH],
        "how the client proves itself".to_owned(),
        Seen::Whole(format!("{client_auth:?}")),
    );
    if let Some(path) = alternate_token_path {
        facts.add(
            REQUEST,
            &["alternate_access_token_response_path"],
            "`alternate_access_token_response_path`".to_owned(),
            word(path),
        );
    }
    facts.stored(&["token_response_metadata"], response_metadata);
}

const CLIENT_AUTH: &str = "token_request_auth_method";

impl SignIn for ClientCredentials {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let ClientCredentials { token: endpoint, scope_separator, expires_in_milliseconds, client_certificate } = self;
        token(facts, endpoint);
        facts.word(ChangeKind::SignInChanged, &["scope_separator"], scope_separator);
        facts.whole(ChangeKind::SignInChanged, &["expires_in_unit"], expires_in_milliseconds);
        facts.word(ChangeKind::SignInChanged, &["require_client_certificate"], &client_certificate.to_string());
    }
}

impl SignIn for OAuth1 {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let OAuth1 {
            request_url,
            request_params,
            authorization_url,
            authorization_params,
            token_url,
            token_params,
            signature_method,
            scope_separator,
            redirect_uri_metadata,
        } = self;
        facts.url(&["request_url"], &Template::Text(request_url));
        facts.params(&["request_params"], "request parameter", request_params, true, &[]);
        facts.url(&["authorization_url"], &Template::Text(authorization_url));
        facts.params(
            &["authorization_params"],
            "authorization parameter",
            authorization_params,
            true,
            &["oauth_token"],
        );
        facts.url(&["token_url"], &Template::Text(token_url));
        facts.params(&["token_params"], "token parameter", token_params, true, &[]);
        facts.whole(ChangeKind::SignInChanged, &["signature_method"], signature_method);
        facts.word(ChangeKind::SignInChanged, &["scope_separator"], scope_separator);
        facts.stored(&["redirect_uri_metadata"], redirect_uri_metadata);
    }
}

impl SignIn for TwoStep {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let TwoStep {
            login,
            refresh,
            additional_steps,
            response,
            response_headers,
            response_metadata,
            expires_in_ms: _,
            token,
            assertion,
        } = self;
        let LoginRequest { url, get, params, headers, body_format } = login;
        let is_text = *get || *body_format != keyway_spec::auth::BodyFormat::Json;
        facts.url(&["token_url"], url);
        facts.whole(ChangeKind::SignInChanged, &["token_request_method"], get);
        facts.params(&["token_params"], "token parameter", params, is_text, &[]);
        facts.headers(&["token_headers"], headers, &[]);
        facts.whole(ChangeKind::SignInChanged, &["body_format"], body_format);
        for path in [["refresh_token_params"], ["refresh_token_headers"], ["refresh_url"]] {
            facts.whole(ChangeKind::SignInChanged, &path, refresh);
        }
        facts.whole(ChangeKind::SignInChanged, &["additional_steps"], additional_steps);
        facts.whole(ChangeKind::SignInChanged, &["token_response"], response);
        facts.stored(&["token_response_headers"], response_headers);
        facts.stored(&["token_response_metadata"], response_metadata);
        facts.whole(ChangeKind::SignInChanged, &["token"], token);
        facts.whole(ChangeKind::SignInChanged, &["signature"], token);
        match assertion {
            None | Some(Assertion::Jwt { .. } | Assertion::Saml(_)) => {
                facts.whole(ChangeKind::SignInChanged, &["assertion"], assertion);
            }
        }
    }
}

impl SignIn for Jwt {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let Jwt { key_kind, signing_key, expires_in_ms, header, payload } = self;
        facts.whole(ChangeKind::SignInChanged, &["signature"], key_kind);
        facts.add(EXACT, &["token", "signing_key"], "`token.signing_key`".to_owned(), Seen::Template(*signing_key));
        facts.word(ChangeKind::SignInChanged, &["token", "expires_in_ms"], &expires_in_ms.to_string());
        facts.params(&["token", "header"], "header parameter of the token", header, false, &["alg", "typ"]);
        facts.params(&["token", "payload"], "claim", payload, false, &["iat", "exp"]);
    }
}

impl SignIn for Signature {
    fn facts(&self, _: &mut Facts<'_, '_>) {
        let Signature { expires_in_ms: _ } = self;
    }
}

impl SignIn for Bill {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let Bill { token_url } = self;
        facts.url(&["token_url"], &Template::Text(token_url));
    }
}

impl SignIn for App {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let App { authorization_url, token_url } = self;
        facts.url(&["authorization_url"], authorization_url);
        facts.url(&["token_url"], token_url);
    }
}

impl SignIn for Custom {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let Custom { authorization: page, token: endpoint, app_token_url } = self;
        authorization(facts, page);
        token(facts, endpoint);
        facts.url(&["token_url", Mode::App.name()], app_token_url);
    }
}

impl SignIn for InstallPlugin {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let InstallPlugin { authorization_url, redirect_uri_metadata } = self;
        if let Some(url) = authorization_url {
            facts.url(&["authorization_url"], url);
        }
        facts.stored(&["redirect_uri_metadata"], redirect_uri_metadata);
    }
}

impl SignIn for McpOAuth2 {
    fn facts(&self, facts: &mut Facts<'_, '_>) {
        let McpOAuth2 { authorization: page, token: endpoint, registration } = self;
        authorization(facts, page);
        token(facts, endpoint);
        self::registration(facts, registration);
    }
}

fn registration(facts: &mut Facts<'_, '_>, registration: &ClientRegistration) {
    facts.whole(ChangeKind::SignInChanged, &["client_registration"], &std::mem::discriminant(registration));
    match registration {
        ClientRegistration::Dynamic { url, params } => {
            facts.url(&["registration_url"], &Template::Text(url));
            facts.whole(ChangeKind::SignInChanged, &["registration_params"], params);
        }
        ClientRegistration::Static | ClientRegistration::MetadataDocument => {}
    }
}
