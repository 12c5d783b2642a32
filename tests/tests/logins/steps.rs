//! Logins of several requests.

use crate::account::{Account, answer};
use keyway::ErrorKind;
use keyway::auth::exchange::Grant;

const TWO: &str = "auth_mode: TWO_STEP
body_format: form
token_url: https://api.example.com/login
token_params: {password: '${credentials.password}'}
token_response: {token: token}
token_response_metadata: [site]
credentials:
    password: {type: string, title: Password, description: The password}
connection_config:
    site: {type: string, title: Site, description: The site, automated: true}
additional_steps:
    - token_url: ${step1.url}/second
      token_params: {first: '${step1.first}', again: '${credentials.password}'}
      token_headers: {authorization: 'Bearer ${step1.first}'}";

#[test]
fn a_step_uses_what_the_one_before_answered() {
    let account = Account::of(TWO).with("password", "p");
    let first = answer(200, r#"{"url":"https://other.example.com","first":"f","site":"s"}"#);
    let second = account.request(std::slice::from_ref(&first));
    assert_eq!(second.url.0.as_str(), "https://other.example.com/second");
    assert_eq!(second.body.expose(), "first=f&again=p");
    assert_eq!(second.header("authorization").unwrap().expose(), "Bearer f");
    let granted = account.granted(&[first, answer(200, r#"{"token":"t"}"#)]).unwrap();
    assert_eq!(granted.metadata.get("site").map(String::as_str), Some("s"));
    assert_eq!(granted.token.unwrap().raw.unwrap().expose(), r#"{"token":"t"}"#);
}

#[test]
fn the_token_of_a_step_is_not_repeated_from_what_the_next_one_says() {
    let account = Account::of(TWO).with("password", "p");
    let first = answer(200, r#"{"url":"https://other.example.com","first":"first-canary"}"#);
    let secrets = account.request(std::slice::from_ref(&first)).secrets;
    let mut refused = answer(401, r#"{"message":"first-canary is not known"}"#);
    refused.secrets = secrets;
    let error = account.granted(&[first, refused]).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
}

#[test]
fn a_step_that_fails_ends_the_login_where_it_is() {
    let account = Account::of(TWO).with("password", "p");
    for (body, named) in [(r#"{"first":"f"}"#, "step1.url"), (r#"{"url":"https://o.example.com"}"#, "step1.first")] {
        let error = account.step(Grant::Login, &[answer(200, body)]).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
        assert_eq!(error.evidence().sent, Some(true));
    }
    let error =
        account.step(Grant::Login, &[answer(500, r#"{"url":"https://o.example.com","first":"f"}"#)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenRefused);
}

#[test]
fn twenty_steps_are_refused_before_the_first_is_taken() {
    let steps = "    - token_url: https://api.example.com/more\n".repeat(20);
    let keys = format!(
        "auth_mode: TWO_STEP
token_url: https://api.example.com/login
token_params: {{a: b}}
token_response: {{token: token}}
additional_steps:
{steps}"
    );
    let error = Account::of(&keys).step(Grant::Login, &[]).unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unsupported, Some(false)));
    assert!(error.to_string().contains("`additional_steps`"), "{error}");
}
