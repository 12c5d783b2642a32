//! Whole answers redacted, and that nothing of an account is left in them.

use super::*;
use keyway_spec::{Auth, HostSet, Hosts, KnownScope, Proxy, Template};
use proptest::prelude::*;

static ACME: ProviderSpec = ProviderSpec {
    key: "acme",
    auth: Auth::None,
    known_scopes: &[KnownScope { name: "read:all", allows: None }],
    proxy: Some(Proxy { base_url: Template::Text("https://api.acme.example"), ..Proxy::EMPTY }),
    hosts: Hosts { api: HostSet::Fixed(&["api.acme.example"]), ..Hosts::EMPTY },
    ..ProviderSpec::EMPTY
};

pub(super) fn redactor() -> Redactor {
    Redactor::new(RedactionContext {
        spec: &ACME,
        secrets: vec![Secret::from("key-canary-1")],
        config: vec![("acme-corp".to_owned(), "trial".to_owned()), ("4711".to_owned(), "trial-number".to_owned())],
        keep: BTreeSet::from(["weekly digest".to_owned()]),
    })
}

pub(super) fn answer(headers: &[(&'static str, &str)], body: &str) -> PlainAnswer {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    let at = "2026-11-30T00:00:00Z".parse().unwrap();
    PlainAnswer { at, status: StatusCode::OK, headers: map, body: Bytes::copy_from_slice(body.as_bytes()) }
}

fn body_of(body: &str) -> String {
    redactor().answer(&answer(&[], body)).unwrap().body
}

#[test]
fn a_json_body_keeps_what_is_read_and_nothing_else() {
    for (body, expected) in [
        (
            r#"{"access_token":"eyJx.a9.b","token_type":"Bearer","expires_in":3600,"scope":"read:all acct:12345678"}"#,
            r#"{"access_token":"token-2","token_type":"Bearer","expires_in":3600,"scope":"read:all id-1"}"#,
        ),
        // Instants move; a lifetime is as long as before.
        (r#"{"expires_at":1796000400}"#, r#"{"expires_at":1767326645}"#),
        (r#"{"expiresAt":"2026-11-30T01:00:00Z"}"#, r#"{"expiresAt":"2026-01-02T04:04:05Z"}"#),
        (r#"{"created_at":"2024-05-06T07:08:09Z"}"#, r#"{"created_at":"2026-01-02T03:04:06Z"}"#),
        // Values by what they look like.
        (
            r#"{"a":"ann@acme.io","b":"6f1c3b52-8f0e-4a39-9f51-0d7b6a0c2e11","c":"+49 30 901820","d":"10.1.2.3"}"#,
            r#"{"a":"user1@example.com","b":"00000000-0000-4000-8000-000000000001","c":"+12025550101","d":"192.0.2.2"}"#,
        ),
        (
            r#"{"name":"Ann Smith","note":"call Ann at five","id":"cus_9sX","birthday":"1990-05-06"}"#,
            r#"{"name":"Name 1","note":"text 1","id":"id-1","birthday":"2026-01-02"}"#,
        ),
        // The same value is the same, as a number too; words stay only where words are expected.
        (
            r#"{"id":48213,"owner_id":"48213","status":"active","nick":"active","ok":true,"n":1,"age":42}"#,
            r#"{"id":1001,"owner_id":"1001","status":"active","nick":"text 1","ok":true,"n":1,"age":1002}"#,
        ),
        // Of a list the first item and the last.
        (r#"{"data":[{"id":"a1"},{"id":"b2"},{"id":"c3"}]}"#, r#"{"data":[{"id":"id-1"},{"id":"id-2"}]}"#),
        // Names of members that are data.
        (r#"{"ann@acme.io":{"U024BE7LH":2000}}"#, r#"{"user1@example.com":{"id-1":1001}}"#),
        // URLs: of the API, of others; and what a person says may stay.
        (
            r#"{"next":"https://api.acme.example/v1/users/ann?cursor=abc1&limit=2","avatar":"https://cdn.example/u/7.png"}"#,
            r#"{"next":"https://api.acme.example/v1/users/id-1?cursor=cursor-1&limit=2","avatar":"https://www.example.com/1"}"#,
        ),
        (
            r#"{"plan":"weekly digest","team":"acme-corp","error_code":"NOT_FOUND","code":"qzxkv"}"#,
            r#"{"plan":"weekly digest","team":"trial","error_code":"NOT_FOUND","code":"token-2"}"#,
        ),
        // A number of the account's own stays nowhere.
        (
            r#"{"page":4711,"limit":"4711","remaining":4712}"#,
            r#"{"page":"trial-number","limit":"trial-number","remaining":4712}"#,
        ),
        (r#""a text alone""#, r#""text 1""#),
    ] {
        assert_eq!(body_of(body), expected, "{body}");
    }
}

#[test]
fn other_bodies_keep_their_form() {
    for (body, expected) in [
        (
            "access_token=gho_16C7e42F&scope=repo%2Cgist&token_type=bearer",
            "access_token=token-2&scope=repo%2Cgist&token_type=bearer",
        ),
        (
            "<?xml version=\"1.0\"?><r xmlns=\"urn:a\"><userName id=\"u7\">Ann &amp; Bob</userName><expires>3600</expires><!-- Ann --></r>",
            "<r xmlns=\"urn:a\"><userName id=\"id-1\">Name 1</userName><expires>3600</expires></r>",
        ),
        ("<!DOCTYPE a [<!ENTITY x \"Ann\">]><a>&x;</a>", "text 1"),
        ("Dear Ann, no.", "text 1"),
        ("", ""),
    ] {
        let body = body_of(body);
        assert_eq!(body, expected);
    }
    let html = answer(&[("content-type", "text/html")], "<p>Ann</p>");
    assert_eq!(redactor().answer(&html).unwrap().body, "text 1");
}

#[test]
fn headers_that_are_not_listed_are_left_out() {
    let made = redactor().answer(&answer(
        &[
            ("content-type", "application/json; charset=utf-8"),
            ("x-request-id", "req-canary"),
            ("etag", "\"etag-canary\""),
            ("date", "Mon, 30 Nov 2026 00:00:00 GMT"),
            ("server", "canary/1.0"),
            ("retry-after", "17"),
            ("x-ratelimit-limit", "100, 100;window=60"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-scope", "acme-corp;tenant=bigcustomer;w=60"),
            ("ratelimit", "\"fixed window\";r=0;t=55, \"acme-corp\";r=7;pk=:YWNtZQ==:"),
            ("x-ratelimit-reset", "1796000400"),
            ("x-app-ratelimit", "{\"calls\":99,\"account\":\"canary 7\"}"),
            ("set-cookie", "sid=cookie-canary-7; Path=/; Secure"),
            ("www-authenticate", "Bearer realm=\"canary\""),
            ("link", "<https://api.acme.example/users?after=x9y8z7>; rel=\"next\"; title=\"canary\""),
        ],
        "{}",
    ));
    let expected = [
        ("content-type", "application/json"),
        ("retry-after", "17"),
        ("x-ratelimit-limit", "100, 100;window=60"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-scope", "trial;id-1=id-2;w=60"),
        ("ratelimit", "\"id-3 window\";r=0;t=55, \"trial\";r=7;id-4=:id-5==:"),
        ("x-ratelimit-reset", "1767326645"),
        ("x-app-ratelimit", "{\"calls\":99,\"account\":\"text 1\"}"),
        ("set-cookie", "sid=token-2"),
        ("www-authenticate", "Bearer"),
        ("link", "<https://api.acme.example/users?after=cursor-1>; rel=\"next\""),
    ];
    let made = made.unwrap().headers;
    let made: Vec<(&str, &str)> = made.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(made, expected);
}

#[test]
fn a_cursor_is_the_same_in_every_answer_however_it_is_escaped() {
    let mut redactor = redactor();
    let first = answer(
        &[("link", "<https://api.acme.example/users?after=NTI1Cg%3D%3D>; rel=next")],
        r#"{"paging":{"after":"NTI1Cg==","link":"?after=NTI1Cg%3D%3D"}}"#,
    );
    let first = redactor.answer(&first).unwrap();
    assert_eq!(first.body, r#"{"paging":{"after":"cursor-1","link":"?after=cursor-1"}}"#);
    assert_eq!(first.headers[0].1, "<https://api.acme.example/users?after=cursor-1>; rel=\"next\"");
    let (_, asked) = redactor.request(&Method::GET, "/users/ann/orders?after=NTI1Cg%3D%3D&limit=2");
    assert_eq!(asked, "/users/id-1/orders?after=cursor-1&limit=2");
    let next = redactor.answer(&answer(&[], r#"{"before":"NTI1Cg=="}"#)).unwrap();
    assert_eq!(next.body, r#"{"before":"cursor-1"}"#);
}

#[test]
fn claims_of_a_token_are_redacted_and_can_still_be_read() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    let part = |text: &str| BASE64.encode(text);
    let claims = r#"{"sub":"ann","exp":1796000400,"email":"ann@acme.io"}"#;
    let token =
        [part(r#"{"alg":"RS256","kid":"canary"}"#), part(claims), "c2lnbmF0dXJlLWNhbmFyeQ".to_owned()].join(".");
    let made = body_of(&format!(r#"{{"id_token":"{token}","again":"{token}"}}"#));
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    assert_eq!(made["id_token"], made["again"]);
    let read = BASE64.decode(made["id_token"].as_str().unwrap().split('.').nth(1).unwrap()).unwrap();
    assert_eq!(String::from_utf8(read).unwrap(), r#"{"sub":"id-1","exp":1767326645,"email":"user1@example.com"}"#);
}

#[test]
fn a_secret_that_a_list_would_let_through_stops_the_recording() {
    // A media type is looked at by no table: the last look finds it.
    let outcome = redactor().answer(&answer(&[("content-type", "application/key-canary-1")], "{}"));
    assert_eq!(outcome, Err(RedactionFailed::Secret));
    // A name that stays is a value elsewhere, and the other way round.
    let mut redactor = self::redactor();
    let outcome = redactor.answer(&answer(&[], r#"{"sort":"created_at","created_at":1}"#));
    assert!(outcome.is_ok(), "{outcome:?}");
    assert!(!format!("{redactor:?} {:?}", answer(&[], "canary")).contains("canary"));
}

/// Texts of an account: none is a word that stays, whatever name it stands under.
fn personal() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{4,8}\\.[a-z]{4,8}@[a-z]{4,8}\\.(com|io)",
        "[A-Z][a-z]{4,8} [A-Z][a-z]{4,9}",
        "[a-z]{2,4}_[A-Za-z0-9]{6}[0-9][A-Za-z]{8,20}",
        "[0-9]{7,18}",
        "[A-Za-z0-9+/]{20,40}[0-9]==",
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}",
        "\\+[1-9][0-9]{9,12}",
        "https://[a-z]{5,9}\\.[a-z]{5,9}\\.com/[a-z]{5,9}/[0-9]{6,9}",
        "[1-9][0-9]?\\.[1-9][0-9]{2}\\.[1-9][0-9]{2}\\.[1-9][0-9]{2}",
        "[A-Z][a-z]{3,8}, [a-z ]{10,40}!",
        "[a-zA-Z0-9]{12}[0-9][a-z]{4}\u{e9}[a-z]{4}",
    ]
}

/// Names of members: those of the tables, unknown ones, and data.
fn member() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "id",
        "name",
        "type",
        "status",
        "scope",
        "token_type",
        "next",
        "next_page_token",
        "cursor",
        "page",
        "limit",
        "remaining",
        "code",
        "error",
        "message",
        "url",
        "href",
        "email",
        "access_token",
        "offset",
        "title",
        "object",
        "xyz",
        "customField",
        "items",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => personal()]
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        6 => personal().prop_map(serde_json::Value::from),
        1 => any::<bool>().prop_map(serde_json::Value::from),
        1 => (100_000_000_u64..900_000_000).prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::vec((member(), inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Every text and number of a value, names of members that are data among them.
fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Number(number) => found.push(number.to_string()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                if name.contains(|c: char| !c.is_ascii_alphabetic() && c != '_') {
                    found.push(name.clone());
                }
                texts(value, found);
            }
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) => {}
    }
}

/// Numbers under a name of limits are needed, and stay.
fn is_limit(value: &serde_json::Value, text: &str) -> bool {
    match value {
        serde_json::Value::Array(items) => items.iter().any(|item| is_limit(item, text)),
        serde_json::Value::Object(members) => members.iter().any(|(name, value)| {
            let mut below = Vec::new();
            texts(value, &mut below);
            (matches!(name.as_str(), "limit" | "remaining") && below.iter().any(|other| other == text))
                || is_limit(value, text)
        }),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_text_of_an_account_survives(body in json(), cookie in "[a-z]{6}[0-9]{6}[a-z]{6}", secret in "[a-zA-Z]{10}[0-9]{6}") {
        let context = RedactionContext { secrets: vec![Secret::from(secret.as_str())], ..redactor().redaction.context };
        let headers = [("set-cookie", format!("sid={cookie}")), ("x-request-id", cookie.clone()), ("x-token", secret.clone())];
        let headers: Vec<(&'static str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let whole = serde_json::json!({"data": body, "echo": secret.as_str()});
        let made = Redactor::new(context).answer(&answer(&headers, &whole.to_string())).unwrap();
        let written = format!("{:?} {}", made.headers, made.body);
        let mut original = vec![cookie, secret];
        texts(&body, &mut original);
        for text in original {
            prop_assert!(!written.contains(&text) || is_limit(&body, &text), "{text}\n{whole}\n{written}");
        }
        // Its form is that of a redacted answer's own.
        prop_assert!(serde_json::from_str::<serde_json::Value>(&made.body).is_ok());
    }
}
