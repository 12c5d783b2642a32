//! When a token dies, in every way an answer or an entry says it.

use crate::account::{Account, NOW, answer};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

#[track_caller]
fn expires(strategy: &str, more: &str, body: &str, expected: Option<i64>) {
    let account = Account::of(&format!(
        "auth_mode: TWO_STEP
token_url: https://api.example.com/login
token_params: {{a: b}}
token_response: {{token: t, refresh_token: r, token_expiration: e, token_expiration_strategy: {strategy}}}
{more}"
    ));
    let token = account.granted(&[answer(200, body)]).unwrap().token.unwrap();
    assert_eq!(token.expires_at.map(keyway::clock::Timestamp::as_second), expected, "{strategy} {more} {body}");
}

fn jwt(claims: &str) -> String {
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
}

#[test]
fn durations_are_seconds_or_words() {
    for (value, seconds) in [
        ("3600", Some(3600)),
        ("\"3600\"", Some(3600)),
        ("\"60m\"", Some(3600)),
        ("\"1h\"", Some(3600)),
        ("\"2 days\"", Some(172_800)),
        // Numbers that cannot be meant are the default, never a token for ever.
        ("0", Some(3300)),
        ("-5", Some(3300)),
        ("1e300", Some(3300)),
        ("99999999999", Some(3300)),
        ("\"\"", None),
        ("\"soon\"", None),
        ("null", None),
    ] {
        let body = format!(r#"{{"t":"x","e":{value}}}"#);
        expires("expireIn", "", &body, seconds.map(|seconds| NOW + seconds));
    }
}

#[test]
fn a_number_counts_in_the_unit_of_the_entry_and_a_text_in_its_own() {
    for (unit, strategy, value, seconds) in [
        ("milliseconds", "expireIn", "900000", 900),
        ("milliseconds", "expireIn", "\"900000\"", 900),
        ("milliseconds", "expireIn", "\"60m\"", 3600),
        ("milliseconds", "expireIn", "0", 3300),
        ("minutes", "expireIn", "20", 1200),
        ("seconds", "expireIn", "20", 20),
        ("minutes", "expireAt", "1767326645", 3600),
    ] {
        let unit = format!("keyway: {{token: {{expires_in_unit: {unit}}}}}");
        expires(strategy, &unit, &format!(r#"{{"t":"x","e":{value}}}"#), Some(NOW + seconds));
    }
}

#[test]
fn an_entry_that_says_the_unit_in_two_ways_means_the_one_for_all_answers() {
    for (keys, expected) in [
        ("", 900_000),
        ("expires_in_unit: milliseconds", 900),
        ("keyway: {token: {expires_in_unit: milliseconds}}", 900),
        ("keyway: {token: {expires_in_unit: minutes}}\nexpires_in_unit: milliseconds", 54_000_000),
    ] {
        let account = Account::of(&format!("auth_mode: OAUTH2_CC\ntoken_url: https://api.example.com/token\n{keys}"));
        let body = r#"{"access_token":"t","expires_in":900000}"#;
        let token = account.granted(&[answer(200, body)]).unwrap().token.unwrap();
        assert_eq!(token.expires_at.map(keyway::clock::Timestamp::as_second), Some(NOW + expected), "{keys}");
    }
}

#[test]
fn instants_are_dates_numbers_or_days_hours_and_minutes() {
    for (value, expected) in [
        ("\"2026-01-02T04:04:05Z\"", Some(NOW + 3600)),
        ("1767326645", Some(NOW + 3600)),
        ("1767326645000", Some(NOW + 3600)),
        ("\"0:01:00\"", Some(NOW + 3600)),
        ("0", Some(NOW + 3300)),
        ("1000", Some(NOW + 3300)),
        ("\"never\"", None),
    ] {
        expires("expireAt", "", &format!(r#"{{"t":"x","e":{value}}}"#), expected);
    }
}

#[test]
fn where_the_answer_says_nothing_the_entry_does_and_a_token_that_dies_sooner_by_its_own_word() {
    let (soon, late) = (NOW + 600, NOW + 90_000);
    let own = |exp: i64| jwt(&format!(r#"{{"exp":{exp}}}"#));
    let body = |token: &str| format!(r#"{{"t":"{token}"}}"#);
    let fixed = "token_expires_in_ms: 3600000";
    expires("expireIn", "", r#"{"t":"x"}"#, None);
    expires("expireIn", fixed, r#"{"t":"x"}"#, Some(NOW + 3600));
    expires("expireIn", "token_expires_in_ms: 0", r#"{"t":"x"}"#, None);
    // No margin is taken here: it is taken once, when a renewal is decided.
    expires("expireIn", fixed, &body(&own(soon)), Some(soon));
    expires("expireIn", fixed, &body(&own(late)), Some(NOW + 3600));
    expires("expireIn", "", &body(&own(late)), Some(late));
    expires("expireIn", "", &format!(r#"{{"t":"x","r":"{}"}}"#, own(soon)), Some(soon));
    expires("expireIn", fixed, &format!(r#"{{"t":"{}","e":60}}"#, own(soon)), Some(NOW + 60));
    for odd in ["a.b", "a.b.c.d", "e30.!.x", &jwt("[]"), &jwt(r#"{"exp":"x"}"#), &jwt(r#"{"exp":1e300}"#)] {
        expires("expireIn", "", &body(odd), None);
    }
}
