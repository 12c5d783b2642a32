//! Headers: those of the mode, the provider and the caller.

use super::providers::{CONFINED, FIXED, OAUTH2, OPEN, build, call, fixed, pairs, passing, sent};
use keyway::credentials::{Credentials, Token};
use keyway::{Error, ErrorKind};
use keyway_spec::{Auth, ProviderSpec, Proxy};

#[test]
fn a_request_names_its_program_and_takes_any_type() {
    let bare = ProviderSpec { proxy: Some(Proxy { headers: &[], ..FIXED.proxy.unwrap() }), ..FIXED };
    let credentials = Credentials::api_key("s3cret");
    for (spec, headers, passed, expected) in [
        (&bare, vec![], vec![], vec![("user-agent", "acme/1"), ("accept", "*/*")]),
        (&bare, vec![("User-Agent", "mine/2")], vec![], vec![("user-agent", "mine/2"), ("accept", "*/*")]),
        (&FIXED, vec![("User-Agent", "mine/2")], vec![], vec![("user-agent", "App"), ("accept", "*/*")]),
        (
            &bare,
            vec![],
            vec![("accept", "a/b"), ("accept", "c/d")],
            vec![("accept", "a/b"), ("accept", "c/d"), ("user-agent", "acme/1")],
        ),
        (&bare, vec![("accept", "e/f")], vec![("accept", "a/b")], vec![("accept", "e/f"), ("user-agent", "acme/1")]),
        (
            &FIXED,
            vec![],
            vec![("user-agent", "node"), ("range", "bytes=0-1")],
            vec![("user-agent", "App"), ("range", "bytes=0-1"), ("accept", "*/*")],
        ),
    ] {
        let call = call("GET", "/").headers(pairs(&headers)).passed(passing(&passed));
        let plan = build(spec, &[], &credentials, &call).unwrap().named("acme/1");
        let sent = plan.headers.iter().map(|header| (&*header.name, header.value.expose()));
        assert_eq!(sent.filter(|(name, _)| *name != "x-key").collect::<Vec<_>>(), expected, "{headers:?} {passed:?}");
    }
    let framing = call("GET", "/").passed(passing(&[("content-length", "3")]));
    assert_eq!(fixed(&framing).unwrap_err().kind(), ErrorKind::InvalidRequest);
}

#[test]
fn callers_win_over_the_provider_except_for_the_user_agent() {
    let headers = pairs(&[("X-Key", "mine"), ("User-Agent", "curl"), ("Accept", "a"), ("accept", "b")]);
    let plan = fixed(&call("GET", "/x").headers(headers)).unwrap();
    assert_eq!(
        sent(&plan),
        [("x-key", "mine", true), ("user-agent", "App", true), ("accept", "a", false), ("accept", "b", false)]
    );
}

#[test]
fn a_header_of_an_optional_value_appears_with_it() {
    let credentials = Credentials::api_key("k3yy");
    for (values, expected) in [(vec![], 2), (vec![("version", "")], 2), (vec![("version", "7")], 3)] {
        let plan = build(&FIXED, &values, &credentials, &call("GET", "/")).unwrap();
        assert_eq!(sent(&plan).len(), expected, "{values:?}");
    }
}

#[test]
fn headers_that_do_not_fit_are_refused_by_name() {
    for (name, value, expected) in [
        ("x-a", "a\r\nx-b: c", "`x-a`"),
        ("x-a", "a\0", "`x-a`"),
        ("x-a", "a\u{7f}", "`x-a`"),
        ("x a", "b", "`x a`"),
        ("Host", "evil.net", "`host`"),
        ("content-length", "5", "`content-length`"),
        ("Proxy-Authenticate", "Basic", "`proxy-authenticate`"),
    ] {
        let headers = pairs(&[(name, value)]);
        let error = fixed(&call("GET", "/").headers(headers)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.message().contains(expected), "{error}");
    }
    let error = build(&FIXED, &[], &Credentials::api_key("s3cret\nx: y"), &call("GET", "/")).unwrap_err();
    assert!(error.message().contains("`x-key`") && !error.to_string().contains("s3cret"), "{error}");
}

#[test]
fn a_missing_credential_is_named() {
    let error = build(&FIXED, &[], &Credentials::default(), &call("GET", "/")).unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::MissingValue, Some(false)));
    assert!(error.message().contains("`credentials.apiKey`"), "{error}");
}

#[test]
fn modes_have_their_header() {
    let token = Token::new("t0k");
    let token = Credentials::default().token(token);
    let oauth2 = ProviderSpec { auth: Auth::OAuth2(OAUTH2), ..OPEN };
    let basic = ProviderSpec { auth: Auth::Basic, ..OPEN };
    let values = [("url", "https://git.acme.com")];
    for (spec, credentials, expected) in [
        (OPEN, Credentials::default(), Ok(vec![])),
        (oauth2, token, Ok(vec![("authorization", "Bearer t0k", true)])),
        (oauth2, Credentials::default(), Err(ErrorKind::MissingValue)),
        (
            basic,
            Credentials::basic("Aladdin", "open sesame"),
            Ok(vec![("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", true)]),
        ),
        (basic, Credentials::default(), Err(ErrorKind::MissingValue)),
        (ProviderSpec { auth: Auth::Tba, ..OPEN }, Credentials::default(), Err(ErrorKind::MissingValue)),
    ] {
        let plan = build(&spec, &values, &credentials, &call("GET", "/"));
        let headers = plan.as_ref().map(sent).map_err(Error::kind);
        assert_eq!(headers, expected, "{}", spec.auth.mode());
    }
}

#[test]
fn an_empty_authorization_sends_none() {
    let headers = pairs(&[("Authorization", "")]);
    let values = [("subdomain", "acme"), ("account", "7")];
    let plan = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/").headers(headers)).unwrap();
    assert_eq!(sent(&plan), []);
}
