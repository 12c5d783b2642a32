//! Ends that a page says: by the number of pages, by a value that is no bool, by a link that does not count; and links
//! of which the query alone is followed.

use super::*;
use std::slice::from_ref;

/// The request that each of some pages leads to, as [`shown`] says it; the walk stops where nothing follows.
fn walked(rule: Paginate, first: Call, pages: &[Value]) -> Vec<String> {
    let mut walk = Walk::new(rule, None, 100);
    let mut call = walk.first(first).unwrap();
    let mut seen = Vec::new();
    for body in pages {
        let page = read(&mut walk, &call, body.clone());
        seen.push(shown(&page));
        match page.next {
            Ok(Some(Next::Call(next))) => call = *next,
            _ => break,
        }
    }
    seen
}

#[test]
fn counted_pages_end_with_the_last_one_that_the_page_says() {
    let rule = |start| Paginate::page_number("p", start).response_path("d").page_count("meta.pages");
    let page = |items: usize, pages: Value| json!({"d": vec![0; items], "meta": {"pages": pages}});
    let start = |number: &str| Call { endpoint: format!("/things?p={number}"), ..Call::default() };
    for (rule, first, pages, expected) in [
        (rule(1), Call::default(), vec![page(2, json!(2)), page(2, json!(2))], vec!["p=2", "end"]),
        (rule(0), Call::default(), vec![page(2, json!(2)), page(2, json!(2))], vec!["p=1", "end"]),
        (rule(1), Call::default(), vec![page(2, json!("2")), page(1, json!(" 2 "))], vec!["p=2", "end"]),
        (rule(1), Call::default(), vec![page(2, json!(1))], vec!["end"]),
        (rule(1), Call::default(), vec![page(0, json!(0))], vec!["end"]),
        // The caller begins in the middle.
        (rule(1), start("2"), vec![page(2, json!(3)), page(2, json!(3))], vec!["p=3", "end"]),
        // A page in the middle may be empty.
        (
            rule(1),
            Call::default(),
            vec![page(2, json!(3)), page(0, json!(3)), page(1, json!(3))],
            vec!["p=2", "p=3", "end"],
        ),
        // The list grew while it was read.
        (rule(1), Call::default(), vec![page(2, json!(1)), page(2, json!(2))], vec!["end"]),
        // A page that does not say it is read as without the key.
        (
            rule(1),
            Call::default(),
            vec![page(2, json!(null)), json!({"d": [1]}), json!({"d": []})],
            vec!["p=2", "p=3", "end"],
        ),
        (
            rule(1),
            Call::default(),
            vec![page(2, json!("two"))],
            vec!["`meta.pages` of the page is a text and not the number of pages"],
        ),
        (
            rule(1),
            Call::default(),
            vec![page(2, json!(1.5))],
            vec!["`meta.pages` of the page is no whole number and not the number of pages"],
        ),
        (
            rule(1),
            Call::default(),
            vec![page(2, json!([]))],
            vec!["`meta.pages` of the page is a list and not the number of pages"],
        ),
    ] {
        assert_eq!(walked(rule, first, &pages), expected, "{pages:?}");
    }
    // A short page behind a full one is not the last where there are more.
    let mut walk = Walk::new(rule(1).limit_name("n"), Some(2), 10);
    let call = walk.first(Call::default()).unwrap();
    read(&mut walk, &call, page(2, json!(3)));
    assert_eq!(shown(&read(&mut walk, &call, page(1, json!(3)))), "n=2&p=3");
}

#[test]
fn any_value_but_none_says_that_a_list_goes_on_where_the_rule_says_so() {
    let rule = || Paginate::page_number("p", 1).response_path("d").more("next").more_if_present();
    for (value, expected) in [
        (json!("/things?p=2"), "p=2"),
        (json!("true"), "p=2"),
        (json!(true), "p=2"),
        (json!(7), "p=2"),
        (json!({"href": "/x"}), "p=2"),
        (json!(["x"]), "p=2"),
        (json!(null), "end"),
        (json!(false), "end"),
        (json!(0), "end"),
        (json!(""), "end"),
        (json!("  "), "end"),
        (json!("False"), "end"),
        (json!([]), "end"),
        (json!({}), "end"),
    ] {
        assert_eq!(walked(rule(), Call::default(), &[json!({"d": [1], "next": value})]), [expected], "{value}");
    }
    // A path that is misspelt looks like an absent value.
    let absent = json!({"d": [1]});
    let unsaid = "the first page has items and no `next`, so nothing says whether the list goes on";
    assert_eq!(walked(rule(), Call::default(), from_ref(&absent)), [unsaid]);
    assert_eq!(walked(rule().cursor_may_be_absent(), Call::default(), from_ref(&absent)), ["end"]);
    assert_eq!(walked(rule(), Call::default(), &[json!({"d": [1], "next": "x"}), absent]), ["p=2", "end"]);
    assert_eq!(walked(rule(), Call::default(), &[json!({"d": []})]), ["end"]);
}

#[test]
fn of_a_link_the_query_alone_is_followed_where_the_rule_says_so() {
    let body = || Paginate::link_body("next").response_path("d").link_query();
    for (link, expected) in [
        ("https://acme.site.example/wiki/things?cursor=b", "https://api.vendor.com/v1/things?cursor=b"),
        ("/rest/api/things?cursor=b&limit=2#top", "https://api.vendor.com/v1/things?cursor=b&limit=2"),
        ("?cursor=b", "https://api.vendor.com/v1/things?cursor=b"),
        ("http://10.0.0.1/x?cursor=b", "https://api.vendor.com/v1/things?cursor=b"),
        // The page itself.
        ("https://acme.site.example/things?page=1", "end"),
        (
            "https://acme.site.example/things",
            "the upstream's link to the next page has no query, which alone is followed",
        ),
    ] {
        assert_eq!(walked(body(), Call::default(), &[json!({"d": [1], "next": link})]), [expected], "{link}");
    }
    let mut walk = Walk::new(Paginate::link_header("next").link_query(), None, 10);
    let headers =
        HeaderMap::from_iter([(LINK, HeaderValue::from_static("<https://elsewhere.example/?page=2>; rel=next"))]);
    let found = walk.read(&Call::default(), &page(), &headers, json!([1])).unwrap();
    assert_eq!(shown(&found), "https://api.vendor.com/v1/things?page=2");
}
