//! Templates evaluated, as tables of values and texts.

use super::*;
use crate::clock::Moment;
use crate::connection::ConfigMap;
use crate::credentials::{Credentials, Token};
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use keyway_spec::Root;
use keyway_spec::template::{DatePart, Now, Offset, Unit};

/// The owner of the values that a scope borrows.
struct World {
    config: ConfigMap,
    credentials: Credentials,
    integration: IntegrationRecord,
    moment: Moment,
}

fn world(config: &[(&str, &str)]) -> World {
    let config = config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let inputs = [("apiKey", "k3y"), ("file", r#"{"client_email":"a@b.com"}"#), ("empty", "")];
    let token = Token {
        access: "acc".into(),
        refresh: Some("ref".into()),
        expires_at: None,
        raw: Some(r#"{"accountID":7,"team":{"id":"T1","ok":true},"a.b":"flat"}"#.into()),
    };
    World {
        config,
        credentials: Credentials {
            inputs: inputs.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect(),
            token: Some(token),
            ..Credentials::default()
        },
        integration: IntegrationRecord { client_id: Some("cid".into()), ..IntegrationRecord::default() },
        moment: Moment {
            now: "2026-01-02T03:04:05Z".parse().unwrap(),
            uuid: "11111111-2222-4333-8444-555555555555".into(),
        },
    }
}

/// A list as a spec holds it: for as long as the program runs.
fn kept<T: Clone>(items: &[T]) -> &'static [T] {
    Vec::leak(items.to_vec())
}

/// The text, or the name of what is missing.
type Outcome = std::result::Result<String, String>;

fn run(world: &World, nodes: &[Node]) -> Result<Outcome, Unfit> {
    let scope = Scope::new(&world.config, &world.credentials, &world.integration, &world.moment);
    Ok(match evaluate(&Template::Nodes(kept(nodes)), &scope)? {
        Text::Resolved(text) => Ok(text),
        Text::Unresolved(missing) => Err(missing.to_string()),
    })
}

#[allow(clippy::unnecessary_wraps, reason = "stands beside `unresolved` in tables")]
fn resolved(text: &str) -> Outcome {
    Ok(text.to_owned())
}

fn unresolved(name: &str) -> Outcome {
    Err(name.to_owned())
}

const fn config(path: &'static str, position: Position) -> Node {
    Node::Reference(Reference { root: Root::ConnectionConfig, path, position })
}

const fn credential(path: &'static str) -> Node {
    Node::Reference(Reference { root: Root::Credentials, path, position: Position::Text })
}

#[test]
fn names_are_looked_up() {
    let world = world(&[("a.b", "flat")]);
    for (node, expected) in [
        (config("a.b", Position::Text), resolved("flat")),
        (config("gone", Position::Text), unresolved("connectionConfig.gone")),
        (credential("apiKey"), resolved("k3y")),
        (credential("file.client_email"), resolved("a@b.com")),
        (credential("access_token"), resolved("acc")),
        (credential("token"), resolved("acc")),
        (credential("refresh_token"), resolved("ref")),
        (credential("raw.accountID"), resolved("7")),
        (credential("raw.team.id"), resolved("T1")),
        (credential("raw.team.ok"), resolved("true")),
        (credential("raw.team"), unresolved("credentials.raw.team")),
        (credential("raw.a.b"), resolved("flat")),
        (credential("empty"), resolved("")),
    ] {
        assert_eq!(run(&world, &[node]), Ok(expected), "{node:?}");
    }
}

#[test]
fn substituted_text_is_not_scanned_again() {
    let world = world(&[("a", "${credentials.apiKey} || ${random}")]);
    let nodes = [Node::Text("x "), config("a", Position::Text)];
    assert_eq!(run(&world, &nodes), Ok(resolved("x ${credentials.apiKey} || ${random}")));
}

const ONE: Node = config("one", Position::Text);
const EMPTY: Node = config("empty", Position::Text);
const GONE: Node = config("gone", Position::Text);

#[test]
fn a_choice_takes_the_first_that_is_complete_and_not_empty() {
    let world = world(&[("one", "1"), ("empty", "")]);
    let literal = Template::Text("default");
    for (alternatives, expected) in [
        (vec![Template::Nodes(&[ONE]), literal], resolved("1")),
        (vec![Template::Nodes(&[EMPTY]), literal], resolved("default")),
        (vec![Template::Nodes(&[GONE, ONE]), literal], resolved("default")),
        (vec![Template::Nodes(&[GONE]), Template::Nodes(&[EMPTY])], unresolved("connectionConfig.gone")),
        (vec![Template::Nodes(&[GONE]), Template::Nodes(&[EMPTY]), Template::Nodes(&[ONE])], resolved("1")),
    ] {
        assert_eq!(run(&world, &[Node::Choice(kept(&alternatives))]), Ok(expected), "{alternatives:?}");
    }
}

#[test]
fn values_are_held_to_the_grammar_of_their_position() {
    use Position::{Fragment, Host, HostLabel, Origin, Path, Port, Query, Segment};
    for (position, value, expected) in [
        (HostLabel, "acme", Some("acme")),
        (HostLabel, "a.b_c-d", Some("a.b_c-d")),
        (HostLabel, "evil.com/", None),
        (HostLabel, "evil.com#", None),
        (HostLabel, "evil.com?", None),
        (HostLabel, "evil.com\\", None),
        (HostLabel, "a@evil.com", None),
        (HostLabel, "a:8443", None),
        (HostLabel, "a%2eb", None),
        (HostLabel, "a..b", None),
        (HostLabel, ".a", None),
        (HostLabel, "-a", None),
        (HostLabel, "bücher", None),
        (HostLabel, "a\n", None),
        (HostLabel, " a", None),
        (Host, "git.acme.com", Some("git.acme.com")),
        (Host, "git.acme.com:8443", Some("git.acme.com:8443")),
        (Host, "git.acme.com:", None),
        (Host, "git.acme.com:0", None),
        (Host, "git.acme.com:65536", None),
        (Host, "git.acme.com:+80", None),
        (Host, "https://git.acme.com", None),
        (Host, "u:p@git.acme.com", None),
        (Host, "git.acme.com/", Some("git.acme.com")),
        (Host, "git.acme.com/x/", Some("git.acme.com/x/")),
        (Host, "git.acme.com/x/../y", None),
        (Host, "git.acme.com/x?y", None),
        (Host, "git.acme.com\\x", None),
        (Port, "8443", Some("8443")),
        (Port, "8443/x", None),
        (Port, "", None),
        (Origin, "https://git.acme.com", Some("https://git.acme.com")),
        (Origin, "https://git.acme.com/", Some("https://git.acme.com")),
        (Origin, "https://git.acme.com:8443/base/", Some("https://git.acme.com:8443/base/")),
        (Origin, "HTTPS://git.acme.com/a", Some("https://git.acme.com/a")),
        (Origin, "git.acme.com", None),
        (Origin, "javascript://git.acme.com", None),
        (Origin, "https://u@git.acme.com", None),
        (Origin, "https://git.acme.com?x", None),
        (Origin, "https://git.acme.com/#", None),
        (Origin, "https://git.acme.com\\x", None),
        (Origin, "https://git.acme.com/../x", None),
        (Origin, "https://git.acme.com/%2e%2E/x", None),
        (Origin, "https://", None),
        (Segment, "a/b c", Some("a%2Fb%20c")),
        (Segment, "..", None),
        (Segment, ".", None),
        (Segment, "%2e%2e", None),
        (Segment, "a.b", Some("a.b")),
        (Path, "a/b c", Some("a/b%20c")),
        (Path, "a/../b", None),
        (Path, "a?b#c", Some("a%3Fb%23c")),
        (Query, "a&b=c d+e", Some("a%26b%3Dc%20d%2Be")),
        (Fragment, "a#b", Some("a%23b")),
    ] {
        let world = world(&[("v", value)]);
        let result = run(&world, &[config("v", position)]);
        match expected {
            Some(text) => assert_eq!(result, Ok(resolved(text)), "{position:?} {value:?}"),
            None if value.is_empty() => assert_eq!(result, Ok(unresolved("connectionConfig.v"))),
            None => {
                let message = result.expect_err(value).to_string();
                assert!(message.starts_with("`connectionConfig.v` "), "{message}");
                assert!(value.len() < 4 || !message.contains(value), "the error shows the value: {message}");
            }
        }
    }
}

#[test]
fn an_empty_value_in_a_url_is_a_missing_one() {
    let world = world(&[("v", "")]);
    for position in [Position::Origin, Position::HostLabel, Position::Segment, Position::Query] {
        assert_eq!(run(&world, &[config("v", position)]), Ok(unresolved("connectionConfig.v")), "{position:?}");
    }
}

#[test]
fn dates_are_printed_in_utc() {
    use DatePart::{
        Day, Hour, Minute, Month, MonthName, OffsetPlain, Second, Text as Literal, UnixMilliseconds, UnixSeconds,
        WeekdayName, Year,
    };
    let world = world(&[]);
    let offset = |amount, unit| Some(Offset { amount, unit });
    let rfc2822: &[DatePart] = &[
        WeekdayName,
        Literal(", "),
        Day,
        Literal(" "),
        MonthName,
        Literal(" "),
        Year,
        Literal(" "),
        Hour,
        Literal(":"),
        Minute,
        Literal(":"),
        Second,
        Literal(" "),
        OffsetPlain,
    ];
    let day: &[DatePart] = &[Year, Literal("-"), Month, Literal("-"), Day];
    for (offset, format, expected) in [
        (None, &[] as &[_], "2026-01-02T03:04:05.000Z"),
        (None, rfc2822, "Fri, 02 Jan 2026 03:04:05 +0000"),
        (None, &[UnixSeconds] as &[_], "1767323045"),
        (None, &[UnixMilliseconds] as &[_], "1767323045000"),
        (offset(1, Unit::Minutes), &[UnixSeconds] as &[_], "1767323105"),
        (offset(7, Unit::Days), day, "2026-01-09"),
        (offset(-1, Unit::Months), day, "2025-12-02"),
        (offset(2, Unit::Years), day, "2028-01-02"),
        (offset(-3, Unit::Weeks), day, "2025-12-12"),
    ] {
        assert_eq!(run(&world, &[Node::Now(Now { offset, format })]), Ok(resolved(expected)));
    }
    let beyond = Now { offset: offset(i32::MAX, Unit::Years), format: day };
    assert_eq!(run(&world, &[Node::Now(beyond)]).unwrap_err().name, "now");
}

#[test]
fn a_request_has_one_uuid() {
    let world = world(&[]);
    let twice = run(&world, &[Node::Random, Node::Text("/"), Node::Random]);
    let uuid = &world.moment.uuid;
    assert_eq!(twice, Ok(resolved(&format!("{uuid}/{uuid}"))));
}

const KEY: &str = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";

#[test]
fn functions_match_published_vectors() {
    let world = world(&[]);
    let call = |function, arguments: &[&str]| {
        let templates: Vec<Template> =
            arguments.iter().map(|text| Template::Nodes(kept(&[Node::Text(text.to_string().leak())]))).collect();
        run(&world, &[Node::Call(function, kept(&templates))])
    };
    for (function, arguments, expected) in [
        // RFC 4648 section 10; FIPS 180-4 of "abc"; RFC 2202 case 2.
        (Function::Base64, vec!["fooba"], "Zm9vYmE="),
        (Function::Sha256Hex, vec!["abc"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (Function::Sha256Base64, vec!["abc"], "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        (
            Function::HmacSha1Hex,
            vec!["what do ya want for nothing?", "Jefe"],
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        ),
    ] {
        assert_eq!(call(function, &arguments), Ok(resolved(expected)), "{function:?}");
    }
    let pem = format!("-----BEGIN PRIVATE KEY-----\\n{KEY}\\n-----END PRIVATE KEY-----\\n");
    let signed = call(Function::Ed25519Sign, &["message", KEY]);
    assert!(matches!(&signed, Ok(Ok(text)) if text.len() == 88), "{signed:?}");
    assert_eq!(call(Function::Ed25519Sign, &["message", &pem]), signed, "PEM and Base64 are the same key");
    for (function, arguments) in [
        (Function::Ed25519Sign, vec!["message", "not a key"]),
        (Function::Ed25519Sign, vec!["", KEY]),
        (Function::Fingerprint, vec!["not a key"]),
        (Function::HmacSha1Hex, vec!["only one"]),
        (Function::AwsSigV4, vec!["id", "secret", "region", "service"]),
    ] {
        let error = call(function, &arguments).unwrap_err();
        assert!(!error.to_string().contains("MC4C"), "{error}");
    }
}

#[test]
fn a_missing_argument_is_named() {
    let world = world(&[]);
    let call = Node::Call(Function::Base64, kept(&[Template::Nodes(kept(&[config("gone", Position::Text)]))]));
    assert_eq!(run(&world, &[call]), Ok(unresolved("connectionConfig.gone")));
}

#[test]
fn aws_signatures_match_the_published_example() {
    // "Create a signed AWS API request" (AWS IAM User Guide): ListUsers with a content type.
    let mut world = world(&[]);
    world.moment.now = "2015-08-30T12:36:00Z".parse().unwrap();
    let signing = Signing {
        method: "GET".into(),
        path: "/".into(),
        url_canonical_params: "Action=ListUsers&Version=2010-05-08".into(),
        content_type: "application/x-www-form-urlencoded; charset=utf-8".into(),
        ..Signing::default()
    };
    let scope = Scope::new(&world.config, &world.credentials, &world.integration, &world.moment);
    let scope = Scope { signing: Some(&signing), ..scope };
    let arguments = [
        Template::Text("AKIDEXAMPLE"),
        Template::Text("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        Template::Text("us-east-1"),
        Template::Text("iam"),
    ];
    let text = evaluate(&Template::Nodes(kept(&[Node::Call(Function::AwsSigV4, kept(&arguments))])), &scope);
    assert_eq!(
        text,
        Ok(Text::Resolved(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
                .to_owned()
        ))
    );
}

#[test]
fn assertion_options_and_steps_are_in_scope_where_given() {
    let mut world = world(&[]);
    world.credentials.assertion_options.insert("key".to_owned(), Secret::from("o"));
    let steps = [serde_json::json!({"data": [{"id": 5}]})];
    let scope = Scope::new(&world.config, &world.credentials, &world.integration, &world.moment);
    let scope = Scope { steps: &steps, ..scope };
    let reference = |root, path| Reference { root, path, position: Position::Text };
    for (reference, expected) in [
        (reference(Root::AssertionOption, "key"), Some("o")),
        (reference(Root::Step(1), "data.0.id"), Some("5")),
        (reference(Root::Step(0), "data"), None),
        (reference(Root::Step(2), "data"), None),
        (reference(Root::ClientId, ""), Some("cid")),
        (reference(Root::ClientSecret, ""), None),
        (reference(Root::AccessToken, ""), Some("acc")),
        (reference(Root::Method, ""), None),
    ] {
        assert_eq!(scope.lookup(&reference).as_deref(), expected, "{}", Missing(reference));
    }
}
