//! Offsets that grow by a number of the page.

use super::*;

#[test]
fn an_offset_grows_by_what_the_page_says_however_many_items_it_has() {
    let rule = || Paginate::offset("o", 0).limit_name("n").response_path("d").offset_step("meta.limit");
    for (body, expected) in [
        (json!({"d": [1, 2], "meta": {"limit": 3}}), "n=3&o=3"),
        (json!({"d": [1, 2, 3], "meta": {"limit": 3}}), "n=3&o=3"),
        // The API took fewer than it was asked for.
        (json!({"d": [1, 2], "meta": {"limit": 2}}), "n=3&o=2"),
        (json!({"d": [], "meta": {"limit": 3}}), "end"),
        (json!({"d": []}), "end"),
        (json!({"d": [1]}), "`meta.limit` of the page is not there, and not the number by which the offset grows"),
        (
            json!({"d": [1], "meta": {"limit": 0}}),
            "`meta.limit` of the page is a number, and not the number by which the offset grows",
        ),
        (
            json!({"d": [1], "meta": {"limit": "3"}}),
            "`meta.limit` of the page is a text, and not the number by which the offset grows",
        ),
    ] {
        let mut walk = Walk::new(rule(), Some(3), 10);
        let first = walk.first(Call::default()).unwrap();
        assert_eq!(shown(&read(&mut walk, &first, body.clone())), expected, "{body}");
    }
    // A short page behind a full one is not the last.
    let mut walk = Walk::new(rule(), Some(3), 10);
    let mut call = walk.first(Call::default()).unwrap();
    for (items, expected) in [(3, "n=3&o=3"), (1, "n=3&o=6"), (0, "end")] {
        let page = read(&mut walk, &call, json!({"d": vec![0; items], "meta": {"limit": 3}}));
        assert_eq!(shown(&page), expected, "{items} items");
        if let Ok(Some(Next::Call(next))) = page.next {
            call = *next;
        }
    }
}
