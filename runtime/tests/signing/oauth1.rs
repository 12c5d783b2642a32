//! OAuth 1.0a from the temporary credentials to signed calls, and everything that must not become a connection.

use super::support::{Mock, Reply, Seen, back, get, reply};
use super::vendor::{self, Vendor, verifier};
use super::{keyway, openssl, operators_client, received, rfc5849, text};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use keyway::ConnectionQuery;
use keyway::transport::Body;
use keyway::{Authorize, CallBody, ConnectionKey, ErrorKind, Keyway, Started};
use keyway_spec::auth::SignatureMethod::{self, HmacSha1, Plaintext, RsaSha1};
use std::collections::{BTreeMap, BTreeSet};

const REDIRECT: &str = "https://app.example.com/callback?app=1";

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

async fn vendor() -> Mock {
    let vendor = Vendor::default();
    Mock::start(move |seen| answer(&vendor, seen)).await
}

fn answer(vendor: &Vendor, seen: &Seen) -> Reply {
    let (status, body) = vendor.answer(&received(seen));
    reply(status, body)
}

/// Goes to the vendor's page: the flow, and the query of the page.
async fn leave(keyway: &Keyway) -> keyway::Result<(Started, BTreeMap<String, String>)> {
    let request = Authorize::new(key(), REDIRECT);
    let started = keyway.authorize(request).await?;
    let query = url::Url::parse(&started.url).unwrap().query_pairs().into_owned().collect();
    Ok((started, query))
}

fn form_type() -> Vec<(String, String)> {
    vec![("content-type".to_owned(), "application/x-www-form-urlencoded; charset=iso-8859-1".to_owned())]
}

/// The callback of a customer who agreed.
fn agreed(started: &Started, token: &str) -> String {
    let [token, verifier] = [token, &verifier(token)].map(rfc5849::encoded);
    back(started, &format!("state={}&oauth_token={token}&oauth_verifier={verifier}", started.state.expose()))
}

async fn connected(mock: &Mock, method: SignatureMethod) -> Keyway {
    let keyway = keyway(&vendor::spec(mock.address, method), operators_client());
    let (started, query) = leave(&keyway).await.unwrap();
    keyway.finish(&agreed(&started, &query["oauth_token"]), started.binding.expose()).await.unwrap();
    keyway
}

#[tokio::test]
async fn a_customer_agrees_and_every_signature_on_the_way_verifies() {
    if !openssl::is_here() {
        return;
    }
    for method in [HmacSha1, Plaintext] {
        let mock = vendor().await;
        let keyway = keyway(&vendor::spec(mock.address, method), operators_client());
        let (started, query) = leave(&keyway).await.unwrap();
        assert!(started.url.starts_with(&mock.url("/agree?")), "{}", started.url);
        let asked = rfc5849::protocol(&received(&mock.seen_at("/request")[0])).unwrap();
        assert_eq!(asked["oauth_callback"], format!("{}&state={}", started.redirect_uri, started.state.expose()));
        let callback = agreed(&started, &query["oauth_token"]);
        let connection = keyway.finish(&callback, started.binding.expose()).await.unwrap();
        let token = connection.credentials.token.as_ref().unwrap();
        assert!(token.access.expose().starts_with("access-") && token.expires_at.is_none());
        assert_eq!(keyway.fetch(&key()).await.unwrap(), connection);
        keyway.finish(&callback, started.binding.expose()).await.unwrap();
        let again = keyway.finish(&format!("{callback}&more=1"), started.binding.expose()).await.unwrap_err();
        assert_eq!((again.kind(), mock.seen_at("/token").len()), (ErrorKind::InvalidState, 1));
        assert!(!format!("{connection:?} {started:?} {keyway:?} {}", started.url).contains("canary"));
    }
}

#[tokio::test]
async fn queries_and_forms_are_signed_as_they_are_sent() {
    if !openssl::is_here() {
        return;
    }
    let form = vec![("status".to_owned(), "Ladies + Gentlemen, ä & b".to_owned()), ("empty".to_owned(), String::new())];
    for method in [HmacSha1, Plaintext] {
        let mock = vendor().await;
        let keyway = connected(&mock, method).await;
        let query = vec![("b".to_owned(), "x y+z".to_owned()), ("a".to_owned(), "~'()*!".to_owned())];
        for call in [
            get("/items"),
            get("/items?q=a+b&q=a%20b&plus=1%2B1&flag"),
            get("/items?q=%E9&q=%c3%a9&'x'=%zz&&y="),
            get("/caf%E9/(a):@b;c=d"),
            get("/latin1")
                .method(http::Method::POST)
                .headers(form_type())
                .body(CallBody::Bytes("a=%E9&b=%e9+c".into())),
            get("/a%20folder/ä").query_pairs(query),
            get("/statuses?x=1").method(http::Method::POST).body(CallBody::Form(form.clone())),
            get("/json").method(http::Method::PUT).json(serde_json::json!({"a": "b=c"})),
            get("/bytes").method(http::Method::POST).body(CallBody::Bytes("raw".into())),
        ] {
            let what = format!("{} {}", call.method, call.endpoint);
            let answered = text(keyway.send(&key(), call, None).await.unwrap()).await;
            assert_eq!(answered, (200, "welcome".to_owned()), "{method:?} {what}");
        }
        assert!(!format!("{:?}", mock.seen().iter().map(|seen| &seen.target).collect::<Vec<_>>()).contains("canary"));
    }
}

#[tokio::test]
async fn a_request_that_another_client_sends_is_signed_with_its_body() {
    if !openssl::is_here() {
        return;
    }
    let mock = vendor().await;
    let keyway = connected(&mock, HmacSha1).await;
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let form = ("content-type", "application/x-www-form-urlencoded");
    for (method, uri, header, body) in [
        ("GET", "/items?q=a+b", ("accept", "text/plain"), ""),
        ("GET", &mock.url("/api/items?q=%E9&'x'=%zz"), ("accept", "text/plain"), ""),
        ("POST", "/statuses?x=1", form, "status=Ladies+%2B+Gentlemen&empty="),
        ("PUT", "/json", ("content-type", "application/json"), r#"{"a": "b=c"}"#),
    ] {
        let request = http::Request::builder().method(method).uri(uri).header(header.0, header.1);
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let request = keyway.authorize_request(&key(), request).await.unwrap();
        assert!(request.headers()["authorization"].is_sensitive());
        let response = client.request(request).await.unwrap();
        let status = response.status().as_u16();
        let said = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!((status, &said[..]), (200, &b"welcome"[..]), "{method} {uri}");
    }

    // A form that cannot be read is not signed without it; a body that is no form is not signed by this mode.
    let streamed = |kind: &str| {
        let body = Body::stream(Full::new(Bytes::from("a=b")));
        http::Request::post("/statuses").header("content-type", kind).body(body).unwrap()
    };
    let error = keyway.authorize_request(&key(), streamed(form.1)).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidRequest, Some(false)));
    let says = error.message();
    assert!(says.contains("`keyway::transport::body::Body` cannot be read") && says.contains("`Bytes`"), "{error}");
    keyway.authorize_request(&key(), streamed("text/plain")).await.unwrap();
}

#[tokio::test]
async fn what_is_not_this_flows_yes_connects_nobody() {
    if !openssl::is_here() {
        return;
    }
    let mock = vendor().await;
    let keyway = keyway(&vendor::spec(mock.address, HmacSha1), operators_client());
    let (foreign, other) = leave(&keyway).await.unwrap();
    let other = other["oauth_token"].clone();
    for (callback, kind, says) in [
        ("denied=TOKEN", ErrorKind::AuthorizationDenied, "did not agree"),
        ("oauth_token=TOKEN&oauth_problem=user%0D%0Arefused", ErrorKind::AuthorizationDenied, "user  refused"),
        ("oauth_token=TOKEN", ErrorKind::AuthorizationDenied, "oauth_verifier"),
        ("oauth_token=TOKEN&oauth_verifier=guess", ErrorKind::TokenRefused, "refused"),
        ("oauth_token=OTHER&oauth_verifier=v", ErrorKind::InvalidState, "another token"),
        ("oauth_verifier=v", ErrorKind::InvalidState, "another token"),
    ] {
        let (started, query) = leave(&keyway).await.unwrap();
        let callback = callback.replace("TOKEN", &query["oauth_token"]).replace("OTHER", &other);
        let callback = back(&started, &format!("state={}&{callback}", started.state.expose()));
        let error = keyway.finish(&callback, started.binding.expose()).await.unwrap_err();
        assert!(error.kind() == kind && error.message().contains(says), "{callback}: {error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        let again = keyway.finish(&agreed(&started, &query["oauth_token"]), started.binding.expose()).await;
        assert_eq!(again.unwrap_err().kind(), ErrorKind::InvalidState, "a callback counts once");
    }
    let (started, query) = leave(&keyway).await.unwrap();
    let error = keyway.finish(&agreed(&started, &query["oauth_token"]), foreign.binding.expose()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidState, "another browser");
    assert_eq!(mock.seen_at("/token").len(), 1, "only the guessed verifier was sent");
    assert!(keyway.list_connections(ConnectionQuery::first(9)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_vendor_that_refuses_or_does_not_confirm_the_callback_is_told_of_without_secrets() {
    if !openssl::is_here() {
        return;
    }
    let refusing = vendor().await;
    let mut record = operators_client();
    record.client_secret = Some("wrong-canary".into());
    let error = leave(&keyway(&vendor::spec(refusing.address, HmacSha1), record)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenRefused);
    assert!(!format!("{error} {error:?}").contains("wrong-canary"), "{error:?}");
    for body in ["oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=false", "oauth_token=t", "<html>", ""] {
        let mock = Mock::start(move |_| reply(200, body)).await;
        let keyway = keyway(&vendor::spec(mock.address, HmacSha1), operators_client());
        assert_eq!(leave(&keyway).await.unwrap_err().kind(), ErrorKind::TokenRefused, "{body}");
    }
}

#[tokio::test]
async fn rsa_is_refused_before_anybody_is_asked() {
    let mock = Mock::start(|_| reply(500, "")).await;
    let error = leave(&keyway(&vendor::spec(mock.address, RsaSha1), operators_client())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("`RSA-SHA1`") && error.message().contains("`HMAC-SHA1`"), "{error}");
    assert!(mock.seen().is_empty());
}

#[tokio::test]
async fn retries_and_redirects_inside_are_signed_again_and_nothing_signed_goes_outside() {
    if !openssl::is_here() {
        return;
    }
    let outside = Mock::start(|_| reply(200, "outside")).await;
    let away = outside.url("/elsewhere");
    let vendor = Vendor::default();
    let mock = Mock::start(move |seen| {
        let first = answer(&vendor, seen);
        match seen.path() {
            "/api/moved" => reply(307, "").header("location", "/api/there?x=a+b"),
            "/api/away" => reply(302, "").header("location", away.clone()),
            "/api/busy" => reply(503, "").header("retry-after", "0"),
            _ => first,
        }
    })
    .await;
    let keyway = connected(&mock, HmacSha1).await;
    let form = CallBody::Form(vec![("a".to_owned(), "b c".to_owned())]);
    let moved = get("/moved").method(http::Method::POST).body(form);
    assert_eq!(text(keyway.send(&key(), moved, None).await.unwrap()).await, (200, "welcome".to_owned()));
    assert_eq!(text(keyway.send(&key(), get("/away"), None).await.unwrap()).await, (200, "outside".to_owned()));
    let seen = &outside.seen()[0];
    assert!(!seen.headers.contains_key("authorization") && !seen.target.contains("oauth"), "{seen:?}");
    keyway.send(&key(), get("/busy").retries(2), None).await.unwrap();
    let busy = mock.seen_at("/api/busy");
    let nonces: BTreeSet<_> =
        busy.iter().map(|seen| rfc5849::protocol(&received(seen)).unwrap()["oauth_nonce"].clone()).collect();
    assert_eq!((busy.len(), nonces.len()), (3, 3));
}

#[tokio::test]
async fn a_form_that_is_streamed_is_refused_where_the_form_is_signed() {
    if !openssl::is_here() {
        return;
    }
    for (content_type, fits) in [("application/x-www-form-urlencoded", false), ("text/csv", true)] {
        let mock = vendor().await;
        let keyway = connected(&mock, HmacSha1).await;
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        let call = get("/upload").method(http::Method::POST).body(CallBody::Stream).headers(headers);
        let body = keyway::transport::Body::full("a=b");
        match keyway.send(&key(), call, Some(body)).await {
            Ok(response) => assert!(fits && response.status() == 200, "{content_type}: {}", response.status()),
            Err(error) => assert!(!fits && error.kind() == ErrorKind::InvalidRequest, "{content_type}: {error}"),
        }
    }
}
