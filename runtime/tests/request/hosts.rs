//! The host: no value, character or override leads a credential elsewhere.

use super::providers::{CONFINED, OPEN, build, call, fixed};
use keyway::ErrorKind;
use keyway::credentials::Credentials;
use keyway_spec::ProviderSpec;

#[test]
fn no_value_moves_a_credential_to_another_host_or_path() {
    let attacks = [
        "evil.com/",
        "evil.com#",
        "evil.com?",
        "evil.com\\",
        "a@evil.com",
        "evil.com:443/",
        "evil.com%2F",
        "evil.com%00",
        "evil.com\t",
        "\u{ff0f}evil.com",
        "evil.com\u{3002}",
        "..",
        "a..b",
        "",
        " ",
        "[::1]",
        "127.0.0.1/",
        "x:8443",
    ];
    for value in attacks {
        let values = [("subdomain", value), ("account", "7")];
        let result = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/x"));
        assert!(result.is_err(), "{value:?} as a host label gave {result:?}");
    }
    for value in attacks.iter().chain(&["../../x", "a/b", "%2e%2e", "?a", "#b"]) {
        let values = [("subdomain", "acme"), ("account", *value)];
        let Ok(plan) = build(&CONFINED, &values, &Credentials::basic("u", "p"), &call("GET", "/x")) else { continue };
        let url = &plan.url.0;
        assert_eq!(url.host_str(), Some("acme.vendor.com"), "{value:?}");
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        assert!(matches!(segments.as_slice(), ["api", _, "x"]) && url.query().is_none(), "{value:?} gave {url}");
    }
    for value in [
        "https://u:p@git.acme.com",
        "https://git.acme.com?x=",
        "https://git.acme.com#",
        "http://git.acme.com",
        "https://127.0.0.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://localhost",
        "https://intranet",
        "https://169.254.169.254/latest",
        "https://metadata.google.internal",
        "https://git.acme.com/..",
        "file:///etc",
        "//git.acme.com",
        "https:/git.acme.com",
        "https://git.acme.com\\@evil.com",
    ] {
        let result = build(&OPEN, &[("url", value)], &Credentials::default(), &call("GET", "/x"));
        assert!(result.is_err(), "{value:?} as an origin gave {result:?}");
    }
    for (value, expected) in [
        ("https://git.acme.com:8443", "https://git.acme.com:8443/api/x"),
        ("https://git.acme.com:8443/", "https://git.acme.com:8443/api/x"),
        ("https://git.acme.com:8443/base", "https://git.acme.com:8443/base/api/x"),
        ("https://git.acme.com:8443/base/", "https://git.acme.com:8443/base//api/x"),
    ] {
        let plan = build(&OPEN, &[("url", value)], &Credentials::default(), &call("GET", "/x"));
        assert_eq!(plan.unwrap().url.0.as_str(), expected);
    }
}

#[test]
fn no_pair_of_hostile_characters_moves_the_host_or_the_path() {
    let hostile: Vec<char> = "/\\?#@:.%-_a1[] \t\n\0|;&=\u{3002}\u{ff0f}\u{ad}é".chars().collect();
    let credentials = Credentials::basic("u", "p");
    let mut built = 0;
    for before in &hostile {
        for after in &hostile {
            for value in
                [format!("{before}{after}"), format!("{before}evil.com{after}"), format!("evil{before}{after}com")]
            {
                for values in
                    [[("subdomain", value.as_str()), ("account", "7")], [("subdomain", "acme"), ("account", &value)]]
                {
                    let Ok(plan) = build(&CONFINED, &values, &credentials, &call("GET", "/x")) else { continue };
                    let url = &plan.url.0;
                    let segments: Vec<&str> = url.path_segments().unwrap().collect();
                    let below =
                        matches!(segments.as_slice(), ["api", _, "x"]) && url.query().is_none() && url.port().is_none();
                    assert!(below && url.host_str().unwrap().ends_with(".vendor.com"), "{values:?} gave {url}");
                    built += 1;
                }
            }
        }
    }
    assert!(built > 500, "only {built} values fit: the test refuses everything");
}

#[test]
fn a_base_that_misses_a_value_is_an_error_that_names_it() {
    let error = build(&CONFINED, &[("account", "7")], &Credentials::basic("u", "p"), &call("GET", "/")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingValue);
    assert!(error.message().contains("`connectionConfig.subdomain`"), "{error}");
}

#[test]
fn an_override_stays_inside_the_hosts_and_is_no_template() {
    let with = |base: &str| call("GET", "/x").base_url_override(base);
    for (base, expected) in [
        ("https://api.vendor.com/v2/", Ok("https://api.vendor.com/v2/x?key=s3cret")),
        ("https://other.com", Ok("https://other.com/x?key=s3cret")),
        ("https://evil.net", Err(ErrorKind::HostNotAllowed)),
        ("https://api.vendor.com@evil.net", Err(ErrorKind::InvalidRequest)),
        ("https://api.vendor.com/a/..", Err(ErrorKind::InvalidRequest)),
        ("https://api.vendor.com?x=", Err(ErrorKind::InvalidRequest)),
        ("ftp://api.vendor.com", Err(ErrorKind::InvalidRequest)),
        ("https://${connectionConfig.version}.vendor.com", Err(ErrorKind::HostNotAllowed)),
    ] {
        let url = fixed(&with(base)).map(|plan| plan.url.0.to_string()).map_err(|error| error.kind());
        assert_eq!(url.as_deref(), expected.as_ref().copied(), "{base}");
    }
    let error = build(&ProviderSpec::EMPTY, &[], &Credentials::default(), &call("GET", "/")).unwrap_err();
    assert!(error.message().contains("has no base URL"), "{error}");
}
