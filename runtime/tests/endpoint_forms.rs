//! Endpoints as real vendors have them: styles, nested forms, parts, streams, heads, absent values, hosts, keys, pages.
#![cfg(feature = "macros")]
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/vendor.rs"]
mod vendor;

use bytes::Bytes;
use keyway::egress::Egress;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Answer, CallError, Client, Download, ErrorKind, Pages, Part, Response, Upload};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::io::AsyncReadExt;

#[derive(Serialize)]
struct Filter {
    status: Option<&'static str>,
    ids: Vec<u8>,
}

#[derive(Serialize)]
struct Charge {
    amount: u32,
    line_items: Vec<Line>,
    note: Option<&'static str>,
}

#[derive(Serialize)]
struct Line {
    price: &'static str,
}

/// As it is imported.
#[derive(Clone, Debug, Default, keyway::Serialize)]
struct Picture {
    title: String,
    file: Part,
    thumbnail: Option<Part>,
    pages: Option<Vec<Part>>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Thing {
    id: String,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Said {
    error: String,
}

/// Endpoints as real APIs have them.
#[keyway::api(vendor)]
trait Forms {
    #[get("/q?fixed=1")]
    async fn styles(
        &self,
        #[query("labels", style = "comma")] labels: &[&str],
        #[query(style = "pipe")] ids: &[u8],
        #[query(style = "brackets")] tags: Option<&[&str]>,
        #[query("filter", style = "deep_object")] filter: &Filter,
    ) -> String;

    #[get("/contents/{path*}")]
    fn contents(&self, path: &str) -> String;

    #[get("/contents/{path*}")]
    fn segments(&self, path: &[&str]) -> String;

    #[post("/charges")]
    #[idempotent("paypal-request-id")]
    #[retries(2)]
    fn charge(&self, #[body(form = "brackets")] charge: &Charge) -> String;

    #[post("/charges")]
    #[idempotent("idempotency-key")]
    fn charge_by(&self, #[header("idempotency-key")] key: Option<&str>, #[body] charge: &Value) -> String;

    #[post("/charges")]
    #[retries(2)]
    fn charge_once(&self, #[body] charge: &Value) -> String;

    #[post("/pictures")]
    fn picture(&self, #[body(multipart)] picture: &Picture) -> String;

    #[post("/assets")]
    #[host("uploads.vendor.com")]
    fn asset(&self, #[query] name: &str, #[body(stream = "application/zip")] asset: Upload) -> String;

    #[put("/document")]
    fn document(&self, #[body(json = "application/vnd.api+json")] document: &Value) -> String;

    #[put("/image")]
    fn image(&self, #[body(bytes = "image/png")] image: &[u8]) -> String;

    #[get("/thing")]
    fn with_head(&self) -> Answer<Thing>;

    #[get("/{kind}")]
    #[absent(404, 304)]
    fn maybe(&self, kind: &str) -> Answer<Option<Thing>>;

    #[get("/{kind}")]
    #[absent(204, 404)]
    fn maybe_bytes(&self, kind: &str) -> Option<Bytes>;

    #[delete("/thing")]
    fn removed(&self) -> Answer<()>;

    #[get("/file")]
    fn file(&self) -> Bytes;

    #[get("/{kind}")]
    #[error(Said)]
    fn download(&self, kind: &str) -> Download;

    #[get("/{kind}")]
    #[error(Said, when = "ok=false")]
    #[error(Said, status = 422)]
    fn rpc(&self, kind: &str) -> Value;

    #[get("/slow")]
    #[timeout("20ms")]
    fn slow(&self) -> String;

    #[get("/last")]
    #[paginate(last = "id", as = "starting_after", more = "has_more", limit = "limit", items = "data")]
    fn by_last(&self) -> Vec<Thing>;

    #[get("/cursor")]
    #[paginate(
        cursor = "page[after]",
        from = "meta.after",
        more = "meta.has_more",
        limit = "page[size]",
        items = "tickets"
    )]
    fn by_cursor(&self) -> Vec<Thing>;

    #[get("/linked")]
    #[paginate(items = "values")]
    fn by_entry(&self) -> Vec<Thing>;

    #[get("/{kind}")]
    #[paginate(page = "page", items = "values")]
    #[error(Said)]
    #[error(Said, when = "ok=false")]
    fn failing(&self, kind: &str) -> Vec<Thing>;
}

/// The same as an object.
#[keyway::api(vendor, dyn)]
trait Boxed {
    #[get("/contents/{path*}")]
    fn boxed_contents(&self, path: &str) -> String;

    #[get("/last")]
    #[paginate(last = "id", as = "starting_after", more = "has_more", items = "data")]
    fn boxed_pages(&self) -> Vec<Thing>;
}

/// Answers with the request itself, or as the path says. Keeps what was sent.
#[derive(Clone, Debug, Default)]
struct Upstream {
    seen: Arc<Mutex<Vec<String>>>,
}

impl Transport for Upstream {
    fn send<'a>(&'a self, request: http::Request<Body>, _: &'a Egress) -> BoxFuture<'a, keyway::Result<Response>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let length = http_body::Body::size_hint(&body).exact();
            let body = String::from_utf8(body.collect(10_000).await?.to_vec()).unwrap();
            let header = |name: &str| head.headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
            let key = [header("paypal-request-id"), header("idempotency-key")].join(" ");
            self.seen.lock().unwrap().push(key);
            let query = head.uri.query().unwrap_or_default();
            let answer = |status: u16, body: Value| (status, body.to_string());
            let (status, answer) = match head.uri.path() {
                "/charges" if self.seen.lock().unwrap().len() < 2 => answer(500, json!({})),
                "/none" => answer(404, json!({"error": "none"})),
                "/unchanged" => (304, String::new()),
                "/nothing" => (204, String::new()),
                "/null" => (200, "null".to_owned()),
                "/thing" => answer(200, json!({"id": "a"})),
                "/file" => (200, "a,b".to_owned()),
                "/refused" => answer(422, json!({"error": "vendor-key-canary"})),
                "/wrong" => answer(200, json!({"ok": false, "error": "vendor-key-canary"})),
                "/right" => answer(200, json!({"ok": true})),
                "/odd" => answer(404, json!({"error": "x"})),
                "/slow" => {
                    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
                    (200, String::new())
                }
                "/last" if query.contains("starting_after=b") => {
                    answer(200, json!({"data": [{"id": "c"}], "has_more": false}))
                }
                "/last" => answer(200, json!({"data": [{"id": "a"}, {"id": "b"}], "has_more": true})),
                "/cursor" if query.contains("page%5Bafter%5D=n") => {
                    answer(200, json!({"tickets": [{"id": "c"}], "meta": {"after": "m", "has_more": false}}))
                }
                "/cursor" => answer(200, json!({"tickets": [{"id": query}], "meta": {"after": "n", "has_more": true}})),
                "/linked" => answer(200, json!({"values": [{"id": "a"}]})),
                _ => {
                    let kind = header("content-type");
                    let kind = kind.split("; boundary=").next().unwrap();
                    let body = match body.strip_prefix("--") {
                        Some(rest) => body.replace(rest.split("\r\n").next().unwrap(), "B").replace("\r\n", "|"),
                        None => body,
                    };
                    (200, format!("{} {} {kind} {length:?} {body}", head.method, head.uri))
                }
            };
            let response = http::Response::builder().status(status).header("etag", "\"1\"");
            Ok(response.body(Body::full(answer)).unwrap())
        })
    }
}

async fn client() -> (Client<vendor::Vendor>, Upstream) {
    let upstream = Upstream::default();
    (vendor::client(upstream.clone()).await, upstream)
}

#[tokio::test]
async fn queries_have_the_style_of_the_endpoint() {
    let (client, _) = client().await;
    let filter = Filter { status: Some("open"), ids: vec![1, 2] };
    let sent = client.styles(&["a,b", "c d"], &[1, 2], Some(&["x"]), &filter).await.unwrap();
    let query =
        "fixed=1&labels=a%2Cb,c+d&ids=1%7C2&tags%5B%5D=x&filter%5Bstatus%5D=open&filter%5Bids%5D=1&filter%5Bids%5D=2";
    assert_eq!(sent, format!("GET https://api.vendor.com/q?{query} - Some(0) "));
    let sent = client.styles(&[], &[], None, &Filter { status: None, ids: vec![] }).await.unwrap();
    assert_eq!(sent, "GET https://api.vendor.com/q?fixed=1 - Some(0) ");
}

#[tokio::test]
async fn a_path_may_keep_its_slashes_and_leads_nowhere_else() {
    let (client, _) = client().await;
    for (path, expected) in [("src/a b.rs", "src/a%20b.rs"), ("a//b/", "a//b/"), ("a?b#c/x%2e", "a%3Fb%23c/x%252e")] {
        let sent = client.contents(path).await.unwrap();
        assert_eq!(sent, format!("GET https://api.vendor.com/contents/{expected} - Some(0) "));
    }
    let sent = client.segments(&["a/b", "c"]).await.unwrap();
    assert_eq!(sent, "GET https://api.vendor.com/contents/a%2Fb/c - Some(0) ");
    for path in ["", "/a", "..", "a/../b", "a/.", "./a", "a/%2e%2E"] {
        let error = client.contents(path).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidValue, Some(false)), "{path}");
    }
    let boxed: Box<dyn Boxed + Send + Sync> = Box::new(client);
    assert!(boxed.boxed_contents("a/b").await.unwrap().starts_with("GET https://api.vendor.com/contents/a/b "));
    assert_eq!(boxed.boxed_pages().collect(9).await.unwrap().len(), 3);
}

#[tokio::test]
async fn bodies_are_nested_forms_parts_streams_and_bytes_with_a_media_type() {
    let (client, _) = client().await;
    let charge = Charge { amount: 5, line_items: vec![Line { price: "p" }, Line { price: "q" }], note: None };
    client.charge_once(&json!({})).await.unwrap_err();
    for (sent, expected) in [
        (
            client.charge(&charge).await.unwrap(),
            "POST https://api.vendor.com/charges application/x-www-form-urlencoded Some(70) \
             amount=5&line_items%5B0%5D%5Bprice%5D=p&line_items%5B1%5D%5Bprice%5D=q",
        ),
        (
            client
                .picture(&Picture {
                    title: "t".to_owned(),
                    file: Part::bytes("ab").file_name("a.png").media_type("image/png"),
                    pages: Some(vec![Part::bytes("1"), Part::bytes("2")]),
                    ..Picture::default()
                })
                .await
                .unwrap(),
            "POST https://api.vendor.com/pictures multipart/form-data Some(449) \
             --B|content-disposition: form-data; name=\"title\"||t|\
             --B|content-disposition: form-data; name=\"file\"; filename=\"a.png\"|content-type: image/png||ab|\
             --B|content-disposition: form-data; name=\"pages\"||1|--B|content-disposition: form-data; name=\"pages\"||2|--B--|",
        ),
        (
            client.asset("a b", Upload::reader(&b"zip"[..]).length(3)).await.unwrap(),
            "POST https://uploads.vendor.com/assets?name=a+b application/zip Some(3) zip",
        ),
        (
            client.document(&json!({"data": 1})).await.unwrap(),
            "PUT https://api.vendor.com/document application/vnd.api+json Some(10) {\"data\":1}",
        ),
        (client.image(b"png").await.unwrap(), "PUT https://api.vendor.com/image image/png Some(3) png"),
    ] {
        assert_eq!(sent, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_is_made_once_for_a_call_and_its_retries() {
    let (first, upstream) = client().await;
    let charge = Charge { amount: 5, line_items: vec![], note: None };
    first.charge(&charge).await.unwrap();
    let seen = upstream.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 2, "tried again: {seen:?}");
    assert!(seen[0] == seen[1] && seen[0].len() == 36 + 2, "{seen:?}");
    first.charge(&charge).await.unwrap();
    assert_ne!(upstream.seen.lock().unwrap()[2], seen[0]);

    first.charge_by(Some("own"), &json!({})).await.unwrap();
    first.charge_by(None, &json!({})).await.unwrap();
    let seen = upstream.seen.lock().unwrap().clone();
    assert_eq!((seen[3].as_str(), seen[4].len()), ("- own", 36 + 2), "{seen:?}");

    // Without a key a POST that may have been carried out is not sent again.
    let (other, upstream) = client().await;
    other.charge_once(&json!({})).await.unwrap_err();
    assert_eq!(upstream.seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_has_its_head_and_may_be_absent() {
    let (client, _) = client().await;
    let thing = || Thing { id: "a".to_owned() };
    let answer = client.with_head().await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("etag"), &answer.value), (200, Some("\"1\""), &thing()));
    assert_eq!(
        format!("{:?}", client.removed().await.unwrap()),
        r#"Answer { value: (), status: 200, headers: ["etag"] }"#
    );
    for (kind, status, expected) in
        [("thing", 200, Some(thing())), ("none", 404, None), ("unchanged", 304, None), ("null", 200, None)]
    {
        let answer = client.maybe(kind).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.value), (status, expected), "{kind}");
    }
    assert_eq!(client.maybe("refused").await.unwrap_err().evidence().status, Some(422));
    for (kind, expected) in [("file", Some("a,b")), ("none", None), ("nothing", None), ("null", Some("null"))] {
        assert_eq!(client.maybe_bytes(kind).await.unwrap(), expected.map(Bytes::from), "{kind}");
    }
    assert_eq!(client.file().await.unwrap(), "a,b");
}

#[tokio::test]
async fn a_download_is_a_reader_of_a_success() {
    let (client, _) = client().await;
    let mut download = client.download("file").await.unwrap();
    let mut text = String::new();
    download.read_to_string(&mut text).await.unwrap();
    assert_eq!((text.as_str(), download.header("etag")), ("a,b", Some("\"1\"")));
    let refused = client.download("refused").await.unwrap_err();
    assert_eq!(refused.body(), Some(&Said { error: "***".to_owned() }));
}

#[tokio::test]
async fn an_error_is_read_by_status_and_inside_a_success() {
    let (client, _) = client().await;
    assert_eq!(client.rpc("right").await.unwrap(), json!({"ok": true}));
    for (kind, status) in [("wrong", 200), ("refused", 422)] {
        let error = client.rpc(kind).await.unwrap_err();
        assert_eq!(error.body(), Some(&Said { error: "***".to_owned() }), "{kind}");
        assert_eq!((error.error().kind(), error.error().evidence().status), (ErrorKind::Refused, Some(status)));
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
    let error = client.rpc("odd").await.unwrap_err();
    assert!(matches!(&error, CallError::Other(error) if error.evidence().status == Some(404)), "{error:?}");

    for (kind, status) in [("wrong", 200), ("refused", 422)] {
        let error = client.failing(kind).next().await.unwrap_err();
        assert_eq!(error.body(), Some(&Said { error: "***".to_owned() }), "{kind}");
        assert_eq!(error.error().evidence().status, Some(status));
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_may_have_a_time_of_its_own() {
    let (client, _) = client().await;
    let error = client.slow().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.message(), "no answer within 20 milliseconds: the call was given up");
}

#[tokio::test]
async fn pages_follow_what_the_endpoint_says_over_the_entry() {
    let (client, _) = client().await;
    let ids = |things: Vec<Thing>| things.into_iter().map(|thing| thing.id).collect::<Vec<_>>();
    assert_eq!(ids(client.by_last().limit(2).collect(9).await.unwrap()), ["a", "b", "c"]);
    assert_eq!(ids(client.by_cursor().limit(7).collect(9).await.unwrap()), ["page%5Bsize%5D=7", "c"]);
    assert_eq!(ids(client.by_entry().collect(9).await.unwrap()), ["a"]);
}

#[tokio::test]
async fn a_test_can_make_pages() {
    struct Fake;
    impl Boxed for Fake {
        fn boxed_contents(
            &self,
            path: &str,
        ) -> std::pin::Pin<Box<dyn Future<Output = keyway::Result<String>> + Send + '_>> {
            let path = path.to_owned();
            Box::pin(async { Ok(path) })
        }
        fn boxed_pages(&self) -> Pages<Thing> {
            Pages::of([vec![Thing { id: "x".to_owned() }], vec![]])
        }
    }
    assert_eq!(Fake.boxed_contents("p").await.unwrap(), "p");
    let mut pages = Fake.boxed_pages();
    assert_eq!(pages.next().await.unwrap().map(|page| page.len()), Some(1));
    assert_eq!(pages.next().await.unwrap().map(|page| page.len()), Some(0));
    assert!(pages.next().await.unwrap().is_none());

    let failing: Pages<Thing, CallError<Said>> =
        Pages::of_results([Ok(vec![]), Err(keyway::Error::new(ErrorKind::Timeout, "late").into())]);
    assert!(matches!(failing.collect(9).await, Err(CallError::Other(error)) if error.is_timeout()));
}
