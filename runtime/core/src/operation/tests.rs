//! Given values to calls, or to everything that is wrong with them.

use super::*;
use crate::call::CallBody;
use keyway_spec::operation::{ListStyle, OperationBody, OperationParameter, ParameterPlace, ValueKind, Verb};
use keyway_spec::proxy::{OffsetCount, PaginateKind};
use keyway_spec::{Paginate, ProviderSpec};
use serde_json::{Value, json};

const P: OperationParameter = OperationParameter::EMPTY;
const PATH: OperationParameter = OperationParameter { place: ParameterPlace::Path, required: true, ..P };
const BODY: OperationParameter = OperationParameter { place: ParameterPlace::Body, ..P };

const LIST: Operation = Operation {
    name: "issues.list",
    verb: Verb::Get,
    path: "/repos/{owner}/{repo}/issues",
    headers: &[("accept", "application/vnd.a+json")],
    parameters: &[
        OperationParameter { name: "owner", ..PATH },
        OperationParameter { name: "repo", ..PATH },
        OperationParameter { name: "state", values: &["open", "closed", "all"], ..P },
        OperationParameter { name: "labels", kind: ValueKind::Strings, style: ListStyle::Comma, ..P },
        OperationParameter { name: "ids", kind: ValueKind::Integers, style: ListStyle::Brackets, ..P },
        OperationParameter { name: "filter", kind: ValueKind::Any, style: ListStyle::DeepObject, ..P },
        OperationParameter { name: "draft", kind: ValueKind::Boolean, ..P },
        OperationParameter { name: "score", kind: ValueKind::Number, ..P },
    ],
    paginate: Some(Paginate {
        kind: PaginateKind::Offset { name: "page", start: 1, count: OffsetCount::Pages },
        limit_name: Some("per_page"),
        ..Paginate::EMPTY
    }),
    ..Operation::EMPTY
};

const CREATE: Operation = Operation {
    name: "issues.create",
    verb: Verb::Post,
    path: "/issues/{number}",
    parameters: &[
        OperationParameter { name: "number", kind: ValueKind::Integer, ..PATH },
        OperationParameter { name: "title", required: true, ..BODY },
        OperationParameter { name: "labels", kind: ValueKind::Strings, ..BODY },
        OperationParameter { name: "extra", kind: ValueKind::Any, ..BODY },
    ],
    body: OperationBody::Json,
    idempotency_key: Some("idempotency-key"),
    ..Operation::EMPTY
};

const CHARGE: Operation = Operation { body: OperationBody::Form, path: "/c", ..CREATE };

const FILE: Operation = Operation { name: "files.get", path: "/files/{path*}", ..Operation::EMPTY };

fn texts(pairs: &[(&str, &str)]) -> GivenValues {
    pairs.iter().fold(GivenValues::default(), |given, (name, text)| given.text(*name, *text))
}

fn object(value: &Value) -> GivenValues {
    value.as_object().unwrap().clone().into()
}

/// Path and query, and the body behind ` < `; or the problems.
fn made(operation: &Operation, given: GivenValues) -> String {
    match call(operation, given, Vec::new(), "key-1") {
        Err(problems) => summary(&problems),
        Ok(call) => {
            let query: Vec<String> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let body = match &call.body {
                CallBody::Empty => String::new(),
                body => format!(" < {}", String::from_utf8(body.encoded().unwrap().to_vec()).unwrap()),
            };
            assert!(call.refuse_other_hosts && call.base_url_override.is_none());
            format!("{} {}|{}{body}", call.method, call.endpoint, query.join("&"))
        }
    }
}

#[test]
fn values_fill_their_places() {
    for (operation, given, expected) in [
        (
            &LIST,
            json!({"owner": "octo/cat", "repo": "hello", "state": "all", "labels": ["a,b", "c"], "ids": [1, 2]}),
            "GET /repos/octo%2Fcat/hello/issues?labels=a%2Cb,c|state=all&ids[]=1&ids[]=2",
        ),
        (
            &LIST,
            json!({"owner": "o", "repo": "r", "filter": {"a": {"b": 1}}, "draft": false, "score": 1.5, "per_page": 5}),
            "GET /repos/o/r/issues|filter[a][b]=1&draft=false&score=1.5&per_page=5",
        ),
        (
            &LIST,
            json!({"owner": "o", "repo": "r", "state": null, "labels": [], "filter": null}),
            "GET /repos/o/r/issues|",
        ),
        (
            &CREATE,
            json!({"number": 7, "title": "x", "labels": [], "extra": {"a": null}}),
            r#"POST /issues/7| < {"title":"x","labels":[],"extra":{"a":null}}"#,
        ),
        (&CREATE, json!({"number": 7, "title": "", "labels": null}), r#"POST /issues/7| < {"title":"","labels":null}"#),
        (
            &CHARGE,
            json!({"title": "x y", "labels": ["a", "b"], "extra": {"k": [1, 2]}, "number": 1}),
            "`number` is no parameter of `issues.create`; it takes `title`, `labels`, `extra`",
        ),
        (&FILE, json!({"path": "src/a b.rs"}), "GET /files/src/a%20b.rs|"),
    ] {
        let operation = if operation.path == "/c" {
            &Operation { parameters: operation.parameters.split_first().unwrap().1, ..*operation }
        } else {
            operation
        };
        assert_eq!(made(operation, object(&given)), expected, "{given}");
    }
}

#[test]
fn a_form_names_values_inside_values() {
    for (style, expected) in [
        (ListStyle::Repeat, "l=a&l=b&o%5Bk%5D=1&o%5Bk%5D=2"),
        (ListStyle::Comma, "l=a%2Cb&o%5Bk%5D=1&o%5Bk%5D=2"),
        (ListStyle::Brackets, "l%5B%5D=a&l%5B%5D=b&o%5Bk%5D%5B%5D=1&o%5Bk%5D%5B%5D=2"),
        (ListStyle::Indices, "l%5B0%5D=a&l%5B1%5D=b&o%5Bk%5D%5B0%5D=1&o%5Bk%5D%5B1%5D=2"),
    ] {
        let parameters = vec![
            OperationParameter { name: "l", kind: ValueKind::Strings, style, ..BODY },
            OperationParameter { name: "o", kind: ValueKind::Any, style, ..BODY },
        ];
        let operation = Operation { parameters: parameters.leak(), ..CHARGE };
        let given = object(&json!({"l": ["a", "b"], "o": {"k": [1, 2]}}));
        assert_eq!(made(&operation, given), format!("POST /c| < {expected}"), "{style:?}");
    }
}

#[test]
fn texts_are_read_by_their_kind() {
    let plain = [("owner", "o"), ("repo", "r")];
    for (pairs, expected) in [
        (&[("state", "open"), ("labels", "a"), ("labels", "b")][..], "?labels=a,b|state=open"),
        (&[("ids", "1"), ("ids", "-2")], "|ids[]=1&ids[]=-2"),
        (&[("draft", "true"), ("score", "1e3"), ("page", "2")], "|draft=true&score=1000.0&page=2"),
        (&[("ids", "18446744073709551615")], "|ids[]=18446744073709551615"),
    ] {
        let all = [&plain, pairs].concat();
        assert_eq!(made(&LIST, texts(&all)), format!("GET /repos/o/r/issues{expected}"), "{pairs:?}");
    }
    for (name, text, expected) in [
        ("ids", "+1", "must be a whole number"),
        ("ids", "1.0", "must be a whole number"),
        ("page", "", "must be a whole number"),
        ("draft", "yes", "must be `true` or `false`"),
        ("score", "NaN", "must be a number"),
        ("filter", "{}", "may be any JSON, which a text does not say: give it as JSON"),
    ] {
        let all = [&plain[..], &[(name, text)]].concat();
        assert_eq!(made(&LIST, texts(&all)), format!("`{name}` {expected}"), "{text}");
    }
    let given = texts(&plain).json("labels", json!(["x"]));
    assert_eq!(made(&LIST, given.clone()), "GET /repos/o/r/issues?labels=x|");
    let twice = "is given more than once; it takes one value";
    assert_eq!(made(&LIST, given.text("labels", "y").text("owner", "p")), format!("`owner` {twice}; `labels` {twice}"));
}

#[test]
fn all_problems_are_told_at_once_with_what_to_do() {
    let given = json!({
        "owner": "", "repo": 7, "state": "opne", "labels": "a", "ids": [1, "2"], "draft": "true", "score": "1",
        "per_pge": 5, "secret": "hunter2",
    });
    let problems = call(&LIST, object(&given), Vec::new(), "").unwrap_err();
    let shown: Vec<String> = problems.iter().map(|one| format!("{} {one}", one.fault.code())).collect();
    assert_eq!(
        shown,
        [
            "wrong_kind `repo` must be a text",
            "wrong_value `state` must be one of `open`, `closed`, `all`; did you mean `open`?",
            "wrong_kind `labels` must be a list of texts",
            "wrong_kind `ids` must be a list of whole numbers",
            "wrong_kind `draft` must be `true` or `false`",
            "wrong_kind `score` must be a number",
            "unknown `per_pge` is no parameter of `issues.list`; did you mean `per_page`?",
            "unknown `secret` is no parameter of `issues.list`; it takes `owner`, `repo`, `state`, `labels`, `ids`, \
             `filter`, `draft`, `score`, `page`, `per_page`",
            "wrong_path `owner` must not be empty: it is a part of the path",
        ]
    );
    for (given, expected) in [
        (
            json!({}),
            "`number` is missing: give a whole number, a part of the path; `title` is missing: give a text, \
                     sent in the body",
        ),
        (
            json!({"number": null, "title": null}),
            "`number` is missing: give a whole number, a part of the path; \
                     `title` is missing: give a text, sent in the body",
        ),
        (json!({"number": 1.5, "title": []}), "`number` must be a whole number; `title` must be a text"),
        (json!({"number": {"a": 1}, "title": "x"}), "`number` must be a whole number"),
    ] {
        assert_eq!(made(&CREATE, object(&given)), expected, "{given}");
    }
}

#[test]
fn no_value_leads_to_another_path_or_host() {
    let dots = "must not be `.` or `..`";
    for (value, expected) in [
        ("..", format!("`owner` {dots}")),
        (".", format!("`owner` {dots}")),
        ("%2e%2E", format!("`owner` {dots}")),
        ("a/../b", "GET /repos/a%2F..%2Fb/r/issues|".to_owned()),
        ("a\\b?c#d", "GET /repos/a%5Cb%3Fc%23d/r/issues|".to_owned()),
        ("https://evil.example", "GET /repos/https:%2F%2Fevil.example/r/issues|".to_owned()),
        ("{repo}", "GET /repos/%7Brepo%7D/r/issues|".to_owned()),
        ("a\r\nb", "GET /repos/a%0D%0Ab/r/issues|".to_owned()),
    ] {
        assert_eq!(made(&LIST, texts(&[("owner", value), ("repo", "r")])), expected, "{value:?}");
    }
    for (path, value, expected) in [
        ("/{path*}", "https://evil.example/x", "GET /https://evil.example/x|"),
        ("/{path*}", "//evil.example", "`path` must not be empty or begin with `/`: it is a part of the path"),
        ("/{path*}", "a/../../b", "`path` must not be `.` or `..`"),
        ("/.{path}", ".a", "GET /..a|"),
        ("/%2{path}", "e", "`path` must not make a `.` or `..` of its segment"),
    ] {
        let operation = Operation { path, ..FILE };
        assert_eq!(made(&operation, texts(&[("path", value)])), expected, "{path} {value}");
    }
}

#[test]
fn sizes_and_lists_of_problems_are_bounded() {
    let long = "x".repeat(40_000);
    let size = "makes path and query longer than 32768 bytes: send less";
    let owner = json!({"owner": long, "repo": "r"});
    assert_eq!(made(&LIST, object(&owner)), format!("`owner` {size}"));
    let many: Vec<&str> = std::iter::repeat_n("a", 20_000).collect();
    let labels = json!({"owner": "o", "repo": "r", "labels": many});
    assert_eq!(made(&LIST, object(&labels)), format!("`labels` {size}"));
    // A long name around many values would be written once for each.
    let mut members = serde_json::Map::new();
    members.insert("k".repeat(100_000), json!(vec![0; 100_000]));
    let filter = json!({"owner": "o", "repo": "r", "filter": members});
    assert_eq!(made(&LIST, object(&filter)), format!("`filter` {size}"));
    let charge =
        Operation { parameters: &[OperationParameter { name: "extra", kind: ValueKind::Any, ..BODY }], ..CHARGE };
    let form = object(&json!({"extra": members}));
    assert_eq!(made(&charge, form), "`extra` makes the form longer than 4194304 bytes: send less");
    let unknown =
        (0..1000).fold(texts(&[("owner", "o"), ("repo", "r")]), |given, n| given.text(format!("zz{n}\n"), ""));
    let problems = call(&LIST, unknown, Vec::new(), "").unwrap_err();
    assert_eq!((problems.len(), problems[0].parameter.as_str()), (32, "zz0\u{fffd}"));
    let name = "`".repeat(1000);
    let problems = call(&FILE, texts(&[("path", "a"), (&name, "")]), Vec::new(), "").unwrap_err();
    assert_eq!(problems[0].parameter.chars().count(), 67);
}

#[test]
fn headers_are_the_callers_then_the_operations() {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let given = || object(&json!({"number": 1, "title": "x"}));
    let made = call(&CREATE, given(), Vec::new(), "key-1").unwrap();
    assert_eq!((made.headers, made.repeatable), (vec![header("idempotency-key", "key-1")], true));
    let own = vec![header("Idempotency-Key", "mine")];
    assert_eq!(call(&CREATE, given(), own.clone(), "key-1").unwrap().headers, own);
    let list = call(&LIST, texts(&[("owner", "o"), ("repo", "r")]), Vec::new(), "key-1").unwrap();
    assert_eq!((list.headers, list.repeatable), (vec![header("accept", "application/vnd.a+json")], false));
    assert_eq!(list.endpoint_template.as_deref(), Some("/repos/{owner}/{repo}/issues"));
}

#[test]
fn an_example_holds_what_a_call_needs_and_can_be_sent() {
    for (operation, expected) in [
        (&LIST, json!({"owner": "...", "repo": "..."})),
        (&CREATE, json!({"number": 1, "title": "..."})),
        (&FILE, json!({"path": "..."})),
    ] {
        let example = example(operation);
        assert_eq!(Value::Object(example.clone()), expected);
        assert!(call(operation, example.into(), Vec::new(), "").is_ok(), "{}", operation.name);
    }
}

#[test]
fn a_description_has_every_parameter() {
    let shown = described(&LIST);
    let names = shown["parameters"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>().join(" "), "owner repo state labels ids filter draft score page per_page");
    assert_eq!(shown["parameters"][2]["values"], json!(["open", "closed", "all"]));
    assert_eq!((&shown["verb"], &shown["pages"], &shown["body"]), (&json!("get"), &json!(true), &json!("none")));
}

#[test]
fn an_unknown_operation_names_the_nearest() {
    let spec = ProviderSpec { key: "acme", operations: &[LIST, CREATE], ..ProviderSpec::EMPTY };
    assert_eq!(find(&spec, "issues.list").unwrap().path, LIST.path);
    for (name, expected) in [
        ("issues.lsit", "`acme` has no operation `issues.lsit`; did you mean `issues.list`?"),
        ("users", "`acme` has no operation `users`; there is `issues.list`, `issues.create`"),
    ] {
        assert_eq!(find(&spec, name).unwrap_err(), expected);
    }
    let bare = find(&ProviderSpec { key: "acme", ..ProviderSpec::EMPTY }, "x").unwrap_err();
    assert_eq!(bare, "`acme` has no operation `x`; its entry lists none, so call it by method and path");
}
