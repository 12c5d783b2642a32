//! Signed calls: paths, queries, bodies and streams; what is signed again, and what must not leave.

use crate::cloud::Cloud;
use crate::support::get;
use crate::{ROLE, builtin, call, connect, key, keyway, openssl};
use http::Method;
use keyway::transport::Body;
use keyway::{CallBody, ErrorKind, Keyway};
use std::collections::BTreeSet;

async fn connected(cloud: &Cloud, service: &str) -> Keyway {
    let keyway = keyway(cloud, &builtin(service));
    connect(&keyway, &[("role_arn", ROLE)], &[]).await.unwrap();
    cloud.seen();
    keyway
}

#[tokio::test]
async fn whatever_is_called_is_signed_with_the_session_as_the_service_reads_it() {
    if !openssl::is_here() {
        return;
    }
    let query = vec![("list-type".to_owned(), "2".to_owned()), ("prefix".to_owned(), "a b+c/ä".to_owned())];
    let headers = vec![("x-amz-acl".to_owned(), "  private   read ".to_owned())];
    for service in ["s3", "execute-api"] {
        let cloud = Cloud::new();
        let keyway = connected(&cloud, service).await;
        for one in [
            get("/"),
            get("/bucket/a%20b/ä/x%2Fy"),
            get("/bucket/it's(1)!*~.txt"),
            get("/bucket/a+b=c&d@e:f,g;h$i"),
            get("/bucket?acl&prefix=a+b&marker=1%2B1&x=%2F~"),
            get("/bucket?prefix=%E9&'q'=it's&e=%e2%82%ac&flag"),
            get("/bucket/caf%E9/%e9"),
            get("/bucket").query_pairs(query.clone()),
            get("/bucket/key").method(Method::PUT).headers(headers.clone()),
            get("/bucket/key").method(Method::PUT).body(CallBody::Bytes("raw \u{0}\u{ff}".into())),
            get("/bucket").method(Method::POST).json(serde_json::json!({"a": "ä"})),
            get("/bucket/key").method(Method::DELETE),
        ] {
            let what = format!("{service} {} {}", one.method, one.endpoint);
            assert_eq!(call(&keyway, one).await, (200, "welcome".to_owned()), "{what}");
        }
        let seen = cloud.seen();
        assert!(seen.iter().all(|sent| sent.header("x-amz-security-token").contains("canary")));
        assert!(!seen.iter().any(|sent| sent.url.as_str().contains("canary")));
    }
}

#[tokio::test]
async fn a_key_that_a_parser_would_make_another_one_is_refused_and_not_overwritten() {
    let cloud = Cloud::new();
    let keyway = connected(&cloud, "s3").await;
    for endpoint in ["/bucket/a/../b", "/bucket/tenant/%2E%2E/%2e%2e/bucket", "/bucket/.", "/bucket/a\\b", "//bucket"] {
        for method in [Method::PUT, Method::DELETE, Method::GET] {
            let error = keyway.send(&key(), get(endpoint).method(method), None).await.unwrap_err();
            assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidRequest, Some(false)), "{endpoint}");
        }
    }
    assert!(cloud.seen().is_empty());
}

#[tokio::test]
async fn a_callers_own_signature_is_replaced() {
    if !openssl::is_here() {
        return;
    }
    let cloud = Cloud::new();
    let keyway = connected(&cloud, "s3").await;
    let forged = ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"];
    let headers = forged.map(|name| (name.to_owned(), "forged".to_owned())).to_vec();
    assert_eq!(call(&keyway, get("/bucket").headers(headers)).await, (200, "welcome".to_owned()));
}

#[tokio::test]
async fn a_stream_is_sent_unsigned_to_object_storage_over_tls_and_nowhere_else() {
    if !openssl::is_here() {
        return;
    }
    for (service, scheme, fits) in [("s3", "https", true), ("s3", "http", false), ("execute-api", "https", false)] {
        let cloud = Cloud::new();
        let keyway = connected(&cloud, service).await;
        let put = get("/bucket/key")
            .method(Method::PUT)
            .body(CallBody::Stream)
            .base_url_override(format!("{scheme}://{service}.us-east-1.amazonaws.com"));
        let outcome = keyway.send(&key(), put, Some(Body::full("large"))).await;
        let seen = cloud.seen();
        if fits {
            assert_eq!(outcome.unwrap().status(), 200);
            assert_eq!(
                (seen[0].header("x-amz-content-sha256"), &seen[0].body[..]),
                ("UNSIGNED-PAYLOAD", &b"large"[..])
            );
        } else {
            let error = outcome.unwrap_err();
            assert!(error.kind() == ErrorKind::InvalidRequest && error.message().contains("streamed"), "{error}");
            assert!(seen.is_empty());
        }
    }
}

#[tokio::test]
async fn a_redirect_inside_is_signed_again_and_outside_nothing_signed_goes_along() {
    if !openssl::is_here() {
        return;
    }
    let cloud = Cloud::new();
    let keyway = connected(&cloud, "s3").await;
    let put = get("/moved").method(Method::PUT).body(CallBody::Bytes("raw".into()));
    assert_eq!(call(&keyway, put).await, (200, "welcome".to_owned()));
    let seen = cloud.seen();
    assert_eq!((seen.len(), seen[1].url.path(), &seen[1].body[..]), (2, "/bucket/there", &b"raw"[..]));
    assert_ne!(seen[0].header("authorization"), seen[1].header("authorization"));
    assert_eq!(call(&keyway, get("/away")).await, (200, "outside".to_owned()));
    let outside = &cloud.seen()[1];
    assert_eq!(outside.url.as_str(), "https://elsewhere.example.com/there");
    let signed = |name: &&String| name.starts_with("x-amz-") || *name == "authorization";
    assert_eq!(outside.headers.keys().find(signed), None);
}

#[tokio::test]
async fn a_retry_is_signed_for_its_own_instant() {
    if !openssl::is_here() {
        return;
    }
    let cloud = Cloud::new();
    let keyway = connected(&cloud, "s3").await;
    assert_eq!(call(&keyway, get("/busy").retries(2)).await, (503, "busy".to_owned()));
    let seen = cloud.seen();
    let dates: BTreeSet<&str> = seen.iter().map(|sent| sent.header("x-amz-date")).collect();
    assert_eq!((seen.len(), dates.len()), (3, 3));
}
