//! Rules over pages that are read without a server: where each goes on, and where it ends.

use super::*;
use crate::request::CallBody;
use http::Method;
use http::header::{HeaderValue, LINK};
use serde_json::json;

const PAGE: &str = "https://api.vendor.com/v1/things?page=1";

fn page() -> Url {
    PAGE.parse().unwrap()
}

fn read(walk: &mut Walk, call: &Call, body: Value) -> Page {
    walk.read(call, &page(), &HeaderMap::new(), body).unwrap()
}

/// What the next call is: its query, or the link; `end`, or the error's beginning.
fn shown(page: &Page) -> String {
    match &page.next {
        Ok(Some(Next::Call(call))) => {
            let query: Vec<String> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{}{}", query.join("&"), String::from_utf8_lossy(&call.body.encoded().unwrap()))
        }
        Ok(Some(Next::Link(LinkTo(url)))) => url.to_string(),
        Ok(None) => "end".to_owned(),
        Err(error) => error.message().split(':').next().unwrap().to_owned(),
    }
}

#[test]
fn a_cursor_leads_on_until_it_is_absent_or_blank() {
    for (body, items, expected) in [
        (json!({"data": [1, 2], "meta": {"next": " c2 "}}), 2, "cursor=c2"),
        (json!({"data": [1], "meta": {"next": 0}}), 1, "cursor=0"),
        (json!({"data": [1], "meta": {"next": "  "}}), 1, "end"),
        (json!({"data": [1], "meta": {"next": null}}), 1, "end"),
        (json!({"data": [1], "meta": {"next": true}}), 1, "end"),
        (json!({"data": [1], "meta": "next"}), 1, "end"),
        (json!({"data": [1]}), 1, "end"),
        (json!({"data": [], "meta": {"next": "c2"}}), 0, "end"),
        (json!({"meta": {"next": "c2"}}), 0, "end"),
        (json!({"data": null, "meta": {"next": "c2"}}), 0, "end"),
        (json!(null), 0, "end"),
    ] {
        let rule = Paginate::cursor("cursor", "meta.next").response_path("data");
        let mut walk = Walk::new(rule, None, 10);
        let first = walk.first(Call::default()).unwrap();
        assert_eq!(first.query, []);
        let page = read(&mut walk, &first, body.clone());
        assert_eq!((page.items.len(), shown(&page).as_str()), (items, expected), "{body}");
    }
}

#[test]
fn a_cursor_that_was_followed_is_not_followed_again() {
    let mut walk = Walk::new(Paginate::cursor("c", "n").response_path("d"), None, 10);
    let call = walk.first(Call::default()).unwrap();
    let body = |cursor: &str| json!({"d": [1], "n": cursor});
    let shown: Vec<String> = ["a", "b", "a"].map(|cursor| shown(&read(&mut walk, &call, body(cursor)))).into();
    assert_eq!(shown, ["c=a", "c=b", "the upstream names a cursor that was followed before"]);
    // A text and a number are two cursors.
    let mut walk = Walk::new(Paginate::cursor("c", "n").response_path("d"), None, 10);
    assert!(read(&mut walk, &call, json!({"d": [1], "n": "1"})).next.is_ok());
    assert!(read(&mut walk, &call, json!({"d": [1], "n": 1})).next.is_ok());
}

#[test]
fn an_offset_counts_items_or_pages_from_its_start() {
    let body = json!([1, 2, 3]);
    for (rule, limit, query, first, second) in [
        (Paginate::offset("start", 0), None, None, "start=0", "start=3"),
        (Paginate::offset("start", 5), Some(3), None, "n=3&start=5", "n=3&start=8"),
        (Paginate::offset("start", 0), Some(4), None, "n=4&start=0", "end"),
        (Paginate::page_number("page", 1), Some(3), None, "n=3&page=1", "n=3&page=2"),
        (Paginate::page_number("page", 1), None, Some("7"), "page=7", "page=8"),
        (Paginate::page_number("page", 1), None, Some("x"), "page=1", "page=2"),
        (
            Paginate::offset("start", i64::MAX),
            None,
            None,
            "start=9223372036854775807",
            "the offset of the next page is too large",
        ),
    ] {
        let query = query.map(|value| ("page".to_owned(), value.to_owned())).into_iter().collect();
        let mut walk = Walk::new(rule.limit_name("n"), limit, 10);
        let call = walk.first(Call { query, ..Call::default() }).unwrap();
        let as_next = Page { items: Vec::new(), next: Ok(Some(Next::Call(call.clone()))) };
        assert_eq!(shown(&as_next), first);
        assert_eq!(shown(&read(&mut walk, &call, body.clone())), second);
        assert_eq!(shown(&read(&mut walk, &call, json!([]))), "end");
    }
}

#[test]
fn links_are_resolved_against_the_page_and_followed_once() {
    let header = |text: &str| HeaderMap::from_iter([(LINK, HeaderValue::from_str(text).unwrap())]);
    for (link, expected) in [
        ("https://api.vendor.com/v1/things?page=2#x", "https://api.vendor.com/v1/things?page=2"),
        ("/v1/things?page=2", "https://api.vendor.com/v1/things?page=2"),
        ("?page=2", "https://api.vendor.com/v1/things?page=2"),
        ("//other.example/x", "https://other.example/x"),
        ("?page=1", "end"),
        ("", "end"),
        ("http://[", "the upstream's link to the next page is not a URL"),
    ] {
        let mut walk = Walk::new(Paginate::link_header("next"), None, 10);
        let page_read =
            walk.read(&Call::default(), &page(), &header(&format!("<{link}>; rel=next")), json!([])).unwrap();
        assert_eq!(shown(&page_read), expected, "{link}");
        let mut walk = Walk::new(Paginate::link_body("@odata.nextLink").response_path("value"), None, 10);
        let page_read = read(&mut walk, &Call::default(), json!({"value": [1], "@odata.nextLink": link}));
        assert_eq!(shown(&page_read), expected, "{link}");
    }
    let mut walk = Walk::new(Paginate::link_body("next").response_path("d"), None, 10);
    let call = Call::default();
    assert!(read(&mut walk, &call, json!({"next": "?page=2"})).next.is_ok());
    let second: Url = "https://api.vendor.com/v1/things?page=2".parse().unwrap();
    let back = walk.read(&call, &second, &HeaderMap::new(), json!({"next": PAGE})).unwrap();
    assert_eq!(shown(&back), "the upstream names a page that was read before");
}

#[test]
fn parameters_of_a_post_go_into_its_body() {
    let rule = || Paginate::page_number("paging.page", 1).limit_name("paging.size");
    let post = |body| Call { method: Method::POST, body, ..Call::default() };
    for (body, expected) in [
        (CallBody::Empty, r#"{"paging":{"size":2,"page":1}}"#),
        (CallBody::Json(json!({"a": 1, "paging": {"x": 0}})), r#"{"a":1,"paging":{"x":0,"size":2,"page":1}}"#),
        (CallBody::Json(json!({"paging": {"page": 4}})), r#"{"paging":{"page":4,"size":2}}"#),
        (CallBody::Form(vec![("a".into(), "1".into())]), "a=1&paging.size=2&paging.page=1"),
    ] {
        let call = Walk::new(rule(), Some(2), 10).first(post(body)).unwrap();
        assert_eq!(call.body.encoded().unwrap(), expected);
    }
    for body in [CallBody::Json(json!([])), CallBody::Json(json!({"paging": 1})), CallBody::Bytes("x".into())] {
        assert!(Walk::new(rule(), None, 10).first(post(body)).is_err());
    }
    let call = Walk::new(rule().in_body(false), None, 10).first(post(CallBody::Empty)).unwrap();
    assert_eq!(call.query, [("paging.page".to_owned(), "1".to_owned())]);
}

#[test]
fn what_is_no_list_a_limit_without_a_name_and_a_list_over_the_bound_are_errors() {
    let mut walk = Walk::new(Paginate::offset("start", 0), None, 10);
    assert!(walk.read(&Call::default(), &page(), &HeaderMap::new(), json!({"a": 1})).is_err());
    assert!(Walk::new(Paginate::offset("start", 0), Some(5), 10).first(Call::default()).is_err());
    let mut walk = Walk::new(Paginate::offset("start", 0), None, 2);
    let shown = [(); 2].map(|()| shown(&read(&mut walk, &Call::default(), json!([1]))));
    assert_eq!(shown, ["start=1", "the list goes on after 2 pages, which is the bound"]);
}
