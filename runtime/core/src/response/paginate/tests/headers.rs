//! Cursors that stand in a header of the page, or go into one of the request.

use super::*;

#[test]
fn a_cursor_in_a_header_leads_on_until_the_header_is_absent() {
    let rule = || Paginate::header_cursor("cursor", "x-next");
    for (rule, header, expected) in [
        (rule(), Some("c2"), Ok("query cursor=c2")),
        (rule().cursor_in_header(), Some("id ]5..; max=2"), Ok("header cursor: id ]5..; max=2")),
        (rule().cursor_in_header().more("more"), Some("c2"), Ok("end")),
        (rule(), Some("  "), Ok("end")),
        (rule(), None, Ok("end")),
        (rule(), Some("null"), Err("`x-next` of the page is the text `null`")),
        (rule(), Some("\u{fc}"), Err("the header `x-next` of the page is no text")),
        (Paginate::cursor("cursor", "next").cursor_in_header(), None, Ok("header cursor: c9")),
        (Paginate::last_item("cursor", "id").response_path("data").cursor_in_header(), None, Ok("header cursor: 7")),
    ] {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.append("x-next", HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let body = json!({"data": [{"id": 7}], "next": "c9", "more": false});
        let mut walk = Walk::new(rule.response_path("data"), None, 10);
        let call = walk.first(Call::default().header("Cursor", "mine")).unwrap();
        let page = walk.read(&call, &page(), &headers, body).unwrap();
        let told = match page.next {
            Ok(Some(Next::Call(call))) if call.query.is_empty() => {
                // In place of the caller's own.
                call.headers
                    .iter()
                    .map(|(name, value)| format!("header {name}: {value}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            Ok(Some(Next::Call(call))) => format!("query {}={}", call.query[0].0, call.query[0].1),
            Ok(Some(Next::Link(_))) => "link".to_owned(),
            Ok(None) => "end".to_owned(),
            Err(error) => error.message().to_owned(),
        };
        match expected {
            Ok(expected) => assert_eq!(told, expected, "{header:?}"),
            Err(expected) => assert!(told.starts_with(expected), "{header:?}: {told}"),
        }
    }
}

#[test]
fn a_header_that_leads_back_is_an_error() {
    let mut headers = HeaderMap::new();
    headers.append("next-range", HeaderValue::from_static("id 5.."));
    let mut walk = Walk::new(Paginate::header_cursor("range", "next-range").cursor_in_header(), None, 10);
    let mut ask = || walk.read(&Call::default(), &page(), &headers, json!([1])).unwrap();
    assert!(matches!(ask().next, Ok(Some(_))));
    assert!(ask().next.unwrap_err().message().starts_with("the upstream names a cursor that was followed before"));
}
