//! Roles at AWS: temporary credentials, and calls that are signed with them.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod vendor;

use keyway_simulator::{EndpointKind, Simulator};
use serde_json::json;
use vendor::aws::{AWS, EXTERNAL_ID, Keys, ROLE, assume_role, at_aws, call, issued};
use vendor::{Draft, NOW, account, json, wrong};

/// The faults of the last request, by the record; nothing where it was accepted.
fn problem(vendor: &Simulator) -> String {
    let last = vendor.requests().last().unwrap();
    assert_eq!(last.status >= 400, last.reason.is_some(), "{last:?}");
    wrong(last)
}

#[test]
fn a_role_is_assumed_proved_and_signs_calls_until_it_ends() {
    let mut vendor = at_aws(&[]);
    let keys = issued(&mut vendor);
    assert_eq!(vendor.requests().last().unwrap().endpoint, EndpointKind::LogIn);
    let identity = "https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";
    Keys { service: "sts", ..keys.clone() }.sign(Draft::new("GET", identity)).send(&mut vendor, NOW);
    assert_eq!(problem(&vendor), "");
    let call = keys.sign(call());
    assert_eq!(call.send(&mut vendor, NOW).status(), 200, "{}", problem(&vendor));
    assert_eq!(vendor.requests().last().unwrap().endpoint, EndpointKind::Call);
    let get = keys.sign(Draft::new("GET", "https://sqs.eu-central-1.amazonaws.com/queues?Action=ListQueues"));
    assert_eq!(get.send(&mut vendor, NOW).status(), 200, "{}", problem(&vendor));
    let shown = format!("{:?}", vendor.requests());
    for secret in [keys.secret.as_str(), keys.token.as_deref().unwrap(), "secret-of-the-operator"] {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
    // Without a duration they live an hour.
    let mut draft = assume_role();
    draft.replace("&DurationSeconds=3600", "");
    let answer = Keys::of_operator().sign(draft).send(&mut vendor, NOW);
    assert_eq!(answer.status(), 200, "{}", problem(&vendor));
    let expiration = |answer: &http::Response<bytes::Bytes>| {
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        text.split("Expiration>").nth(1).unwrap().trim_end_matches("</").to_owned()
    };
    let hour = Keys::of_operator().sign(assume_role()).send(&mut vendor, NOW);
    assert_eq!(expiration(&answer), expiration(&hour));
    // Older credentials are good beside newer ones.
    issued(&mut vendor);
    assert_eq!(call.send(&mut vendor, NOW).status(), 200, "{}", problem(&vendor));
    vendor.expire_tokens(NOW);
    assert_eq!(call.send(&mut vendor, NOW).status(), 403);
    assert!(problem(&vendor).contains("a token that expired"), "{}", problem(&vendor));
}

/// A mistake that is made before the request is signed, or after, and what the record says of it.
type SignedMistake = (&'static str, fn(&mut Draft), fn(&mut Draft), u16, &'static str);

const NONE: fn(&mut Draft) = |_| {};

#[test]
fn mistakes_of_requests_for_a_role_are_refused() {
    let mistakes: [SignedMistake; 18] = [
        ("another action", |draft| draft.replace("AssumeRole&", "AssumeRoleWithSAML&"), NONE, 400, "`Action`"),
        ("another version", |draft| draft.replace("2011-06-15", "2011-06-14"), NONE, 400, "`Version`"),
        ("another role", |draft| draft.replace("reader", "writer"), NONE, 403, "`RoleArn`"),
        ("no external id", |draft| draft.replace(EXTERNAL_ID, ""), NONE, 400, "`ExternalId`"),
        ("a short external id", |draft| draft.replace(EXTERNAL_ID, "customer-1"), NONE, 400, "`ExternalId`"),
        ("a session's name with a blank", |draft| draft.replace("keyway-1", "a+b"), NONE, 400, "`RoleSessionName`"),
        ("twice", |draft| draft.body.push_str("&DurationSeconds=900"), NONE, 400, "`DurationSeconds`"),
        ("a day", |draft| draft.replace("3600", "86400"), NONE, 400, "`DurationSeconds`"),
        ("a parameter of nobody", |draft| draft.body.push_str("&Policy=x"), NONE, 400, "`Policy`"),
        ("JSON", |draft| draft.replace("x-www-form-urlencoded", "json"), NONE, 400, "`content-type`"),
        ("a GET", |draft| draft.method = "GET", NONE, 405, "the method"),
        ("another region", |draft| draft.url = "https://sts.eu-west-1.amazonaws.com/".into(), NONE, 404, "the URL"),
        ("no signature", NONE, |draft| draft.without("authorization"), 403, "the header `authorization`"),
        ("another key", NONE, |draft| draft.replace("AKIAOPERATOR", "AKIAOTHER"), 403, "`Credential`"),
        ("another service", NONE, |draft| draft.replace("/sts/", "/iam/"), 403, "`Credential`"),
        ("a body that was changed", NONE, |draft| draft.replace("keyway-1", "keyway-2"), 403, "`x-amz-content-sha256`"),
        ("no date", NONE, |draft| draft.without("x-amz-date"), 403, "the header `x-amz-date`"),
        ("another signature", NONE, |draft| draft.replace("Signature=", "Signature=0"), 403, "`Signature`"),
    ];
    for (name, before, after, status, reason) in mistakes {
        let mut vendor = at_aws(&[]);
        let mut draft = assume_role();
        before(&mut draft);
        let mut draft = Keys::of_operator().sign(draft);
        after(&mut draft);
        assert_eq!(draft.send(&mut vendor, NOW).status(), status, "{name}: {}", problem(&vendor));
        assert!(problem(&vendor).contains(reason), "{name}: {}", problem(&vendor));
        issued(&mut vendor);
    }
    // The role trusts one external id.
    let mut vendor = at_aws(&[]);
    issued(&mut vendor);
    let mut other = assume_role();
    other.replace(EXTERNAL_ID, "00000000-8f0e-4a39-9f51-0d7b6a0c2e11");
    assert_eq!(Keys::of_operator().sign(other).send(&mut vendor, NOW).status(), 403);
    assert!(problem(&vendor).contains("the one that the role trusts"), "{}", problem(&vendor));
}

#[test]
fn mistakes_of_signed_calls_are_refused() {
    let mistakes: [SignedMistake; 8] = [
        ("no session token", NONE, |draft| draft.without("x-amz-security-token"), 403, "`x-amz-security-token`"),
        (
            "an unsigned header of AWS's",
            NONE,
            |draft| {
                draft.headers.push(("x-amz-target".into(), "AmazonSQS.ListQueues".into()));
            },
            403,
            "`SignedHeaders`",
        ),
        ("another body", NONE, |draft| draft.body = "{} ".into(), 403, "`x-amz-content-sha256`"),
        (
            "a body that is not signed",
            NONE,
            |draft| {
                draft.without("x-amz-content-sha256");
                draft.headers.push(("x-amz-content-sha256".into(), "UNSIGNED-PAYLOAD".into()));
            },
            403,
            "`x-amz-content-sha256`",
        ),
        ("another path", NONE, |draft| draft.url.push_str("queue"), 403, "`Signature`"),
        ("another parameter", NONE, |draft| draft.url.push_str("?a=1"), 403, "`Signature`"),
        ("yesterday", NONE, |draft| draft.replace("20260703T", "20260702T"), 403, "`x-amz-date`"),
        ("another host", NONE, |draft| draft.replace("sqs.eu", "sns.eu"), 404, "the URL"),
    ];
    for (name, before, after, status, reason) in mistakes {
        let mut vendor = at_aws(&[]);
        let keys = issued(&mut vendor);
        let mut draft = call();
        before(&mut draft);
        let mut draft = keys.sign(draft);
        after(&mut draft);
        assert_eq!(draft.send(&mut vendor, NOW).status(), status, "{name}: {}", problem(&vendor));
        assert!(problem(&vendor).contains(reason), "{name}: {}", problem(&vendor));
        assert_eq!(keys.sign(call()).send(&mut vendor, NOW).status(), 200, "{name}: {}", problem(&vendor));
    }
    // Another customer's keys, and the operator's, are worth nothing.
    let mut vendor = at_aws(&[]);
    let keys = issued(&mut vendor);
    for other in [
        Keys { secret: "another".into(), ..keys.clone() },
        Keys { id: "ASIAOTHER".into(), ..keys.clone() },
        Keys { token: Some("session_of_another_customer".into()), ..keys.clone() },
        Keys { service: "sqs", ..Keys::of_operator() },
        Keys { service: "sns", ..keys },
    ] {
        assert_eq!(other.sign(call()).send(&mut vendor, NOW).status(), 403, "{}", problem(&vendor));
    }
}

#[test]
fn an_endpoint_of_the_operators_issues_credentials_too() {
    let own = [("stsMode", "custom"), ("stsEndpointUrl", "https://sts.operator.example/assume")];
    let key = [("stsAuthType", "api_key"), ("stsApiKey", "key-of-the-endpoint")];
    let body = json!({"role_arn": ROLE, "external_id": EXTERNAL_ID, "region": "eu-central-1", "service": "sqs"});
    let asked = || Draft::new("POST", own[1].1).body("application/json", &body.to_string());
    let mut vendor = at_aws(&[own, key].concat());
    assert_eq!(asked().send(&mut vendor, NOW).status(), 403);
    assert!(problem(&vendor).contains("the header `x-api-key`"), "{}", problem(&vendor));
    let answer = asked().header("x-api-key", "key-of-the-endpoint").send(&mut vendor, NOW);
    let issued = &json(&answer)["credentials"];
    let text = |name: &str| issued[name].as_str().unwrap().to_owned();
    let (id, secret) = (text("access_key_id"), text("secret_access_key"));
    let keys = Keys { id, secret, token: Some(text("session_token")), service: "sqs" };
    assert_eq!(keys.sign(call()).send(&mut vendor, NOW).status(), 200, "{}", problem(&vendor));
}

#[test]
fn calls_go_to_the_partition_of_the_region_or_to_the_accounts_own_endpoint() {
    for (region, base_url, url) in [
        ("eu-central-1", None, "https://sqs.eu-central-1.amazonaws.com/"),
        ("cn-north-1", None, "https://sqs.cn-north-1.amazonaws.com.cn/"),
        ("eu-central-1", Some("https://queue.amazonaws.com"), "https://queue.amazonaws.com/"),
    ] {
        let mut account = keyway_simulator::SimulatedAccount { ..account() };
        account.config.insert("region".into(), region.into());
        account.config.extend(base_url.map(|url| ("base_url".to_owned(), url.to_owned())));
        account.settings.insert("service".into(), "sqs".into());
        let mut vendor = Simulator::new(&AWS, account).unwrap();
        Draft::new("GET", url).send(&mut vendor, NOW);
        assert_eq!(vendor.requests().last().unwrap().endpoint, EndpointKind::Call, "{region} {}", problem(&vendor));
    }
}
