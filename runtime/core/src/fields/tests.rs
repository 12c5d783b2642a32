//! Values that are kept, and those that are refused.

use super::*;
use keyway_spec::field::VisibleWhen;

fn field(name: &'static str) -> Field {
    Field { name, ..Field::EMPTY }
}

fn run(fields: &[Field], values: &[(&str, &str)], trust: Trust) -> Result<Vec<(String, String)>, String> {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    validate(fields, &values, trust).map(|kept| kept.into_iter().collect()).map_err(|error| error.to_string())
}

#[track_caller]
fn keeps(fields: &[Field], values: &[(&str, &str)], trust: Trust, expected: &[(&str, &str)]) {
    let kept = run(fields, values, trust).unwrap();
    let kept: Vec<_> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(kept, expected);
}

#[track_caller]
fn refuses(fields: &[Field], values: &[(&str, &str)], expected: &str) {
    let error = run(fields, values, Trust::User).unwrap_err();
    assert!(error.contains(expected), "{error}");
    for (_, value) in values.iter().filter(|(_, value)| value.len() > 1) {
        assert!(!error.contains(value), "the error shows the value: {error}");
    }
}

#[test]
fn a_required_value_must_be_there() {
    let fields = [Field { example: Some("acme"), ..field("subdomain") }];
    refuses(&fields, &[], "`subdomain` is missing, for example `acme`");
    refuses(&fields, &[("subdomain", "")], "`subdomain` is missing");
    keeps(&fields, &[("subdomain", "x")], Trust::User, &[("subdomain", "x")]);
}

#[test]
fn what_nobody_must_enter_may_be_absent() {
    for quiet in [
        Field { optional: true, ..field("a") },
        Field { automated: true, ..field("a") },
        Field { hidden: true, ..field("a") },
    ] {
        keeps(&[quiet], &[], Trust::User, &[]);
    }
    keeps(&[Field { optional: true, ..field("a") }], &[("a", "")], Trust::User, &[]);
}

#[test]
fn defaults_are_filled_in_and_never_checked() {
    let hidden = Field { hidden: true, default_value: Some("X"), pattern: Some("^[0-9]+$"), ..field("password") };
    keeps(&[hidden], &[], Trust::User, &[("password", "X")]);
    keeps(&[hidden], &[("password", "X")], Trust::User, &[("password", "X")]);
    keeps(&[Field { default_value: Some(""), ..field("a") }], &[("a", "")], Trust::User, &[("a", "")]);
}

#[test]
fn users_set_neither_unknown_nor_automated_values() {
    let fields = [Field { automated: true, ..field("instance_url") }];
    refuses(&fields, &[("instance_url", "https://evil.example")], "`instance_url` is set by the provider");
    refuses(&fields, &[("other\n", "12")], r"`other\n` is not a field of this provider: it has none here");
    let asked = [field("subdomain"), field("region"), fields[0]];
    let given = [("subdomian", "acme"), ("subdomain", "acme"), ("region", "eu")];
    refuses(&asked, &given, "`subdomian` is not a field of this provider: it has `subdomain`, `region`");
    keeps(&fields, &[("instance_url", "u")], Trust::Operator, &[("instance_url", "u")]);
    keeps(&fields, &[("team.id", "7")], Trust::Provider, &[("team.id", "7")]);
}

#[test]
fn patterns_choices_and_formats_hold() {
    let shaped = |format| Field { format: Some(format), ..field("a") };
    for (field, value, expected) in [
        (Field { pattern: Some("^[a-z]+$"), ..field("a") }, "UPPER", "does not match its pattern `^[a-z]+$`"),
        (Field { pattern: Some("("), ..field("a") }, "xx", "the pattern has a group that is not closed"),
        (Field { choices: &["eu", "us"], ..field("a") }, "moon", "must be one of `eu`, `us`"),
        (shaped(Format::Hostname), "a.com/x", "must be a host name"),
        (shaped(Format::Hostname), "a.com:443", "must be a host name"),
        (shaped(Format::Authority), "https://a.com", "must be a host name or `host:port`, without a scheme"),
        (shaped(Format::Authority), "a.com/x", "must be a host name or `host:port`, without a scheme"),
        (shaped(Format::Authority), "a.com:x", "must be a port number"),
        (shaped(Format::Authority), "a.com:0", "must be a port number"),
        (shaped(Format::Authority), "a.com:443:1", "must be a port number"),
        (shaped(Format::Authority), "me@a.com", "must be a host name"),
        (shaped(Format::Authority), "a..com", "must be a host name"),
        (shaped(Format::Authority), "0x7f.1", "must be a host name or an address"),
        (shaped(Format::Uuid), "6ba7b811", "must be a UUID"),
        (shaped(Format::Uri), "acme.com", "must be an absolute URL"),
        (shaped(Format::Email), "a@b", "must be an e-mail address"),
        (shaped(Format::Email), "a@b..com", "must be an e-mail address"),
    ] {
        refuses(&[field], &[("a", value)], expected);
    }
    for (field, value) in [
        (shaped(Format::Hostname), "a-b.com"),
        (shaped(Format::Authority), "a-b.com"),
        (shaped(Format::Authority), "A_b.com:8443"),
        (shaped(Format::Authority), "192.0.2.1:8080"),
        (shaped(Format::Uuid), "6ba7b810-9dad-41d1-80b4-00c04fd430c8"),
        (shaped(Format::Uri), "https://a.com/x"),
        (shaped(Format::Email), "a.b+c@d.com"),
        (Field { choices: &["eu", "us"], ..self::field("a") }, "eu"),
    ] {
        keeps(&[field], &[("a", value)], Trust::User, &[("a", value)]);
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let fields = [field("a"), Field { choices: &["eu"], ..field("b") }];
    refuses(&fields, &[("b", "moon")], "`a` is missing; `b` must be one of `eu`");
}

#[test]
fn fields_that_are_not_visible_count_for_nothing() {
    let when = |field, equals| Some(VisibleWhen { field, equals });
    let fields = [
        Field { default_value: Some("key"), ..field("mode") },
        Field { visible_when: when("mode", "role"), choices: &["r"], ..field("role") },
        Field { visible_when: when("role", "r"), ..field("session") },
    ];
    keeps(&fields, &[("role", "anything")], Trust::User, &[("mode", "key")]);
    refuses(&fields, &[("mode", "role"), ("role", "r")], "`session` is missing");
    let circle =
        [Field { visible_when: when("b", "1"), ..field("a") }, Field { visible_when: when("a", "1"), ..field("b") }];
    keeps(&circle, &[("a", "1"), ("b", "1")], Trust::User, &[("a", "1"), ("b", "1")]);
}

#[test]
fn secrets_are_values_too() {
    let values = BTreeMap::from([("apiKey".to_owned(), Secret::from("s3cret"))]);
    let kept = validate(&[field("apiKey")], &values, Trust::User).unwrap();
    assert_eq!(kept, values);
    let strict = [Field { pattern: Some("^sk_"), example: Some("sk_x"), secret: true, ..field("apiKey") }];
    let error = validate(&strict, &values, Trust::User).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    assert_eq!(error.message(), "`apiKey` does not match its pattern `^sk_`");
}
