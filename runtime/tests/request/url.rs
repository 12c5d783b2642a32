//! The path and the query of a request: what the caller wrote, below the base.

use super::providers::{CONFINED, FIXED, build, call, fixed, pairs};
use keyway::credentials::Credentials;
use keyway::{ErrorKind, Secret};
use keyway_spec::{ProviderSpec, Proxy};

#[test]
fn endpoints_stay_below_the_base_and_as_they_are_written() {
    for (endpoint, expected) in [
        ("/", Ok("https://api.vendor.com/v1?key=s3cret")),
        ("things", Ok("https://api.vendor.com/v1/things?key=s3cret")),
        ("/things?a=b%20c", Ok("https://api.vendor.com/v1/things?a=b%20c&key=s3cret")),
        ("?a=1", Ok("https://api.vendor.com/v1?a=1&key=s3cret")),
        ("/a//b/", Ok("https://api.vendor.com/v1/a//b/?key=s3cret")),
        ("/a/..b/.../c.", Ok("https://api.vendor.com/v1/a/..b/.../c.?key=s3cret")),
        ("/a%2F..%2fb/%e9%zz", Ok("https://api.vendor.com/v1/a%2F..%2fb/%e9%zz?key=s3cret")),
        ("/:@!$&'()*+,;=|~", Ok("https://api.vendor.com/v1/:@!$&'()*+,;=|~?key=s3cret")),
        ("/items/ ", Ok("https://api.vendor.com/v1/items/%20?key=s3cret")),
        ("@evil.net/x", Ok("https://api.vendor.com/v1/@evil.net/x?key=s3cret")),
        ("/x?key=caller&key=twice", Ok("https://api.vendor.com/v1/x?key=s3cret")),
        ("/x?a=1&k%65y=caller&b=2&key", Ok("https://api.vendor.com/v1/x?a=1&key=s3cret&b=2")),
        ("/x#fragment", Ok("https://api.vendor.com/v1/x?key=s3cret")),
        ("/x?a#fragment?b", Ok("https://api.vendor.com/v1/x?a&key=s3cret")),
        ("/${credentials.apiKey}||x", Ok("https://api.vendor.com/v1/$%7Bcredentials.apiKey%7D||x?key=s3cret")),
        ("https://api.vendor.com/v1/things", Ok("https://api.vendor.com/v1/things?key=s3cret")),
        ("HTTPS://API.vendor.com:443/v1", Ok("https://api.vendor.com/v1?key=s3cret")),
        ("https://api.vendor.com/v1?a=1", Ok("https://api.vendor.com/v1?a=1&key=s3cret")),
        ("https://api.vendor.com/v12/things", Err(ErrorKind::InvalidRequest)),
        ("https://api.vendor.com/v1/../x", Err(ErrorKind::InvalidRequest)),
        ("https://api.vendor.com:8443/v1/x", Err(ErrorKind::InvalidRequest)),
        ("https://user@api.vendor.com/v1/x", Err(ErrorKind::InvalidRequest)),
        ("http://api.vendor.com/v1/x", Err(ErrorKind::InvalidRequest)),
        ("https://evil.net/x?a=1", Ok("https://api.vendor.com/v1/https://evil.net/x?a=1&key=s3cret")),
        ("https://api.vendor.com.evil.net", Ok("https://api.vendor.com/v1/https://api.vendor.com.evil.net?key=s3cret")),
        ("https://api.vendor.com@evil.net", Ok("https://api.vendor.com/v1/https://api.vendor.com@evil.net?key=s3cret")),
        ("https://${host}/x", Ok("https://api.vendor.com/v1/https://$%7Bhost%7D/x?key=s3cret")),
        ("https://evil.net/../../../../x", Err(ErrorKind::InvalidRequest)),
        ("", Err(ErrorKind::InvalidRequest)),
    ] {
        let url = fixed(&call("GET", endpoint)).map(|plan| plan.target().into_owned()).map_err(|error| error.kind());
        assert_eq!(url.as_deref(), expected.as_ref().copied(), "{endpoint:?}");
    }
}

#[test]
fn a_path_that_would_become_another_is_refused_with_the_reason() {
    for (endpoint, reason) in [
        ("/a/../b", "`..` segment"),
        ("/a/..", "`..` segment"),
        ("/things/.", "`..` segment"),
        ("..", "`..` segment"),
        ("/./things", "`..` segment"),
        ("/../admin", "`..` segment"),
        ("/../v12", "`..` segment"),
        ("/%2e%2E/admin", "`..` segment"),
        ("/a/.%2e/b?x=1", "`..` segment"),
        ("/a/%2E", "`..` segment"),
        ("https://api.vendor.com/v1/a/%2e%2e", "`..` segment"),
        ("/..\\admin", "`%5C`"),
        ("/a\\b", "`%5C`"),
        ("\\x", "`%5C`"),
        ("//evil.net/x", "begins with `//`"),
        ("///x", "begins with `//`"),
        ("https://api.vendor.com/v1//x", "begins with `//`"),
        ("/.\t./admin", "control character"),
        ("/a\r\nb", "control character"),
        ("/x?a=\n", "control character"),
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            let error = fixed(&call(method, endpoint)).unwrap_err();
            assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::InvalidRequest, Some(false)), "{endpoint:?}");
            assert!(error.message().contains(reason), "{endpoint:?}: {error}");
        }
    }
    // In a query they mean nothing.
    let plan = fixed(&call("GET", "/x?path=/a/../b&q=..\\c&r=//d")).unwrap();
    assert_eq!(plan.target(), "https://api.vendor.com/v1/x?path=/a/../b&q=..\\c&r=//d&key=s3cret");
}

#[test]
fn a_query_leaves_as_it_came_and_parameters_are_appended() {
    let bare = ProviderSpec { proxy: Some(Proxy { query: &[], ..FIXED.proxy.unwrap() }), ..FIXED };
    for query in [
        "q=caf%E9&flag&&x",
        "$filter=name%20eq%20'O''Neil'",
        "sort[0]=a&filter[b]={c}|d^e`f",
        "a=b+c&d=%2B&e=1;f=2&g=h/i:j@k?l",
        "%7e=~&a=b=c&=&%zz",
        "a=1&a=1",
        "",
    ] {
        let endpoint = format!("/x?{query}");
        let alone = build(&bare, &[], &Credentials::api_key("s3cret"), &call("GET", &endpoint)).unwrap();
        assert_eq!(alone.target(), format!("https://api.vendor.com/v1{endpoint}"));
        let added = fixed(&call("GET", &endpoint)).unwrap();
        let separator = if query.is_empty() { "" } else { "&" };
        assert_eq!(added.target(), format!("https://api.vendor.com/v1{endpoint}{separator}key=s3cret"));
    }
    // What no request line can hold is encoded.
    let plan = fixed(&call("GET", "/x?q=a b\"<ü>")).unwrap();
    assert_eq!(plan.target(), "https://api.vendor.com/v1/x?q=a%20b%22%3C%C3%BC%3E&key=s3cret");
}

#[test]
fn parameters_are_set_over_the_endpoints_and_the_provider_wins() {
    let query = pairs(&[("a", "3"), ("b", "x y&~*+"), ("b", "z"), ("key", "caller")]);
    let plan = fixed(&call("GET", "/x?a=1&c=2&a=2").query_pairs(query)).unwrap();
    assert_eq!(plan.query.as_ref().map(Secret::expose), Some("a=3&c=2&b=x+y%26%7E*%2B&b=z&key=s3cret"));
}

#[test]
fn a_value_in_a_path_is_encoded_as_a_segment() {
    for (value, expected) in [
        ("a/b", "a%2Fb"),
        ("12:AB-c_d.e~f", "12:AB-c_d.e~f"),
        ("@!$&'()*+,;=", "@!$&'()*+,;="),
        ("a b%c?d#e[f]\"<>^`{|}ä", "a%20b%25c%3Fd%23e%5Bf%5D%22%3C%3E%5E%60%7B%7C%7D%C3%A4"),
    ] {
        let values = [("subdomain", "acme"), ("account", value)];
        let plan = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/x")).unwrap();
        assert_eq!(plan.target(), format!("https://acme.vendor.com/api/{expected}/x"), "{value}");
    }
}

#[test]
fn a_whole_url_on_another_host_is_an_error_where_the_call_says_so() {
    let refused = "the path is a URL on another host than the base URL's, `api.vendor.com`";
    for (endpoint, expected) in [
        ("/things", Ok("https://api.vendor.com/v1/things?key=s3cret")),
        ("https://api.vendor.com/v1/things", Ok("https://api.vendor.com/v1/things?key=s3cret")),
        ("HTTPS://API.vendor.com:443/v1", Ok("https://api.vendor.com/v1?key=s3cret")),
        ("/https://evil.net/x", Ok("https://api.vendor.com/v1/https://evil.net/x?key=s3cret")),
        ("https://evil.net/x?a=1", Err(refused)),
        ("HTTP://evil.net", Err(refused)),
        ("https://api.vendor.com.evil.net", Err(refused)),
        ("https://api.vendor.com@evil.net", Err(refused)),
        ("https://${host}/x", Err(refused)),
        ("https://", Err(refused)),
    ] {
        let found = fixed(&call("GET", endpoint).refuse_other_hosts(true));
        match (found, expected) {
            (Ok(plan), Ok(url)) => assert_eq!(plan.target(), url, "{endpoint}"),
            (Err(error), Err(says)) => {
                assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{endpoint}");
                assert!(error.message().starts_with(says), "{endpoint}: {error}");
            }
            (found, expected) => panic!("{endpoint}: {found:?}, and not {expected:?}"),
        }
    }
}
