//! Operations that a catalogue vouches for: what a client sends for one, and how it reads what comes back.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/vendor.rs"]
mod vendor;

use keyway::egress::Egress;
use keyway::provider::{Endpoint, EndpointValue, Paged};
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{ErrorKind, Response};
use keyway_spec::Paginate;
use keyway_spec::operation::{
    ListStyle, Operation, OperationBody, OperationParameter, ParameterPlace, ValueKind, Verb,
};
use keyway_spec::proxy::PaginateKind;
use serde_json::{Value, json};
use vendor::Vendor;

/// Answers with what was sent; `/items` has two pages.
#[derive(Debug)]
struct Echo;

impl Transport for Echo {
    fn send<'a>(&'a self, request: http::Request<Body>, _: &'a Egress) -> BoxFuture<'a, keyway::Result<Response>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = String::from_utf8(body.collect(1000).await?.to_vec()).unwrap();
            let target = head.uri.path_and_query().unwrap().as_str();
            let text = |name: &str| head.headers.get(name).map(|value| value.to_str().unwrap());
            let answer = match (head.uri.path(), target.contains("after=b")) {
                ("/items", false) => json!({"data": [1, 2], "next": "b"}),
                ("/items", true) => json!({"data": [3], "next": null}),
                _ => json!({
                    "call": format!("{} {target}", head.method),
                    "body": body,
                    "type": text("content-type"),
                    "beta": text("x-beta"),
                    "key": text("idempotency-key").is_some(),
                }),
            };
            Ok(http::Response::new(Body::full(answer.to_string())))
        })
    }
}

const EMPTY: OperationParameter = OperationParameter::EMPTY;

/// A parameter of a place.
const fn named(name: &'static str, kind: ValueKind, place: ParameterPlace) -> OperationParameter {
    OperationParameter { name, kind, place, ..EMPTY }
}

macro_rules! operation {
    ($name:ident: $operation:expr) => {
        struct $name<'v>(Vec<EndpointValue<'v>>);

        impl Endpoint for $name<'_> {
            type Provider = Vendor;
            const OPERATION: &'static Operation = &$operation;

            fn values(&self) -> Vec<EndpointValue<'_>> {
                self.0.clone()
            }
        }
    };
}

operation!(Read: Operation {
    name: "things.read",
    path: "/of/{owner}/x-{id}.json/{rest*}",
    headers: &[("x-beta", "things")],
    parameters: &[
        OperationParameter { place: ParameterPlace::Path, name: "owner", ..EMPTY },
        OperationParameter { place: ParameterPlace::Path, name: "id", kind: ValueKind::Integer, ..EMPTY },
        OperationParameter { place: ParameterPlace::Path, name: "rest", ..EMPTY },
        OperationParameter { name: "state", values: &["open", "all"], ..EMPTY },
        OperationParameter { name: "tags", kind: ValueKind::Strings, style: ListStyle::Comma, values: &["a", "b,c"], ..EMPTY },
        OperationParameter { name: "ids", kind: ValueKind::Integers, style: ListStyle::Brackets, ..EMPTY },
        OperationParameter { name: "ratio", kind: ValueKind::Number, ..EMPTY },
    ],
    ..Operation::EMPTY
});

operation!(Make: Operation {
    name: "things.make",
    verb: Verb::Post,
    path: "/things",
    parameters: &[
        OperationParameter { name: "dry", kind: ValueKind::Boolean, ..EMPTY },
        named("name", ValueKind::String, ParameterPlace::Body),
        named("sizes", ValueKind::Integers, ParameterPlace::Body),
        named("more", ValueKind::Any, ParameterPlace::Body),
    ],
    body: OperationBody::Json,
    idempotency_key: Some("idempotency-key"),
    ..Operation::EMPTY
});

operation!(Pay: Operation {
    name: "things.pay",
    verb: Verb::Put,
    path: "/pay",
    parameters: &[
        named("amount", ValueKind::Integer, ParameterPlace::Body),
        OperationParameter { style: ListStyle::Brackets, ..named("expand", ValueKind::Strings, ParameterPlace::Body) },
        OperationParameter { style: ListStyle::Pipe, ..named("kinds", ValueKind::Strings, ParameterPlace::Body) },
        named("metadata", ValueKind::Any, ParameterPlace::Body),
    ],
    body: OperationBody::Form,
    ..Operation::EMPTY
});

operation!(List: Operation {
    name: "items.list",
    path: "/items",
    paginate: Some(Paginate {
        kind: PaginateKind::Cursor { name: "after", path: "next" },
        limit_name: Some("size"),
        response_path: Some("data"),
        ..Paginate::EMPTY
    }),
    ..Operation::EMPTY
});

impl Paged for List<'_> {}

use EndpointValue::{Absent, Boolean, Integer, Integers, Json, Number, Text, Texts};

#[tokio::test]
async fn values_of_a_path_and_a_query_are_sent_as_the_entry_writes_them() {
    let client = vendor::client(Echo).await;
    for (values, expected) in [
        (vec![Text("o"), Integer(7), Text("a"), Absent, Absent, Absent, Absent], "GET /of/o/x-7.json/a"),
        (
            vec![
                Text("a b/c"),
                Integer(-1),
                Text("d/e f"),
                Text("open"),
                Texts(&["a", "b,c"]),
                Integers(&[1, 2]),
                Number(0.5),
            ],
            "GET /of/a%20b%2Fc/x--1.json/d/e%20f?tags=a,b%2Cc&state=open&ids%5B%5D=1&ids%5B%5D=2&ratio=0.5",
        ),
        (vec![Text("o"), Integer(7), Text("a"), Absent, Texts(&[]), Integers(&[]), Absent], "GET /of/o/x-7.json/a"),
    ] {
        let sent: Value = client.endpoint(&Read(values)).json().await.unwrap();
        assert_eq!((sent["call"].as_str(), sent["beta"].as_str()), (Some(expected), Some("things")));
        assert_eq!((sent["body"].as_str(), sent["key"].as_bool()), (Some(""), Some(false)));
    }
}

#[tokio::test]
async fn a_body_has_the_members_that_were_given() {
    let client = vendor::client(Echo).await;
    let more = json!({"deep": [1, null]});
    for (values, expected) in [
        (vec![Absent, Absent, Absent, Absent], "{}"),
        (
            vec![Boolean(true), Text("n"), Integers(&[1]), Json(&more)],
            r#"{"name":"n","sizes":[1],"more":{"deep":[1,null]}}"#,
        ),
    ] {
        let sent: Value = client.endpoint(&Make(values)).json().await.unwrap();
        assert_eq!((sent["body"].as_str(), sent["type"].as_str()), (Some(expected), Some("application/json")));
        assert_eq!(sent["key"], true, "a key makes it safe to repeat");
    }
    let metadata = json!({"order": 7, "by": {"who": "me"}});
    for (values, expected) in [
        (vec![Integer(5), Absent, Absent, Absent], "amount=5"),
        (
            vec![Integer(5), Texts(&["a", "b"]), Texts(&["c", "d"]), Json(&metadata)],
            "amount=5&expand%5B%5D=a&expand%5B%5D=b&kinds=c%7Cd&metadata%5Border%5D=7&metadata%5Bby%5D%5Bwho%5D=me",
        ),
    ] {
        let sent: Value = client.endpoint(&Pay(values)).json().await.unwrap();
        let form = "application/x-www-form-urlencoded";
        assert_eq!((sent["body"].as_str(), sent["type"].as_str()), (Some(expected), Some(form)));
    }
}

#[tokio::test]
async fn what_the_entry_does_not_take_is_not_sent() {
    let client = vendor::client(Echo).await;
    let with = |owner, state, tags, ratio| Read(vec![Text(owner), Integer(1), Text("a"), state, tags, Absent, ratio]);
    for (endpoint, expected) in [
        (with("", Absent, Absent, Absent), "`owner` must not be empty: it is a part of the path"),
        (with("..", Absent, Absent, Absent), "`owner` must not be `.` or `..`"),
        (with("o", Text("closed"), Absent, Absent), "`state` must be one of `open`, `all`"),
        (with("o", Absent, Texts(&["a", "x"]), Absent), "`tags` must be one of `a`, `b,c`"),
        (with("o", Absent, Absent, Number(f64::NAN)), "`ratio` must be a finite number"),
    ] {
        let error = client.endpoint(&endpoint).send().await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidValue, expected));
        assert_eq!(error.evidence().sent, Some(false));
    }
}

#[tokio::test]
async fn pages_go_by_the_rule_of_the_operation() {
    let client = vendor::client(Echo).await;
    let mut pages = client.endpoint(&List(vec![])).pages::<u64>();
    assert_eq!(pages.next().await.unwrap(), Some(vec![1, 2]));
    assert_eq!(pages.next().await.unwrap(), Some(vec![3]));
    assert_eq!(pages.next().await.unwrap(), None);
}
