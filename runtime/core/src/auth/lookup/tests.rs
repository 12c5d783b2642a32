//! Answers to look-ups: what they set, what may be chosen, what is refused.

use super::*;
use crate::clock::Timestamp;
use crate::secret::Secret;
use http::HeaderMap;
use keyway_spec::Field;
use keyway_spec::quirks::LookupChoice;

const FIELDS: &[Field] = &[
    Field { name: "site", automated: true, pattern: Some("^[a-z0-9]+$"), ..Field::EMPTY },
    Field { name: "plan", automated: true, optional: true, ..Field::EMPTY },
];
const SPEC: ProviderSpec = ProviderSpec { connection_config: FIELDS, ..ProviderSpec::EMPTY };
const ONE: Lookup = Lookup { set: &[("site", "id"), ("plan", "a.plan")], ..Lookup::EMPTY };
const LIST: Lookup = Lookup { items: Some(""), choose: Some(LookupChoice { value: "id", label: Some("name") }), ..ONE };

fn answer(status: u16, body: &str) -> Answer {
    let secrets = vec![Secret::new("token-canary")];
    let (headers, received) = (HeaderMap::new(), Timestamp::UNIX_EPOCH);
    Answer { status, headers, body: Secret::new(body), received, secrets, kept: false }
}

/// `site=a plan=b`, the options as `id:name`, or the error.
fn looked_up(lookup: Lookup, chosen: Chosen<'_>, status: u16, body: &str) -> String {
    let pairs = |found: &ConfigMap| found.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    match read(&SPEC, &lookup, chosen, &answer(status, body)) {
        Ok(LookedUp::Found(found)) => pairs(&found).join(" "),
        Ok(LookedUp::Several(Choices { field, options, .. })) => {
            let options = options.iter().map(|option| format!("{}:{}", option.value, option.label));
            format!("{field}? {}", options.collect::<Vec<_>>().join(" "))
        }
        Err(error) => format!("{:?}: {}", error.kind(), error.message()),
    }
}

const TWO: &str = r#"[{"id":"a","name":"Alpha","a":{"plan":1}},{"id":2,"name":"Be\u0007ta"}]"#;

#[test]
fn one_item_is_taken_and_of_several_the_one_that_is_named() {
    let given = |given| Chosen { given: Some(given), before: None };
    let before = |before| Chosen { given: None, before: Some(before) };
    let nested = Lookup { items: Some("data.sites"), ..LIST };
    for (lookup, chosen, body, expected) in [
        (ONE, Chosen::default(), r#"{"id":"a","a":{"plan":true}}"#, "plan=true site=a"),
        (ONE, Chosen::default(), r#"{"id":7}"#, "site=7"),
        (LIST, Chosen::default(), r#"[{"id":"a"}]"#, "site=a"),
        (LIST, Chosen::default(), TWO, "site? a:Alpha 2:Beta"),
        (LIST, given("2"), TWO, "site=2"),
        (LIST, given("a"), TWO, "plan=1 site=a"),
        (LIST, before("2"), TWO, "site=2"),
        (LIST, before("gone"), TWO, "site? a:Alpha 2:Beta"),
        (LIST, Chosen { given: Some("a"), before: Some("2") }, TWO, "plan=1 site=a"),
        (
            LIST,
            given("gone"),
            TWO,
            "InvalidValue: `site` is none of those that the provider lists: `a` (Alpha), `2` (Beta)",
        ),
        (LIST, given("gone"), r#"[{"id":"a"}]"#, "InvalidValue: `site` is none of those that the provider lists: `a`"),
        (nested, Chosen::default(), r#"{"data":{"sites":[{"id":"n"}]}}"#, "site=n"),
    ] {
        assert_eq!(looked_up(lookup, chosen, 200, body), expected, "{chosen:?} {body}");
    }
}

#[test]
fn a_part_of_a_value_is_taken() {
    let taking = |take| Lookup { take, ..ONE };
    for (lookup, body, expected) in [
        (taking(&[("site", "^https://([a-z0-9]+)[.]")]), r#"{"id":"https://acme.vendor.com/jmap/"}"#, "site=acme"),
        (taking(&[("site", "([0-9]+)$")]), r#"{"id":"urn:site:42"}"#, "site=42"),
        (taking(&[("plan", "(.)")]), r#"{"id":"a","a":{"plan":"pro"}}"#, "plan=p site=a"),
        // Of an optional field, a value without it is none.
        (taking(&[("plan", "(x)")]), r#"{"id":"a","a":{"plan":"pro"}}"#, "site=a"),
        (
            taking(&[("site", "^https://([^/]+)/")]),
            r#"{"id":"acme"}"#,
            "UnexpectedAnswer: the provider's answer to a look-up has no `id`, which `site` is set from",
        ),
        (
            taking(&[("site", "(.+)")]),
            r#"{"id":"No Site"}"#,
            "UnexpectedAnswer: the provider sent a value for `site` that does not fit the field",
        ),
    ] {
        assert_eq!(looked_up(lookup, Chosen::default(), 200, body), expected, "{body}");
    }
}

#[test]
fn an_optional_look_up_may_fail_by_the_vendors_fault_alone() {
    use ErrorKind::{
        HostNotAllowed, InvalidValue, NotVerified, SecretHostNotAllowed, StoreUnavailable, Timeout, UnexpectedAnswer,
        Unreachable, UnreadableResponse,
    };
    let optional = Lookup { optional: true, ..ONE };
    for (kind, expected) in [
        (NotVerified, true),
        (UnexpectedAnswer, true),
        (UnreadableResponse, true),
        (Unreachable, true),
        (Timeout, true),
        (InvalidValue, false),
        (HostNotAllowed, false),
        (SecretHostNotAllowed, false),
        (StoreUnavailable, false),
    ] {
        let error = Error::new(kind, "it failed");
        assert_eq!((may_be_missing(&optional, &error), may_be_missing(&ONE, &error)), (expected, false), "{kind:?}");
    }
}

#[test]
fn an_answer_that_says_nothing_usable_is_an_error_that_shows_no_secret() {
    let unchosen = Lookup { choose: None, ..LIST };
    for (lookup, status, body, expected) in [
        (
            ONE,
            401,
            r#"{"error":"token-canary is bad"}"#,
            "NotVerified: the provider refused to say which account this is: `*** is bad`",
        ),
        (ONE, 200, "<html>", "UnexpectedAnswer: the answer to a look-up is not JSON"),
        (ONE, 200, "[]", "UnexpectedAnswer: the answer to a look-up is not an object"),
        (
            ONE,
            200,
            r#"{"id":""}"#,
            "UnexpectedAnswer: the provider's answer to a look-up has no `id`, which `site` is set from",
        ),
        (
            ONE,
            200,
            r#"{"id":{"a":1}}"#,
            "UnexpectedAnswer: the provider's answer to a look-up has no `id`, which `site` is set from",
        ),
        (
            ONE,
            200,
            r#"{"id":"evil.example/"}"#,
            "UnexpectedAnswer: the provider sent a value for `site` that does not fit the field",
        ),
        (LIST, 200, "{}", "UnexpectedAnswer: the answer to a look-up has no list"),
        (
            LIST,
            200,
            "[]",
            "NotVerified: the provider lists nothing that this account could connect: check what the customer may see there",
        ),
        (
            LIST,
            200,
            "[1,null]",
            "NotVerified: the provider lists nothing that this account could connect: check what the customer may see there",
        ),
        (
            unchosen,
            200,
            TWO,
            "Unsupported: the provider lists several accounts, and the entry does not say how to choose one: add `choose` to its look-up",
        ),
    ] {
        assert_eq!(looked_up(lookup, Chosen::default(), status, body), expected, "{body}");
    }
}

#[test]
fn what_is_listed_is_bounded() {
    let many: Vec<String> = (0..2000).map(|id| format!(r#"{{"id":{id},"name":"{}"}}"#, "x".repeat(300))).collect();
    let body = format!("[{}]", many.join(","));
    let Ok(LookedUp::Several(choices)) = read(&SPEC, &LIST, Chosen::default(), &answer(200, &body)) else { panic!() };
    assert_eq!((choices.options.len(), choices.options[0].label.len()), (MAX_OPTIONS, 200));
    assert!(needed(choices).message().len() < 6000);
    let far = Chosen { given: Some("1999"), before: None };
    assert_eq!(looked_up(LIST, far, 200, &body), "site=1999");
}
