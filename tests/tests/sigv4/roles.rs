//! Roles: assumed, proved, assumed again before the session ends, and told apart by their external ids.

use crate::cloud::{Cloud, SECRET_KEY, session_token};
use crate::support::get;
use crate::{ROLE, actions, builtin, call, connect, key, keyway, openssl};
use keyway::ConnectionQuery;
use keyway::ErrorKind;

const EXTERNAL_ID: &str = "1b671a64-40d5-491e-99b0-da01ff1f3341";

#[tokio::test]
async fn a_role_is_assumed_with_the_operators_keys_and_proved_with_its_own() {
    if !openssl::is_here() {
        return;
    }
    for (config, region) in [(&[][..], "us-east-1"), (&[("region", "eu-west-1")][..], "eu-west-1")] {
        let cloud = Cloud::new();
        let keyway = keyway(&cloud, &builtin("s3"));
        let connection = connect(&keyway, &[("role_arn", ROLE)], config).await.unwrap();
        let seen = cloud.seen();
        assert_eq!(actions(&seen), ["AssumeRole", "GetCallerIdentity"]);
        let host = format!("sts.{region}.amazonaws.com");
        assert!(seen.iter().all(|sent| sent.url.host_str() == Some(&host) && sent.url.scheme() == "https"));
        assert_eq!(seen[0].parameter("RoleArn"), ROLE);
        assert_eq!(seen[1].header("x-amz-security-token"), session_token("1700000000"));
        assert_eq!([&connection.config["region"], &connection.config["service"]], [region, "s3"]);
        assert_eq!(connection.config["external_id"], seen[0].parameter("ExternalId"));
        assert_eq!(connection.credentials.token.as_ref().unwrap().expires_at.unwrap().as_second(), 1_700_003_600);
        assert!(!format!("{connection:?} {keyway:?}").contains("canary"));
        assert!(!seen.iter().any(|sent| format!("{} {:?}", sent.url, sent.headers).contains(SECRET_KEY)));
        assert_eq!(call(&keyway, get("/bucket/key")).await, (200, "welcome".to_owned()));
        assert_eq!(cloud.seen().len(), 1, "the session is kept");
    }
}

#[tokio::test]
async fn a_session_is_renewed_before_it_ends_and_not_proved_again() {
    if !openssl::is_here() {
        return;
    }
    let cloud = Cloud::new();
    let keyway = keyway(&cloud, &builtin("s3"));
    let connection = connect(&keyway, &[("role_arn", ROLE)], &[]).await.unwrap();
    cloud.seen();
    cloud.clock.advance(1800);
    assert_eq!(call(&keyway, get("/bucket/key")).await.0, 200);
    assert_eq!(actions(&cloud.seen()), [""], "half of its life is left");
    // The cloud refuses a session from its last second on.
    cloud.clock.advance(1799);
    assert_eq!(call(&keyway, get("/bucket/key")).await.0, 200);
    let seen = cloud.seen();
    assert_eq!(actions(&seen), ["AssumeRole", ""]);
    assert_eq!(seen[0].parameter("ExternalId"), connection.config["external_id"]);
    assert_eq!(seen[1].header("x-amz-security-token"), session_token("1700003599"));
}

#[tokio::test]
async fn an_external_id_stays_the_connections_for_good() {
    if !openssl::is_here() {
        return;
    }
    let cloud = Cloud::new();
    let keyway = keyway(&cloud, &builtin("s3"));
    let first = connect(&keyway, &[("role_arn", ROLE)], &[]).await.unwrap();
    let external_id = first.config["external_id"].as_str();
    let again = connect(&keyway, &[("role_arn", ROLE), ("external_id", external_id)], &[]).await.unwrap();
    assert_eq!(again.config["external_id"], external_id);
    cloud.seen();
    let again = connect(&keyway, &[("role_arn", ROLE)], &[("region", "eu-west-1")]).await.unwrap();
    assert_eq!(again.config["external_id"], external_id);
    assert_eq!(cloud.seen()[0].parameter("ExternalId"), external_id);
    let other = connect(&keyway, &[("role_arn", ROLE), ("external_id", EXTERNAL_ID)], &[]).await.unwrap_err();
    assert!(other.kind() == ErrorKind::InvalidValue && other.message().contains("another `external_id`"), "{other}");
    assert!(cloud.seen().is_empty());
    keyway.delete_connection(&key()).await.unwrap();
    let own = connect(&keyway, &[("role_arn", ROLE), ("external_id", EXTERNAL_ID)], &[]).await.unwrap();
    assert_eq!(own.config["external_id"], EXTERNAL_ID);
}

#[tokio::test]
async fn what_cannot_be_assumed_is_no_connection() {
    if !openssl::is_here() {
        return;
    }
    let cloud = Cloud::new();
    let keyway = keyway(&cloud, &builtin("s3"));
    let denied = "arn:aws:iam::123456789012:role/denied";
    for (inputs, config, kind, says) in [
        (vec![("role_arn", denied)], vec![], ErrorKind::TokenRefused, "`AccessDenied`"),
        (vec![], vec![], ErrorKind::MissingValue, "role_arn"),
        (vec![("role_arn", ROLE), ("external_id", "guess-me")], vec![], ErrorKind::InvalidValue, "must be a UUID"),
        (vec![("role_arn", ROLE)], vec![("region", "x.evil.example/")], ErrorKind::InvalidValue, "an AWS region"),
        (vec![("role_arn", ROLE)], vec![("external_id", EXTERNAL_ID)], ErrorKind::InvalidValue, "external_id"),
        (vec![("role_arn", ROLE)], vec![("service", "iam")], ErrorKind::InvalidValue, "service"),
    ] {
        let error = connect(&keyway, &inputs, &config).await.unwrap_err();
        assert!(error.kind() == kind && error.message().contains(says), "{inputs:?} {config:?}: {error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    assert_eq!(actions(&cloud.seen()), ["AssumeRole"], "only the role that does not trust the operator was asked for");
    assert!(keyway.list_connections(ConnectionQuery::first(9)).await.unwrap().is_empty());
}
