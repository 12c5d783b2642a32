//! How answers are read: generously where a token is there, and without repeating anything where it is not.

use crate::account::{Account, answer, with_cookies};
use keyway::ErrorKind;

fn entry(path: &str, more: &str) -> Account {
    Account::of(&format!(
        "auth_mode: TWO_STEP
token_url: https://api.example.com/login
token_params: {{a: b}}
token_response:
    token: '{path}'
    refresh_token: r
{more}"
    ))
}

#[track_caller]
fn token(path: &str, more: &str, body: &str) -> Option<String> {
    let granted = entry(path, more).granted(&[answer(200, body)]);
    granted.ok().and_then(|granted| granted.token).map(|token| token.access.expose().to_owned())
}

#[test]
fn tokens_are_found_by_path_as_text_or_number_and_as_the_whole_answer() {
    for (path, body, expected) in [
        ("token", r#"{"token":"t"}"#, Some("t")),
        ("a.b", r#"{"a":{"b":"t"}}"#, Some("t")),
        ("a[0].b", r#"{"a":[{"b":"t"}]}"#, Some("t")),
        ("a.0.b", r#"{"a":[{"b":"t"}]}"#, Some("t")),
        ("token", r#"{"token":12345678901}"#, Some("12345678901")),
        ("token", "\u{feff} {\"token\":\"t\"}", Some("t")),
        ("", "eyJ.abc.def\n", Some("eyJ.abc.def")),
        ("", r#""eyJ.abc.def""#, Some("eyJ.abc.def")),
        ("", "<html>maintenance</html>", None),
        ("", r#"{"error":"no"}"#, None),
        ("", r#"{"error":"no""#, None),
        ("", "please try again", None),
        ("", "", None),
        ("token", r#"{"token":""}"#, None),
        ("token", r#"{"token":null}"#, None),
        ("token", r#"{"token":true}"#, None),
        ("token", r#"{"token":{"a":"b"}}"#, None),
        ("token", r#"["t"]"#, None),
    ] {
        assert_eq!(token(path, "", body).as_deref(), expected, "{path} {body}");
    }
}

#[test]
fn an_answer_without_a_token_is_an_error_that_repeats_no_secret() {
    for (status, body, reason) in [
        (200, r#"{"error":"bad_login","message":"password-canary is wrong","x":"other-canary"}"#, "bad_login"),
        (200, r#"{"token":"other-canary"#, "without a token"),
        (200, "<html>other-canary</html>", "without a token"),
        (200, "", "without a token"),
        (202, r#"{"token":"other-canary"}"#, "refused"),
        (401, r#"{"error":"bad_login","x":"other-canary"}"#, "bad_login"),
        (500, "other-canary", "refused"),
    ] {
        let error = entry("token", "").granted(&[answer(status, body)]).unwrap_err();
        let unreadable = reason == "without a token";
        let kind = if unreadable { ErrorKind::TokenUnreadable } else { ErrorKind::TokenRefused };
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
        assert_eq!(error.evidence().status, Some(status));
    }
    assert!(entry("token", "").granted(&[answer(201, r#"{"token":"t"}"#)]).is_ok());
}

#[test]
fn xml_is_read_into_names_texts_lists_and_attributes() {
    let xml = "<?xml version=\"1.0\"?><!-- x --><r a='1'><s> t&amp;&#65; </s><i>1</i><i n=\"2\">two</i><c><![CDATA[<x>]]></c></r>";
    for (path, expected) in
        [("r.s", "t&A"), ("r.@_a", "1"), ("r.i.0", "1"), ("r.i[1].@_n", "2"), ("r.i[1].#text", "two"), ("r.c", "<x>")]
    {
        assert_eq!(token(path, "body_format: xml", xml).as_deref(), Some(expected), "{path}");
    }
    assert_eq!(token("r.s", "body_format: json", xml), None);
}

#[test]
fn hostile_xml_is_refused_with_its_reason() {
    let deep = format!("{}t{}", "<r>".repeat(100_000), "</r>".repeat(100_000));
    for (xml, reason) in [
        ("<!DOCTYPE r [<!ENTITY a \"t\">]><r><t>&a;</t></r>", "document type"),
        ("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>", "document type"),
        ("<r><t>&canary;</t></r>", "entity"),
        ("<r><t>&#0;</t></r>", "not well-formed"),
        (deep.as_str(), "too deeply"),
        ("<r><t>canary</r></t>", "not well-formed"),
        ("<r><t>canary", "not well-formed"),
        ("<r/><r/>", "not well-formed"),
        ("<r a='1' a='2'/>", "attribute"),
        ("<r a=&canary;/>", "attribute"),
        ("<", "not well-formed"),
    ] {
        let error = entry("r.t", "body_format: xml").granted(&[answer(200, xml)]).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}: {xml:.80}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
}

#[test]
fn cookies_and_headers_are_kept_across_steps() {
    let account = entry(
        "token",
        "token_response_headers: [set-cookie, x-session]
additional_steps:
    - token_url: https://api.example.com/second",
    );
    let first = with_cookies(answer(200, "{}"), &["A=1; Path=/; HttpOnly", "B=x=y", "broken", "=z"]);
    // Attributes mean nothing here, well-formed or not; blanks around a value are no part of it, quotes are.
    let odd = ["D = \"q r\" ; Max-Age=0; Expires=tomorrow; SameSite=Odd; =; ;", "broken; E=1", "=y; E=1", ""];
    let mut first = with_cookies(first, &odd);
    first.headers.insert("x-session", "s".parse().unwrap());
    let second = with_cookies(answer(200, r#"{"token":"t","r":"new"}"#), &["A=2", "C="]);
    let granted = account.granted(&[first, second]).unwrap();
    let kept: Vec<_> = granted.obtained.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
    let expected = [
        ("A", "2"),
        ("B", "x=y"),
        ("C", ""),
        ("D", "\"q r\""),
        ("_cookies", "A=2; B=x=y; D=\"q r\"; C="),
        ("x-session", "s"),
    ];
    assert_eq!(kept, expected);
    assert_eq!(granted.token.unwrap().refresh.unwrap().expose(), "new");
}
