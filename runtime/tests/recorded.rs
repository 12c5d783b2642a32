//! The recorded transport: it answers what is expected, in order, and tells the rest without a secret. There is no
//! server.
#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/vendor.rs"]
mod vendor;

use keyway::ErrorKind;
use keyway::client::{Client, Request};
use keyway::testing::{Exchange, Recorded, delete, get, post, put};
use serde_json::{Value, json};
use std::time::Duration;
use vendor::Vendor;

const URL: &str = "https://api.vendor.com/items";

type Asked = fn(&Client<Vendor>) -> Request<'_>;

#[track_caller]
fn sent(expected: Exchange, ask: Asked) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let api = Recorded::new([expected]);
    let answer = runtime.block_on(async { ask(&vendor::client(api.clone()).await).text().await });
    match (answer, api.finish()) {
        (Ok(answer), Ok(())) => Ok(answer),
        (Err(error), Err(mismatch)) => {
            assert_eq!(error.message(), mismatch.to_string());
            Err(mismatch.to_string())
        }
        (answer, finished) => panic!("{answer:?} and {finished:?}"),
    }
}

#[test]
fn what_is_expected_is_answered() {
    let cases: [(Exchange, Asked); 8] = [
        (get(URL), |client| client.get("/items")),
        (get(format!("{URL}?b=2&a=1")), |client| client.get("/items").query("a", 1).query("b", 2)),
        (get(URL).header("X-Key", "vendor-key-canary"), |client| client.get("/items").header("x-other", "1")),
        (post(URL).json(json!({"b": 1, "a": {"d": 1, "c": 2}})), |client| {
            client.post("/items").body(&json!({"a": {"c": 2, "d": 1}, "b": 1}))
        }),
        (put(URL).form([("b", "2"), ("a", "x y")]), |client| client.put("/items").form([("a", "x y"), ("b", "2")])),
        (post(URL).text("a=1"), |client| client.post("/items").form([("a", "1")])),
        (post(URL).any_body(), |client| client.post("/items").body(&1)),
        (delete(URL), |client| client.delete("/items")),
    ];
    for (expected, ask) in cases {
        assert_eq!(sent(expected.reply(json!("yes")), ask).as_deref(), Ok("\"yes\""));
    }
}

#[test]
fn what_differs_is_shown_side_by_side_and_holds_no_secret() {
    let cases: [(Exchange, Asked, &str); 8] = [
        (
            get(URL),
            |client| client.post("/items"),
            "  - GET https://api.vendor.com/items\n  + POST https://api.vendor.com/items",
        ),
        (
            get(format!("{URL}?state=open&page=1")),
            |client| client.get("/items?state=closed&size=5"),
            "    GET https://api.vendor.com/items\n  - query page: 1\n  - query state: open\n  + query state: closed\n  \
             + query size: 5",
        ),
        (
            get(format!("{URL}?a=1&a=2")),
            |client| client.get("/items?a=2&a=1"),
            "  - query a: 1\n  + query a: 2\n  - query a (2): 2",
        ),
        (
            get(URL).header("x-key", "other"),
            |client| client.get("/items"),
            "  - header x-key: other\n  + header x-key: ***",
        ),
        (get(URL).header("x-trace", "1"), |client| client.get("/items"), "  - header x-trace: 1"),
        (
            post(URL).json(json!({"a": 1, "b": [2]})),
            |client| client.post("/items").body(&json!({"a": 1, "b": [3], "c": "vendor-key-canary"})),
            "    json a: 1\n  - json b: [2]\n  + json b: [3]\n    json: {..}\n  + json c: \"***\"",
        ),
        (
            delete(URL),
            |client| client.delete("/items").body(&1),
            "    DELETE https://api.vendor.com/items\n  + body: 1",
        ),
        (post(URL).json(json!({})), |client| client.post("/items"), "  - json: {..}\n  + body: "),
    ];
    for (expected, ask, difference) in cases {
        let message = sent(expected, ask).unwrap_err();
        assert!(message.starts_with("request 1 of 1 is not the expected one:\n"), "{message}");
        assert!(message.contains(difference), "{message}\ndoes not hold\n{difference}");
        assert!(!message.contains("canary"), "{message}");
    }
}

#[tokio::test]
async fn requests_come_in_order_and_none_besides() {
    let api = Recorded::new([get(URL).reply(json!([])), get(format!("{URL}/1")).reply_with(404, json!({"no": 1}))]);
    let client = vendor::client(api.clone()).await;
    let unsent = api.finish().unwrap_err();
    let expected =
        "2 of 2 requests were not sent:\n  - GET https://api.vendor.com/items\n  - GET https://api.vendor.com/items/1";
    assert_eq!((unsent.to_string().as_str(), format!("{unsent:?}").as_str()), (expected, expected));

    client.get("/items").json::<Value>().await.unwrap();
    let error = client.get("/items/1").json::<Value>().await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().status), (ErrorKind::Refused, Some(404)));
    api.finish().unwrap();

    let error = client.get("/more?key=vendor-key-canary").text().await.unwrap_err();
    let expected = "request 3 was not expected:\n  + GET https://api.vendor.com/more?key=***";
    assert_eq!((error.message(), error.evidence().sent), (expected, Some(false)));
    assert_eq!(api.finish().unwrap_err().to_string(), expected);
}

#[tokio::test]
async fn an_answer_has_headers_or_does_not_come() {
    let link = r#"<https://api.vendor.com/items?page=2>; rel="next""#;
    let api = Recorded::new([
        get(URL).reply(json!([1])).reply_header("link", link),
        get(format!("{URL}?page=2")).unreachable(),
        get(format!("{URL}?page=2")).reply_text(200, "[2]"),
        delete(URL),
    ]);
    let client = vendor::client(api.clone()).await;
    let mut pages = client.get("/items").pages::<u8>();
    assert_eq!(pages.next().await.unwrap(), Some(vec![1]));
    assert_eq!(pages.next().await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(pages.next().await.unwrap(), Some(vec![2]));
    assert_eq!(client.delete("/items").send().await.unwrap().status(), 204);
    api.finish().unwrap();
}

#[tokio::test]
async fn requests_come_in_any_order_where_the_test_says_so() {
    let (a, b) = (format!("{URL}/a"), format!("{URL}/b"));
    let both = || [get(&a).reply(json!("a")), get(&b).reply(json!("b")), get(&b).reply(json!("b, the second"))];
    let api = Recorded::unordered(both());
    let client = vendor::client(api.clone()).await;
    let mut told = Vec::new();
    for path in ["/items/b", "/items/b", "/items/a"] {
        told.push(client.get(path).json::<String>().await.unwrap());
    }
    assert_eq!(told, ["b", "b, the second", "a"]);
    api.finish().unwrap();

    // What fits none is compared with the closest.
    let api = Recorded::unordered([post(URL).json(json!({"a": 1, "b": 2})), get(&a)]);
    let client = vendor::client(api.clone()).await;
    let error = client.post("/items").body(&json!({"a": 1, "b": 3})).text().await.unwrap_err();
    let expected = "request 1 of 2 is none of the expected ones; the closest:\n    POST https://api.vendor.com/items\n    \
                    json a: 1\n  - json b: 2\n  + json b: 3\n    json: {..}";
    assert_eq!(error.message(), expected);
    assert_eq!(api.finish().unwrap_err().to_string(), expected);
}

#[tokio::test]
async fn a_request_comes_as_often_as_the_test_says() {
    let items = || get(URL).reply(json!([]));
    // How often, what is sent in this order, and what is said of it.
    for (expected, sent, said) in [
        (items().times(2), &["/items", "/items", "/end"][..], ""),
        (items().times(0), &["/end"], ""),
        (items().any_times(), &["/end"], ""),
        (items().any_times(), &["/items", "/end", "/items", "/items"], ""),
        (
            items().times(2),
            &["/items"],
            "2 of 3 requests were not sent:\n  - GET https://api.vendor.com/items\n  - GET",
        ),
        (
            items().times(2),
            &[],
            "3 of 3 requests were not sent:\n  - GET https://api.vendor.com/items (2 times)\n  - GET",
        ),
        (items().times(2), &["/items", "/end"], "request 2 of 3 is not the expected one:\n  - GET https://api"),
        (items().any_times(), &["/items", "/end", "/end"], "request 2 was not expected:\n  + GET https://api"),
    ] {
        let api = Recorded::new([expected, get("https://api.vendor.com/end").reply(json!("end"))]);
        let client = vendor::client(api.clone()).await;
        for path in sent {
            let _ = client.get(path).text().await;
        }
        let told = api.finish().map_err(|mismatch| mismatch.to_string()).err().unwrap_or_default();
        assert!(told.starts_with(said) && told.is_empty() == said.is_empty(), "{sent:?}: {told}");
    }
}

#[tokio::test(start_paused = true)]
async fn faults_are_those_of_a_network() {
    let failed = |times| get(URL).reset().times(times);
    let api = Recorded::new([failed(1), get(URL).reply(json!(1)), failed(2), put(URL).reset()]);
    let client = vendor::client(api.clone()).await.retries(1);
    assert_eq!(client.get("/items").json::<u8>().await.unwrap(), 1);
    let error = client.get("/items").text().await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(true)));
    let error = client.put("/items").retries(0).text().await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(true)));
    api.finish().unwrap();

    let api = Recorded::new([
        get(URL).reply(json!("half of")).breaks_off(),
        get(URL).slow(Duration::from_secs(299)).reply(json!(2)),
        get(URL).slow(Duration::from_secs(301)).reply(json!(3)),
    ]);
    let client = vendor::client(api.clone()).await;
    assert_eq!(client.get("/items").text().await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(client.get("/items").json::<u8>().await.unwrap(), 2);
    assert_eq!(client.get("/items").text().await.unwrap_err().kind(), ErrorKind::Timeout);
    api.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_are_waited_for_or_said() {
    let wait = |millis| get(URL).too_many_requests(Duration::from_millis(millis));
    let api = Recorded::new([wait(1500), get(URL).reply(json!(1)), wait(7000)]);
    let client = vendor::client(api.clone()).await;
    let begun = tokio::time::Instant::now();
    assert_eq!(client.get("/items").retries(1).json::<u8>().await.unwrap(), 1);
    assert_eq!(begun.elapsed().as_secs(), 2, "a wait is whole seconds");
    let error = client.get("/items").text().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(429));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    api.finish().unwrap();
}
