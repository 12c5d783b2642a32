//! The quirks of an entry, carried out against a mock: requests, answers, follow-ups, second tokens, questions.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it
#![allow(clippy::large_types_passed_by_value, clippy::unnecessary_wraps)] // the tables below read like the data

mod support;

use keyway::clock::Timestamp;
use keyway::credentials::{Credentials, Token};
use keyway::fields::Trust;
use keyway::{Authorize, Connection, ConnectionKey, ErrorKind, Keyway, Result};
use keyway_spec::auth::{OAuth2, TokenEndpoint};
use keyway_spec::quirks::{
    ExchangeQuirks, FollowUp, GrantType, KeepRefreshToken, LifetimeUnit, Quirks, RefreshWhen, RequestQuirks,
    ResponseQuirks, SecondToken,
};
use keyway_spec::{Auth, Entry, Node, Position, ProviderSpec, Reference, Root, Template, Value};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use support::{Hand, Mock, back, keyway, oauth2, reply, template};

const NOW: i64 = 1_700_000_000;
const ACCESS: Template =
    Template::Nodes(&[Node::Reference(Reference { root: Root::AccessToken, path: "", position: Position::Text })]);

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn spec(address: SocketAddr, quirks: Quirks) -> &'static ProviderSpec {
    leak(ProviderSpec { quirks: Some(leak(quirks)), ..*oauth2(address) })
}

fn request(grant: GrantType, response: ResponseQuirks) -> RequestQuirks {
    RequestQuirks { grant, response, ..RequestQuirks::EMPTY }
}

fn exchange(request: RequestQuirks) -> Option<ExchangeQuirks> {
    Some(ExchangeQuirks { request, then: &[] })
}

/// Imports a token that dies `seconds` after the clock's start.
async fn import(keyway: &Keyway, seconds: i64, obtained: &[(&str, &str)]) {
    let token = Token::new("old")
        .refresh(keyway::Secret::from("rt-canary-1"))
        .expires_at(Timestamp::from_second(NOW + seconds).unwrap());
    let obtained = obtained.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let credentials = Credentials::default().token(token).obtained(obtained);
    keyway.import(key(), BTreeMap::new(), serde_json::Map::new(), credentials, Trust::Operator).await.unwrap();
}

async fn connect(keyway: &Keyway) -> Result<Connection> {
    let request = Authorize::new(key(), "https://app.example.com/callback");
    let started = keyway.authorize(request).await.unwrap();
    let query = format!("state={}&code=code-canary", started.state.expose());
    keyway.finish(&back(&started, &query), started.binding.expose()).await
}

fn access(connection: &Connection) -> &str {
    connection.credentials.token.as_ref().unwrap().access.expose()
}

fn refresh(connection: &Connection) -> &str {
    connection.credentials.token.as_ref().unwrap().refresh.as_ref().unwrap().expose()
}

#[tokio::test]
async fn a_wrapped_answer_and_renamed_parameters() {
    let body = r#"{"result":"0","data":{"accessToken":"at","renew":"rt","ttl":60},"accessToken":"wrong"}"#;
    let mock = Mock::start(move |_| reply(201, body)).await;
    let response = ResponseQuirks {
        status: Some(201),
        root: Some("data"),
        token: "accessToken",
        refresh_token: "renew",
        expires_in: "ttl",
        ..ResponseQuirks::EMPTY
    };
    let code = Value::Text(Template::Nodes(&[Node::Reference(Reference {
        root: Root::Code,
        path: "",
        position: Position::Text,
    })]));
    let params = leak([
        Entry { name: "code", value: Value::Null },
        Entry { name: "client_secret", value: Value::Null },
        Entry { name: "auth_code", value: code },
    ]);
    let quirk = RequestQuirks { params, ..request(GrantType::AuthorizationCode, response) };
    let quirks = Quirks { code: exchange(quirk), ..Quirks::EMPTY };
    let connection = connect(&keyway(spec(mock.address, quirks), &Hand::new())).await.unwrap();
    assert_eq!((access(&connection), refresh(&connection)), ("at", "rt"));
    assert_eq!(connection.credentials.token.unwrap().expires_at.unwrap().as_second(), NOW + 60);
    let sent = mock.seen_at("/token")[0].form();
    assert_eq!((sent.get("code"), sent.get("client_secret")), (None, None));
    assert_eq!(sent["auth_code"], "code-canary");
}

#[tokio::test]
async fn an_answer_in_xml_is_read_by_the_names_of_its_elements() {
    let token = "<?xml version=\"1.0\"?>\n<credentials><access-token>at</access-token>\
                 <refresh-token>rt</refresh-token><expires-at>2023-11-14T23:13:20Z</expires-at></credentials>";
    let refused = "<api-error-response><message>gone</message></api-error-response>";
    let response = ResponseQuirks {
        root: Some("credentials"),
        token: "access-token",
        refresh_token: "refresh-token",
        expires_at: "expires-at",
        ..ResponseQuirks::EMPTY
    };
    let quirks = Quirks { code: exchange(request(GrantType::AuthorizationCode, response)), ..Quirks::EMPTY };
    for (body, expected) in [
        (token, Ok(("at", "rt", NOW + 3600))),
        (refused, Err(ErrorKind::TokenRefused)),
        ("<credentials><access-token>at", Err(ErrorKind::TokenUnreadable)),
        ("<!DOCTYPE x [<!ENTITY e 'at'>]><credentials/>", Err(ErrorKind::TokenUnreadable)),
    ] {
        let mock = Mock::start(move |_| reply(200, body)).await;
        let connected = connect(&keyway(spec(mock.address, quirks), &Hand::new())).await;
        match (&connected, expected) {
            (Ok(connection), Ok((token, renewal, expires_at))) => {
                assert_eq!((access(connection), refresh(connection)), (token, renewal));
                let of_token = connection.credentials.token.as_ref().unwrap().expires_at.unwrap();
                assert_eq!(of_token.as_second(), expires_at);
            }
            (Err(error), Err(kind)) => assert_eq!(error.kind(), kind, "{body}: {error}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn parameters_come_in_the_order_that_is_asked_for() {
    let mock = Mock::start(|_| reply(200, r#"{"access_token":"at","refresh_token":"rt"}"#)).await;
    let order = &["client_secret", "absent", "code"];
    let quirk = RequestQuirks { order, ..request(GrantType::AuthorizationCode, ResponseQuirks::EMPTY) };
    let quirks = Quirks { code: exchange(quirk), ..Quirks::EMPTY };
    connect(&keyway(spec(mock.address, quirks), &Hand::new())).await.unwrap();
    let body = mock.seen_at("/token")[0].body.clone();
    let names: Vec<&str> = body.split('&').filter_map(|pair| pair.split('=').next()).collect();
    assert_eq!(names, ["client_secret", "code", "grant_type", "redirect_uri", "code_verifier", "client_id"]);
}

#[tokio::test]
async fn a_new_refresh_token_is_kept_when_what_follows_fails_and_the_old_one_is_never_sent_again() {
    let mock = Mock::start(|seen| match (seen.path(), seen.form().get("refresh_token").map(String::as_str)) {
        ("/token", Some("rt-canary-1")) => reply(200, r#"{"access_token":"short","refresh_token":"rt-2"}"#),
        ("/token", Some("rt-2")) => reply(200, r#"{"access_token":"short-2","refresh_token":"rt-3"}"#),
        ("/exchange", _) if seen.body.contains("short-2") => reply(200, r#"{"access_token":"long","expires_in":600}"#),
        _ => reply(502, "<html>"),
    })
    .await;
    let params = leak([Entry { name: "token", value: Value::Text(ACCESS) }]);
    let url = Some(template(format!("http://{}/exchange", mock.address)));
    let client_auth = keyway_spec::auth::ClientAuth::Nothing;
    let next = RequestQuirks { url, params, client_auth, ..RequestQuirks::EMPTY };
    let then = leak([FollowUp { request: next, optional: false }]);
    let first = request(GrantType::RefreshToken, ResponseQuirks::EMPTY);
    let quirks = Quirks { refresh: Some(ExchangeQuirks { request: first, then }), ..Quirks::EMPTY };
    let clock = Hand::new();
    let keyway = keyway(spec(mock.address, quirks), &clock);
    import(&keyway, -10, &[]).await;
    let error = keyway.fetch(&key()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenUnreadable, "{error}");
    let stored = keyway.store().connection(&key()).await.unwrap().unwrap();
    assert_eq!((access(&stored), refresh(&stored), stored.refresh.exhausted), ("old", "rt-2", false));
    clock.advance(31);
    let renewed = keyway.fetch(&key()).await.unwrap();
    assert_eq!((access(&renewed), refresh(&renewed)), ("long", "rt-3"));
    assert_eq!(mock.seen_at("/token").len(), 2);
}

#[tokio::test]
async fn what_follows_replaces_the_token_unless_it_is_optional_and_fails() {
    for (optional, status, expected) in [
        (false, 200, Ok("long")),
        (true, 200, Ok("long")),
        (true, 500, Ok("short")),
        (false, 500, Err(ErrorKind::TokenUnreadable)),
    ] {
        let mock = Mock::start(move |seen| match seen.path() {
            "/token" => reply(200, r#"{"access_token":"short","refresh_token":"rt","expires_in":60}"#),
            _ => reply(status, r#"{"access_token":"long","expires_in":600}"#),
        })
        .await;
        let params = leak([Entry { name: "token", value: Value::Text(ACCESS) }]);
        let url = Some(template(format!("http://{}/exchange", mock.address)));
        let next =
            RequestQuirks { url, params, client_auth: keyway_spec::auth::ClientAuth::Nothing, ..RequestQuirks::EMPTY };
        let then = leak([FollowUp { request: next, optional }]);
        let first = request(GrantType::AuthorizationCode, ResponseQuirks::EMPTY);
        let quirks = Quirks { code: Some(ExchangeQuirks { request: first, then }), ..Quirks::EMPTY };
        let connected = connect(&keyway(spec(mock.address, quirks), &Hand::new())).await;
        assert_eq!(mock.seen_at("/exchange")[0].form(), BTreeMap::from([("token".to_owned(), "short".to_owned())]));
        match (connected, expected) {
            (Ok(connection), Ok(token)) => assert_eq!((access(&connection), refresh(&connection)), (token, "rt")),
            (Err(error), Err(kind)) => assert_eq!(error.kind(), kind),
            (other, _) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_an_answer_says_of_the_account_is_kept_whichever_answer_says_it() {
    for (first, second, expected) in [
        (r#"{"access_token":"a","team":{"id":"T1"}}"#, r#"{"access_token":"b"}"#, "T1"),
        (r#"{"access_token":"a"}"#, r#"{"access_token":"b","team":{"id":"T2"}}"#, "T2"),
        (r#"{"access_token":"a","team":{"id":"T1"}}"#, r#"{"access_token":"b","team":{"id":"T2"}}"#, "T2"),
    ] {
        let mock = Mock::start(move |seen| reply(200, if seen.path() == "/token" { first } else { second })).await;
        let url = Some(template(format!("http://{}/session", mock.address)));
        let next = RequestQuirks { url, ..request(GrantType::AccessToken, ResponseQuirks::EMPTY) };
        let then = leak([FollowUp { request: next, optional: false }]);
        let first = request(GrantType::AuthorizationCode, ResponseQuirks::EMPTY);
        let quirks = Quirks { code: Some(ExchangeQuirks { request: first, then }), ..Quirks::EMPTY };
        let connection = connect(&keyway(spec(mock.address, quirks), &Hand::new())).await.unwrap();
        assert_eq!(connection.config.get("team.id").map(String::as_str), Some(expected));
        assert_eq!(access(&connection), "b");
    }
}

#[tokio::test]
async fn lifetimes_count_in_the_unit_of_the_entry_unless_the_answer_has_its_own() {
    use LifetimeUnit::{Milliseconds, Minutes, Seconds};
    for (of_entry, of_answer, lifetime, second) in [
        (None, None, 900_000, 60_000),
        (Some(Milliseconds), None, 900, 60),
        (Some(Milliseconds), Some(Seconds), 900_000, 60),
        (None, Some(Minutes), 54_000_000, 60_000),
    ] {
        let body = r#"{"access_token":"t","expires_in":900000,"more":{"access_token":"s","expires_in":60000}}"#;
        let mock = Mock::start(move |_| reply(200, body)).await;
        let response = ResponseQuirks { expires_in_unit: of_answer, ..ResponseQuirks::EMPTY };
        let code = exchange(request(GrantType::AuthorizationCode, response));
        let more = SecondToken { name: "more", from: Some("more"), request: RequestQuirks::EMPTY, optional: false };
        let quirks = Quirks { code, expires_in_unit: of_entry, also: leak([more]), ..Quirks::EMPTY };
        let credentials = connect(&keyway(spec(mock.address, quirks), &Hand::new())).await.unwrap().credentials;
        let expires_at = credentials.token.unwrap().expires_at.unwrap();
        assert_eq!(expires_at.as_second(), NOW + lifetime, "{of_entry:?} {of_answer:?}");
        let of_second: Timestamp = credentials.obtained["more.expires_at"].expose().parse().unwrap();
        assert_eq!(of_second.as_second(), NOW + second, "{of_entry:?} {of_answer:?}");
    }
}

#[tokio::test]
async fn an_answer_that_says_no_with_200_is_a_refusal() {
    let mock = Mock::start(|_| reply(200, r#"{"ok":false,"error":"invalid_auth","access_token":"canary"}"#)).await;
    let error_if = leak([Entry { name: "ok", value: Value::Bool(false) }]);
    let response = ResponseQuirks { error_if, ..ResponseQuirks::EMPTY };
    let quirks = Quirks { code: exchange(request(GrantType::AuthorizationCode, response)), ..Quirks::EMPTY };
    let error = connect(&keyway(spec(mock.address, quirks), &Hand::new())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenRefused);
    assert!(error.to_string().contains("invalid_auth"), "{error}");
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn an_access_token_is_exchanged_only_when_somebody_asks() {
    let mock = Mock::start(|_| reply(200, r#"{"access_token":"new","expires_in":600}"#)).await;
    let params = leak([Entry { name: "old", value: Value::Text(ACCESS) }]);
    let own = RequestQuirks { params, ..request(GrantType::AccessToken, ResponseQuirks::EMPTY) };
    let quirks = Quirks { refresh: exchange(own), refresh_when: RefreshWhen::Forced, ..Quirks::EMPTY };
    let keyway = keyway(spec(mock.address, quirks), &Hand::new());
    import(&keyway, -10, &[]).await;
    assert_eq!(access(&keyway.fetch(&key()).await.unwrap()), "old");
    assert_eq!(mock.seen().len(), 0);
    assert_eq!(access(&keyway.refresh(&key()).await.unwrap()), "new");
    let sent = mock.seen_at("/token")[0].form();
    assert_eq!((sent["old"].as_str(), sent.get("grant_type"), sent.get("refresh_token")), ("old", None, None));
}

#[tokio::test]
async fn a_token_without_a_refresh_is_never_refreshed() {
    let mock = Mock::start(|_| reply(500, "")).await;
    let quirks = Quirks { refresh_when: RefreshWhen::Never, ..Quirks::EMPTY };
    let keyway = keyway(spec(mock.address, quirks), &Hand::new());
    import(&keyway, -10, &[]).await;
    assert_eq!(access(&keyway.refresh(&key()).await.unwrap()), "old");
    assert_eq!(mock.seen().len(), 0);
}

#[tokio::test]
async fn the_stored_refresh_token_stays_where_the_entry_says_so() {
    for (keep, expected) in [
        (KeepRefreshToken::IfAbsent, "rt-2"),
        (KeepRefreshToken::Submitted, "rt-2"),
        (KeepRefreshToken::Always, "rt-canary-1"),
    ] {
        let mock = Mock::start(|_| reply(200, r#"{"access_token":"new","refresh_token":"rt-2"}"#)).await;
        let response = ResponseQuirks { keep_refresh_token: keep, ..ResponseQuirks::EMPTY };
        let quirks = Quirks { refresh: exchange(request(GrantType::RefreshToken, response)), ..Quirks::EMPTY };
        let keyway = keyway(spec(mock.address, quirks), &Hand::new());
        import(&keyway, -10, &[]).await;
        assert_eq!(refresh(&keyway.fetch(&key()).await.unwrap()), expected);
    }
}

#[tokio::test]
async fn a_second_token_that_is_due_is_renewed_with_the_first() {
    let mock = Mock::start(|seen| match seen.form()["refresh_token"].as_str() {
        "rt-canary-1" => reply(200, r#"{"access_token":"new","refresh_token":"rt-2","expires_in":36000}"#),
        "user-rt" => reply(200, r#"{"access_token":"user-new","refresh_token":"user-rt-2","expires_in":36000}"#),
        _ => reply(400, "{}"),
    })
    .await;
    let own = request(GrantType::RefreshToken, ResponseQuirks::EMPTY);
    let also = leak([SecondToken { name: "user", from: Some("user"), request: own, optional: true }]);
    let clock = Hand::new();
    let keyway = keyway(spec(mock.address, Quirks { also, ..Quirks::EMPTY }), &clock);
    let dies = Timestamp::from_second(NOW + 60).unwrap().to_string();
    let second = [("user", "user-old"), ("user.refresh_token", "user-rt"), ("user.expires_at", dies.as_str())];
    import(&keyway, 36_000, &second).await;
    clock.advance(50);
    let connection = keyway.fetch(&key()).await.unwrap();
    let obtained = |name: &str| connection.credentials.obtained[name].expose();
    assert_eq!((access(&connection), refresh(&connection)), ("new", "rt-2"));
    assert_eq!((obtained("user"), obtained("user.refresh_token")), ("user-new", "user-rt-2"));
    keyway.fetch(&key()).await.unwrap();
    assert_eq!(mock.seen().len(), 2);
}

#[tokio::test]
async fn an_optional_second_token_comes_with_the_code_or_not_at_all() {
    for (held, expected) in [
        (r#"{"access_token":"user-at","refresh_token":"user-rt","expires_in":60}"#, Some("user-at")),
        (r#"{"access_token":"at"}"#, None),
        (r#"["hostile"]"#, None),
        (r#"{"access_token":{"deep":1}}"#, None),
        ("null", None),
    ] {
        let body = format!(r#"{{"access_token":"at","user":{held}}}"#);
        let mock = Mock::start(move |_| reply(200, body.clone())).await;
        let own = request(GrantType::RefreshToken, ResponseQuirks::EMPTY);
        let also = leak([SecondToken { name: "user", from: Some("user"), request: own, optional: true }]);
        let keyway = keyway(spec(mock.address, Quirks { also, ..Quirks::EMPTY }), &Hand::new());
        let connection = connect(&keyway).await.unwrap();
        let second = connection.credentials.obtained.get("user").map(keyway::Secret::expose);
        assert_eq!(second, expected, "{held}");
    }
}

#[tokio::test]
async fn a_second_token_may_need_what_the_first_answer_said() {
    // {"tid":"t 1"}
    for (token, path) in [("h.eyJ0aWQiOiJ0IDEifQ.s", Some("/tenants/t%201/token")), ("opaque", None)] {
        let first = format!(r#"{{"access_token":"{token}","refresh_token":"rt-1"}}"#);
        let mock = Mock::start(move |seen| match seen.path() {
            path if path.starts_with("/tenants/") => reply(200, r#"{"access_token":"of-tenant"}"#),
            _ => reply(200, first.clone()),
        })
        .await;
        let tenant = Reference { root: Root::ConnectionConfig, path: "access_token.tid", position: Position::Segment };
        let base: &'static str = format!("http://{}/tenants/", mock.address).leak();
        let url = Template::Nodes(leak([Node::Text(base), Node::Reference(tenant), Node::Text("/token")]));
        let own = RequestQuirks { url: Some(url), ..request(GrantType::RefreshToken, ResponseQuirks::EMPTY) };
        let also = leak([SecondToken { name: "tenant", from: None, request: own, optional: true }]);
        let plain = spec(mock.address, Quirks { also, ..Quirks::EMPTY });
        let Auth::OAuth2(mode) = plain.auth else { panic!("another mode") };
        let token = TokenEndpoint { response_metadata: &["access_token.tid"], ..mode.token };
        let spec = leak(ProviderSpec { auth: Auth::OAuth2(OAuth2 { token, ..mode }), ..*plain });
        let connection = connect(&keyway(spec, &Hand::new())).await.unwrap();
        assert_eq!(connection.credentials.obtained.contains_key("tenant"), path.is_some());
        assert_eq!(connection.config.get("access_token.tid").map(String::as_str), path.map(|_| "t 1"));
        assert_eq!(mock.seen().get(1).map(|seen| seen.path().to_owned()).as_deref(), path);
    }
}

#[tokio::test]
async fn a_token_that_the_vendor_calls_inactive_is_renewed_before_it_is_used() {
    let far = NOW + 36_000;
    for (status, said, expected) in [
        (200, format!(r#"{{"active":true,"exp":{far}}}"#), "old"),
        (200, format!(r#"{{"active":true,"exp":{}}}"#, NOW + 60), "new"),
        (200, r#"{"active":true}"#.to_owned(), "new"),
        (200, r#"{"active":false}"#.to_owned(), "new"),
        (500, String::new(), "new"),
        (200, "<html>".to_owned(), "new"),
    ] {
        let answer = said.clone();
        let mock = Mock::start(move |seen| match seen.path() {
            "/introspect" => reply(status, answer.clone()),
            _ => reply(200, r#"{"access_token":"new","refresh_token":"rt-2"}"#),
        })
        .await;
        let url = Some(template(format!("http://{}/introspect", mock.address)));
        let introspect = Some(RequestQuirks { url, ..RequestQuirks::EMPTY });
        let clock = Hand::new();
        let keyway = keyway(spec(mock.address, Quirks { introspect, ..Quirks::EMPTY }), &clock);
        import(&keyway, 36_000, &[]).await;
        clock.advance(50);
        assert_eq!(access(&keyway.fetch(&key()).await.unwrap()), expected, "{status} {said}");
        let asked = mock.seen_at("/introspect")[0].form();
        assert_eq!((asked["token"].as_str(), asked["client_id"].as_str()), ("old", "client"));
    }
}

#[tokio::test]
async fn a_dead_token_that_cannot_be_renewed_is_an_error_and_a_doubtful_one_is_used() {
    for (said, expected) in [(r#"{"active":false}"#, None), ("{}", Some("old"))] {
        let mock = Mock::start(move |seen| match seen.path() {
            "/introspect" => reply(200, said),
            _ => reply(400, r#"{"error":"invalid_grant"}"#),
        })
        .await;
        let url = Some(template(format!("http://{}/introspect", mock.address)));
        let introspect = Some(RequestQuirks { url, ..RequestQuirks::EMPTY });
        let keyway = keyway(spec(mock.address, Quirks { introspect, ..Quirks::EMPTY }), &Hand::new());
        import(&keyway, 36_000, &[]).await;
        let fetched = keyway.fetch(&key()).await.ok();
        assert_eq!(fetched.as_ref().map(access), expected, "{said}");
    }
}

#[tokio::test]
async fn a_dead_token_is_not_sent_although_nothing_is_there_to_renew_it_with() {
    for said in [r#"{"active":false}"#.to_owned(), r#"{"active":"false"}"#.to_owned(), expired(NOW)] {
        let shown = said.clone();
        let mock = Mock::start(move |seen| match seen.path() {
            "/introspect" => reply(200, said.clone()),
            _ => reply(200, "{}"),
        })
        .await;
        let url = Some(template(format!("http://{}/introspect", mock.address)));
        let introspect = Some(RequestQuirks { url, ..RequestQuirks::EMPTY });
        let keyway = keyway(spec(mock.address, Quirks { introspect, ..Quirks::EMPTY }), &Hand::new());
        let token = Token::new("old");
        let credentials = Credentials::default().token(token);
        keyway.import(key(), BTreeMap::new(), serde_json::Map::new(), credentials, Trust::Operator).await.unwrap();
        let error = keyway.send(&key(), support::get("/me"), None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReconnectNeeded, "{shown}: {error}");
        let paths: Vec<String> = mock.seen().iter().map(|seen| seen.path().to_owned()).collect();
        assert_eq!(paths, ["/introspect"], "{shown}");
    }
}

/// An answer that says yes about a token, and that it ended.
fn expired(at: i64) -> String {
    format!(r#"{{"active":true,"exp":{at}}}"#)
}
