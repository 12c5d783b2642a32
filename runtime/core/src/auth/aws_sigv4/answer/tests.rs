//! Answers as STS and endpoints in its place write them.

use super::*;
use http::HeaderMap;

const NOW: i64 = 1_700_000_000;

fn answer(status: u16, body: &str) -> Answer {
    let (received, secrets) = (Timestamp::from_second(NOW).unwrap(), vec![Secret::new("secret-canary")]);
    Answer { status, headers: HeaderMap::new(), body: body.into(), received, secrets, kept: false }
}

const XML: &str = r#"<?xml version="1.0"?>
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
  <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn></AssumedRoleUser>
  <Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s/+&amp;&#61;</SecretAccessKey>
  <SessionToken><![CDATA[t==]]></SessionToken><Expiration>2026-01-02T04:04:05Z</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>"#;

#[track_caller]
fn reads(body: &str, key_id: &str, secret: &str, token: &str, expires_at: i64) {
    let issued = issued(&answer(200, body)).unwrap();
    let got = (issued.key_id.expose(), issued.secret.expose(), issued.session_token.expose());
    assert_eq!((got, issued.expires_at.as_second()), ((key_id, secret, token), expires_at), "{body}");
}

#[test]
fn credentials_are_read_from_xml_and_from_json_in_any_spelling() {
    reads(XML, "ASIA1", "s/+&=", "t==", 1_767_326_645);
    let nested =
        r#"{"credentials":{"accessKeyId":"k","secretAccessKey":"s","sessionToken":"t","expiration":1700000900}}"#;
    reads(nested, "k", "s", "t", NOW + 900);
    let flat = r#"{"access_key_id":"k","secret_access_key":"s","session_token":"t","expires_at":1700000900000}"#;
    reads(flat, "k", "s", "t", NOW + 900);
    reads(r#"{"access_key_id":"k","secret_access_key":"s","session_token":"t"}"#, "k", "s", "t", NOW + 3600);
}

#[test]
fn what_is_no_whole_answer_is_refused_without_quoting_it() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let entity = r#"<!DOCTYPE a [<!ENTITY e "secret-canary">]><a><AccessKeyId>&e;</AccessKeyId></a>"#;
    let half = r#"{"access_key_id":"secret-canary","secret_access_key":"s"}"#;
    let undated = XML.replace("2026-01-02T04:04:05Z", "soon");
    for body in ["", "secret-canary", "<a>", "<a><b></a>", "[]", "<a>&undefined;</a>", &deep, entity, half, &undated] {
        let error = issued(&answer(200, body)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::TokenRefused);
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[test]
fn a_refusal_says_the_code_and_the_message_without_the_secret() {
    let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                <Message>not you, secret-canary</Message></Error><RequestId>r</RequestId></ErrorResponse>";
    let error = issued(&answer(403, body)).err().unwrap();
    assert!(
        error.message().ends_with("`AccessDenied`: not you, ***") && error.message().contains("trust policy"),
        "{error}"
    );
    assert_eq!(error.evidence().status, Some(403));
    let said = error.evidence().body.clone().unwrap();
    assert!(said.starts_with("not you") && !said.contains("canary"), "{said}");
}
