//! `moto` with its checks of signatures and policies on, and `botocore` beside it: a role that is assumed, odd keys in
//! S3.

use crate::keyway::{Keyway, entry};
use crate::peer::{Peer, installed};
use serde_json::{Value, json};

/// The role's own entry, whose services and STS are at `url`.
fn aws(key: &str, url: &str) -> String {
    let rest = format!(
        "    auth_mode: AWS_SIGV4
    credentials:
        role_arn:
            type: string
            title: Role
            description: The role that your customer made.
    connection_config:
        region:
            type: string
            title: Region
            description: Where the service is.
            optional: true
        service:
            type: string
            title: Service
            description: What calls are signed for.
            automated: true
    integration_config:
        service:
            type: string
            title: Service
            description: What calls are signed for.
            pattern: ^[a-z0-9-]+$
        defaultRegion:
            type: string
            title: Region
            description: Where the service is.
        awsAccessKeyId:
            type: string
            title: Access key
            description: Of the operator.
        awsSecretAccessKey:
            type: string
            title: Secret access key
            description: Of the operator.
            secret: true
        stsUrl:
            type: string
            title: STS
            description: Where roles are assumed.
    proxy:
        base_url: {url}"
    );
    entry(key, &rest)
}

async fn connect(keyway: &Keyway, peer: &Peer, key: &str, service: &str) {
    let about = &peer.about;
    let custom = json!({
        "service": service, "defaultRegion": "us-east-1", "stsUrl": peer.url(),
        "awsAccessKeyId": about["key_id"], "awsSecretAccessKey": about["secret"],
    });
    keyway.integration(json!({"provider": key, "custom": custom})).await;
    let credentials = json!({"role_arn": about["role_arn"], "external_id": about["external_id"]});
    let made = keyway.import(json!({"integration": key, "connection_id": "acme", "credentials": credentials})).await;
    assert_eq!(made.status, 201, "{}\n{}", made.text(), keyway.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_is_signed_and_sent_as_it_is() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "aws.py", &[]);
    let keyway = Keyway::start(&aws("s3", peer.url()));
    connect(&keyway, &peer, "s3", "s3").await;
    let user = keyway.as_connection("s3", "acme");
    peer.ask("seen", json!({}));
    for key in [
        "plain.txt",
        "a%20b",
        "a+b",
        "a%2Bb",
        "a%2Fb",
        "folder/with/many/parts",
        "~tilde-._",
        "caf%C3%A9",
        "caf%c3%a9-lower",
        "at@colon:comma,semi;eq=dollar$amp&",
        "(round)!star*quote'",
        "percent%25",
        "question%3Fhash%23",
        "%E2%9C%93/%F0%9F%94%91",
    ] {
        let target = format!("/customer-bucket/{key}");
        let put = user.with("content-type", "text/plain").send("PUT", &format!("/proxy{target}"), key).await.unwrap();
        assert_eq!(put.status, 200, "{key}: {}", put.text());
        let got = user.get(&format!("/proxy{target}")).await.unwrap();
        assert_eq!((got.status.as_u16(), got.text().as_str()), (200, key), "{key}");
        for (seen, method) in peer.ask("seen", json!({})).as_array().unwrap().iter().zip(["PUT", "GET"]) {
            // S3 may be sent its own spelling of a key (`%2B` for `+`), but no other key.
            let arrived = seen["target"].as_str().unwrap();
            assert_eq!(octets(arrived), octets(&target), "{method} {key}: {arrived}");
            assert_eq!((&seen["method"], &seen["fits"]), (&json!(method), &json!(true)), "{key}: {arrived}");
        }
    }
    let queries = [
        "list-type=2&prefix=caf%C3%A9",
        "list-type=2&prefix=%E9",
        "list-type=2&delimiter=%2F&prefix=",
        "prefix=a%2Bb&list-type=2",
        "uploads",
    ];
    for query in queries {
        let listed = user.get(&format!("/proxy/customer-bucket?{query}")).await.unwrap();
        assert_eq!(listed.status, 200, "{query}: {}", listed.text());
        let seen = peer.ask("seen", json!({}));
        assert_eq!(seen[0]["target"], format!("/customer-bucket?{query}"));
        assert_eq!(seen[0]["fits"], true, "{query}");
    }
    let empty = user.send("PUT", "/proxy/customer-bucket/empty", "").await.unwrap();
    assert_eq!(empty.status, 200, "{}", empty.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_dot_segments_never_becomes_another_key() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "aws.py", &[]);
    let keyway = Keyway::start(&aws("s3", peer.url()));
    connect(&keyway, &peer, "s3", "s3").await;
    let user = keyway.as_connection("s3", "acme");
    assert_eq!(user.send("PUT", "/proxy/customer-bucket/b", "precious").await.unwrap().status, 200);
    peer.ask("seen", json!({}));
    let targets = [
        "/customer-bucket/a/../b",
        "/customer-bucket/a/%2E%2E/b",
        "/customer-bucket/./b",
        "/customer-bucket/tenant/%2e%2e/%2e%2e/customer-bucket",
    ];
    for target in targets {
        for method in ["PUT", "DELETE"] {
            let called = user.send(method, &format!("/proxy{target}"), "").await.unwrap();
            let seen = peer.ask("seen", json!({}));
            if called.header("keyway-error").is_empty() {
                assert_eq!(seen[0]["target"], target, "{method}: sent as it is");
                assert_eq!(seen[0]["fits"], true, "{method} {target}: and signed so");
            } else {
                assert_eq!((called.status.as_u16(), seen), (400, json!([])), "{method} {target}");
            }
        }
    }
    assert_eq!(peer.ask("objects", json!({}))["b"], "precious");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_assumed_again_and_a_withdrawn_one_is_told() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "aws.py", &[]);
    let url = peer.url().to_owned();
    let keyway = Keyway::start(&[aws("s3", &url), aws("iam", &url)].concat());
    connect(&keyway, &peer, "s3", "s3").await;
    connect(&keyway, &peer, "iam", "iam").await;

    // The query API: a form in the body, the other rules of path and payload.
    let iam = keyway.as_connection("iam", "acme").with("content-type", "application/x-www-form-urlencoded");
    let users = iam.send("POST", "/proxy/", "Action=ListUsers&Version=2010-05-08").await.unwrap();
    assert_eq!(users.status, 200, "{}", users.text());
    assert!(users.text().contains("<UserName>operator</UserName>"), "{}", users.text());
    // Its policy does not allow this: moto's checks are on.
    let roles = iam.send("POST", "/proxy/", "Action=ListRoles&Version=2010-05-08").await.unwrap();
    assert_eq!((roles.status.as_u16(), roles.header("keyway-error")), (403, ""), "{}", roles.text());

    // Neither does the role trust another external id.
    let credentials =
        json!({"role_arn": peer.about["role_arn"], "external_id": "00000000-0000-4000-8000-000000000000"});
    let refused =
        keyway.import(json!({"integration": "s3", "connection_id": "other", "credentials": credentials})).await;
    assert_eq!(refused.status, 424, "{}", refused.text());
    assert!(refused.text().contains("AccessDenied"), "{}", refused.text());

    let key_id = |credentials: &Value| credentials["access_key_id"].as_str().map(str::to_owned);
    let first = keyway.connection("s3", "acme").await.json()["credentials"].clone();
    let second = keyway.renewed("s3", "acme").await;
    assert!(key_id(&first).is_some() && key_id(&first) != key_id(&second), "{first} {second}");
    let user = keyway.as_connection("s3", "acme");
    assert_eq!(user.send("PUT", "/proxy/customer-bucket/a", "a").await.unwrap().status, 200);

    peer.ask("revoke", json!({}));
    let called = user.get("/proxy/customer-bucket/a").await.unwrap();
    assert_eq!((called.status.as_u16(), called.header("keyway-error")), (403, ""), "{}", called.text());
    let refused = keyway.renew("s3", "acme").await;
    assert_eq!(refused.status, 424, "{}", refused.text());
    assert!(refused.text().contains("AccessDenied"), "{}", refused.text());
}

/// The value of a target: its octets without percent-encoding.
fn octets(target: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(target).collect()
}
