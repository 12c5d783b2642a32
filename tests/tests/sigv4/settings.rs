//! The operator's settings: who issues sessions, and what is read of settings that another one hides.

use crate::cloud::{CUSTOM_STS, Cloud, KEY_ID, PRIVATE_STS, SECRET_KEY};
use crate::support::get;
use crate::{ROLE, actions, built, builtin, call, connect, keyway, openssl};
use keyway::ErrorKind;

/// The settings of an operator whose own endpoint issues, and these.
fn custom<'a>(further: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let endpoint = [("stsMode", "custom"), ("stsEndpointUrl", CUSTOM_STS)];
    [("service", "s3"), ("defaultRegion", "us-east-1")]
        .into_iter()
        .chain(endpoint)
        .chain(further.iter().copied())
        .collect()
}

#[tokio::test]
async fn an_endpoint_of_the_operators_is_asked_in_the_place_of_sts_and_proved_by_it() {
    if !openssl::is_here() {
        return;
    }
    let key = [("stsAuthType", "api_key"), ("stsApiKey", "key-canary")];
    let named = [key[0], key[1], ("stsAuthHeader", "x-own")];
    let basic = [("stsAuthType", "basic"), ("stsAuthUsername", "u"), ("stsAuthPassword", "p-canary")];
    for (settings, header, value) in [
        (custom(&[]), "x-api-key", ""),
        (custom(&key), "x-api-key", "key-canary"),
        (custom(&named), "x-own", "key-canary"),
        (custom(&basic), "authorization", "Basic dTpwLWNhbmFyeQ=="),
    ] {
        let cloud = Cloud::new();
        let keyway = keyway(&cloud, &settings);
        let connection = connect(&keyway, &[("role_arn", ROLE)], &[]).await.unwrap();
        let seen = cloud.seen();
        assert_eq!(
            (seen[0].method.as_str(), seen[0].url.as_str(), seen[0].header(header)),
            ("POST", CUSTOM_STS, value)
        );
        let body: serde_json::Value = serde_json::from_slice(&seen[0].body).unwrap();
        let external_id = connection.config["external_id"].as_str();
        let expected = serde_json::json!({"role_arn": ROLE, "external_id": external_id, "region": "us-east-1",
            "service": "s3"});
        assert_eq!(body, expected);
        assert_eq!(actions(&seen), ["", "GetCallerIdentity"], "AWS itself says whose they are");
        assert_eq!(call(&keyway, get("/bucket/key")).await, (200, "welcome".to_owned()));
    }
}

#[tokio::test]
async fn a_setting_that_another_one_hides_is_not_read() {
    if !openssl::is_here() {
        return;
    }
    // Keys of the mode that is off stay where they are.
    let keys = [("awsAccessKeyId", KEY_ID), ("awsSecretAccessKey", SECRET_KEY)];
    let hidden = [("stsApiKey", "key-canary"), ("stsAuthHeader", "x-own"), ("stsAuthPassword", "p-canary")];
    let settings = custom(&[&keys[..], &hidden[..]].concat());
    let cloud = Cloud::new();
    connect(&keyway(&cloud, &settings), &[("role_arn", ROLE)], &[]).await.unwrap();
    let asked = &cloud.seen()[0];
    assert!(!format!("{:?} {}", asked.headers, String::from_utf8_lossy(&asked.body)).contains("canary"));
    let cloud = Cloud::new();
    let with_endpoint = [&builtin("s3")[..], &[("stsEndpointUrl", CUSTOM_STS)]].concat();
    connect(&keyway(&cloud, &with_endpoint), &[("role_arn", ROLE)], &[]).await.unwrap();
    assert_eq!(cloud.seen()[0].url.host_str(), Some("sts.us-east-1.amazonaws.com"));
}

#[tokio::test]
async fn settings_that_do_not_fit_are_named_and_nothing_is_sent() {
    let region = ("defaultRegion", "us-east-1");
    for (settings, kind, says) in [
        (vec![region], ErrorKind::MissingValue, "`service`"),
        (vec![("service", "S3/.."), region], ErrorKind::InvalidValue, "`service`"),
        (vec![("service", "s3")], ErrorKind::MissingValue, "`region`"),
        (vec![("service", "s3"), region], ErrorKind::MissingValue, "`awsAccessKeyId`"),
        (vec![("service", "s3"), region, ("stsMode", "none")], ErrorKind::InvalidValue, "`stsMode`"),
        (vec![("service", "s3"), region, ("stsMode", "custom")], ErrorKind::MissingValue, "`stsEndpointUrl`"),
        (custom(&[("stsEndpointUrl", "http://tokens.example.com/")]), ErrorKind::InvalidValue, "`stsEndpointUrl`"),
        (custom(&[("stsAuthType", "api_key")]), ErrorKind::MissingValue, "`stsApiKey`"),
        (custom(&[("stsAuthType", "basic"), ("stsAuthPassword", "p")]), ErrorKind::MissingValue, "`stsAuthUsername`"),
    ] {
        let cloud = Cloud::new();
        let error = match built(&cloud, &settings) {
            Ok(keyway) => connect(&keyway, &[("role_arn", ROLE)], &[]).await.unwrap_err(),
            Err(error) => error,
        };
        assert!(error.kind() == kind && error.message().contains(says), "{settings:?}: {error}");
        assert!(cloud.seen().is_empty());
    }
}

#[tokio::test]
async fn sts_is_asked_where_the_operator_says_and_signed_for_the_region_of_that_place() {
    if !openssl::is_here() {
        return;
    }
    let private = format!("https://{PRIVATE_STS}/");
    for (url, region) in [("https://sts.amazonaws.com", "eu-west-1"), (&private, "us-east-1")] {
        let host = url::Url::parse(url).unwrap().host_str().map(str::to_owned);
        let cloud = Cloud::new();
        let settings = [&builtin("s3")[..], &[("stsUrl", url)]].concat();
        let keyway = keyway(&cloud, &settings);
        connect(&keyway, &[("role_arn", ROLE)], &[("region", region)]).await.unwrap();
        let seen = cloud.seen();
        assert_eq!(actions(&seen), ["AssumeRole", "GetCallerIdentity"]);
        for sent in seen {
            assert_eq!(sent.url.host_str().map(str::to_owned), host);
        }
        assert_eq!(call(&keyway, get("/bucket/key")).await, (200, "welcome".to_owned()), "calls are the region's own");
    }
    let cloud = Cloud::new();
    let error = built(&cloud, &[&builtin("s3")[..], &[("stsUrl", "sts.amazonaws.com")]].concat());
    let error = match error {
        Ok(keyway) => connect(&keyway, &[("role_arn", ROLE)], &[]).await.unwrap_err(),
        Err(error) => error,
    };
    assert!(error.kind() == ErrorKind::InvalidValue && error.message().contains("`stsUrl`"), "{error}");
    assert!(cloud.seen().is_empty());
}

#[tokio::test]
async fn a_region_is_asked_in_its_own_partition() {
    if !openssl::is_here() {
        return;
    }
    for (region, domain) in [
        ("us-gov-west-1", "us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "cn-north-1.amazonaws.com.cn"),
        ("cn-northwest-1", "cn-northwest-1.amazonaws.com.cn"),
    ] {
        let cloud = Cloud::new();
        let keyway = keyway(&cloud, &builtin("s3"));
        connect(&keyway, &[("role_arn", ROLE)], &[("region", region)]).await.unwrap();
        assert_eq!(call(&keyway, get("/bucket/key")).await, (200, "welcome".to_owned()), "{region}");
        let hosts: Vec<String> = cloud.seen().iter().map(|sent| sent.url.host_str().unwrap().to_owned()).collect();
        let expected = ["sts", "sts", "s3"].map(|service| format!("{service}.{domain}"));
        assert_eq!(hosts, expected);
    }
}
