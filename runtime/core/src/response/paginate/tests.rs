//! Rules over pages that are read without a server: where each goes on, and where it ends.

use super::*;
use crate::request::CallBody;
use http::Method;
use http::header::{HeaderValue, LINK};
use serde_json::json;

mod ends;
mod headers;
mod steps;

const PAGE: &str = "https://api.vendor.com/v1/things?page=1";

fn page() -> Url {
    PAGE.parse().unwrap()
}

fn read(walk: &mut Walk, call: &Call, body: Value) -> Page {
    walk.read(call, &page(), &HeaderMap::new(), body).unwrap()
}

/// The next call: its query, or the link; `end`, or the error's beginning.
fn shown(page: &Page) -> String {
    match &page.next {
        Ok(Some(Next::Call(call))) => {
            let query: Vec<String> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{}{}", query.join("&"), String::from_utf8_lossy(&call.body.encoded().unwrap()))
        }
        Ok(Some(Next::Link(LinkTo(url)))) => url.to_string(),
        Ok(None) => "end".to_owned(),
        Err(error) => error.message().split(": ").next().unwrap().to_owned(),
    }
}

#[test]
fn a_cursor_leads_on_until_it_is_absent_or_blank() {
    for (body, items, expected) in [
        (json!({"data": [1, 2], "meta": {"next": " c2 "}}), 2, "cursor=c2"),
        (json!({"data": [1], "meta": {"next": 0}}), 1, "cursor=0"),
        (json!({"data": [1], "meta": {"next": "  "}}), 1, "end"),
        (json!({"data": [1], "meta": {"next": null}}), 1, "end"),
        (json!({"data": [1], "meta": {"next": false}}), 1, "end"),
        (json!({"data": [1], "meta": null}), 1, "end"),
        (json!({"data": [1]}), 1, "the first page has items and no `meta.next`, so"),
        (json!({"data": [1], "meta": {"after": "c2"}}), 1, "the first page has items and no `meta.next`, so"),
        (json!({"data": [1], "meta": {"next": true}}), 1, "`meta.next` of the page says that the list goes on"),
        (json!({"data": [1], "meta": {"next": {"href": "/x"}}}), 1, "`meta.next` of the page is an object and not"),
        (json!({"data": [1], "meta": {"next": ["x"]}}), 1, "`meta.next` of the page is a list and not"),
        (json!({"data": [1], "meta": {"next": "null"}}), 1, "`meta.next` of the page is the text `null`"),
        (json!({"data": [1], "meta": "next"}), 1, "`meta.next` leads nowhere in the page, where `meta` is a text"),
        (json!({"data": [], "meta": {"next": "c2"}}), 0, "cursor=c2"),
        (json!({"meta": {"next": "c2"}}), 0, "cursor=c2"),
        (json!({"data": null, "meta": {"next": "c2"}}), 0, "cursor=c2"),
        (json!({"data": []}), 0, "end"),
        (json!({"total": 0}), 0, "end"),
        (json!(null), 0, "end"),
    ] {
        let rule = Paginate::cursor("cursor", "meta.next").response_path("data");
        let mut walk = Walk::new(rule, None, 10);
        let first = walk.first(Call::default()).unwrap();
        assert_eq!(first.query, []);
        let page = read(&mut walk, &first, body.clone());
        assert_eq!(page.items.len(), items, "{body}");
        assert!(
            shown(&page).starts_with(expected) && (expected != "end" || shown(&page) == "end"),
            "{body}: {}",
            shown(&page)
        );
    }
}

#[test]
fn a_first_page_without_a_cursor_is_the_whole_where_it_is_short_or_the_rule_says_so() {
    let rule = || Paginate::cursor("cursor", "next").response_path("data").limit_name("size");
    let sized = |size: &str| Call { endpoint: format!("/things?size={size}"), ..Call::default() };
    for (rule, limit, call, whole) in [
        (rule(), Some(3), Call::default(), true),
        (rule(), Some(2), Call::default(), false),
        (rule(), None, sized("3"), true),
        (rule(), None, sized("2"), false),
        (rule(), None, Call::default(), false),
        (rule().cursor_may_be_absent(), None, Call::default(), true),
    ] {
        let mut walk = Walk::new(rule, limit, 10);
        let call = walk.first(call).unwrap();
        let page = read(&mut walk, &call, json!({"data": [1, 2]}));
        assert_eq!(matches!(page.next, Ok(None)), whole, "{limit:?} {}", call.endpoint);
    }
    // Behind the first page an absent cursor is the end.
    let mut walk = Walk::new(rule(), None, 10);
    let first = read(&mut walk, &Call::default(), json!({"data": [1], "next": "b"}));
    let second = read(&mut walk, &Call::default(), json!({"data": [2]}));
    assert_eq!([shown(&first), shown(&second)], ["cursor=b", "end"]);
}

#[test]
fn an_entry_says_that_a_first_page_without_a_cursor_is_the_whole() {
    use keyway_spec::proxy::{Paginate as Declared, PaginateKind};
    let kind = PaginateKind::Cursor { name: "cursor", path: "next" };
    for (more, said, whole) in [(None, false, false), (None, true, true), (Some("more"), true, true)] {
        let declared = Declared { kind, more, cursor_may_be_absent: said, ..Declared::EMPTY };
        let mut walk = Walk::new(Paginate::from(declared).response_path("data"), None, 10);
        let page = read(&mut walk, &Call::default(), json!({"data": [1, 2]}));
        assert_eq!(matches!(page.next, Ok(None)), whole, "{more:?} {said}");
    }
}

#[test]
fn an_empty_page_goes_on_unless_its_cursor_is_the_one_that_asked_for_it() {
    let mut walk = Walk::new(Paginate::cursor("c", "n").response_path("d"), None, 10);
    let call = walk.first(Call::default()).unwrap();
    let mut seen = Vec::new();
    for (items, cursor) in [(json!([1]), "a"), (json!([]), "b"), (json!([]), "c"), (json!([2]), "d"), (json!([]), "d")]
    {
        seen.push(shown(&read(&mut walk, &call, json!({"d": items, "n": cursor}))));
    }
    assert_eq!(seen, ["c=a", "c=b", "c=c", "c=d", "end"]);
}

#[test]
fn paths_name_items_of_lists_too() {
    for (path, body, expected) in [
        ("links.0.cursor", json!({"data": [1], "links": [{"cursor": "z"}]}), "c=z"),
        ("links[0].cursor", json!({"data": [1], "links": [{"cursor": "z"}]}), "c=z"),
        ("data[-1].id", json!({"data": [{"id": 4}, {"id": 9}]}), "c=9"),
        ("data.-1.id", json!({"data": [{"id": 4}, {"id": 9}]}), "c=9"),
        ("data[-1].id", json!({"data": []}), "end"),
        ("data[-1].id", json!({"data": ["x"]}), "`data[-1].id` leads nowhere in the page, where `data.-1` is a text"),
    ] {
        let mut walk = Walk::new(Paginate::cursor("c", path).response_path("data"), None, 10);
        assert_eq!(shown(&read(&mut walk, &Call::default(), body)), expected, "{path}");
    }
    let mut walk = Walk::new(Paginate::offset("start", 0).response_path("pages[0].items"), None, 10);
    assert_eq!(read(&mut walk, &Call::default(), json!({"pages": [{"items": [1, 2]}]})).items.len(), 2);
}

#[test]
fn a_list_that_is_not_where_the_rule_says_is_an_error() {
    for (body, expected) in [
        (json!({"items": [1, 2]}), Some("the page has no `data`, and a list in `items`")),
        (json!({"result": {"items": [1]}}), Some("the page has no `data`, and a list in `result.items`")),
        (json!([1]), Some("the page has no `data`, and a list in its whole")),
        (json!({"data": {"a": 1}}), Some("`data` of the page is not a list")),
        (json!("text"), Some("`data` leads nowhere in the page, where the whole is a text")),
        (json!({"items": [], "total": 0}), None),
        (json!({}), None),
        (json!(null), None),
    ] {
        let mut walk = Walk::new(Paginate::offset("start", 0).response_path("data"), None, 10);
        match walk.read(&Call::default(), &page(), &HeaderMap::new(), body.clone()) {
            Ok(page) => assert_eq!((expected, page.items.len()), (None, 0), "{body}"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{body}");
                assert!(error.message().starts_with(expected.unwrap()), "{body}: {error}");
            }
        }
    }
}

#[test]
fn a_short_page_is_the_last_only_behind_a_full_one() {
    // An upstream that gives two where ten are asked for, and one that gives ten.
    for (pages, expected) in [
        (&[2, 2, 1, 0][..], &["2", "4", "5", "end"][..]),
        (&[10, 10, 3], &["10", "20", "end"]),
        (&[10, 0], &["10", "end"]),
        (&[0], &["end"]),
    ] {
        let mut walk = Walk::new(Paginate::offset("start", 0).limit_name("n"), Some(10), 10);
        let call = walk.first(Call::default()).unwrap();
        let read = pages.iter().map(|count| read(&mut walk, &call, Value::from(vec![0; *count])));
        let shown: Vec<String> = read.map(|page| shown(&page).replace("n=10&start=", "")).collect();
        assert_eq!(shown, expected);
    }
}

#[test]
fn the_last_item_asks_for_the_next_page() {
    let rule = || Paginate::last_item("after", "id").response_path("data").limit_name("n");
    let items = |ids: &[u64]| ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>();
    for (rule, limit, pages, expected) in [
        (
            rule().more("has_more"),
            None,
            &[(&[1, 2][..], json!(true)), (&[3], json!(false))][..],
            &["after=2", "end"][..],
        ),
        (rule().more("has_more"), Some(2), &[(&[1], json!(true)), (&[2, 3], json!(null))], &["n=2&after=1", "end"]),
        (rule().more("has_more"), None, &[(&[], json!(false))], &["end"]),
        (
            rule().more("has_more"),
            None,
            &[(&[], json!(true))],
            &["`has_more` of the page says that the list goes on, and nothing says where"],
        ),
        (
            rule().more("has_more"),
            None,
            &[(&[1], json!("yes"))],
            &["`has_more` of the page is a text and not a boolean, so nothing says whether the list goes on"],
        ),
        (
            rule().more("more"),
            None,
            &[(&[1], json!(true))],
            &["the first page has items and no `more`, so nothing says whether the list goes on"],
        ),
        // Without the bool an empty page is the end, and a short one behind a full one.
        (rule(), None, &[(&[1], json!(0)), (&[2], json!(0)), (&[], json!(0))], &["after=1", "after=2", "end"]),
        (rule(), Some(2), &[(&[1, 2], json!(0)), (&[3], json!(0))], &["n=2&after=2", "end"]),
        (
            rule(),
            None,
            &[(&[1], json!(0)), (&[1], json!(0))],
            &["after=1", "the upstream names a cursor that was followed before"],
        ),
    ] {
        let mut walk = Walk::new(rule, limit, 10);
        let call = walk.first(Call::default()).unwrap();
        let shown: Vec<String> = pages
            .iter()
            .map(|(ids, more)| shown(&read(&mut walk, &call, json!({"data": items(ids), "has_more": more}))))
            .collect();
        assert_eq!(shown, expected);
    }
    let mut walk = Walk::new(rule(), None, 10);
    let page = read(&mut walk, &Call::default(), json!({"data": [{"key": 1}]}));
    assert_eq!(shown(&page), "the last item of the page has no `id`, which asks for the next page");
}

#[test]
fn a_bool_that_says_whether_the_list_goes_on_decides() {
    for (rule, body, expected) in [
        (Paginate::cursor("c", "next"), json!({"d": [1], "next": "x", "more": false}), "end"),
        (Paginate::cursor("c", "next"), json!({"d": [1], "next": "x", "more": true}), "c=x"),
        (
            Paginate::cursor("c", "next"),
            json!({"d": [1], "next": null, "more": true}),
            "`more` of the page says that the list goes on, and nothing says where",
        ),
        (Paginate::link_body("next"), json!({"d": [1], "next": "?p=2", "more": false}), "end"),
        (Paginate::offset("o", 0).limit_name("n"), json!({"d": [1], "more": false}), "end"),
        (Paginate::offset("o", 0).limit_name("n"), json!({"d": [1], "more": true}), "n=1&o=1"),
    ] {
        let limit = rule.limit_name.as_ref().map(|_| 1);
        let mut walk = Walk::new(rule.response_path("d").more("more"), limit, 10);
        let call = walk.first(Call::default()).unwrap();
        assert_eq!(shown(&read(&mut walk, &call, body.clone())), expected, "{body}");
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
        (Paginate::offset("start", 0), Some(4), None, "n=4&start=0", "n=4&start=3"),
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
        let as_next = Page { items: Vec::new(), next: Ok(Some(Next::Call(Box::new(call.clone())))) };
        assert_eq!(shown(&as_next), first);
        assert_eq!(shown(&read(&mut walk, &call, body.clone())), second);
        assert_eq!(shown(&read(&mut walk, &call, json!([]))), "end");
    }
}

#[test]
fn links_are_resolved_against_the_page_and_followed_once() {
    let header = |text: &str| HeaderMap::from_iter([(LINK, HeaderValue::from_str(text).unwrap())]);
    for (next, expected) in [
        (json!({"href": "?page=2"}), "`next` of the page is an object and not a URL"),
        (json!(2), "`next` of the page is a number and not a URL"),
        (json!(true), "`next` of the page says that the list goes on and not where"),
        (json!("null"), "`next` of the page is the text `null`, which leads nowhere"),
        (json!(false), "end"),
        (json!(null), "end"),
    ] {
        let mut walk = Walk::new(Paginate::link_body("next").response_path("d"), None, 10);
        let body = json!({"d": [1], "next": next});
        assert_eq!(shown(&read(&mut walk, &Call::default(), body)), expected, "{next}");
    }
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
fn a_parameter_that_the_endpoint_has_is_replaced_and_the_rest_stays_as_written() {
    for (endpoint, expected) in [
        ("/things?cursor=a&x=%E9&y", "/things?x=%E9&y"),
        ("/things?x=1&c%75rsor=a#part", "/things?x=1#part"),
        ("/things?cursor=a", "/things"),
        ("/things?cursors=a&", "/things?cursors=a&"),
        ("/things", "/things"),
    ] {
        let mut walk = Walk::new(Paginate::cursor("cursor", "n").response_path("d"), None, 10);
        let call = Call { endpoint: endpoint.to_owned(), ..Call::default() };
        let Ok(Some(Next::Call(next))) = read(&mut walk, &call, json!({"d": [1], "n": "b"})).next else { panic!() };
        assert_eq!((next.endpoint.as_str(), next.query), (expected, vec![("cursor".to_owned(), "b".to_owned())]));
    }
}

#[test]
fn parameters_of_a_post_go_into_its_body() {
    let rule = || Paginate::page_number("paging.page", 1).limit_name("paging.size");
    let post = |body| Call { method: Method::POST, body, ..Call::default() };
    for (body, expected) in [
        (CallBody::Empty, r#"{"paging":{"size":2,"page":1}}"#),
        (CallBody::Json(json!({"a": 1, "paging": {"x": 0}})), r#"{"a":1,"paging":{"x":0,"size":2,"page":1}}"#),
        (CallBody::Json(json!({"paging": {"page": 4}})), r#"{"paging":{"page":4,"size":2}}"#),
        // Where the same path reads it: under a name with dots.
        (CallBody::Json(json!({"paging.page": 4})), r#"{"paging.page":4,"paging":{"size":2}}"#),
        (CallBody::Form(vec![("a".into(), "1".into())]), "a=1&paging.size=2&paging.page=1"),
    ] {
        let call = Walk::new(rule(), Some(2), 10).first(post(body)).unwrap();
        assert_eq!(call.body.encoded().unwrap(), expected);
    }
    let in_a_list = Paginate::page_number("pages[0].number", 1).limit_name("pages[0].size");
    let body = CallBody::Json(json!({"pages": [{"of": "x", "number": 3}]}));
    let call = Walk::new(in_a_list, Some(2), 10).first(post(body)).unwrap();
    assert_eq!(call.body.encoded().unwrap(), r#"{"pages":[{"of":"x","number":3,"size":2}]}"#);
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
