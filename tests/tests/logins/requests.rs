//! What is asked: encodings, content types, escaping, and values that are missing or the operator's.

use crate::account::{Account, NOW, answer};
use keyway::ErrorKind;
use keyway::auth::exchange::{Grant, Step};
use keyway::egress::SecretOwner;

fn entry(more: &str) -> Account {
    let base = "auth_mode: TWO_STEP
token_url: https://api.example.com/login
token_response:
    token: token
credentials:
    user: {type: string, title: User, description: The user}
    password: {type: string, title: Password, description: The password}
    note: {type: string, title: Note, description: A note, optional: true}
";
    Account::of(&format!("{base}{more}")).with("user", "ann").with("password", r#"p"\<&>ä"#)
}

const PARAMS: &str = "token_params: {user: '${credentials.user}', password: '${credentials.password}', remember: true}";

#[test]
fn each_encoding_writes_the_same_parameters_under_its_own_content_type() {
    let form = "user=ann&password=p%22%5C%3C%26%3E%C3%A4&remember=true";
    let json = r#"{"user":"ann","password":"p\"\\<&>ä","remember":true}"#;
    let form_type = Some("application/x-www-form-urlencoded");
    for (more, media_type, body, query) in [
        ("", Some("application/json"), json, None),
        ("body_format: json", Some("application/json"), json, None),
        ("body_format: form", form_type, form, None),
        ("body_format: form\ntoken_headers: {Content-Type: text/x}", Some("text/x"), form, None),
        ("token_request_method: GET", None, "", Some(form)),
    ] {
        let request = entry(&format!("{PARAMS}\n{more}")).request(&[]);
        let content_type = request.header("content-type").map(|value| value.expose().to_owned());
        assert_eq!(content_type.as_deref(), media_type, "{more}");
        assert_eq!(request.body.expose(), body, "{more}");
        assert_eq!(request.url.0.query(), query, "{more}");
        assert_eq!(request.method == "GET", query.is_some(), "{more}");
    }
}

#[test]
fn xml_has_elements_in_order_attributes_behind_a_dollar_and_values_that_stay_text() {
    let more = "body_format: xml
token_params:
    request:
        control: {id: '${credentials.user}', password: '${credentials.password}', unique: false}
        function: {$controlid: '{{$guid}}', getAPISession: ''}";
    let request = entry(more).request(&[]);
    assert_eq!(request.header("content-type").unwrap().expose(), "application/xml");
    let body = request.body.expose();
    let expected = "<request>
  <control>
    <id>ann</id>
    <password>p&quot;\\&lt;&amp;&gt;ä</password>
    <unique>false</unique>
  </control>
  <function controlid=\"{{$guid}}\">
    <getAPISession/>
  </function>
</request>";
    assert_eq!(body, expected);
    for control in ["a\u{1}b", "a\0"] {
        let error = entry(more).with("password", control).step(Grant::Login, &[]).unwrap_err();
        assert!(error.to_string().contains("XML cannot carry"), "{error}");
    }
}

#[test]
fn a_quote_in_a_value_does_not_end_the_string_of_a_query() {
    let more = r#"token_params: {query: 'mutation { signIn(user: "${credentials.user}", password: "${credentials.password}") { token } }'}"#;
    let body: serde_json::Value = serde_json::from_str(entry(more).request(&[]).body.expose()).unwrap();
    let expected = r#"mutation { signIn(user: "ann", password: "p\"\\<&>ä") { token } }"#;
    assert_eq!(body["query"], expected);
}

#[test]
fn a_missing_value_is_an_error_unless_its_field_is_optional() {
    let more =
        "token_params: {user: '${credentials.user}', note: '${credentials.note}', in: {note: '${credentials.note}'}}
token_headers: {x-note: '${credentials.note}'}";
    let request = entry(more).request(&[]);
    assert_eq!(request.body.expose(), r#"{"user":"ann","in":{}}"#);
    assert!(request.header("x-note").is_none());
    let mut without = entry(more);
    without.credentials.inputs.remove("user");
    let error = without.step(Grant::Login, &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingValue);
    assert!(error.to_string().contains("`credentials.user`"), "{error}");
}

#[test]
fn a_header_cannot_be_split_and_the_error_does_not_say_its_value() {
    let more = "token_headers: {x-password: '${credentials.password}'}";
    let error = entry(more).with("password", "canary\r\nx: y").step(Grant::Login, &[]).unwrap_err();
    assert!(error.to_string().contains("`x-password`") && !format!("{error:?}").contains("canary"), "{error}");
}

#[test]
fn a_submitted_token_never_stands_for_the_token_that_was_granted() {
    let more = "token_params: {old: '${credentials.token}', refresh: '${credentials.refresh_token}'}";
    let account = entry(more).with("token", "mine").with("refresh_token", "mine").with_token("granted", Some("r"));
    assert_eq!(account.request(&[]).body.expose(), r#"{"old":"granted","refresh":"r"}"#);
}

#[test]
fn a_refresh_token_among_the_inputs_of_a_first_login_does_not_redeem_anything() {
    let more = "token_params: {user: '${credentials.user}'}\nrefresh_token_params: {refresh: '${refresh_token}'}";
    let account = entry(more).with("refresh_token", "mine");
    assert_eq!(account.request(&[]).body.expose(), r#"{"user":"ann"}"#);
}

#[test]
fn the_operators_value_stands_for_the_customers_and_makes_the_request_the_operators() {
    let more = "token_params: {password: '${credentials.password}'}
integration_config:
    password: {type: string, title: Password, description: The password, optional: true}";
    let mut account = entry(more);
    assert_eq!(account.request(&[]).carries, SecretOwner::Customer);
    account.integration.custom.insert("password".to_owned(), "operators".into());
    let request = account.request(&[]);
    assert_eq!(request.body.expose(), r#"{"password":"operators"}"#);
    assert_eq!(request.carries, SecretOwner::Operator);
    assert!(request.secrets.iter().any(|secret| secret.expose() == "operators"));
}

#[test]
fn a_stored_refresh_token_is_redeemed_as_the_entry_says_and_a_refused_one_ends_in_a_login() {
    let more = "token_params: {user: '${credentials.user}'}
refresh_url: https://api.example.com/refresh
refresh_token_params: {refresh: '${refresh_token}'}
token_expires_in_ms: 1000";
    let account = entry(more).with_token("old", Some("stored"));
    let sent = |answers: &[_]| match account.step(Grant::Renewal, answers) {
        Ok(Step::Send(request)) => (request.url.0.path().to_owned(), request.body.expose().to_owned()),
        other => panic!("{other:?}"),
    };
    assert_eq!(sent(&[]), ("/refresh".to_owned(), r#"{"refresh":"stored"}"#.to_owned()));
    let refused = answer(401, r#"{"error":"invalid_grant"}"#);
    assert_eq!(sent(std::slice::from_ref(&refused)), ("/login".to_owned(), r#"{"user":"ann"}"#.to_owned()));
    let Ok(Step::Done(granted)) = account.step(Grant::Renewal, &[refused, answer(200, r#"{"token":"new"}"#)]) else {
        panic!("nothing was granted");
    };
    let token = granted.token.unwrap();
    assert_eq!((token.access.expose(), token.expires_at.unwrap().as_second()), ("new", NOW + 1));
    // An endpoint that is down says nothing about the token.
    assert!(account.step(Grant::Renewal, &[answer(503, "")]).is_err());
}
