//! Requests with one mistake are refused, each with the reason and with the answer of a strict vendor.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod vendor;

use keyway_simulator::{ConsentDecision, Simulator};
use vendor::*;

/// A mistake, the status and the error that are answered, and what the record says.
type Mistake = (&'static str, fn(&mut Draft), u16, &'static str, &'static str);

/// Every mistake is caught, and the same request without it is accepted.
fn each(mistakes: &[Mistake], spec: &'static keyway_spec::ProviderSpec, draft: impl Fn(&mut Simulator) -> Draft) {
    for (name, mistake, status, error, reason) in mistakes {
        let mut vendor = vendor(spec);
        let right = draft(&mut vendor);
        let mut draft = right.clone();
        mistake(&mut draft);
        let answer = draft.send(&mut vendor, NOW);
        let seen = vendor.requests().last().unwrap();
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        assert_eq!(answer.status().as_u16(), *status, "{name}: {} {body}", wrong(seen));
        assert!(body.contains(error), "{name}: {body}");
        assert!(wrong(seen).contains(reason), "{name}: {}", wrong(seen));
        assert!(seen.status == *status && seen.reason.is_some(), "{name}");
        let answer = right.send(&mut vendor, NOW);
        assert_eq!(answer.status(), 200, "{name}, repaired: {}", wrong(vendor.requests().last().unwrap()));
    }
}

#[test]
fn mistakes_of_token_requests_are_refused() {
    let mistakes: [Mistake; 22] = [
        ("another secret", |draft| draft.replace("se%2Bcret", "secret"), 401, "invalid_client", "`client_secret`"),
        (
            "no secret",
            |draft| draft.replace("&client_secret=se%2Bcret%3Aof%2Fclient", ""),
            401,
            "invalid_client",
            "got nothing",
        ),
        ("another client", |draft| draft.replace("client+1", "client+2"), 401, "invalid_client", "`client_id`"),
        (
            "no verifier",
            |draft| draft.replace(&format!("&code_verifier={VERIFIER}"), ""),
            400,
            "invalid_grant",
            "`code_verifier`",
        ),
        ("another verifier", |draft| draft.replace("dBjftJeZ", "dBjftJeY"), 400, "invalid_grant", "`code_verifier`"),
        (
            "the challenge as the verifier",
            |draft| draft.replace(VERIFIER, CHALLENGE),
            400,
            "invalid_grant",
            "another one",
        ),
        (
            "a redirect URI with a slash",
            |draft| draft.replace("callback", "callback%2F"),
            400,
            "invalid_grant",
            "`redirect_uri`",
        ),
        (
            "no redirect URI",
            |draft| draft.replace("&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback", ""),
            400,
            "invalid_request",
            "`redirect_uri`",
        ),
        ("another code", |draft| draft.replace("code=code_", "code=edoc_"), 400, "invalid_grant", "`code`"),
        (
            "another grant type",
            |draft| draft.replace("authorization_code", "password"),
            400,
            "unsupported_grant_type",
            "`grant_type`",
        ),
        (
            "a parameter twice",
            |draft| draft.body.push_str("&client_id=client+1"),
            400,
            "invalid_request",
            "each once (RFC 6749 section 3.2)",
        ),
        (
            "a parameter of nobody",
            |draft| draft.body.push_str("&audience=x"),
            400,
            "invalid_request",
            "`audience` in the body: expected nothing",
        ),
        (
            "the secret in the URL as well",
            |draft| draft.url.push_str("?client_secret=se%2Bcret%3Aof%2Fclient"),
            400,
            "invalid_request",
            "`client_secret` in the URL: expected nothing",
        ),
        (
            "the client in the header as well",
            |draft| draft.headers.push(("authorization".into(), "Basic Y2xpZW50KzE6eA==".into())),
            400,
            "invalid_request",
            "the header `authorization`: expected nothing",
        ),
        (
            "another content type",
            |draft| draft.replace("x-www-form-urlencoded", "json"),
            400,
            "invalid_request",
            "`content-type`",
        ),
        ("no content type", |draft| draft.without("content-type"), 400, "invalid_request", "`content-type`"),
        (
            "JSON",
            |draft| {
                draft.without("content-type");
                *draft = draft.clone().body("application/json", r#"{"grant_type": "authorization_code"}"#);
            },
            400,
            "invalid_request",
            "`content-type`",
        ),
        ("a GET", |draft| draft.method = "GET", 405, "", "the method: expected POST, got GET"),
        (
            "plain HTTP",
            |draft| draft.replace("https://vendor", "http://vendor"),
            404,
            "",
            "the URL: expected https://vendor.example",
        ),
        ("another host", |draft| draft.replace("vendor.example", "rodnev.example"), 404, "", "the URL"),
        ("another path", |draft| draft.replace("access_token", "access_token/"), 404, "", "the URL"),
        ("no User-Agent", |draft| draft.without("user-agent"), 403, "", "User-Agent"),
    ];
    each(&mistakes, &CODE, |vendor| redeem(&consent(vendor)));
}

#[test]
fn mistakes_of_calls_are_refused() {
    let mistakes: [Mistake; 12] = [
        (
            "no Bearer",
            |draft| draft.replace("Bearer ", ""),
            401,
            "",
            "expected Bearer ${accessToken}, got ${accessToken}",
        ),
        ("another scheme", |draft| draft.replace("Bearer", "Token"), 401, "", "`authorization`"),
        ("another token", |draft| draft.replace("Bearer access", "Bearer ssecca"), 401, "", "`authorization`"),
        ("no token", |draft| draft.without("authorization"), 401, "", "got nothing"),
        ("another header", |draft| draft.replace("authorization", "x-authorization"), 401, "", "got nothing"),
        (
            "two headers",
            |draft| {
                let again = draft.headers[1].clone();
                draft.headers.push(again);
            },
            400,
            "",
            "authorization: expected once, got 2 times",
        ),
        (
            "the token in the URL as well",
            |draft| {
                let token = draft.headers[1].1.replace("Bearer ", "");
                draft.url.push_str("?access_token=");
                draft.url.push_str(&token);
            },
            400,
            "",
            "`access_token` in the URL: expected no secret",
        ),
        ("no header of the entry", |draft| draft.without("x-api-version"), 400, "", "`x-api-version`"),
        ("another header of the entry", |draft| draft.replace("2022-11-28", "2022-11-27"), 400, "", "`x-api-version`"),
        ("a body of a GET", |draft| draft.body.push('x'), 400, "", "the body: expected none"),
        ("another host", |draft| draft.replace("api.", "apis."), 404, "", "the URL"),
        ("a path above the base", |draft| draft.replace("/v1", ""), 404, "", "the URL"),
    ];
    each(&mistakes, &CODE, |vendor| call(&tokens(vendor).0));
}

#[test]
fn a_token_of_another_kind_is_refused() {
    let mut vendor = vendor(&CODE);
    let (access, token) = tokens(&mut vendor);
    for (draft, status) in [(call(&token), 401), (refresh(&access), 400)] {
        assert_eq!(draft.send(&mut vendor, NOW).status(), status);
        let seen = wrong(vendor.requests().last().unwrap());
        assert!(seen.contains("a token of another kind"), "{seen}");
    }
}

#[test]
fn a_code_counts_once_and_for_a_minute() {
    let mut one = vendor(&CODE);
    let code = consent(&mut one);
    let answer = redeem(&code).send(&mut one, NOW + 60_000);
    let access = json(&answer)["access_token"].as_str().unwrap().to_owned();
    assert_eq!(call(&access).send(&mut one, NOW).status(), 200);
    let again = redeem(&code).send(&mut one, NOW);
    assert_eq!(json(&again)["error"], "invalid_grant");
    assert!(wrong(one.requests().last().unwrap()).contains("a code that was used before"));
    assert_eq!(call(&access).send(&mut one, NOW).status(), 401, "its tokens end with it");
    let mut late = vendor(&CODE);
    let code = consent(&mut late);
    assert_eq!(json(&redeem(&code).send(&mut late, NOW + 60_001))["error"], "invalid_grant");
    assert!(wrong(late.requests().last().unwrap()).contains("a code that expired"));
}

#[test]
fn a_refresh_token_counts_once_and_its_reuse_ends_the_family() {
    let mut one = vendor(&CODE);
    let (_, token) = tokens(&mut one);
    let next = json(&refresh(&token).send(&mut one, NOW));
    assert_eq!(json(&refresh(&token).send(&mut one, NOW))["error"], "invalid_grant");
    let (access, next) = (next["access_token"].as_str().unwrap(), next["refresh_token"].as_str().unwrap());
    assert_eq!(call(access).send(&mut one, NOW).status(), 401);
    assert_eq!(json(&refresh(next).send(&mut one, NOW))["error"], "invalid_grant");
    let mut lenient = vendor(&CODE);
    lenient.set_reuse_detection(false);
    let (_, token) = tokens(&mut lenient);
    let next = json(&refresh(&token).send(&mut lenient, NOW));
    assert_eq!(refresh(&token).send(&mut lenient, NOW).status(), 400);
    assert_eq!(refresh(next["refresh_token"].as_str().unwrap()).send(&mut lenient, NOW).status(), 200);
}

#[test]
fn mistakes_of_authorization_urls_are_refused() {
    // The error that the browser brings back; none where the page does not send it back.
    for (name, from, to, error, reason) in [
        (
            "another response type",
            "response_type=code",
            "response_type=token",
            Some("unsupported_response_type"),
            "`response_type`",
        ),
        ("no response type", "response_type=code&", "", Some("unsupported_response_type"), "`response_type`"),
        ("another client", "client+1", "client", None, "`client_id`"),
        ("a redirect URI with a slash", "callback&", "callback%2F&", None, "`redirect_uri`"),
        ("no redirect URI", "redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&", "", None, "`redirect_uri`"),
        (
            "a comma between scopes",
            "repo+user",
            "repo%2Cuser",
            Some("invalid_scope"),
            "`scope`: expected repo user:email, got repo,user:email",
        ),
        ("an empty scope", "scope=repo+user%3Aemail", "scope=", Some("invalid_scope"), "`scope`"),
        ("no state", "state=0123456789abcdef0123&", "", Some("invalid_request"), "`state`"),
        ("a short state", "0123456789abcdef0123", "0123", Some("invalid_request"), "`state`"),
        ("the plain method", "S256", "plain", Some("invalid_request"), "`code_challenge_method`"),
        ("no method", "&code_challenge_method=S256", "", Some("invalid_request"), "`code_challenge_method`"),
        (
            "a short challenge",
            CHALLENGE,
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c",
            Some("invalid_request"),
            "`code_challenge`",
        ),
        ("not the entry's own", "prompt=consent&", "", Some("invalid_request"), "`prompt`"),
        ("a parameter of nobody", "prompt=", "a=b&prompt=", Some("invalid_request"), "`a`: expected nothing"),
        (
            "a parameter twice",
            "prompt=consent",
            "prompt=consent&prompt=consent",
            Some("invalid_request"),
            "`prompt` twice",
        ),
        ("another path", "oauth/authorize", "oauth/authorise", None, "the URL"),
        ("plain HTTP", "https://vendor", "http://vendor", None, "the URL"),
    ] {
        let mut vendor = vendor(&CODE);
        let url = authorize_url().replacen(from, to, 1);
        assert_ne!(url, authorize_url(), "{name}");
        let outcome = vendor.consent(&url, ConsentDecision::Approve, NOW);
        let got = outcome.as_deref().ok().and_then(|back| parameter(back, "error"));
        assert_eq!((outcome.is_ok(), got.as_deref()), (error.is_some(), error), "{name}: {outcome:?}");
        let seen = wrong(vendor.requests().last().unwrap());
        assert!(seen.contains(reason), "{name}: {seen}");
        assert!(!outcome.is_ok_and(|back| back.contains("code_1")), "{name}: a code was issued");
    }
}

#[test]
fn mistakes_of_other_modes_are_refused() {
    let key: [Mistake; 6] = [
        ("another key", |draft| draft.replace("Bearer key", "Bearer kez"), 401, "", "expected Bearer ${apiKey}"),
        ("no account", |draft| draft.replace("?account=4711", ""), 400, "", "`account` in the URL"),
        ("the account twice", |draft| draft.url.push_str("&account=4711"), 400, "", "`account` twice"),
        (
            "no key in the body",
            |draft| draft.replace(r#""key":"key-of-the-customer""#, r#""a":1"#),
            401,
            "",
            "`key` in the body",
        ),
        (
            "a number for a text",
            |draft| draft.replace(r#""key":"key-of-the-customer""#, r#""key":1"#),
            401,
            "",
            "`key` in the body",
        ),
        ("no content type", |draft| draft.without("content-type"), 415, "", "`content-type`"),
    ];
    each(&key, &KEY, |_| {
        Draft::new("POST", "https://api.key.example/a?account=4711")
            .header("authorization", "Bearer key-of-the-customer")
            .body("application/json", r#"{"key":"key-of-the-customer"}"#)
    });
    let client: [Mistake; 5] = [
        ("no Basic", |draft| draft.without("authorization"), 401, "invalid_client", "got nothing"),
        // Form-encoded, where the entry sends them as they are.
        (
            "encoded",
            |draft| {
                draft.replace("Y2xpZW50IDE6c2UrY3JldDpvZi9jbGllbnQ=", "Y2xpZW50KzE6c2UlMkJjcmV0JTNBb2YlMkZjbGllbnQ=");
            },
            401,
            "invalid_client",
            "`authorization`",
        ),
        (
            "the client in the body as well",
            |draft| draft.body.push_str("&client_id=client+1"),
            400,
            "invalid_request",
            "`client_id` in the body: expected nothing",
        ),
        ("another scope", |draft| draft.replace("repo+user", "repo%2Cuser"), 400, "invalid_scope", "`scope`"),
        ("not the entry's own", |draft| draft.replace("&audience=api", ""), 400, "invalid_request", "`audience`"),
    ];
    each(&client, &CLIENT, |_| {
        Draft::new("POST", "https://auth.client.example/token")
            .header("authorization", "Basic Y2xpZW50IDE6c2UrY3JldDpvZi9jbGllbnQ=")
            .form(&[("grant_type", "client_credentials"), ("scope", "repo user:email"), ("audience", "api")])
    });
    let session: [Mistake; 3] = [
        ("another password", |draft| draft.replace("pass:word", "pass-word"), 401, "", "`password`"),
        ("another name", |draft| draft.replace("organizationId", "orgId"), 401, "", "`organizationId`"),
        (
            "a form",
            |draft| draft.replace("application/json", "application/x-www-form-urlencoded"),
            400,
            "",
            "`content-type`",
        ),
    ];
    each(&session, &SESSION, |_| {
        let body = r#"{"username":"jane@acme.example","password":"pass:word of jane","organizationId":"org-1","devKey":"developer-key-1"}"#;
        Draft::new("POST", "https://session.example/login").body("application/json", body)
    });
}

#[test]
fn a_step_before_its_login_is_refused() {
    let mut vendor = vendor(&LOGIN);
    let step = Draft::new("GET", "https://api.login.example/tenants/simulated-tenant-id/token");
    assert_eq!(step.send(&mut vendor, NOW).status(), 401, "no step yet, and a call without a session");
    let call = Draft::new("GET", "https://api.login.example/a").header("cookie", "SESSION=x; ROUTE=node1");
    assert_eq!(call.send(&mut vendor, NOW).status(), 401);
}
