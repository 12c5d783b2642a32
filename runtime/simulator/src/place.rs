//! Where the credential of a call must be: the mode's own header, then the templates of `proxy`.

use crate::check::{Checks, RefusalKind};
use crate::compare::{Captures, header, shown};
use crate::expected::{ParameterValue, lay_over};
use crate::grant::TokenUse;
use crate::oauth1::{self, Signer};
use crate::path;
use crate::request::ReceivedRequest;
use crate::state::VendorState;
use crate::template::{Values, evaluate};
use crate::text::{Expected, TextForm};
use crate::{crypto, jwt, sts, wsse};
use http::Method;
use keyway_spec::mode::Place;
use keyway_spec::{Auth, Mode, Node, Proxy, Root, Template};
use serde_json::Value;

/// Checks the credential of a call. `known` are names of query parameters, `own` are headers,
/// that the caller has of the entry.
pub(crate) fn examine(
    checks: &mut Checks,
    state: &VendorState,
    proxy: &Proxy,
    received: &ReceivedRequest,
    (known, own): (&[String], &[(&str, &str)]),
    now: i64,
) {
    let mut values = state.values(Some(received), now);
    values.base_path = base_path(proxy, &values);
    let first = headers(state, proxy, &values);
    values.random = random(&first, received);
    let expected = headers(state, proxy, &values);
    let mut captures = Captures::new();
    let is_own = |name: &str| own.iter().any(|(own, _)| *own == name);
    // AWS answers 403 to a signature, or a token, that is none.
    let is_aws = state.spec.auth.kind() == Mode::AwsSigV4;
    let nobody = if is_aws { RefusalKind::Status(403) } else { RefusalKind::Unauthorized };
    for (name, value) in expected.iter().filter(|(name, _)| !is_own(name)) {
        let refused = if value.secret || name == "authorization" { nobody } else { RefusalKind::Status(400) };
        captures.extend(header(checks, name, value, refused, received, &state.mask));
    }
    missing(checks, state, proxy, &values);
    let is_signed = state.spec.auth.facts().place == Place::Signature;
    if is_signed {
        signature(checks, state, received, now);
    } else if !expected.iter().any(|(name, _)| name == "authorization") {
        let got = received.header("authorization").map(|got| state.mask.wrong(&got));
        let is_there = received.times("authorization") > 0;
        checks.unless(
            !is_there,
            RefusalKind::Unauthorized,
            "the header `authorization`",
            "nothing",
            got.unwrap_or_default(),
        );
    }
    let query = query(checks, state, proxy, received, &values);
    body(checks, proxy, received, &values, state);
    elsewhere(checks, state, received, &expected, &[query, known.to_vec()].concat());
    for (form, text) in captures {
        if let (Auth::Jwt(own), TextForm::Jwt) = (&state.spec.auth, form) {
            jwt::verify(checks, "the JWT", &text, own, &values, RefusalKind::Unauthorized, &state.mask);
        }
        if let (Auth::Signature(own), TextForm::Wsse) = (&state.spec.auth, form) {
            wsse::verify(checks, &text, state, own.expires_in_ms, now);
        }
    }
    if !matches!(state.spec.auth, Auth::Jwt(_) | Auth::Signature(_)) {
        state.note_use(checks, received, TokenUse::Access, now, nobody);
    }
}

/// The headers of the mode, and those of the entry in their places.
pub(crate) fn headers(state: &VendorState, proxy: &Proxy, values: &Values<'_>) -> Vec<(String, Expected)> {
    let own =
        proxy.headers.iter().filter_map(|(name, template)| Some(((*name).to_owned(), evaluate(template, values)?)));
    let own: Vec<(String, Expected)> = own.filter(|(_, value)| !value.is_empty()).collect();
    let of_mode = of_mode(state, proxy, values);
    // A header of the entry takes the place of the mode's, even if it is left out.
    let is_replaced = |name: &str| proxy.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let mut all: Vec<(String, Expected)> = of_mode.into_iter().filter(|(name, _)| !is_replaced(name)).collect();
    all.extend(own);
    all.extend(by_operator(state, true));
    all
}

fn of_mode(state: &VendorState, proxy: &Proxy, values: &Values<'_>) -> Vec<(String, Expected)> {
    let credential = |name: &str| state.account.credentials.get(name).cloned().unwrap_or_default();
    let authorization = |value: Expected| vec![("authorization".to_owned(), value)];
    match state.spec.auth.facts().place {
        Place::Signature if state.spec.auth.kind() == Mode::AwsSigV4 => {
            // The session token of temporary credentials; `sigv4` says more of it.
            let token = values.access_token.clone();
            token.map(|token| ("x-amz-security-token".to_owned(), token)).into_iter().collect()
        }
        Place::Templates | Place::Signature => Vec::new(),
        Place::Basic => {
            // Of an installed plugin the operator's.
            let is_plugin = matches!(state.spec.auth, Auth::InstallPlugin(_));
            let setting = |name: &str| state.account.settings.get(name).cloned().unwrap_or_default();
            let known = |name: &str| if is_plugin { setting(name) } else { credential(name) };
            let pair = format!("{}:{}", known("username"), known("password"));
            let shown = "Basic ${base64(${username}:${password})}".to_owned();
            let value = Expected::plain(format!("Basic {}", crypto::base64(pair.as_bytes())));
            authorization(Expected { shown, secret: true, ..value })
        }
        Place::Bearer => {
            // The token of a login may be placed by a template, and is sent once then.
            let is_two_step = matches!(state.spec.auth, Auth::TwoStep(_));
            let is_placed = proxy.headers.iter().any(|(_, template)| mentions_token(template));
            if is_two_step && is_placed {
                return Vec::new();
            }
            let mut value = Expected::plain("Bearer ");
            let none = || Expected::secret("accessToken", "no token was issued");
            value.push(values.access_token.clone().unwrap_or_else(none));
            authorization(value)
        }
        Place::Headers => {
            let session = values.access_token.clone().unwrap_or_else(|| Expected::secret("session_id", "none"));
            let key = Expected::secret("credentials.dev_key", credential("dev_key"));
            vec![("sessionid".to_owned(), session), ("devkey".to_owned(), key)]
        }
    }
}

/// Notes headers and parameters whose credential was never issued: without it, nobody is let in.
fn missing(checks: &mut Checks, state: &VendorState, proxy: &Proxy, values: &Values<'_>) {
    let is_optional = |name: &str| state.spec.credentials.iter().any(|field| field.name == name && field.optional);
    for (name, template) in proxy.headers.iter().chain(proxy.query) {
        let needs = evaluate(template, values).is_none() && mentions_credential(template, &is_optional);
        let what = format!("the credential of `{name}`");
        checks.unless(!needs, RefusalKind::Unauthorized, &what, "one that the vendor knows", "none was issued");
    }
}

/// True if a template needs a credential that is not optional.
fn mentions_credential(template: &Template, is_optional: &impl Fn(&str) -> bool) -> bool {
    template.nodes().iter().any(|node| match node {
        Node::Reference(reference) => match reference.root {
            Root::AccessToken => true,
            Root::Credentials => !is_optional(reference.path),
            _ => false,
        },
        Node::Call(_, arguments) => arguments.iter().any(|argument| mentions_credential(argument, is_optional)),
        // With an alternative, none of them is needed.
        Node::Choice(_) | Node::Text(_) | Node::Now(_) | Node::Random => false,
    })
}

/// True if a template places the token, or the cookies of the login.
fn mentions_token(template: &Template) -> bool {
    template.nodes().iter().any(|node| match node {
        Node::Reference(reference) => {
            reference.root == Root::AccessToken || reference.root == Root::Credentials && reference.path == "_cookies"
        }
        Node::Call(_, arguments) | Node::Choice(arguments) => arguments.iter().any(mentions_token),
        Node::Text(_) | Node::Now(_) | Node::Random => false,
    })
}

/// The placement that an operator chose: `keyName`, `keyPlacement` and `valueTemplate` of the integration.
fn by_operator(state: &VendorState, in_header: bool) -> Option<(String, Expected)> {
    let setting = |name: &str| state.account.settings.get(name).filter(|value| !value.is_empty());
    let name = setting("keyName")?;
    let is_query = setting("keyPlacement").is_some_and(|place| place == "query");
    if is_query == in_header {
        return None;
    }
    let key = state.account.credentials.get("apiKey")?;
    let template = setting("valueTemplate").map_or("${apiKey}", String::as_str);
    let value = Expected::secret("", template.replace("${apiKey}", key));
    let name = if in_header { name.to_ascii_lowercase() } else { name.clone() };
    Some((name, Expected { shown: template.to_owned(), ..value }))
}

/// The UUID of the request, where a header shows it.
fn random(expected: &[(String, Expected)], received: &ReceivedRequest) -> Option<String> {
    expected.iter().find_map(|(name, value)| {
        let captures = value.captures(&received.header(name)?)?;
        captures.into_iter().find(|(form, _)| *form == TextForm::Uuid).map(|(_, text)| text)
    })
}

/// The parameters of `proxy.query`, each once. Gives their names.
fn query(
    checks: &mut Checks,
    state: &VendorState,
    proxy: &Proxy,
    received: &ReceivedRequest,
    values: &Values<'_>,
) -> Vec<String> {
    let own = proxy.query.iter().filter_map(|(name, template)| Some(((*name).to_owned(), evaluate(template, values)?)));
    let expected: Vec<(String, Expected)> = own.chain(by_operator(state, false)).collect();
    let sent = received.query();
    for (name, value) in &expected {
        let got: Vec<&str> = sent.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect();
        let ok = matches!(got.as_slice(), [one] if value.captures(one).is_some());
        let refused = if value.secret { RefusalKind::Unauthorized } else { RefusalKind::Status(400) };
        let got = shown(got.first().copied(), value, &state.mask);
        checks.note(ok, refused, format!("`{name}` in the URL"), value.shown.clone(), got);
    }
    expected.into_iter().map(|(name, _)| name).collect()
}

/// The values of `proxy.body`, in the body of a request that has one.
fn body(checks: &mut Checks, proxy: &Proxy, received: &ReceivedRequest, values: &Values<'_>, state: &VendorState) {
    let has_body = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&received.method);
    if proxy.body.is_empty() || !has_body {
        return;
    }
    let is_json = received.media_type() != "application/x-www-form-urlencoded";
    let mut expected = Vec::new();
    lay_over(&mut expected, proxy.body, is_json, values);
    let form = || received.form().into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    let sent = if is_json { path::leaves(&received.json().unwrap_or_default()) } else { form() };
    for parameter in expected {
        let got = sent.iter().find(|(name, _)| *name == parameter.name).map(|(_, value)| value);
        let what = format!("`{}` in the body", parameter.name);
        let (ok, expected, secret) = match &parameter.value {
            ParameterValue::Text(text) => {
                let got = got.and_then(Value::as_str);
                (got.is_some_and(|got| text.captures(got).is_some()), text.shown.clone(), text.secret)
            }
            ParameterValue::Json(json) => (got == Some(json), json.to_string(), false),
            ParameterValue::Verifier(_) => (false, String::new(), false),
        };
        let refused = if secret { RefusalKind::Unauthorized } else { RefusalKind::Status(400) };
        let got = got.map_or_else(|| "nothing".to_owned(), |got| state.mask.wrong(&got.to_string()));
        checks.note(ok || parameter.optional, refused, what, expected, got);
    }
}

/// A secret is where the entry places it, and nowhere else.
fn elsewhere(
    checks: &mut Checks,
    state: &VendorState,
    received: &ReceivedRequest,
    headers: &[(String, Expected)],
    query: &[String],
) {
    for (name, value) in received.query().iter().filter(|(name, _)| !query.contains(name)) {
        if let Some(secret) = state.mask.found(value) {
            checks.note(false, RefusalKind::Status(400), format!("`{name}` in the URL"), "no secret", secret);
        }
    }
    for (name, value) in &received.headers {
        let is_expected = headers.iter().any(|(own, _)| own == name.as_str()) || name == "authorization";
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if let Some(secret) = state.mask.found(&value).filter(|_| !is_expected) {
            checks.note(false, RefusalKind::Status(400), format!("the header `{name}`"), "no secret", secret);
        }
    }
}

fn signature(checks: &mut Checks, state: &VendorState, received: &ReceivedRequest, now: i64) {
    let credential = |name: &str| state.account.credentials.get(name).or_else(|| state.issued.get(name));
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let own = |name: &str, operators: &String| credential(name).unwrap_or(operators).clone();
    if let Auth::OAuth1(mode) = &state.spec.auth {
        let (token, secret) = (text(credential("oauth_token")), text(credential("oauth_token_secret")));
        let consumer = (state.account.client_id.as_str(), state.account.client_secret.as_str());
        let method = mode.signature_method.name();
        let signer = Signer { consumer, token: Some((&token, &secret)), method, realm: None };
        oauth1::verify(checks, &signer, received, state, now);
    }
    if state.spec.auth.kind() == Mode::AwsSigV4 {
        sts::examine_call(checks, state, received, now);
    }
    if state.spec.auth.kind() == Mode::Tba {
        let id = own("oauth_client_id_override", &state.account.client_id);
        let secret = own("oauth_client_secret_override", &state.account.client_secret);
        let token = (text(credential("token_id")), text(credential("token_secret")));
        let realm = state.account.config.get("accountId").map(|id| id.replace('-', "_").to_ascii_uppercase());
        let token = Some((token.0.as_str(), token.1.as_str()));
        let signer = Signer { consumer: (&id, &secret), token, method: "HMAC-SHA256", realm };
        oauth1::verify(checks, &signer, received, state, now);
    }
}

/// The path of the base URL.
pub(crate) fn base_path(proxy: &Proxy, values: &Values<'_>) -> String {
    let base = evaluate(&proxy.base_url, values).and_then(|base| base.literal()).unwrap_or_default();
    url::Url::parse(&base).map(|url| url.path().to_owned()).unwrap_or_default()
}
