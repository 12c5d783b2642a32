//! Tokens made here, assertions, and sessions.

use crate::account::{Account, NOW, answer};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway::ErrorKind;
use keyway::auth::exchange::{Grant, Step};
use keyway::request::{self, Call};
use serde_json::{Value, json};

#[track_caller]
fn decoded(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut part = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (part(), part())
}

const JWT: &str = "auth_mode: JWT
signature: {protocol: HMAC}
token:
    signing_key: ${credentials.key.secret}
    expires_in_ms: 300000
    header: {alg: HS256, kid: '${credentials.key.id}'}
    payload:
        aud: /admin/
        sub: ${credentials.subject}
        scope: ['${connectionConfig.scope}']
        deep: {n: 1, none: null, sub: '${credentials.subject}'}
credentials:
    key: {type: string, title: Key, description: The key}
    subject: {type: string, title: Subject, description: The subject, optional: true}
connection_config:
    scope: {type: string, title: Scope, description: Scopes, optional: true}";

#[test]
fn a_jwt_has_the_claims_that_have_values_and_its_key_may_bring_its_id() {
    let mut account = Account::of(JWT).with("key", "id-1:00ff");
    let granted = account.granted(&[]).unwrap();
    let token = granted.token.unwrap();
    let (header, claims) = decoded(token.access.expose());
    assert_eq!(header, json!({"alg": "HS256", "typ": "JWT", "kid": "id-1"}));
    assert_eq!(claims, json!({"aud": "/admin/", "deep": {"n": 1, "none": null}, "iat": NOW, "exp": NOW + 300}));
    assert_eq!(token.expires_at.unwrap().as_second(), NOW + 300);
    account.config.insert("scope".to_owned(), " a, b,".to_owned());
    let (_, claims) = decoded(account.granted(&[]).unwrap().token.unwrap().access.expose());
    assert_eq!(claims["scope"], json!(["a", "b"]));
}

#[test]
fn a_key_that_is_none_is_an_error_that_does_not_show_it() {
    for key in ["canary", "id:canary", "id:", ""] {
        let error = Account::of(JWT).with("key", key).step(Grant::Login, &[]).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
    }
}

#[test]
fn the_key_of_an_assertion_is_kept_so_that_a_renewal_can_make_another() {
    const KEY: &str = include_str!("../../../runtime/core/tests/keys/p256.pkcs8.pem");
    let mut account = Account::of(
        "auth_mode: TWO_STEP
body_format: form
token_url: https://api.example.com/token
token_params: {client_assertion: '${credentials.assertion}'}
token_response: {token: token}
assertion:
    type: jwt
    key: ${assertionOption.privateKey}
    lifetimeInSeconds: 60
    header: {alg: ES256}
    payload: {iss: '${credentials.clientId}', jti: '${random}'}
assertion_option:
    privateKey: {type: string, title: Key, description: The key}
credentials:
    clientId: {type: string, title: Client, description: The client}
    assertion: {type: string, title: Assertion, description: Made, automated: true}",
    )
    .with("clientId", "c-1");
    let error = account.step(Grant::Login, &[]).unwrap_err();
    assert!(error.to_string().contains("assertionOption.privateKey"), "{error}");
    account.credentials.assertion_options.insert("privateKey".to_owned(), KEY.into());
    let account = account.with_token("old", Some("stored"));
    let Ok(Step::Send(request)) = account.step(Grant::Renewal, &[]) else { panic!("nothing was asked") };
    let assertion = request.body.expose().strip_prefix("client_assertion=").unwrap();
    let (header, claims) = decoded(assertion);
    assert_eq!(header, json!({"alg": "ES256", "typ": "JWT"}));
    let uuid = "11111111-2222-4333-8444-555555555555";
    assert_eq!(claims, json!({"iat": NOW, "exp": NOW + 60, "iss": "c-1", "jti": uuid}));
    assert!(request.secrets.iter().any(|secret| secret.expose() == assertion), "the assertion is not masked");
}

const BILL: &str = "auth_mode: BILL
token_url: https://api.example.com/login
proxy: {base_url: https://api.example.com}";

fn bill() -> Account {
    let inputs = [("username", "u"), ("password", "p"), ("organization_id", "o"), ("dev_key", "k")];
    inputs.into_iter().fold(Account::of(BILL), |account, (name, value)| account.with(name, value))
}

#[test]
fn a_session_is_granted_by_a_session_id_and_by_nothing_else() {
    let granted = bill().granted(&[answer(200, r#"{"sessionId":"s","userId":"u-1"}"#)]).unwrap();
    let token = granted.token.unwrap();
    assert_eq!((token.access.expose(), token.expires_at.unwrap().as_second()), ("s", NOW + 35 * 60));
    assert_eq!(granted.obtained.get("user_id").unwrap().expose(), "u-1");
    for (status, body) in
        [(200, "{}"), (200, r#"{"sessionId":""}"#), (200, "<html>"), (200, "[]"), (401, r#"{"sessionId":"s"}"#)]
    {
        let error = bill().granted(&[answer(status, body)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TokenRefused, "{status} {body}");
    }
}

#[test]
fn a_session_travels_in_its_own_headers() {
    let call = Call::get("/v3/bills");
    let error = request::plan(&bill().inputs(), &call).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingValue);
    let plan = request::plan(&bill().with_token("s", None).inputs(), &call).unwrap();
    let injected = plan.headers.iter().filter(|header| header.injected);
    let headers: Vec<_> = injected.map(|header| (&*header.name, header.value.expose())).collect();
    assert_eq!(headers, [("sessionid", "s"), ("devkey", "k")]);
}

#[test]
fn a_wsse_token_lives_as_long_as_the_entry_says() {
    let keys = "auth_mode: SIGNATURE
signature: {protocol: WSSE}
token: {expires_in_ms: 300000}";
    let granted = Account::of(keys).with("username", "u").with("password", "p").granted(&[]).unwrap();
    let token = granted.token.unwrap();
    let nonce = "Nonce=\"11111111222243338444555555555555\", Created=\"2026-01-02T03:04:05.000Z\"";
    assert!(token.access.expose().starts_with("UsernameToken Username=\"u\", PasswordDigest=\""));
    assert!(token.access.expose().ends_with(nonce));
    assert_eq!(token.expires_at.unwrap().as_second(), NOW + 300);
}
